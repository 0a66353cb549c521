import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Server } from 'socket.io';

let server: ReturnType<typeof createServer>;
let io: Server;
let connection: Awaited<ReturnType<typeof open>>;

const stopClocks = () =>
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });

/** Sockets are real and timers are fake: everything that was sent arrives between two steps of the clock. */
async function advance(ms: number) {
  for (let left = ms; left > 0; left -= 500) {
    vi.advanceTimersByTime(500);
    await untilArrived();
  }
}

/** Waits for the answer to the next ping: then everything that was sent before it has arrived. */
async function untilArrived() {
  const transports = [...io.sockets.sockets.values()].map(({ conn }) => conn);
  const answers = transports.map((conn) => Promise.race([once(conn, 'heartbeat'), once(conn, 'close')]));
  await (answers.length > 0 ? Promise.all(answers) : pause(5));
}

async function open() {
  vi.resetModules();
  const [client, { createConnection }] = await Promise.all([
    import('../api/client.ts'),
    import('./connection.ts'),
  ]);
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
    lasted: vi.fn<() => void>(),
    lost: vi.fn<() => void>(),
    refused: vi.fn<(code: string) => void>(),
    isPolling: vi.fn<() => boolean>(() => false),
  };
  return { ...createConnection(handlers), handlers };
}

beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The server's timers are real. It pings far more often than the console's timers expire.
  io = new Server(server, { transports: ['websocket'], pingInterval: 3, pingTimeout: 18_000 });
  connection = await open();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  connection.end();
  await io.close();
});

async function untilConnected() {
  await expect.poll(() => connection.handlers.opened).toHaveBeenCalled();
}

/** Connects with stopped clocks: time passes only when the test advances it. */
async function connectWithStoppedClocks() {
  stopClocks();
  connection.connect();
  while (connection.handlers.opened.mock.calls.length === 0) await advance(500);
}

/** Lets the server answer checks while this is true. */
const answerChecks = (isAnswering: () => boolean) =>
  io.on('connection', (socket) =>
    socket.on('check', (_message, reply: () => void) => {
      if (isAnswering()) reply();
    }),
  );

test('NW2 the client drops the connection to a silent server within 15 s', async () => {
  let isAnswering = true;
  answerChecks(() => isAnswering);
  await connectWithStoppedClocks();
  await advance(14_500);
  expect(connection.handlers.lost).not.toHaveBeenCalled();
  io.emit('heartbeat');
  await advance(500);
  isAnswering = false;
  await advance(14_000);
  expect(connection.handlers.lost).not.toHaveBeenCalled();
  await advance(1_500);
  expect(connection.handlers.lost).toHaveBeenCalled();
});

test('NW2 activity detects a silent server within 3 s, and keeps a working connection', async () => {
  let isAnswering = true;
  answerChecks(() => isAnswering);
  await connectWithStoppedClocks();
  // The last message is too recent for a check.
  isAnswering = false;
  connection.signOfLife();
  await advance(4_000);
  expect(connection.handlers.lost).not.toHaveBeenCalled();
  isAnswering = true;
  await advance(2_000);
  for (let key = 0; key < 50; key++) connection.signOfLife();
  connection.check();
  await advance(5_500);
  expect(connection.handlers.lost).not.toHaveBeenCalled();
  isAnswering = false;
  connection.signOfLife();
  await advance(2_500);
  expect(connection.handlers.lost).not.toHaveBeenCalled();
  await advance(1_000);
  expect(connection.handlers.lost).toHaveBeenCalled();
});

test('NW2 a check affects only its connection', async () => {
  answerChecks(() => false);
  await connectWithStoppedClocks();
  connection.check();
  await advance(1_000);
  connection.drop();
  connection.handlers.opened.mockClear();
  while (connection.handlers.opened.mock.calls.length === 0) await advance(500);
  connection.handlers.lost.mockClear();
  await advance(4_000);
  expect(connection.handlers.lost).not.toHaveBeenCalled();
  // The next connection can be checked too.
  connection.check();
  await advance(3_500);
  expect(connection.handlers.lost).toHaveBeenCalled();
});

test('the client drops the connection to a server that sends nothing for 25 s', async () => {
  answerChecks(() => true);
  await connectWithStoppedClocks();
  io.emit('heartbeat');
  await advance(20_000);
  expect(connection.handlers.lost).not.toHaveBeenCalled();
  // One message allows it another 25 s.
  io.emit('heartbeat');
  await advance(20_000);
  expect(connection.handlers.lost).not.toHaveBeenCalled();
  await advance(6_000);
  expect(connection.handlers.lost).toHaveBeenCalled();
  while (connection.handlers.opened.mock.calls.length === 1) await advance(500);
});

