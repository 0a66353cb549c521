import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import { Refusal } from '../domain/refusal.ts';

/** A console sends a few messages a minute. */
const messages = { burst: 40, perSecond: 10 };
/** Bytes are limited too: WebSocket pings, which are answered, and fragments do not count as messages. */
const bytes = { burst: 128 * 1024, perSecond: 16 * 1024 };
/** Larger than the largest answer to `follow`, so that a slow console still gets it. */
const maxUnsentBytes = 4 * 1024 * 1024;
/** Connections that have not authenticated. */
const maxUnauthenticated = 1_000;

/** The part of an Engine.IO connection that is used here. */
export type Transport = EventEmitter & { readonly request: IncomingMessage };

/** Cuts a connection that sends too much or does not read. Closing it would wait for the other side. */
export function limitTransport(transport: Transport, clock = () => performance.now()) {
  const { socket } = transport.request;
  const cut = () => socket.destroy();
  const message = allowance(messages, clock);
  const received = allowance(bytes, clock);
  transport.on('packet', () => message(1) || cut());
  socket.on('data', (chunk: Buffer) => received(chunk.length) || cut());

  // Engine.IO keeps packets until the socket has sent all before them, then hands over all of them.
  let waiting = 0;
  transport.on('packetCreate', ({ data }: { data?: string }) => {
    if (waiting + socket.writableLength > maxUnsentBytes) cut();
    waiting += data?.length ?? 0;
  });
  transport.on('flush', () => (waiting = 0));
}

/** A token bucket of one connection; returns whether the amount is within bounds. */
function allowance({ burst, perSecond }: typeof messages, clock: () => number) {
  let tokens = burst;
  let at = clock();
  return function isWithin(amount: number): boolean {
    const now = clock();
    tokens = Math.min(burst, tokens + ((now - at) / 1000) * perSecond);
    at = now;
    if (tokens < amount) return false;
    tokens -= amount;
    return true;
  };
}

/** Tracks connections: all, those not authenticated yet, and those of each account. */
export function createConnectionRegistry(maxPerAccount: number) {
  const all = new Set<NetSocket>();
  const unauthenticated = new Set<NetSocket>();
  const accounts = new Map<string, Set<NetSocket>>();

  return {
    all: all as ReadonlySet<NetSocket>,

    /** Consoles authenticate at once. If too many connections have not, the oldest is cut. */
    add(socket: NetSocket) {
      all.add(socket);
      unauthenticated.add(socket);
      socket.once('close', () => {
        all.delete(socket);
        unauthenticated.delete(socket);
      });
      const [oldest] = unauthenticated;
      if (unauthenticated.size > maxUnauthenticated) oldest?.destroy();
    },

    /** Throws if the account has too many connections. */
    admit(userId: string, socket: NetSocket) {
      const ofAccount = accounts.get(userId) ?? new Set();
      if (ofAccount.has(socket)) return;
      if (ofAccount.size >= maxPerAccount) {
        throw new Refusal(
          'rate_limited',
          `This account is open in ${maxPerAccount} windows already. Close one, then try again.`,
        );
      }
      unauthenticated.delete(socket);
      accounts.set(userId, ofAccount.add(socket));
      socket.once('close', () => {
        ofAccount.delete(socket);
        if (ofAccount.size === 0) accounts.delete(userId);
      });
    },
  };
}
