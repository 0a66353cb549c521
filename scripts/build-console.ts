/** Builds the console if its sources are newer than the last build. Takes two seconds. */
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
export const consoleFolder = join(root, 'desktop');
const out = join(consoleFolder, 'out');
/** Its content are the keys that were built in. */
const stamp = '.built';
const keys = process.env['SLATE_UPDATE_KEYS'] ?? '';
export const sources = ['desktop/src', 'shared/src'];
const settings = ['desktop/electron.vite.config.ts', 'desktop/package.json', 'package-lock.json'];

/** Returns the folder with `main`, `preload` and `renderer`; throws with the build's output if it fails. */
export function buildConsole(): string {
  const startedAt = new Date();
  if (builtAt() >= changedAt()) return out;

  console.log('Building the console …');
  // Builds elsewhere and then swaps, so that nobody sees an incomplete build.
  const draft = join(root, 'node_modules', '.cache', `console-${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build', '--outDir', draft], {
    cwd: consoleFolder,
    encoding: 'utf8',
    // Always a production build.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`Can’t build the console:\n${stdout}${stderr}`);
  }
  writeFileSync(join(draft, stamp), keys);
  utimesSync(join(draft, stamp), startedAt, startedAt);
  replace(draft);
  return out;
}

function replace(draft: string) {
  const old = `${draft}-old`;
  try {
    renameSync(out, old);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    renameSync(draft, out);
  } catch (error) {
    // A concurrent build of the same sources was faster.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    rmSync(draft, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}

function builtAt(): number {
  try {
    const path = join(out, stamp);
    return readFileSync(path, 'utf8') === keys ? statSync(path).mtimeMs : 0;
  } catch {
    return 0;
  }
}

function changedAt(): number {
  const times = [...settings, ...sources.flatMap(within)].map((path) => statSync(join(root, path)).mtimeMs);
  return Math.max(...times);
}

/** All files except tests, and folders: their times change when files are removed. */
function within(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => !/\.test\.tsx?$/.test(path))
    .map((path) => join(folder, path));
}
