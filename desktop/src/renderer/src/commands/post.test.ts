import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { refused } from '../../../../test/refused.ts';
import { startFakeServer } from '../../../../test/fake-server.ts';
import type { Answer, FakeServer } from '../../../../test/fake-server.ts';
import { stubWindow } from '../../../../test/window.ts';

const place = { roomId: randomUUID(), start: '2026-11-21T18:15:00.000Z', end: '2026-11-21T19:45:00.000Z' };
const body = { roomId: place.roomId, start: place.start, minutes: 90 };
const site = {
  id: randomUUID(),
  name: 'Main',
  timeZone: 'UTC',
  role: 'coordinator' as const,
  surgeonIds: [],
};
const me = { id: randomUUID(), email: 'kraus@demo.example', name: 'M. Kraus', sites: [site] };

let server: FakeServer;
let answers: Answer[];
let tokens: string[];
let release: () => void;
let stopReplay = () => {};

async function open() {
  stubWindow();
  const [connection, commands, client, session, intents, queue] = await Promise.all([
    import('../stores/connection.ts'),
    import('./post.ts'),
    import('../api/client.ts'),
    import('../stores/session.ts'),
    import('../stores/intents.ts'),
    import('./queue.ts'),
  ]);
  stopReplay = queue.replayQueue();
  client.connectClient({
    server: server.url,
    token: () => Promise.resolve(tokens[0] ?? null),
    tokenRefused: () => {},
  });
  session.sessionStore.setState({ status: 'signed_in', me, site }, true);
  connection.setConnection({ status: 'live', lagMs: 0 });
  return { ...commands, intents: () => intents.intentStore.getState().intents };
}

beforeEach(async () => {
  vi.resetModules();
  answers = [];
  tokens = ['token', 'another'];
  const gate = new Promise<void>((resolve) => (release = resolve));
  server = await startFakeServer(async () => {
    await gate;
    return answers.shift() ?? refused('internal', 500);
  });
});
afterEach(async () => {
  stopReplay();
  await server.end();
  vi.unstubAllGlobals();
});

test('an intent exists from the gesture on, and is not settled before the reply', async () => {
  const { post, intents } = await open();
  answers = [refused('slot_taken', 409)];
  const done = post('placeHold', { body }, { cases: [{ caseId: null, place, title: 'Knee' }] });
  expect(intents()).toMatchObject([
    { name: 'placeHold', cases: [{ place, title: 'Knee' }], isSettled: false },
  ]);
  release();
  expect(await done).toMatchObject({ kind: 'refused', problem: { code: 'slot_taken' } });
  expect(intents()).toEqual([]);
});

test('a command whose reply was lost is sent again under its key', async () => {
  const { post } = await open();
  answers = ['hang up', refused('unavailable', 503), { status: 201, body: { case: {}, revision: 7 } }];
  release();
  expect(await post('placeHold', { body }, { cases: [{ caseId: null, place, title: null }] })).toMatchObject({
    kind: 'done',
  });
  expect(server.received.length).toBe(3);
  expect(new Set(server.received.map(({ key }) => key)).size).toBe(1);
  expect(server.received.map((request) => request.body)).toEqual([body, body, body]);
});

test.each<[string, Answer]>([
  ['without an answer', 'hang up'],
  ['refused for an expired session', refused('unauthenticated', 401)],
])('a command %s is not sent again for the next person', async (_why, answer) => {
  const { post } = await open();
  const { sessionStore } = await import('../stores/session.ts');
  answers = [answer, { status: 201, body: { case: {}, revision: 7 } }];
  const done = post('placeHold', { body });
  await expect.poll(() => server.received.length).toBe(1);
  const other = { ...me, id: randomUUID(), email: 'diaz@demo.example' };
  sessionStore.setState({ status: 'signed_in', me: other, site }, true);
  tokens.shift();
  release();
  expect((await done).kind).not.toBe('done');
  expect(server.received.length).toBe(1);
});

test('two commands have two keys', async () => {
  const { post } = await open();
  release();
  await Promise.all([post('placeHold', { body }), post('placeHold', { body })]);
  expect(new Set(server.received.map(({ key }) => key)).size).toBe(2);
});

/** Skips the pauses between attempts; requests take real time. */
async function withoutPauses<Result>(run: () => Promise<Result>): Promise<Result> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const clock = setInterval(() => vi.advanceTimersByTime(1_000), 5);
  try {
    return await run();
  } finally {
    clearInterval(clock);
    vi.useRealTimers();
  }
}
const doneAt = (revision: number): Answer => ({ status: 201, body: { case: {}, revision } });

