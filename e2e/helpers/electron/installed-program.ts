/** Builds, installs and packages the desktop program as a folder that updates can replace. */
import { spawnSync } from 'node:child_process';
import { cpSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inject } from 'vitest';
import { consoleFolder } from '../../../scripts/build-console.ts';

/** A build of its own, with these keys for updates. */
export function buildWithKeys(keys: readonly string[], out: string): void {
  const vite = join(consoleFolder, '..', 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build', '--outDir', out], {
    cwd: consoleFolder,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', SLATE_UPDATE_KEYS: keys.join(',') },
  });
  if (status !== 0) throw new Error(`Can’t build the console:\n${stdout}${stderr}`);
}

/** The folder of an installed program. Electron treats a binary that is not named `electron` as packaged. */
export function installVersion(folder: string, version: string, out: string): void {
  const found = inject('electron');
  if (!found) throw new Error('There is no Electron. Skip the tests that need it.');
  const runtime = dirname(found.program);
  const app = join(folder, 'resources', 'app');
  mkdirSync(app, { recursive: true });
  for (const name of readdirSync(runtime)) {
    if (name !== basename(found.program) && name !== 'resources')
      symlinkSync(join(runtime, name), join(folder, name));
  }
  // Not a symbolic link: Electron resolves it, and would load another program.
  try {
    linkSync(found.program, join(folder, 'slate'));
  } catch {
    cpSync(found.program, join(folder, 'slate'));
  }
  cpSync(out, join(app, 'out'), { recursive: true });
  const manifest = {
    name: 'slate',
    productName: 'Slate',
    version,
    main: 'out/main/main.cjs',
    isRelease: true,
  };
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest));
}

export const versionAt = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'resources', 'app', 'package.json'), 'utf8')) as { version: string })
    .version;

/** Packs a folder as the release does: with one folder in it. */
export function pack(folder: string, file: string): void {
  const { status, stderr } = spawnSync(
    'tar',
    [
      '--create',
      '--use-compress-program=gzip -1',
      `--file=${file}`,
      `--directory=${dirname(folder)}`,
      basename(folder),
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
}
