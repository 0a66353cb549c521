import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { clientEvents, liveLimits, look } from '@slate/shared/socket-events';
import type { FollowReply } from '@slate/shared/socket-events';
import { Server } from 'socket.io';
import type { Queryable } from '../db/query.ts';
import type { Log, WakeUps } from '../db/wake-ups.ts';
import { Refusal } from '../domain/refusal.ts';
import { readAccess } from '../identity/authority.ts';
import type { ReadRecorder } from '../use-cases/audit/entries.ts';
import {
  administratorsRoom,
  presenceRoom,
  sayGoodbye,
  siteRoom,
  viewRoom,
  endOutdated,
} from './connection.ts';
import type { Connection, Io } from './connection.ts';
import { createConnectionRegistry, limitTransport } from './connection-limits.ts';
import type { Transport } from './connection-limits.ts';
import { followSite, onlyLatest, stopFollowing } from './follow-site.ts';
import type { FollowDeps } from './follow-site.ts';
import { refusedReply, authenticate } from './handshake.ts';
import type { HandshakeDeps } from './handshake.ts';
import { createPresence, repeatMs } from './presence.ts';
import { createRelay } from './relay.ts';
import { every } from '../every.ts';

export type SocketServerDeps = HandshakeDeps & {
  httpServer: HttpServer;
  /** The primary. */
  db: Queryable;
  reads: ReadRecorder;
  wakeUps: WakeUps;
  log: Log;
  metrics?: { connections(count: number): void; pushed(changes: number, seconds: number): void };
  /** Origins of pages that may connect, besides the server's own. Programs other than browsers send none. */
  origins: readonly string[];
  /** The maximum of connections of one account to this process. */
  socketsPerAccount: number;
  limit: FollowDeps['limit'];
  heartbeatMs?: number;
  /**
   * How often to poll, in case a wake-up was lost. Well below the second within which consoles must get a change.
   */
  pollMs?: number;
};

type FollowRequest = { message: unknown; reply: unknown };
type Reply = (answer?: FollowReply) => void;
const replyTo = (reply: unknown) => (typeof reply === 'function' ? (reply as Reply) : undefined);

const superseded = new Refusal('in_progress', 'A newer follow request replaced this one.');

/** Whether this server delivered the page. */
const isOwnPage = (origin: string, host: string | undefined) =>
  URL.canParse(origin) && new URL(origin).host === host;

/** How long a console may take to read that the server is shutting down. */
const maxGoodbyeMs = 1_000;

