import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { withTimeout } from './with-timeout.ts';

export type ShutDownParts = {
  server: Server;
  /** Tells every console to reconnect elsewhere, and accepts no new connections. */
  closeSockets: () => Promise<void>;
  stopJobs: () => Promise<void>;
  /** Closes the pools and the connection for wake-ups. Last, because everything else may use them. */
  closeDatabase: () => Promise<void>;
  log: { info(details: object, message: string): void; error(details: object, message: string): void };
  exit: (code: number) => void;
  /** How long requests are still accepted, so that a balancer sees /readyz fail and routes elsewhere. */
  drainMs?: number;
  /** The process ends after this time even if something is still open. */
  limitMs?: number;
};

/**
 * Shuts the server down in order: not ready, no new connections, current requests finish, consoles reconnect
 * elsewhere, jobs stop, the database is closed. A second Ctrl+C exits at once. Create this before the first request, so
 * that every request is counted.
 */
export function createShutDown(parts: ShutDownParts) {
  const { server, log, exit, drainMs = 1_000, limitMs = 9_000 } = parts;
  const inProgress = new Set<ServerResponse>();
  let hasBegun = false;
  let isClosed = false;

  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    inProgress.add(response);
    if (isClosed) closeAfterwards(response);
    response.once('close', () => {
      inProgress.delete(response);
      if (isClosed) endIdle();
    });
  });

  /** Once no request is in progress, the remaining connections are idle: kept alive, or open without a request. */
  function endIdle() {
    setImmediate(() => {
      if (inProgress.size === 0) server.closeAllConnections();
    });
  }

  const finished = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      isClosed = true;
      for (const response of inProgress) closeAfterwards(response);
      endIdle();
    });

  async function runSteps() {
    await pause(drainMs);
    // At the same time: to the HTTP server, an open socket is a connection like any other.
    await Promise.all([finished(), parts.closeSockets(), parts.stopJobs()]);
    await parts.closeDatabase();
  }

  async function end() {
    try {
      await withTimeout(limitMs, runSteps());
      log.info({}, 'shut down');
      exit(0);
    } catch (error) {
      log.error({ err: error, inProgress: inProgress.size }, 'not shut down in time: exiting anyway');
      exit(1);
    }
  }

  return {
    /** When true, /readyz answers "not ready". */
    get hasBegun() {
      return hasBegun;
    },

    begin(signal: string) {
      if (hasBegun) {
        // After Ctrl+C in a terminal, the program that started this one often sends SIGTERM too.
        if (signal !== 'SIGINT') return;
        log.error({ signal, inProgress: inProgress.size }, 'second Ctrl+C: exiting at once');
        exit(1);
        return;
      }
      hasBegun = true;
      log.info({ signal, inProgress: inProgress.size }, 'shutting down');
      void end();
    },
  };
}

function closeAfterwards(response: ServerResponse) {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
