import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { connect as connectTcp } from 'node:net';
import { WebSocket } from 'ws';
import type { TestConsole } from '../../test/consoles.ts';
import { headOf, signIn, startSocketServer } from '../../test/consoles.ts';
import { protocolVersion } from '@slate/shared/protocol';
import { holdInput, at } from '../../test/hospital.ts';
import { connect, never, open, withTwoServers } from '../../test/two-servers.ts';
import type { TwoServers } from '../../test/two-servers.ts';
import { createAuthority, readAccess } from '../identity/authority.ts';
import { placeHold } from '../use-cases/cases/place-hold.ts';

let hospital: TwoServers['hospital'];
let a: TwoServers['a'];
withTwoServers((servers) => ({ hospital, a } = servers), never);

const refusal = ({ socket }: TestConsole) =>
  new Promise<unknown>((resolve) => {
    socket.once('connect_error', (error) => resolve('data' in error ? error.data : error.message));
  });

describe('PU7 all checks agree on ended access', () => {
  test('the sweep agrees with the authority', async () => {
    const { pool, users } = hospital;
    const sessions = await Promise.all(Object.values(users).map((userId) => signIn(pool, userId)));
    const changedTables = ['users', 'sessions'] as const;
    for (const [index, { userId }] of sessions.entries()) {
      if (changedTables[index] === 'users')
        await pool.query(`UPDATE users SET status = 'pending' WHERE id = $1`, [userId]);
      if (changedTables[index] === 'sessions') {
        await pool.query('UPDATE sessions SET ended_at = clock_timestamp() WHERE user_id = $1', [userId]);
      }
    }
    const swept = await readAccess(
      pool,
      sessions.map(({ sessionId }) => sessionId),
    );
    const authority = createAuthority(pool);
    for (const { userId, sessionId } of sessions) {
      expect(swept.get(sessionId) ?? null).toEqual(await authority.accessOf(userId, sessionId));
    }
    expect(swept.size).toBe(sessions.length - changedTables.length);
  });
});

