/** What the desktop console runs on: an Electron that is there or can be fetched, and a screen to show it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type Runtime = { program: string } | { missing: string };

const electronPackage = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
const fetchMs = 300_000;

/** The one in the folder that `ELECTRON_OVERRIDE_DIST_PATH` names, or that of the `electron` package. */
export async function electron(say: (line: string) => void, signal?: AbortSignal): Promise<Runtime> {
  const program = named() ?? installed() ?? (await fetched(say, signal));
  if (program === undefined) return { missing: 'Electron is not installed and cannot be downloaded here.' };
  if (!existsSync(program)) return { missing: `There is no Electron at ${program}.` };
  // As a Node it needs no screen, but all the libraries of the system that it needs anyway.
  const { status, stderr } = spawnSync(program, ['-p', 'process.versions.electron'], {
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    timeout: 30_000,
  });
  if (status === 0) return { program };
  return {
    missing: `Electron does not run here: ${stderr?.trim().split('\n').at(-1) || 'it said nothing.'}`,
  };
}

/**
 * What comes before its own arguments. The program is required, not only named: so it runs before Electron is ready,
 * however a runtime loads what it is named. Root has no sandbox to use.
 */
export function electronArguments(console: string, switches: readonly string[]): string[] {
  return [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...switches,
    '--require',
    join(console, 'out', 'main', 'main.cjs'),
    console,
  ];
}

export const hasScreen = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

function named(): string | undefined {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  return folder ? join(folder, place()) : undefined;
}

function installed(): string | undefined {
  const program = join(electronPackage, 'dist', place());
  // Written last: without it, the program may be half there.
  return existsSync(join(electronPackage, 'path.txt')) && existsSync(program) ? program : undefined;
}

/** The package downloads its program when it is first used, and by itself gives that no end. */
async function fetched(say: (line: string) => void, signal?: AbortSignal): Promise<string | undefined> {
  say('Fetching Electron (about 120 MB, once) …');
  const child = spawn(process.execPath, [join(electronPackage, 'install.js')], {
    stdio: 'ignore',
    timeout: fetchMs,
    ...(signal && { signal }),
  });
  const startedAt = Date.now();
  const ticker = setInterval(
    () => say(`Fetching Electron … ${Math.round((Date.now() - startedAt) / 1000)} s`),
    15_000,
  );
  // Ended before its time, it has left nothing to be found.
  await once(child, 'exit')
    .catch(() => {})
    .finally(() => clearInterval(ticker));
  return installed();
}

function place(): string {
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  return names[process.platform] ?? 'electron';
}
