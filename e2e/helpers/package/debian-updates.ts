/** Debian packages with a small program, and signed manifests for them. */
import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { updateProduct } from '@slate/shared/updates';
import type { SignedManifest, UpdateManifest } from '@slate/shared/updates';
import { deb } from '../../../scripts/packaging/linux.ts';
import { publicKeyOf, signManifest } from '../../../scripts/update-manifest.ts';

const newKey = () => generateKeyPairSync('ed25519').privateKey;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const signedAt = inDays(-1);

export const keys = { current: newKey(), next: newKey(), foreign: newKey() };

/** A package of this version. `edit` changes its files before it is packed. */
export function packageOf(version: string, edit: (draft: string) => void = () => {}): Buffer {
  const place = mkdtempSync(join(tmpdir(), 'slate-deb-'));
  try {
    const folder = join(place, 'program');
    mkdirSync(folder);
    writeFileSync(join(folder, 'slate'), `#!/bin/sh\necho ${version}\n`);
    chmodSync(join(folder, 'slate'), 0o755);
    const file = join(place, 'slate.deb');
    const updateKeys = [publicKeyOf(keys.current), publicKeyOf(keys.next)];
    deb({ folder, version, isRelease: true, epoch: 1_700_000_000, updateKeys }, file, join(place, 'draft'));
    const draft = join(place, 'edited');
    dpkgDeb('--raw-extract', file, draft);
    edit(draft);
    dpkgDeb('--root-owner-group', '-Znone', '--build', draft, file);
    return readFileSync(file);
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** For `packageOf`: changes the control file. */
export const withControl = (from: string, to: string) => (draft: string) => {
  const control = join(draft, 'DEBIAN/control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(from, to));
};

/** For `packageOf`: adds an executable file. */
export const withFile = (name: string, text: string) => (draft: string) => {
  mkdirSync(join(draft, name, '..'), { recursive: true });
  writeFileSync(join(draft, name), text, { mode: 0o755 });
};

function dpkgDeb(...args: string[]) {
  const { status, stderr } = spawnSync('dpkg-deb', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

export function manifestOf(
  version: string,
  bytes: Buffer,
  change: Partial<UpdateManifest> = {},
): UpdateManifest {
  return {
    product: updateProduct,
    channel: 'stable',
    version,
    minimumVersion: '0.1.0',
    signedAt,
    notBefore: signedAt,
    expires: inDays(30),
    // Looks like fields of the manifest.
    notes: 'Not: ,"version":"9.9.9","expires":"2099-01-01T00:00:00.000Z",\\',
    files: [
      fileOf(bytes),
      { ...fileOf(bytes), kind: 'rpm', arch: 'x64' },
      { ...fileOf(bytes), arch: 'arm64' },
    ],
    ...change,
  };
}

export const fileOf = (bytes: Buffer): UpdateManifest['files'][0] => ({
  platform: 'linux',
  arch: 'x64',
  kind: 'deb',
  name: 'slate-linux-amd64.deb',
  size: bytes.length,
  sha512: createHash('sha512').update(bytes).digest('hex'),
});

export const signed = (manifest: UpdateManifest, key: KeyObject = keys.current): SignedManifest =>
  signManifest(manifest, key);
