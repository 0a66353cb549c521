import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Change, ChangesBatch } from '@slate/shared/changes';
import { protocols, protocolVersion } from '@slate/shared/protocol';
import { followReply, serverEvents } from '@slate/shared/socket-events';
import type {
  ClientToServer,
  Follow,
  FollowReply,
  Presence,
  ServerToClient,
} from '@slate/shared/socket-events';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { Database } from '../src/db/pool.ts';
import { createWakeUps } from '../src/db/wake-ups.ts';
import type { WakeUps } from '../src/db/wake-ups.ts';
import { createSocketServer } from '../src/realtime/socket-server.ts';
import type { SocketServerDeps } from '../src/realtime/socket-server.ts';
import { createAuthority } from '../src/identity/authority.ts';
import type { CommandDeps } from '../src/commands/context.ts';
import type { Setting } from './hospital.ts';

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

/** The push part of a server process: its own listener and socket server. */
export async function startSocketServer(
  hospital: Setting,
  { wakeUps: ownWakeUps, ...more }: Partial<SocketServerDeps> = {},
) {
  const wakeUps = ownWakeUps ?? createWakeUps({ url: hospital.database.appUrl, log: quiet });
  const httpServer = createServer((_request, response) => response.end());
  const socketServer = createSocketServer({
    httpServer,
    authority: createAuthority(hospital.pool),
    verifyToken: (token) => Promise.resolve(JSON.parse(token) as { userId: string; sessionId: string }),
    db: hospital.pool,
    wakeUps,
    log: quiet,
    reads: { record: () => Promise.resolve() },
    origins: ['https://console.test'],
    socketsPerAccount: 100,
    limit: () => Promise.resolve(0),
    protocols,
    ...more,
  });
  await new Promise<void>((listening) => httpServer.listen(0, '127.0.0.1', listening));
  const deps: CommandDeps = { pool: hospital.pool, publish: wakeUps.publish };
  return {
    url: `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`,
    wakeUps,
    socketServer,
    /** For commands in this process. */
    deps,
    async close() {
      await socketServer.close();
      await wakeUps.close();
      await new Promise((closed) => httpServer.close(closed));
    },
  };
}
export type SocketServerProcess = Awaited<ReturnType<typeof startSocketServer>>;

/** Neither publishes nor delivers: every wake-up is lost. */
export const deafWakeUps = (): WakeUps => ({
  processId: randomUUID(),
  isListening: false,
  publish: () => {},
  listen: () => () => {},
  close: () => Promise.resolve(),
});

/** Resolves the next time the server starts listening. */
export const nextListening = ({ wakeUps }: SocketServerProcess) =>
  new Promise<void>((resolve) => {
    wakeUps.listen(({ kind }) => kind === 'anything' && resolve());
  });

export const untilListening = async (server: SocketServerProcess) => {
  if (!server.wakeUps.isListening) await nextListening(server);
};

/** Creates a session of the user; returns the token that `verifyToken` above accepts. */
export async function signIn(pool: Database, userId: string) {
  const sessionId = randomUUID();
  await pool.query(
    `INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, clock_timestamp() + interval '1 day')`,
    [sessionId, userId],
  );
  return { userId, sessionId, token: JSON.stringify({ userId, sessionId }) };
}

/**
 * A strict console: it never fetches missing changes, and a gap is an error. Parses everything it receives with the wire
 * schemas.
 */
export class TestConsole {
  readonly socket: Socket<ServerToClient, ClientToServer>;
  readonly changes: Change[] = [];
  readonly gaps: string[] = [];
  epoch = '';
  revision = 0;
  people: Presence['people'] = [];
  /** How many messages about changed people it has received. */
  peopleChanges = 0;
  goodbye: string | null = null;
  /** A batch of another epoch, after which a console takes a fresh board. */
  resync: ChangesBatch | null = null;
  #isFollowing = false;
  /** Batches received before it followed a site. */
  readonly early: ChangesBatch[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(url: string, token: string, protocol = protocolVersion, lowestProtocol?: number) {
    this.socket = io(url, {
      auth: { token, protocol, lowestProtocol },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    this.socket.on('changes', (message) => {
      const batch = serverEvents.changes.parse(message);
      if (this.#isFollowing) this.#take(batch);
      else this.early.push(batch);
      this.#notify();
    });
    this.socket.on('presence', (message) => {
      this.people = serverEvents.presence.parse(message).people;
      this.#notify();
    });
    this.socket.on('peopleChanged', (message) => {
      serverEvents.peopleChanged.parse(message);
      this.peopleChanges++;
      this.#notify();
    });
    this.socket.on('goodbye', (message) => (this.goodbye = serverEvents.goodbye.parse(message).reason));
    this.socket.on('disconnect', () => this.#notify());
  }

  async follow(from: Follow): Promise<FollowReply> {
    this.#isFollowing = false;
    const reply = followReply.parse(await this.socket.emitWithAck('follow', from));
    if (reply.status !== 'following') return reply;
    this.epoch = from.epoch;
    this.revision = from.revision;
    this.#isFollowing = true;
    for (const batch of [reply.missed, ...this.early.splice(0)]) this.#take(batch);
    this.#notify();
    return reply;
  }

  #take(batch: ChangesBatch) {
    if (batch.epoch !== this.epoch) {
      this.resync = batch;
      return;
    }
    if (batch.to <= this.revision) return;
    if (batch.from > this.revision) {
      this.gaps.push(`${batch.from}..${batch.to} after ${this.revision}`);
      return;
    }
    this.changes.push(...batch.changes.filter(({ revision }) => revision > this.revision));
    this.revision = batch.to;
  }

  #notify() {
    for (const watcher of this.#watchers) watcher();
  }

  /** Resolves when the condition is true; checks it whenever something arrives. */
  async until(condition: (console: this) => boolean): Promise<void> {
    if (condition(this)) return;
    await new Promise<void>((resolve) => {
      const watcher = () => {
        if (!condition(this)) return;
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
    });
  }

  untilRevision = (revision: number) => this.until((console) => console.revision >= revision);
  untilDisconnected = () => this.until((console) => console.socket.disconnected);

  /** Whether the condition becomes true in this time: for events that should not happen. */
  happensWithin = (ms: number, condition: (console: this) => boolean) =>
    Promise.race([this.until(condition).then(() => true), pause(ms, false)]);

  /** Stops reading for a while, like a console with a slow network or CPU. */
  pause() {
    webSocketOf(this.socket).pause();
  }
  resume() {
    webSocketOf(this.socket).resume();
  }
}

/** The underlying WebSocket, which socket.io-client does not expose. */
const webSocketOf = (socket: Socket) =>
  (socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws;

/** The head of the site's feed. */
export async function headOf({ pool, siteId }: Setting): Promise<Follow> {
  const { rows } = await pool.query<{ epoch: string; revision: string }>(
    'SELECT epoch, revision FROM sites WHERE id = $1',
    [siteId],
  );
  const [{ epoch, revision }] = rows as [{ epoch: string; revision: string }];
  return { siteId, epoch, revision: Number(revision) };
}

/** A console of the user that follows the site. */
export async function openConsole(
  server: SocketServerProcess,
  hospital: Setting,
  userId: string,
  from?: Follow,
): Promise<TestConsole> {
  const { token } = await signIn(hospital.pool, userId);
  const opened = new TestConsole(server.url, token);
  await opened.follow(from ?? (await headOf(hospital)));
  return opened;
}