/** Creates the live side of the server: connections, the sites they follow, and the messages they get. */
export function createSocketServer(deps: SocketServerDeps) {
  const { httpServer, authority, db, reads, wakeUps, log, metrics, origins } = deps;
  const { heartbeatMs = liveLimits.heartbeatSeconds * 1000, pollMs = 500 } = deps;
  let isClosing = false;

  const io: Io = new Server(httpServer, {
    serveClient: false,
    // WebSocket only, so that a balancer needs no sticky sessions.
    transports: ['websocket'],
    maxHttpBufferSize: liveLimits.messageBytes,
    // A batch is framed once for everyone; with compression, it would be compressed for each.
    perMessageDeflate: false,
    connectTimeout: 5_000,
    pingInterval: 10_000,
    pingTimeout: 8_000,
    allowRequest: (request, decide) => decide(null, isAllowed(request)),
  });
  const isAllowed = ({ headers: { origin, host } }: IncomingMessage) =>
    !isClosing && (origin === undefined || origins.includes(origin) || isOwnPage(origin, host));

  const relay = createRelay({
    db,
    log,
    emit: (siteId, view, batch) => io.to(viewRoom(siteId, view)).emit('changes', batch),
    pushed: (changes, seconds) => metrics?.pushed(changes, seconds),
  });
  const presence = createPresence({
    processId: wakeUps.processId,
    publish: wakeUps.publish,
    emit: (siteId, sees, people) => io.to(presenceRoom(siteId, sees)).emit('presence', { people }),
  });
  const all = () => [...io.sockets.sockets.values()];
  const checkAccess = (connections: Connection[]) =>
    endOutdated(connections, (sessionIds) => readAccess(db, sessionIds));

  const registry = createConnectionRegistry(deps.socketsPerAccount);
  io.engine.on('connection', (transport: Transport) => {
    registry.add(transport.request.socket);
    limitTransport(transport);
  });

  io.use((connection, next) => void admit(connection, next));

  async function admit(connection: Connection, next: (error?: Error) => void) {
    try {
      const caller = await authenticate(connection.handshake.auth, deps);
      registry.admit(caller.userId, connection.request.socket);
      connection.data = caller;
    } catch (error) {
      if (!(error instanceof Refusal)) log.error({ err: error }, 'handshake failed');
      const reply = refusedReply(error);
      next(Object.assign(new Error(reply.detail), { data: reply }));
      // Close a refused connection after the refusal was sent.
      setImmediate(() => connection.conn.close());
      return;
    }
    next();
  }

  io.on('connection', (connection) => {
    metrics?.connections(io.sockets.sockets.size);
    const followLatest = onlyLatest(
      ({ message, reply }: FollowRequest) => answer(connection, message, reply),
      ({ reply }) => replyTo(reply)?.({ status: 'refused', ...refusedReply(superseded) }),
    );
    connection.on('follow', (message, reply) => followLatest({ message, reply }));
    connection.on('look', (message) => {
      const { following } = connection.data;
      const parsed = look.safeParse(message);
      if (parsed.success && following) presence.look(following.siteId, connection.id, parsed.data.caseId);
    });
    connection.on('check', (_message, reply) => replyTo(reply)?.());
    connection.onAny((event: string, ...args: unknown[]) => {
      if (Object.hasOwn(clientEvents, event)) return;
      replyTo(args.at(-1))?.({ status: 'refused', code: 'validation', detail: 'There is no such message.' });
    });
    connection.on('disconnect', () => {
      stopFollowing(connection, { relay, presence });
      metrics?.connections(io.sockets.sockets.size);
    });
  });

  async function answer(connection: Connection, message: unknown, reply: unknown) {
    const send = replyTo(reply);
    if (!send || !connection.connected) return;
    try {
      send(await followSite(connection, message, { authority, relay, presence, reads, limit: deps.limit }));
    } catch (error) {
      if (!(error instanceof Refusal)) log.error({ err: error }, 'follow failed');
      send({ status: 'refused', ...refusedReply(error) });
    }
  }

  const logFailure = (error: unknown) =>
    log.warn({ err: error }, 'a realtime task failed; it runs again in a moment');

  const stopListening = wakeUps.listen((wakeUp, from) => {
    if (wakeUp.kind === 'site') relay.wake(wakeUp.siteId);
    else if (wakeUp.kind === 'present') presence.receive(wakeUp, from);
    else if (wakeUp.kind === 'people') io.to(administratorsRoom(wakeUp.siteId)).emit('peopleChanged', {});
    else {
      const userId = wakeUp.kind === 'user' ? wakeUp.userId : undefined;
      if (userId === undefined) relay.wake();
      else authority.forget(userId);
      checkAccess(all().filter(({ data }) => userId === undefined || data.userId === userId)).catch(
        logFailure,
      );
    }
  });
  const stopRepeating = [
    every(pollMs, () => relay.poll(), logFailure),
    every(pollMs, () => checkAccess(all()), logFailure),
    every(repeatMs, () => presence.repeat(), logFailure),
    every(heartbeatMs, beat, logFailure),
  ];

  /** Everything up to the revision of a beat was sent before it, so a console with a lower revision has a gap. */
  async function beat() {
    for (const { siteId, ...heartbeat } of await relay.poll()) {
      io.to(siteRoom(siteId)).emit('heartbeat', heartbeat);
    }
    presence.forget();
  }

  return {
    heads: () => relay.heads(),

    /** Tells every console to reconnect elsewhere and accepts no more. The HTTP server keeps running. */
    async close() {
      isClosing = true;
      stopListening();
      for (const stop of stopRepeating) void stop();
      for (const connection of all()) sayGoodbye(connection, 'shutting_down');
      presence.close();
      const closed = [...registry.all].map(
        (socket) => new Promise((resolve) => socket.once('close', resolve)),
      );
      await Promise.race([Promise.all(closed), pause(maxGoodbyeMs, undefined, { ref: false })]);
      for (const socket of registry.all) socket.destroy();
      io.engine.close();
    },
  };
}