test('PU25 the client replaces an attempt that hangs after 8 s', async () => {
  stopClocks();
  const accept = vi.fn<(next: () => void) => void>((next) => next());
  // A cut cable: neither side detects it.
  accept.mockImplementationOnce(() => {});
  io.use((_socket, next) => accept(next));
  connection.connect();
  while (accept.mock.calls.length === 0) await untilArrived();
  await advance(7_500);
  expect(connection.handlers.lost).not.toHaveBeenCalled();
  await advance(500);
  expect(connection.handlers.lost).toHaveBeenCalledOnce();
  while (connection.handlers.opened.mock.calls.length === 0) await advance(500);
});

test('a refusal reports its reason, and the client reconnects with a new token', async () => {
  const tokens: unknown[] = [];
  io.use((socket, next) => {
    tokens.push(socket.handshake.auth['token']);
    if (tokens.length > 1) return next();
    next(Object.assign(new Error('no'), { data: { code: 'unauthenticated', detail: 'Sign in.' } }));
    return setImmediate(() => socket.conn.close());
  });
  connection.connect();
  await untilConnected();
  expect(connection.handlers.refused.mock.calls).toEqual([['unauthenticated']]);
  expect(tokens).toEqual(['token 1', 'token 2']);
});

test('clients of a server that shuts down reconnect spread over time', async () => {
  connection.connect();
  await untilConnected();
  const pauses = vi.spyOn(globalThis, 'setTimeout');
  vi.spyOn(Math, 'random').mockReturnValue(0.9);
  io.emit('goodbye', { reason: 'shutting_down' });
  io.disconnectSockets(true);
  await expect.poll(() => connection.handlers.lost.mock.calls.length).toBe(1);
  expect(pauses.mock.calls.map(([, ms]) => ms)).toContain(1_800);
});

/** Ends every connection and resolves when the client has made another. */
async function cut() {
  const before = connection.handlers.opened.mock.calls.length;
  io.disconnectSockets(true);
  while (connection.handlers.opened.mock.calls.length === before) await advance(500);
}

/** Records the pauses before attempts to reconnect. Without randomness, each is twice as long as the one before. */
function recordPauses() {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const possible = Array.from({ length: 6 }, (_, attempt) => 300 * 2 ** attempt);
  return () => timers.mock.calls.map(([, ms]) => Number(ms)).filter((ms) => possible.includes(ms));
}

test('NW5 a connection counts as working after two heartbeats', async () => {
  await connectWithStoppedClocks();
  const pauses = recordPauses();
  // One heartbeat arrives on each connection before it is cut.
  for (let count = 0; count < 3; count++) {
    io.emit('heartbeat');
    await advance(500);
    await cut();
  }
  expect(connection.handlers.lasted).not.toHaveBeenCalled();
  expect(pauses()).toEqual([300, 600, 1_200]);
  io.emit('heartbeat');
  io.emit('heartbeat');
  await advance(500);
  expect(connection.handlers.lasted).toHaveBeenCalledOnce();
  await cut();
  expect(pauses().at(-1)).toBe(300);
});

test('NW5 the next attempt comes within a minute while changes are polled', async () => {
  connection.handlers.isPolling.mockReturnValue(true);
  await connectWithStoppedClocks();
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  const timers = vi.spyOn(globalThis, 'setTimeout');
  for (let count = 0; count < 9; count++) await cut();
  const longest = Math.max(...timers.mock.calls.map(([, ms]) => Number(ms)));
  expect(longest).toBeGreaterThan(50_000);
  expect(longest).toBeLessThanOrEqual(60_000);
});

test('NW6 the next attempt comes soon after a change of the network', async () => {
  await connectWithStoppedClocks();
  const pauses = recordPauses();
  for (let count = 0; count < 3; count++) await cut();
  connection.networkChanged();
  await cut();
  expect(pauses()).toEqual([300, 600, 1_200, 300]);
});

test('the client does not reconnect after its end', async () => {
  const onConnection = vi.fn<() => void>();
  io.on('connection', onConnection);
  await connectWithStoppedClocks();
  const disconnected = new Promise((resolve) => {
    for (const socket of io.sockets.sockets.values()) socket.on('disconnect', resolve);
  });
  connection.end();
  await disconnected;
  await advance(30_000);
  expect(connection.handlers.lost).not.toHaveBeenCalled();
  expect(onConnection).toHaveBeenCalledOnce();
});