test('EX8 an unanswered command is sent again under its key, and stays an intent', async () => {
  const { post, intents } = await open();
  answers = [...Array<Answer>(9).fill('hang up'), refused('in_progress', 409), doneAt(7)];
  release();
  const outcome = await withoutPauses(() => {
    const done = post('placeHold', { body }, { cases: [{ caseId: null, place, title: null }] });
    expect(intents()).toMatchObject([{ isSettled: false }]);
    return done;
  });
  expect(outcome).toMatchObject({ kind: 'done', reply: { revision: 7 } });
  expect(server.received.length).toBe(11);
  expect(new Set(server.received.map(({ key }) => key)).size).toBe(1);
});

test('EX8 several unanswered commands are sent again in order, one after the other', async () => {
  const { post } = await open();
  const rooms = ['one', 'two', 'three'].map(() => randomUUID());
  answers = [...Array<Answer>(5).fill('hang up'), doneAt(7), doneAt(8), doneAt(9)];
  release();
  const order: string[] = [];
  await withoutPauses(() =>
    Promise.all(
      rooms.map(async (roomId) => {
        await post('placeHold', { body: { ...body, roomId } });
        order.push(roomId);
      }),
    ),
  );
  expect(order).toEqual(rooms);
  expect(new Set(server.received.map(({ key }) => key)).size).toBe(3);
});

test('EX8 a command is not sent while offline, and immediately when the connection is back', async () => {
  const { post } = await open();
  const { setConnection } = await import('../stores/connection.ts');
  answers = ['hang up', doneAt(7)];
  release();
  setConnection({ status: 'reconnecting', since: 0 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const done = post('placeHold', { body }, { cases: [{ caseId: null, place, title: null }] });
    while (server.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
    setConnection({ status: 'offline', since: 0 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.received.length).toBe(1);
    // No timer is advanced: the restored connection alone sends it.
    setConnection({ status: 'live', lagMs: 0 });
    expect(await done).toMatchObject({ kind: 'done' });
    expect(server.received.length).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});

test('EX8 after the screen is locked a command is not sent again, and its outcome stays unknown', async () => {
  const { post, intents } = await open();
  const { sessionStore } = await import('../stores/session.ts');
  answers = ['hang up', doneAt(7)];
  release();
  const done = post('placeHold', { body }, { cases: [{ caseId: null, place, title: null }] });
  await expect.poll(() => server.received.length).toBe(1);
  sessionStore.setState({ status: 'locked', person: me }, true);
  expect(await done).toEqual({ kind: 'unreachable' });
  expect(intents()).toEqual([]);
  expect(server.received.length).toBe(1);
});

test('EX9 a form keeps its key until it has an answer, also through a lock', async () => {
  const { post } = await open();
  const { sessionStore } = await import('../stores/session.ts');
  const content = { title: 'Appendectomy' };
  const add = () => post('addToDepot', { body: content }, { content });
  answers = ['hang up', refused('resource_inactive', 409), doneAt(7)];
  release();
  const lost = add();
  await expect.poll(() => server.received.length).toBe(1);
  sessionStore.setState({ status: 'locked', person: me }, true);
  expect(await lost).toEqual({ kind: 'unreachable' });
  sessionStore.setState({ status: 'signed_in', me, site }, true);
  await add();
  await add();
  const [first, second, third] = server.received.map(({ key }) => key);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('a signed-out console sends no command', async () => {
  const { post } = await open();
  const { sessionStore } = await import('../stores/session.ts');
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
  expect(await post('placeHold', { body })).toEqual({ kind: 'not_sent' });
  expect(server.received).toEqual([]);
});

test('a command made while offline is not sent and draws no intent', async () => {
  const { post, intents } = await open();
  const { setConnection } = await import('../stores/connection.ts');
  setConnection({ status: 'offline', since: 0 });
  expect(await post('placeHold', { body }, { cases: [{ caseId: null, place, title: null }] })).toEqual({
    kind: 'not_sent',
  });
  expect(intents()).toEqual([]);
  setConnection({ status: 'reconnecting', since: 0 });
  answers = [{ status: 201, body: { case: {}, revision: 7 } }];
  release();
  expect(await post('placeHold', { body }, { cases: [{ caseId: null, place, title: null }] })).toMatchObject({
    kind: 'done',
  });
  expect(server.received.length).toBe(1);
});
