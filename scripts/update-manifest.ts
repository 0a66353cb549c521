/** Makes the signed manifest of an update. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createReadStream, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { signedManifest, updateManifest } from '@slate/shared/updates';
import type { SignedManifest, UpdateFile, UpdateManifest } from '@slate/shared/updates';

const platforms = new Map([
  ['linux', 'linux'],
  ['mac', 'darwin'],
  ['win', 'win32'],
]);
/** Debian, RPM and AppImage have names of their own. */
const architectures = new Map([
  ['amd64', 'x64'],
  ['x86_64', 'x64'],
]);
/** As `npm run dist` names them. */
const packageName =
  /^slate-(?<version>\d+\.\d+\.\d+)-(?<test>test-build-)?(?<os>linux|mac|win)-(?<arch>x64|amd64|x86_64|arm64|universal)\.(?<kind>tar\.gz|deb|rpm|AppImage|exe|msi|zip|dmg)$/;

async function sha512Of(path: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

export const privateKeyFrom = (pem: string): KeyObject => {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('The key is not an Ed25519 key.');
  return key;
};

/** As the program has it built in. */
export const publicKeyOf = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');

export function signManifest(unsigned: UpdateManifest, key: KeyObject): SignedManifest {
  const text = JSON.stringify(updateManifest.parse(unsigned));
  return signedManifest.parse({
    manifest: text,
    signature: sign(null, Buffer.from(text), key).toString('base64'),
  });
}

/** The packages of this version in the folder. */
export async function packagesIn(
  folder: string,
  { version, withTestBuilds }: { version: string; withTestBuilds: boolean },
): Promise<UpdateFile[]> {
  const files: UpdateFile[] = [];
  for (const name of readdirSync(folder).toSorted()) {
    const found = packageName.exec(name)?.groups;
    if (!found || found['version'] !== version) continue;
    if (found['test'] !== undefined && !withTestBuilds)
      throw new Error(`${name} is a test build, not a release. Only --test-builds signs one.`);
    const path = join(folder, name);
    files.push({
      platform: platforms.get(found['os'] ?? '') ?? '',
      arch: architectures.get(found['arch'] ?? '') ?? found['arch'] ?? '',
      kind: found['kind'] ?? '',
      name,
      size: statSync(path).size,
      sha512: await sha512Of(path),
    });
  }
  if (files.length === 0) throw new Error(`There is no package of version ${version} in ${folder}.`);
  return files;
}

/** Replaces the manifest of a folder at once, so that a server that reads it meanwhile gets the old or the new one. */
export function publishManifest(folder: string, signed: SignedManifest): void {
  const target = join(folder, 'manifest.json');
  writeFileSync(`${target}.new`, `${JSON.stringify(signed)}\n`);
  renameSync(`${target}.new`, target);
}
