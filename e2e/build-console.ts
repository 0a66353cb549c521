/** Builds the console, once for all that look at it: main, preload and renderer, as they are packaged. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const desktop = join(root, 'desktop');
const built = join(desktop, 'out');
const stamp = join(built, '.built');

/** What goes into it; of these, tests do not. */
const sources = ['desktop/src', 'shared/src', 'desktop/electron.vite.config.ts', 'package-lock.json'];

/** Builds it if a source is newer than what is there. Answers the folder: `main`, `preload` and `renderer` lie in it. */
export function buildConsole(): string {
  const newest = Math.max(...sources.map((source) => latest(join(root, source))));
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newest) return built;

  console.log('Building the console …');
  const began = new Date();
  // Beside the one that is there, which somebody may be looking at.
  const fresh = join(root, 'node_modules', '.cache', `console-${process.pid}`);
  const require = createRequire(join(desktop, 'package.json'));
  const program = join(dirname(require.resolve('electron-vite/package.json')), 'bin', 'electron-vite.js');
  try {
    execFileSync(process.execPath, [program, 'build', '--outDir', fresh, '--logLevel', 'error'], {
      cwd: desktop,
      stdio: ['ignore', 'inherit', 'inherit'],
      // A build is a build for use, whoever asks for it.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    writeFileSync(join(fresh, '.built'), began.toISOString());
    rmSync(built, { recursive: true, force: true });
    renameSync(fresh, built);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return built;
}

/** When anything in it last changed; what was taken out changes its folder. */
function latest(path: string): number {
  const within = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  const files = within.filter((name) => !/\.test\.tsx?$/.test(name)).map((name) => join(path, name));
  return Math.max(...[path, ...files].map((each) => statSync(each).mtimeMs));
}
