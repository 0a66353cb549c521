import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { inTime } from './in-time.ts';

export type ShutDownParts = {
  server: Server;
  /** Tells every console to go elsewhere and lets none in any more. */
  closeSockets: () => Promise<void>;
  stopJobs: () => Promise<void>;
  /** Pools and the connection for wake-ups; last, for everything before may still need them. */
  closeDatabase: () => Promise<void>;
  log: { info(details: object, message: string): void; error(details: object, message: string): void };
  exit: (code: number) => void;
  /** For how long requests are still taken, so that a balancer sees /readyz say no and goes elsewhere. */
  drainMs?: number;
  /** After this the process ends, whatever is still open. */
  limitMs?: number;
};

/**
 * The end of the server in order: not ready any more, no new connections, requests under way finish, consoles
 * go elsewhere, jobs stop, the database is let go. A second signal ends it at once. To be made before the
 * server takes its first request, so that none goes uncounted.
 */
export function createShutDown(parts: ShutDownParts) {
  const { server, log, exit, drainMs = 1_000, limitMs = 9_000 } = parts;
  const underWay = new Set<ServerResponse>();
  let hasBegun = false;
  let isClosed = false;

  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    underWay.add(response);
    if (isClosed) letGo(response);
    response.once('close', () => {
      underWay.delete(response);
      if (isClosed) endIdle();
    });
  });

  /**
   * Once nothing is under way, what is still connected has asked for nothing: it is kept alive, had its answer
   * begun before it could be told to go, or has not said what it wants.
   */
  function endIdle() {
    setImmediate(() => {
      if (underWay.size === 0) server.closeAllConnections();
    });
  }

  const finished = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      isClosed = true;
      for (const response of underWay) letGo(response);
      endIdle();
    });

  async function inOrder() {
    await pause(drainMs);
    // Together: to the HTTP server an open socket is a connection like any other.
    await Promise.all([finished(), parts.closeSockets(), parts.stopJobs()]);
    await parts.closeDatabase();
  }

  async function end() {
    try {
      await inTime(limitMs, inOrder());
      log.info({}, 'shut down');
      exit(0);
    } catch (error) {
      log.error({ err: error, underWay: underWay.size }, 'not shut down in time: ending all the same');
      exit(1);
    }
  }

  return {
    /** From here on, /readyz says no. */
    get hasBegun() {
      return hasBegun;
    },

    begin(signal: string) {
      if (hasBegun) {
        log.error({ signal, underWay: underWay.size }, 'told to stop a second time: ending at once');
        exit(1);
        return;
      }
      hasBegun = true;
      log.info({ signal, underWay: underWay.size }, 'shutting down');
      void end();
    },
  };
}
export type ShutDown = ReturnType<typeof createShutDown>;

function letGo(response: ServerResponse) {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
