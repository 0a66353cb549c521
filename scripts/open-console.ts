/** Opens the desktop console on a running server; where none can be had, the same console in the browser. */
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
  /** What the console remembers, and what it says. */
  dataFolder: string;
  logFile: string;
  say: (line: string) => void;
  /** Nobody waits for it any more. */
  signal: AbortSignal;
};

const patienceMs = 5_000;

export async function openConsole(options: Options): Promise<OpenConsole | undefined> {
  const { url, dataFolder, logFile, say, signal } = options;
  if (!hasScreen()) {
    say(`There is no screen here to open the desktop console on. In a browser it is at ${url}.`);
    return undefined;
  }
  const runtime = await electron(say, signal);
  if (signal.aborted) return undefined;
  if ('missing' in runtime) {
    say(`${runtime.missing} The same console is in your browser: ${url}`);
    openBrowser(url);
    return undefined;
  }
  if (process.getuid?.() === 0) {
    say('As root the console runs without the sandbox of its browser engine: for a try only.');
  }

  const log = openSync(logFile, 'a');
  const child = spawn(runtime.program, electronArguments(consoleFolder, [`--user-data-dir=${dataFolder}`]), {
    env: { ...process.env, SLATE_SERVER: url, ELECTRON_RUN_AS_NODE: undefined },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  let isClosing = false;
  const ended = outcome(child, logFile).then((told) => {
    process.off('exit', endWithUs);
    if (!isClosing) say(`${told} The server goes on at ${url}; Ctrl+C stops it.`);
    return told;
  });
  say('The desktop console is opening.');

  return {
    close: async () => {
      isClosing = true;
      child.kill();
      await Promise.race([ended, sleep(patienceMs, undefined, { ref: false })]);
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function outcome(child: ChildProcess, logFile: string): Promise<string> {
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0 ? 'The console is closed.' : `The console ended (${code}): ${logFile} may say why.`;
  } catch (error) {
    return `The console cannot be started: ${error instanceof Error ? error.message : String(error)}.`;
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
  // Whoever has no such program reads the address.
  child.once('error', () => {});
  child.unref();
}
