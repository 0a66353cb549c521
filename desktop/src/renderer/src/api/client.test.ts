import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { protocolHeader, formatProtocols } from '@slate/shared/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { call, connectClient, giveUpRequests, onAnswered, onUnanswered } from './client.ts';

let server: Server;
let answer: RequestListener;
const board = { params: { site: randomUUID() }, query: { date: '2026-11-20' } };

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  connectClient({
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: () => Promise.resolve('token'),
    tokenRefused: () => {},
  });
});
afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

test.each<[string, number, Record<string, string>, string]>([
  [
    'the sign-in page of a guest network',
    200,
    { 'Content-Type': 'text/html' },
    '<form>Accept the terms</form>',
  ],
  ['a portal that answers in JSON', 200, { 'Content-Type': 'application/json' }, '{"captive":true}'],
  ['a portal that answers without a body', 204, {}, ''],
  ['a proxy that asks for a password', 401, { 'Content-Type': 'application/json' }, '{"error":"proxy"}'],
  ['a proxy whose server is down', 502, { 'Content-Type': 'text/html' }, '<h1>Bad gateway</h1>'],
])('NW1 an answer that is not from Slate does not count: %s', async (_, status, headers, body) => {
  answer = (_request, response) => response.writeHead(status, headers).end(body);
  const onAnswer = vi.fn<() => void>();
  const stop = onAnswered(onAnswer);
  expect(await call('board', board)).toEqual({ kind: 'unreachable' });
  expect(onAnswer).not.toHaveBeenCalled();
  stop();
});

test('NW1 an answer of Slate counts, and says which versions the server speaks', async () => {
  answer = (_request, response) =>
    response
      .writeHead(200, {
        'Content-Type': 'application/json',
        [protocolHeader]: formatProtocols({ lowest: 4, highest: 9 }),
      })
      .end('{}');
  const onAnswer = vi.fn<(protocols: object) => void>();
  const stop = onAnswered(onAnswer);
  expect(await call('board', board)).toMatchObject({ kind: 'done' });
  expect(onAnswer.mock.calls).toEqual([[{ lowest: 4, highest: 9 }]]);
  stop();
});

test('NW3 a request without an answer calls the listeners once, after three seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const arrived = new Promise<() => void>((resolve) => {
    answer = (_request, response) => resolve(() => void response.end());
  });
  const onNoAnswer = vi.fn<() => void>();
  const stop = onUnanswered(onNoAnswer);
  const outcome = call('board', board);
  const reply = await arrived;
  vi.advanceTimersByTime(2_900);
  expect(onNoAnswer).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(onNoAnswer).toHaveBeenCalledOnce();
  reply();
  await outcome;
  vi.advanceTimersByTime(60_000);
  expect(onNoAnswer).toHaveBeenCalledOnce();
  stop();
});

test('NW3 pending requests are given up when the server is out of reach, except a renewal', async () => {
  const waiting: (() => void)[] = [];
  const both = new Promise<void>((resolve) => {
    answer = (_request, response) => {
      waiting.push(() => void response.end());
      if (waiting.length === 2) resolve();
    };
  });
  const read = call('board', board);
  let isRenewed = false;
  const renewal = call('refresh', { body: { refreshToken: 'r'.repeat(43) } }).then(() => (isRenewed = true));
  await both;
  giveUpRequests();
  expect(await read).toEqual({ kind: 'unreachable' });
  expect(isRenewed).toBe(false);
  for (const end of waiting) end();
  await renewal;
  // Later requests are not affected.
  answer = (_request, response) =>
    response
      .writeHead(200, { 'Content-Type': 'application/json', [protocolHeader]: formatProtocols() })
      .end('{}');
  expect(await call('board', board)).toMatchObject({ kind: 'done' });
});

test('DV5 DV6 DV7 a queued command sends its device and position, and the answer says whether the position is used', async () => {
  const [key, device] = [randomUUID(), randomUUID()];
  const input = { params: { site: randomUUID() }, body: { title: 'Appendix' } };
  const slate = { [protocolHeader]: formatProtocols() };
  const refusal = { type: 'about:blank', title: 'Taken', status: 409, code: 'slot_taken', detail: 'Taken.' };
  const seen: unknown[] = [];
  const replies = [
    { status: 201, type: 'application/json', body: {}, position: '7' },
    { status: 409, type: 'application/problem+json', body: refusal, position: '7' },
    { status: 409, type: 'application/problem+json', body: refusal, position: undefined },
  ];
  for (const { status, type, body, position } of replies) {
    answer = ({ headers }, response) => {
      seen.push([headers['idempotency-key'], headers['slate-device'], headers['slate-position']]);
      const used = position === undefined ? {} : { 'Slate-Position': position };
      response.writeHead(status, { 'Content-Type': type, ...slate, ...used }).end(JSON.stringify(body));
    };
    const outcome = await call('addToDepot', input, { key, queued: { device, n: 7 } });
    expect(outcome).toEqual({
      ...(status === 201 ? { kind: 'done', reply: {} } : { kind: 'refused', problem: refusal }),
      ...(position !== undefined && { position: 7 }),
    });
  }
  await call('addToDepot', input, { key });
  expect(seen).toEqual([...replies.map(() => [key, device, '7']), [key, undefined, undefined]]);
});
