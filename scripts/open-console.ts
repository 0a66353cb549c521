/** Opens the desktop console on a running server, or the same console in the browser if there is no Electron. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { consoleFolder } from './build-console.ts';
import { electron, electronArguments, hasScreen } from './electron.ts';

export type OpenConsole = { close(): Promise<void> };

type Options = {
  url: string;
  /** For the console's settings and log. */
  dataFolder: string;
  logFile: string;
  say: (line: string) => void;
  /** Aborted when the caller stops waiting. */
  signal: AbortSignal;
};

const closeMs = 5_000;

export async function openConsole(options: Options): Promise<OpenConsole | undefined> {
  const { url, dataFolder, logFile, say, signal } = options;
  if (!hasScreen()) {
    say(`No screen for the desktop console. Open ${url} in a browser.`);
    return undefined;
  }
  const runtime = await electron(say, signal);
  if (signal.aborted) return undefined;
  if ('missing' in runtime) {
    say(`${runtime.missing} Opening the same console in your browser: ${url}`);
    openBrowser(url);
    return undefined;
  }
  if (process.getuid?.() === 0) {
    say('As root, the console runs without the browser sandbox: only for trying it out.');
  }

  const log = openSync(logFile, 'a');
  const child = spawn(runtime.program, electronArguments(consoleFolder, [`--user-data-dir=${dataFolder}`]), {
    env: { ...process.env, SLATE_SERVER: url, ELECTRON_RUN_AS_NODE: undefined },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const killOnExit = () => child.kill('SIGKILL');
  process.once('exit', killOnExit);
  let isClosing = false;
  const ended = outcome(child, logFile).then((sentence) => {
    process.off('exit', killOnExit);
    if (!isClosing) say(`${sentence} The server is still running at ${url}; Ctrl+C stops it.`);
    return sentence;
  });
  say('The desktop console is opening.');

  return {
    close: async () => {
      isClosing = true;
      child.kill();
      await Promise.race([ended, sleep(closeMs, undefined, { ref: false })]);
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function outcome(child: ChildProcess, logFile: string): Promise<string> {
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0 ? 'The console was closed.' : `The console exited with ${code}; see ${logFile}.`;
  } catch (error) {
    return `Can’t start the console: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

function openBrowser(url: string) {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(program ?? '', args, { stdio: 'ignore', detached: true });
  // Without such a program, people can open the printed address.
  child.once('error', () => {});
  child.unref();
}
