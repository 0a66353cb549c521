/** The runtime of the desktop console: an Electron that is installed or downloaded, and a screen. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type Runtime = { program: string } | { missing: string };

const electronPackage = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
const downloadMs = 300_000;

/** Finds Electron in the folder `ELECTRON_OVERRIDE_DIST_PATH` or in the `electron` package; downloads it if missing. */
export async function electron(say: (line: string) => void, signal?: AbortSignal): Promise<Runtime> {
  const program = fromEnvironment() ?? installedProgram() ?? (await download(say, signal));
  if (program === undefined) return { missing: 'Electron isn’t installed and can’t be downloaded here.' };
  if (!existsSync(program)) return { missing: `There is no Electron at ${program}.` };
  // Run as Node it needs no screen, but the same system libraries.
  const { status, stderr } = spawnSync(program, ['-p', 'process.versions.electron'], {
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    timeout: 30_000,
  });
  if (status === 0) return { program };
  return {
    missing: `Electron doesn’t run here: ${stderr?.trim().split('\n').at(-1) || 'no output.'}`,
  };
}

/**
 * Electron's arguments for the console; null: it is packaged with Electron. `--require` loads the program before Electron is
 * ready, however the runtime loads its app. Root cannot use the sandbox.
 */
export function electronArguments(console: string | null, switches: readonly string[]): string[] {
  return [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...switches,
    ...(console === null ? [] : ['--require', join(console, 'out', 'main', 'main.cjs'), console]),
  ];
}

export const hasScreen = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

function fromEnvironment(): string | undefined {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  return folder ? join(folder, executable()) : undefined;
}

function installedProgram(): string | undefined {
  const program = join(electronPackage, 'dist', executable());
  // path.txt is written last: without it, the program may be incomplete.
  return existsSync(join(electronPackage, 'path.txt')) && existsSync(program) ? program : undefined;
}

/** The package downloads Electron on first use, without a timeout of its own. */
async function download(say: (line: string) => void, signal?: AbortSignal): Promise<string | undefined> {
  say('Downloading Electron (about 120 MB, once) …');
  const child = spawn(process.execPath, [join(electronPackage, 'install.js')], {
    stdio: 'ignore',
    timeout: downloadMs,
    ...(signal && { signal }),
  });
  const startedAt = Date.now();
  const ticker = setInterval(
    () => say(`Downloading Electron … ${Math.round((Date.now() - startedAt) / 1000)} s`),
    15_000,
  );
  // An aborted download leaves nothing behind.
  await once(child, 'exit')
    .catch(() => {})
    .finally(() => clearInterval(ticker));
  return installedProgram();
}

function executable(): string {
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  return names[process.platform] ?? 'electron';
}
