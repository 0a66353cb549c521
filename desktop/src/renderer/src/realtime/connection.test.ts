import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Server } from 'socket.io';

let server: ReturnType<typeof createServer>;
let io: Server;
let line: Awaited<ReturnType<typeof open>>;

/** Real sockets, fake timers: everything sent arrives between two steps of the clock. */
async function pass(ms: number) {
  for (let left = ms; left > 0; left -= 500) {
    vi.advanceTimersByTime(500);
    await arrived();
  }
}

/** Each step sends a ping. Its answer means that everything sent before it has arrived. */
async function arrived() {
  const lines = [...io.sockets.sockets.values()].map(({ conn }) => conn);
  const ends = lines.map((conn) => Promise.race([once(conn, 'heartbeat'), once(conn, 'close')]));
  await (ends.length > 0 ? Promise.all(ends) : pause(5));
}

async function open() {
  vi.resetModules();
  const [client, lines] = await Promise.all([import('../api/client.ts'), import('./connection.ts')]);
  const { port } = server.address() as AddressInfo;
  let tokens = 0;
  client.connectClient({
    server: `http://127.0.0.1:${port}`,
    token: () => Promise.resolve(`token ${++tokens}`),
    tokenRefused: () => {},
  });
  const handlers = {
    opened: vi.fn<() => void>(),
    received: vi.fn<() => void>(),
    lost: vi.fn<() => void>(),
    refused: vi.fn<(code: string, detail: string) => void>(),
  };
  return { ...lines.createConnection(handlers), handlers };
}

beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The server's timers are real. It pings far more often than the console's timers expire.
  io = new Server(server, { transports: ['websocket'], pingInterval: 3, pingTimeout: 18_000 });
  line = await open();
});
afterEach(async () => {
  vi.useRealTimers();
  line.end();
  await io.close();
});

const connected = () => vi.waitFor(() => expect(line.handlers.opened).toHaveBeenCalled());

/** Time passes only when the test advances it, from before the connection on. */
async function connectedByHand() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  line.reach();
  while (line.handlers.opened.mock.calls.length === 0) await pass(500);
}

test('a silent server is left after 25 s, even if it answers pings', async () => {
  await connectedByHand();
  io.emit('heartbeat');
  await pass(20_000);
  expect(line.handlers.lost).not.toHaveBeenCalled();
  // One message allows it another 25 s.
  io.emit('heartbeat');
  await pass(20_000);
  expect(line.handlers.lost).not.toHaveBeenCalled();
  await pass(6_000);
  expect(line.handlers.lost).toHaveBeenCalled();
  while (line.handlers.opened.mock.calls.length === 1) await pass(500);
});

test('PU25 an attempt that hangs is replaced after 8 s', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  const answered = vi.fn<(next: () => void) => void>((next) => next());
  // As with a cut cable: neither side notices.
  answered.mockImplementationOnce(() => {});
  io.use((_socket, next) => answered(next));
  line.reach();
  while (answered.mock.calls.length === 0) await arrived();
  await pass(7_500);
  expect(line.handlers.lost).not.toHaveBeenCalled();
  await pass(500);
  expect(line.handlers.lost).toHaveBeenCalledOnce();
  while (line.handlers.opened.mock.calls.length === 0) await pass(500);
});

test('a refusal gives the reason, and the client returns with a new token', async () => {
  const tokens: unknown[] = [];
  io.use((socket, next) => {
    tokens.push(socket.handshake.auth['token']);
    if (tokens.length > 1) return next();
    next(Object.assign(new Error('no'), { data: { code: 'unauthenticated', detail: 'Sign in.' } }));
    return setImmediate(() => socket.conn.close());
  });
  line.reach();
  await connected();
  expect(line.handlers.refused.mock.calls).toEqual([['unauthenticated', 'Sign in.']]);
  expect(tokens).toEqual(['token 1', 'token 2']);
});

test('clients of a server that shuts down reconnect spread over time', async () => {
  line.reach();
  await connected();
  const pauses = vi.spyOn(globalThis, 'setTimeout');
  vi.spyOn(Math, 'random').mockReturnValue(0.9);
  io.emit('goodbye', { reason: 'shutting_down' });
  io.disconnectSockets(true);
  await expect.poll(() => line.handlers.lost.mock.calls.length).toBe(1);
  expect(pauses.mock.calls.map(([, ms]) => ms)).toContain(1_800);
  vi.restoreAllMocks();
});

test('it does not reconnect after its end', async () => {
  const came = vi.fn<() => void>();
  io.on('connection', came);
  await connectedByHand();
  const gone = new Promise((resolve) => {
    for (const socket of io.sockets.sockets.values()) socket.on('disconnect', resolve);
  });
  line.end();
  await gone;
  await pass(30_000);
  expect(line.handlers.lost).not.toHaveBeenCalled();
  expect(came).toHaveBeenCalledOnce();
});