describe('PU8 only authenticated connections with a compatible protocol are accepted', () => {
  test('an incompatible protocol is refused, and the refusal names both versions', async () => {
    const { token } = await signIn(hospital.pool, hospital.users.coordinator);
    expect(await refusal(connect(a.url, token, 999))).toEqual({
      code: 'validation',
      detail: expect.stringMatching(/version 999 .* uses \d+\. Update the server\.$/) as string,
    });
  });

  test('PV2 a newer console that still speaks the server’s version is accepted, and an older one that the server still speaks', async () => {
    const { token } = await signIn(hospital.pool, hospital.users.coordinator);
    const older = await startSocketServer(hospital, { protocols: { lowest: 3, highest: 4 } });
    for (const [highest, lowest] of [
      [5, 4],
      [3, 2],
      [4, undefined],
    ] as const) {
      const opened = connect(older.url, token, highest, lowest);
      await new Promise<void>((connected) => opened.socket.once('connect', connected));
    }
    expect(await refusal(connect(older.url, token, 6, 5))).toMatchObject({
      detail: expect.stringMatching(/Update the server\.$/) as string,
    });
    expect(await refusal(connect(older.url, token, 2, 1))).toMatchObject({
      detail: expect.stringMatching(/Update the console\.$/) as string,
    });
    await older.close();
  });

  test('no token, an ended session and a disabled account are refused', async () => {
    const { pool, users } = hospital;
    const none = connect(a.url, undefined as unknown as string);
    expect(await refusal(none)).toMatchObject({ code: 'validation' });
    expect(
      await refusal(connect(a.url, JSON.stringify({ userId: users.viewer, sessionId: randomUUID() }))),
    ).toMatchObject({ code: 'unauthenticated' });
    const { token } = await signIn(pool, users.viewer);
    await pool.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [users.viewer]);
    expect(await refusal(connect(a.url, token))).toMatchObject({ code: 'unauthenticated' });
  });

  test('a token that cannot be verified is refused without the reason', async () => {
    const failing = await startSocketServer(hospital, {
      verifyToken: () => Promise.reject(new Error('secret detail')),
    });
    expect(await refusal(connect(failing.url, 'x'))).toEqual({
      code: 'unavailable',
      detail: expect.not.stringContaining('secret') as string,
    });
    await failing.close();
  });

  test('a refused connection is closed', async () => {
    const raw = new WebSocket(`${a.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const received: string[] = [];
    raw.on('message', (data: Buffer) => {
      received.push(data.toString());
      // Engine.IO's "open" is answered with Socket.IO's "connect".
      if (received.length === 1) raw.send(`40${JSON.stringify({ token: '{}', protocol: protocolVersion })}`);
    });
    await new Promise((resolve) => raw.once('close', resolve));
    expect(received[1]).toMatch(/^44.*unauthenticated/);
  });

  test('a page of another origin is refused; pages of the server and other programs may authenticate', async () => {
    const address = `${a.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const outcome = (origin?: string) =>
      new Promise<string>((resolve) => {
        const raw = new WebSocket(address, origin === undefined ? {} : { origin });
        raw.once('open', () => (raw.close(), resolve('open')));
        raw.once('error', ({ message }) => resolve(message));
      });
    expect(await outcome('https://evil.test')).toContain('Unexpected server response');
    expect(await outcome('null')).toContain('Unexpected server response');
    expect(await outcome('https://console.test')).toBe('open');
    expect(await outcome(a.url)).toBe('open');
    expect(await outcome()).toBe('open');
  });

  test('a site where the caller has no role is refused like an unknown one', async () => {
    const console = await open(a, hospital, hospital.users.viewer);
    const head = await headOf(hospital);
    expect(await console.follow({ ...head, siteId: randomUUID() })).toMatchObject({
      status: 'refused',
      code: 'not_found',
    });
  });
});

describe('PU18 following a site with patients is recorded before anything is sent', () => {
  test.each([
    ['coordinator', ['follow']],
    ['office', ['follow']],
    ['wall', []],
  ] as const)('%s', async (role, expected) => {
    const written: string[] = [];
    const record = ({ action }: { action: string }) => Promise.resolve(void written.push(action));
    const server = await startSocketServer(hospital, { reads: { record } });
    await open(server, hospital, hospital.users[role]);
    expect(written).toEqual(expected);
    await server.close();
  });

  test('nothing is sent if it cannot be recorded', async () => {
    const reads = { record: () => Promise.reject(new Error('disk full')) };
    const server = await startSocketServer(hospital, { reads });
    const { token } = await signIn(hospital.pool, hospital.users.coordinator);
    const console = connect(server.url, token);
    expect(await console.follow(await headOf(hospital))).toMatchObject({
      status: 'refused',
      code: 'unavailable',
    });
    await placeHold(server.deps, hospital.request(), holdInput(hospital));
    expect(await console.happensWithin(300, ({ early }) => early.length > 0)).toBe(false);
    await server.close();
  });
});

describe('PU9 the server answers every message or ends the connection, and keeps running', () => {
  test('malformed messages are refused', async () => {
    const console = await open(a, hospital, hospital.users.coordinator);
    const socket = console.socket as unknown as {
      emit(event: string, ...sent: unknown[]): void;
      emitWithAck(event: string, ...sent: unknown[]): Promise<unknown>;
    };
    const head = await headOf(hospital);
    const malformed = [
      undefined,
      null,
      'x',
      [],
      {},
      { ...head, revision: -1 },
      { ...head, more: 1 },
      { ...head, siteId: 'x' },
      { ...head, revision: Number.MAX_VALUE },
    ];
    for (const message of malformed) {
      expect(await socket.emitWithAck('follow', message)).toMatchObject({
        status: 'refused',
        code: 'validation',
      });
    }
    expect(await socket.emitWithAck('toString', {})).toMatchObject({ status: 'refused', code: 'validation' });
    expect(await socket.emitWithAck('check', {})).toBeUndefined();
    for (const event of ['look', 'error', 'constructor', '__proto__'])
      socket.emit(event, { caseId: 'x' }, 'no reply');
    socket.emit('follow', head);
    expect(await console.follow(head)).toMatchObject({ status: 'following' });
  });

  test('a message that is too large ends the connection', async () => {
    const console = await open(a, hospital, hospital.users.coordinator);
    console.socket.emit('look', { caseId: 'x'.repeat(17_000) });
    await console.untilDisconnected();
    expect(console.goodbye).toBeNull();
  });

  test('a flood ends the connection and does not affect others', async () => {
    const [flooding, other] = [
      await open(a, hospital, hospital.users.coordinator),
      await open(a, hospital, hospital.users.second),
    ];
    for (let message = 0; message < 200; message++) flooding.socket.emit('look', { caseId: null });
    await flooding.untilDisconnected();
    expect(await other.follow(await headOf(hospital))).toMatchObject({ status: 'following' });
  });

  test('pings below the level of Socket.IO end the connection too', async () => {
    const raw = new WebSocket(`${a.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    await once(raw, 'message');
    const closed = new Promise((resolve) => raw.on('error', () => {}).once('close', resolve));
    for (let ping = 0; ping < 2_000; ping++) raw.ping('x'.repeat(125));
    // 1006: cut, not closed like an unauthenticated connection.
    expect(await closed).toBe(1006);
  });

  test('without the database, a follow is refused as unavailable, and the connection stays', async () => {
    const broken = {
      query: () => Promise.reject(new Error('secret detail')),
    } as unknown as TwoServers['hospital']['pool'];
    const server = await startSocketServer(hospital, { db: broken, ...never });
    const { token } = await signIn(hospital.pool, hospital.users.coordinator);
    const console = connect(server.url, token);
    const reply = await console.follow(await headOf(hospital));
    expect(reply).toMatchObject({ status: 'refused', code: 'unavailable' });
    expect(JSON.stringify(reply)).not.toContain('secret');
    await server.close();
  });

  test('the last of repeated follows counts', async () => {
    const console = await open(a, hospital, hospital.users.coordinator);
    const head = await headOf(hospital);
    const elsewhere = { ...head, siteId: randomUUID() };
    const [, refused, last] = await Promise.all([
      console.follow(head),
      console.follow(elsewhere),
      console.follow(head),
    ]);
    expect([refused.status, last.status]).toEqual(['refused', 'following']);
    await placeHold(a.deps, hospital.request(), holdInput(hospital));
    await console.untilRevision(1);
    expect(console.changes).toHaveLength(1);
  });
});

describe('PU21 one follow at a time', () => {
  test('only the last of the waiting requests runs; the others are refused', async () => {
    let running = 0;
    let most = 0;
    const recorded: string[] = [];
    const gate = new EventEmitter();
    const reads = {
      async record({ action }: { action: string }) {
        recorded.push(action);
        most = Math.max(most, ++running);
        await once(gate, 'open');
        running--;
      },
    };
    const server = await startSocketServer(hospital, { reads });
    const { token } = await signIn(hospital.pool, hospital.users.coordinator);
    const console = connect(server.url, token);
    const head = await headOf(hospital);
    const replies = Array.from({ length: 5 }, () => console.follow(head));
    await Promise.all(replies.slice(1, 4));
    gate.emit('open');
    await replies[0];
    await expect.poll(() => recorded.length).toBe(2);
    gate.emit('open');
    const outcomes = (await Promise.all(replies)).map((reply) =>
      reply.status === 'refused' ? reply.code : reply.status,
    );
    expect(outcomes).toEqual(['following', 'in_progress', 'in_progress', 'in_progress', 'following']);
    expect([recorded.length, most]).toEqual([2, 1]);
    await server.close();
  });
});

describe('PU22 following has a cost', () => {
  test('of 10, and 1 for each change; without credit it is refused with the time to wait, and the connection keeps following', async () => {
    const costs: [string, number][] = [];
    let wait = 0;
    const limit = (userId: string, cost = 1) => {
      costs.push([userId, cost]);
      return Promise.resolve(wait);
    };
    const server = await startSocketServer(hospital, { limit });
    const { coordinator } = hospital.users;
    const start = await headOf(hospital);
    for (let change = 0; change < 4; change++) {
      await placeHold(server.deps, hospital.request(), holdInput(hospital, { start: at('09:00', change) }));
    }
    const console = await open(server, hospital, coordinator, start);
    expect(costs).toEqual([
      [coordinator, 10],
      [coordinator, 4],
    ]);
    wait = 6.5;
    expect(await console.follow(start)).toMatchObject({
      status: 'refused',
      code: 'rate_limited',
      detail: 'Too many requests. Wait 7 s, then try again.',
    });
    await placeHold(server.deps, hospital.request(), holdInput(hospital, { start: at('09:00', 9) }));
    await console.until(({ early }) => early.length > 0);
    await server.close();
  });
});

test('PU23 an account has a limited number of connections; others can connect, and so can it after closing one', async () => {
  const server = await startSocketServer(hospital, { socketsPerAccount: 2 });
  const { pool, users } = hospital;
  const [first] = [
    await open(server, hospital, users.coordinator),
    await open(server, hospital, users.coordinator),
  ];
  const { token } = await signIn(pool, users.coordinator);
  expect(await refusal(connect(server.url, token))).toEqual({
    code: 'rate_limited',
    detail: 'This account is open in 2 windows already. Close one, then try again.',
  });
  await open(server, hospital, users.second);
  first.socket.close();
  const again = () =>
    new Promise<boolean>((resolve) => {
      const { socket } = connect(server.url, token);
      socket.once('connect', () => resolve(true)).once('connect_error', () => resolve(false));
    });
  await expect.poll(again).toBe(true);
  await server.close();
});

describe('PU10 a server announces that it shuts down', () => {
  test('everyone gets a goodbye, no one can connect, and the HTTP server keeps running', async () => {
    const [reading, stuck] = [
      await open(a, hospital, hospital.users.coordinator),
      await open(a, hospital, hospital.users.second),
    ];
    stuck.pause();
    await a.socketServer.close();
    await reading.untilDisconnected();
    expect(reading.goodbye).toBe('shutting_down');
    const { token } = await signIn(hospital.pool, hospital.users.viewer);
    expect(await refusal(connect(a.url, token))).toBe('websocket error');
    expect((await fetch(a.url)).status).toBe(200);
    // No socket is left, not even one that did not read the goodbye, so the process can end.
    await a.close();
  });

  test('a connection that breaks at this moment changes nothing', async () => {
    const raw = connectTcp(Number(new URL(a.url).port), '127.0.0.1');
    raw.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n' +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await once(raw, 'data');
    const closed = a.socketServer.close();
    raw.resetAndDestroy();
    await expect(closed).resolves.toBeUndefined();
  });
});
