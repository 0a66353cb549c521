/** Runs the server or the worker as a process, for `npm start`, tests and benchmarks. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { isRunning } from './processes.ts';

const logLine = z.looseObject({ msg: z.string(), url: z.string().optional() });

export type ServerProcess = {
  /** Its address; empty for a worker. */
  readonly url: string;
  readonly pid: number;
  /** Resolves with the exit code when the process has ended. */
  readonly ended: Promise<number | null>;
  /** Sends SIGTERM and waits; the process finishes its work first. */
  stop(): Promise<number | null>;
  /** Kills it, like a crash. */
  kill9(): Promise<void>;
};

export type ServerProcessOptions = {
  /** `main.ts` or `worker.ts` of the server. */
  program?: 'main.ts' | 'worker.ts';
  environment: Record<string, string>;
  /** The file for its log; left out: no log. */
  logFile?: string;
};

const serverSources = join(import.meta.dirname, '..', 'server', 'src');

/** Starts the process and waits until it is ready; otherwise the error has its last line. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { program = 'main.ts', environment, logFile } = options;
  const child = spawn(process.execPath, [join(serverSources, program)], {
    env: {
      PATH: process.env.PATH,
      // Starts in half the time where the code was compiled before.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // It must not outlive this process.
  const killOnExit = () => child.kill('SIGKILL');
  process.once('exit', killOnExit);

  const log: WriteStream | undefined =
    logFile === undefined ? undefined : createWriteStream(logFile, { flags: 'a' });
  let last = '';
  const listening = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log?.write(`${line}\n`);
        last = line;
        const entry = parse(line);
        if (entry?.msg === 'listening' && entry.url !== undefined) resolve(entry.url);
        if (entry?.msg === 'working') resolve('');
      });
    }
  });
  const ended = once(child, 'close').then(([code]) => {
    process.off('exit', killOnExit);
    log?.end();
    return code as number | null;
  });
  const failed = ended.then((code) => {
    throw new Error(`The server did not start (${code}): ${parse(last)?.msg ?? last}`);
  });
  const url = await Promise.race([listening, failed]);
  failed.catch(() => {});

  const pid = child.pid ?? 0;
  return {
    url,
    pid,
    ended,
    stop: () => {
      if (isRunning(pid)) child.kill('SIGTERM');
      return ended;
    },
    kill9: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function parse(line: string) {
  try {
    return logLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
