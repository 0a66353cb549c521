import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { batchingSocket } from './batching-socket.ts';

test('writes within one turn of the event loop go out in one system call', async () => {
  await using server = createServer((peer) => peer.pipe(peer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = batchingSocket();
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  let echo = '';
  socket.on('data', (chunk: Buffer) => (echo += chunk.toString()));
  const single = vi.spyOn(socket, '_write');
  const batched = vi.spyOn(socket as Required<Socket>, '_writev');
  for (const text of ['one ', 'two ', 'three ']) socket.write(text);
  await expect.poll(() => echo).toBe('one two three ');
  expect([single.mock.calls.length, batched.mock.calls.length]).toEqual([0, 1]);

  socket.write('four');
  await expect.poll(() => echo).toBe('one two three four');
  socket.destroy();
});
