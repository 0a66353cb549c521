/** A server of ours as its own process: for `npm start`, and for tests and benchmarks that need real ones. */
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
  /** Where it listens; empty for a worker. */
  readonly url: string;
  readonly pid: number;
  /** Resolves with its exit code once it has ended, however it did. */
  readonly ended: Promise<number | null>;
  /** Asks it to end (SIGTERM) and waits; what it is still doing is finished. */
  stop(): Promise<number | null>;
  /** Ends it at once, as a crash does. */
  kill9(): Promise<void>;
};

export type ServerProcessOptions = {
  /** `main.ts` or `worker.ts` of the server. */
  program?: 'main.ts' | 'worker.ts';
  environment: Record<string, string>;
  /** Where its log goes; nowhere when left out. */
  logFile?: string;
};

const serverSources = join(import.meta.dirname, '..', 'server', 'src');

/** Starts it and waits until it listens or works; if it does not come up, the error is the line it said last. */
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
  // Whatever becomes of us, it does not outlive us.
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);

  const log: WriteStream | undefined =
    logFile === undefined ? undefined : createWriteStream(logFile, { flags: 'a' });
  let last = '';
  const listening = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log?.write(`${line}\n`);
        last = line;
        const said = parse(line);
        if (said?.msg === 'listening' && said.url !== undefined) resolve(said.url);
        if (said?.msg === 'working') resolve('');
      });
    }
  });
  const ended = once(child, 'close').then(([code]) => {
    process.off('exit', endWithUs);
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
