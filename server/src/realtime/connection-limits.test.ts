import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createConnectionRegistry, limitTransport } from './connection-limits.ts';
import type { Transport } from './connection-limits.ts';

/** The part of a socket that the limits use. */
class FakeSocket extends EventEmitter {
  writableLength = 0;
  destroyed = false;
  destroy() {
    this.destroyed = true;
    this.emit('close');
  }
}
const fake = () => new FakeSocket() as FakeSocket & Socket;

function limited() {
  const socket = fake();
  const clock = { now: 0 };
  const transport = Object.assign(new EventEmitter(), { request: { socket } }) as unknown as Transport;
  limitTransport(transport, () => clock.now);
  return { socket, transport, clock };
}

const megabytes = (count: number) => 'x'.repeat(count * 1024 * 1024);

test('PU20 a connection is cut when more is added to 4 MB of unsent data, but not for one large message', () => {
  const { socket, transport } = limited();
  transport.emit('packetCreate', { data: megabytes(5) });
  expect(socket.destroyed).toBe(false);
  transport.emit('flush');
  transport.emit('packetCreate', { data: megabytes(2) });
  expect(socket.destroyed).toBe(false);
  // Bytes in the socket's own buffer count too.
  socket.writableLength = 3 * 1024 * 1024;
  transport.emit('packetCreate', {});
  expect(socket.destroyed).toBe(true);
});

test.each([
  ['messages', 40, 10, ({ transport }: ReturnType<typeof limited>) => transport.emit('packet')],
  ['kilobytes', 128, 16, ({ socket }: ReturnType<typeof limited>) => socket.emit('data', Buffer.alloc(1024))],
])('PU9 a connection has a limited burst of %s, and a limited rate', (_, burst, perSecond, send) => {
  const connection = limited();
  for (let index = 0; index < burst; index++) send(connection);
  for (let second = 1; second <= 60; second++) {
    connection.clock.now = second * 1_000;
    for (let index = 0; index < perSecond; index++) send(connection);
  }
  expect(connection.socket.destroyed).toBe(false);
  send(connection);
  expect(connection.socket.destroyed).toBe(true);
});

test('PU23 of more than a thousand unauthenticated connections, the oldest is cut', () => {
  const registry = createConnectionRegistry(2);
  const sockets = Array.from({ length: 1_002 }, fake);
  const [known, oldest, next] = sockets as [Socket, Socket, Socket];
  for (const socket of sockets.slice(0, 1_000)) registry.add(socket);
  registry.admit('somebody', known);
  for (const socket of sockets.slice(1_000)) registry.add(socket);
  expect([known, oldest, next].map(({ destroyed }) => destroyed)).toEqual([false, true, false]);
  expect(registry.all.size).toBe(1_001);
});

test('PU23 a connection counts once, and not after it closed', () => {
  const registry = createConnectionRegistry(2);
  const [first, second, third] = [fake(), fake(), fake()];
  for (const socket of [first, first, second]) registry.admit('somebody', socket);
  expect(() => registry.admit('somebody', third)).toThrow('2 windows already');
  first.destroy();
  registry.admit('somebody', third);
});
