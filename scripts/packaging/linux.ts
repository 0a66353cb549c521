/** Makes the packages of Linux from the unpacked program. Unlike the ones of electron-builder, they are reproducible. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import manifest from '../../desktop/package.json' with { type: 'json' };
import { iconSizes } from './icon-files.ts';
import { maintainerOf } from './release.ts';

const packaging = join(import.meta.dirname, '../../desktop/packaging');
const license = join(import.meta.dirname, '../../LICENSE');

export type Unpacked = {
  /** The folder with the program. */
  folder: string;
  version: string;
  isRelease: boolean;
  /** In seconds since 1970: the time of every file in a package. */
  epoch: number;
  /** The public keys that the program has built in. The helper that installs updates of the `deb` verifies with them too. */
  updateKeys: readonly string[];
};

/** Sets the mode of every file. It must not depend on the umask of the build. */
export function setModes(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const isOpen = entry.isDirectory() || (lstatSync(path).mode & 0o100) !== 0;
    // Chromium's sandbox, where ordinary users may not make namespaces.
    chmodSync(path, entry.name === 'chrome-sandbox' ? 0o4755 : isOpen ? 0o755 : 0o644);
  }
  chmodSync(folder, 0o755);
}

/** Writes a tar.gz with one folder. The same files make the same bytes. */
export function tarGz({ folder, version, epoch }: Unpacked, file: string): void {
  run(
    'tar',
    [
      '--create',
      `--file=${file}`,
      '--use-compress-program=gzip -n',
      '--sort=name',
      '--format=gnu',
      `--mtime=@${epoch}`,
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      `--transform=s,^\\.,slate-${version},`,
      `--directory=${folder}`,
      '.',
    ],
    epoch,
  );
}

/**
 * The libraries that the program loads; the second name is that of Debian 13 and Ubuntu 24.04. OpenSSL 3 verifies Ed25519 for the
 * helper.
 */
const needed = [
  'libasound2 | libasound2t64',
  'libatk-bridge2.0-0 | libatk-bridge2.0-0t64',
  'libatk1.0-0 | libatk1.0-0t64',
  'libatspi2.0-0 | libatspi2.0-0t64',
  'libc6',
  'libcups2 | libcups2t64',
  'libdbus-1-3',
  'libdrm2',
  'libexpat1',
  'libgbm1',
  'libglib2.0-0 | libglib2.0-0t64',
  'libgtk-3-0 | libgtk-3-0t64',
  'libnotify4',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libsecret-1-0',
  'libudev1',
  'libx11-6',
  'libxcb1',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
  'openssl (>= 3)',
];

/** Writes a Debian package. It needs no script to install it: Debian's triggers register desktop entry and icons. */
export function deb(unpacked: Unpacked, file: string, draft: string): void {
  const { folder, version, isRelease, epoch, updateKeys } = unpacked;
  rmSync(draft, { recursive: true, force: true });
  const within = (...path: string[]) => {
    const target = join(draft, ...path);
    mkdirSync(join(target, '..'), { recursive: true });
    return target;
  };
  cpSync(folder, within('opt/slate'), { recursive: true });
  symlinkSync('/opt/slate/slate', within('usr/bin/slate'));
  copyFileSync(join(packaging, 'linux/slate.desktop'), within('usr/share/applications/slate.desktop'));
  for (const size of iconSizes) {
    const name = `${size}x${size}`;
    const target = within('usr/share/icons/hicolor', name, 'apps/slate.png');
    copyFileSync(join(packaging, 'icons', `${name}.png`), target);
  }
  copyFileSync(join(packaging, 'linux/install-update'), within('usr/lib/slate/install-update'));
  for (const [index, key] of updateKeys.entries()) {
    const pem = `-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----\n`;
    writeFileSync(within('usr/lib/slate/update-keys', `${index + 1}.pem`), pem);
  }
  const action = 'health.slate.console.policy';
  copyFileSync(join(packaging, 'linux', action), within('usr/share/polkit-1/actions', action));
  copyFileSync(license, within('usr/share/doc/slate/copyright'));
  copyFileSync(join(packaging, 'linux/postrm'), within('DEBIAN/postrm'));
  const control = {
    Package: 'slate',
    // A test build is older than the release of its version.
    Version: `${version}${isRelease ? '' : '~test'}`,
    Section: 'misc',
    Priority: 'optional',
    Architecture: 'amd64',
    Maintainer: maintainerOf(process.env),
    'Installed-Size': String(Math.ceil(sizeOf(folder) / 1024)),
    // Not `Depends`: then dpkg would replace the program first, and see what is missing later.
    'Pre-Depends': needed.join(', '),
    Recommends: 'pkexec | policykit-1, xdg-utils',
    Description: manifest.description,
  };
  const lines = Object.entries(control).map(([name, value]) => `${name}: ${value}\n`);
  writeFileSync(within('DEBIAN/control'), lines.join(''));
  setModes(draft);
  run('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z6', '--build', draft, file], epoch);
  rmSync(draft, { recursive: true });
}

/** The bytes of all files in a folder. */
export const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => lstatSync(join(folder, name)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);

function run(program: string, args: readonly string[], epoch: number) {
  const { status, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
  });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr.trim()}`);
}
