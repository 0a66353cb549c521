/** Builds the console when what lies there is older than what it is made of. Takes two seconds. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
export const consoleFolder = join(root, 'desktop');
const out = join(consoleFolder, 'out');
const stamp = '.built';
export const sources = ['desktop/src', 'shared/src'];
const settings = ['desktop/electron.vite.config.ts', 'desktop/package.json', 'package-lock.json'];

/** Answers the folder with `main`, `preload` and `renderer`; throws with what the build said when it fails. */
export function buildConsole(): string {
  const startedAt = new Date();
  if (builtAt() >= changedAt()) return out;

  console.log('Building the console …');
  // Beside, and then into its place: whoever uses the old one meanwhile finds no half of either.
  const draft = join(root, 'node_modules', '.cache', `console-${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build', '--outDir', draft], {
    cwd: consoleFolder,
    encoding: 'utf8',
    // A build is a build for use, whoever asks for it.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`The console cannot be built:\n${stdout}${stderr}`);
  }
  writeFileSync(join(draft, stamp), '');
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
    // Somebody else has just put theirs there: from the same sources.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    rmSync(draft, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}

function builtAt(): number {
  try {
    return statSync(join(out, stamp)).mtimeMs;
  } catch {
    return 0;
  }
}

function changedAt(): number {
  const times = [...settings, ...sources.flatMap(within)].map((path) => statSync(join(root, path)).mtimeMs);
  return Math.max(...times);
}

/** All but its tests. Folders too: their time tells of what was taken out of them. */
function within(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => !/\.test\.tsx?$/.test(path))
    .map((path) => join(folder, path));
}
