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
import { presenceRoom, sayGoodbye, siteRoom, viewRoom, endOutdated } from './connection.ts';
import type { Connection, Io } from './connection.ts';
import { createCrowd, limitTransport } from './connection-limits.ts';
import type { Transport } from './connection-limits.ts';
import { followSite, inTurn, stopFollowing } from './follow-site.ts';
import type { FollowDeps } from './follow-site.ts';
import { refusedReply, shakeHands } from './handshake.ts';
import type { HandshakeDeps } from './handshake.ts';
import { createPresence, sayAgainMs } from './presence.ts';
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
  /** Of pages that may connect, beside the server's own; what is no browser names none. */
  origins: readonly string[];
  /** Connections of one account to this process. */
  socketsPerAccount: number;
  pay: FollowDeps['pay'];
  heartbeatMs?: number;
  /** How often to look, should no wake-up come. Well below the second that anything may take. */
  pollMs?: number;
};

type Asked = { message: unknown; reply: unknown };
type Say = (answer: FollowReply) => void;
const sayTo = (reply: unknown) => (typeof reply === 'function' ? (reply as Say) : undefined);

const superseded = new Refusal('in_progress', 'A newer follow request replaced this one.');

/** A page that this very server handed out. */
const isAt = (origin: string, host: string | undefined) =>
  URL.canParse(origin) && new URL(origin).host === host;

/** How long a console may take to read that the server shuts down. */
const longestGoodbyeMs = 1_000;

/** The live side of the server: who is connected, what they follow, what they are sent. */
export function createSocketServer(deps: SocketServerDeps) {
  const { httpServer, authority, db, reads, wakeUps, log, metrics, origins } = deps;
  const { heartbeatMs = liveLimits.heartbeatSeconds * 1000, pollMs = 500 } = deps;
  let isClosing = false;

  const io: Io = new Server(httpServer, {
    serveClient: false,
    // One connection, one process: nothing to keep sticky behind a balancer.
    transports: ['websocket'],
    maxHttpBufferSize: liveLimits.messageBytes,
    // A batch is framed once for everyone; compressed, it would be compressed for each.
    perMessageDeflate: false,
    connectTimeout: 5_000,
    pingInterval: 10_000,
    pingTimeout: 8_000,
    allowRequest: (request, decide) => decide(null, isAllowed(request)),
  });
  const isAllowed = ({ headers: { origin, host } }: IncomingMessage) =>
    !isClosing && (origin === undefined || origins.includes(origin) || isAt(origin, host));

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

  const crowd = createCrowd(deps.socketsPerAccount);
  io.engine.on('connection', (transport: Transport) => {
    crowd.arrive(transport.request.socket);
    limitTransport(transport);
  });

  io.use((connection, next) => void greet(connection, next));

  async function greet(connection: Connection, next: (error?: Error) => void) {
    try {
      const caller = await shakeHands(connection.handshake.auth, deps);
      crowd.admit(caller.userId, connection.request.socket);
      connection.data = caller;
    } catch (error) {
      if (!(error instanceof Refusal)) log.error({ err: error }, 'handshake failed');
      const reply = refusedReply(error);
      next(Object.assign(new Error(reply.detail), { data: reply }));
      // Nobody stays who was not let in; by then the refusal is on its way.
      setImmediate(() => connection.conn.close());
      return;
    }
    next();
  }

  io.on('connection', (connection) => {
    metrics?.connections(io.sockets.sockets.size);
    const followInTurn = inTurn(
      ({ message, reply }: Asked) => answer(connection, message, reply),
      ({ reply }) => sayTo(reply)?.({ status: 'refused', ...refusedReply(superseded) }),
    );
    connection.on('follow', (message, reply) => followInTurn({ message, reply }));
    connection.on('look', (message) => {
      const { following } = connection.data;
      const asked = look.safeParse(message);
      if (asked.success && following) presence.look(following.siteId, connection.id, asked.data.caseId);
    });
    connection.onAny((event: string, ...sent: unknown[]) => {
      if (Object.hasOwn(clientEvents, event)) return;
      sayTo(sent.at(-1))?.({ status: 'refused', code: 'validation', detail: 'There is no such message.' });
    });
    connection.on('disconnect', () => {
      stopFollowing(connection, { relay, presence });
      metrics?.connections(io.sockets.sockets.size);
    });
  });

  async function answer(connection: Connection, message: unknown, reply: unknown) {
    const say = sayTo(reply);
    if (!say || !connection.connected) return;
    try {
      say(await followSite(connection, message, { authority, relay, presence, reads, pay: deps.pay }));
    } catch (error) {
      if (!(error instanceof Refusal)) log.error({ err: error }, 'follow failed');
      say({ status: 'refused', ...refusedReply(error) });
    }
  }

  const failed = (error: unknown) => log.warn({ err: error }, 'realtime: not done; tried again in a moment');

  const stopListening = wakeUps.listen((wakeUp, from) => {
    if (wakeUp.kind === 'site') relay.wake(wakeUp.siteId);
    else if (wakeUp.kind === 'present') presence.hear(wakeUp, from);
    else {
      const someone = wakeUp.kind === 'user' ? wakeUp.userId : undefined;
      if (someone === undefined) relay.wake();
      else authority.forget(someone);
      checkAccess(all().filter(({ data }) => someone === undefined || data.userId === someone)).catch(failed);
    }
  });
  const stopRepeating = [
    every(pollMs, () => relay.poll(), failed),
    every(pollMs, () => checkAccess(all()), failed),
    every(sayAgainMs, () => presence.sayAgain(), failed),
    every(heartbeatMs, beat, failed),
  ];

  /** Everything up to a beat's revision was sent before it: who hears it and has less, has a gap. */
  async function beat() {
    for (const { siteId, ...heartbeat } of await relay.poll()) {
      io.to(siteRoom(siteId)).emit('heartbeat', heartbeat);
    }
    presence.forget();
  }

  return {
    heads: () => relay.heads(),

    /** Tells everyone to go elsewhere and lets nobody in any more. The HTTP server goes on. */
    async close() {
      isClosing = true;
      stopListening();
      for (const stop of stopRepeating) void stop();
      for (const connection of all()) sayGoodbye(connection, 'shutting_down');
      presence.close();
      const gone = [...crowd.all].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      await Promise.race([Promise.all(gone), pause(longestGoodbyeMs, undefined, { ref: false })]);
      for (const socket of crowd.all) socket.destroy();
      io.engine.close();
    },
  };
}

export type SocketServer = ReturnType<typeof createSocketServer>;
