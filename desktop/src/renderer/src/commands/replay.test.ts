import type { ErrorCode } from '@slate/shared/errors';
import { statusOf } from '@slate/shared/errors';
import { createQueue, requestsOf, stillNeeded } from '@slate/shared/queue';
import type { Queue, QueuedRequest, QueueRecord } from '@slate/shared/queue';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Outcome } from '../api/client.ts';
import { createReplay } from './replay.ts';

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const caseId = (index: number) => idOf(500 + index);
const start = '2026-11-30T09:00:00.000Z';

const refusal = (code: ErrorCode, position?: number): Outcome<unknown> => ({
  kind: 'refused',
  problem: { type: 'x', title: 'x', status: statusOf[code], code, detail: 'x' },
  ...(position !== undefined && { position }),
});

/** `set` compares the version of its case, `add` does not, `create` makes a case, and the server always refuses the others. */
type Command = 'set' | 'add' | 'create' | 'deny' | 'forbid' | 'break';

type Sent = {
  readonly id: string;
  readonly command: Command;
  readonly caseId: string | undefined;
  readonly version: number;
};

/** A server with the rules for devices and keys. A case exists as soon as a command names it. */
function startServer() {
  const cases = new Map<string, { version: number; effects: string[] }>();
  const stored = new Map<string, { outcome: Outcome<unknown> }>();
  let position = 0;
  const at = (id: string) => {
    const item = cases.get(id) ?? { version: 5, effects: [] };
    cases.set(id, item);
    return item;
  };
  function execute({ id, command, caseId: on, version }: Sent): Outcome<unknown> {
    if (command === 'deny') return refusal('slot_taken');
    const created = idOf(700 + cases.size);
    const item = at(command === 'create' ? created : (on ?? ''));
    if (command === 'create') item.version = 0;
    if (command === 'set' && version !== item.version) return refusal('stale_version');
    item.version += 1;
    item.effects.push(id);
    const reply = { id: command === 'create' ? created : on, version: item.version };
    return { kind: 'done', reply: { case: reply } };
  }
  return {
    cases,
    position: () => position,
    shift: (by: number) => (position = Math.max(0, position + by)),
    othersChange: (id: string) => void (at(id).version += 1),
    run(sent: Sent, n: number): Outcome<unknown> {
      if (sent.command === 'forbid') return refusal('forbidden');
      if (sent.command === 'break') return refusal('internal');
      const storedAnswer = stored.get(sent.id);
      if (n > position + 1 || (n <= position && !storedAnswer)) return refusal('queue_gap');
      const outcome = storedAnswer?.outcome ?? execute(sent);
      stored.set(sent.id, { outcome });
      position = Math.max(position, n);
      return outcome.kind === 'unreachable' ? outcome : { ...outcome, position };
    },
  };
}

type Fault =
  | 'none'
  /** Another program has used a position of the device. */
  | 'position used'
  /** The database was restored: the device is where it was before. */
  | 'position set back'
  /** Not ready for a moment. */
  | 'flicker'
  | 'lost'
  | 'no answer'
  | 'twice'
  | 'late'
  | 'busy'
  | 'down'
  | 'signed out'
  | 'others'
  | 'kill';
/** The end of a program: a record that was being written is then in the log or not. */
type Kill = 'before' | 'after';

type World = {
  readonly faults: readonly Fault[];
  readonly kills: readonly (Kill | null)[];
};

/** Replays a log with faults, then without them. Returns the records, the server and the sent requests. */
async function runReplay(log: readonly QueueRecord[], { faults, kills }: World) {
  const server = startServer();
  const queue = createQueue(log);
  let isReady = true;
  let [step, writes] = [0, 0];
  let replay: ReturnType<typeof createReplay>;
  let end = () => {};
  const sent: { id: string; n: number | null }[] = [];
  const late: (() => void)[] = [];
  const never = new Promise<never>(() => {});
  const flicker = async (ticks: number) => {
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    isReady = true;
    replay.now();
  };
  const fault = () => faults[step++] ?? 'none';

  const begin = () => {
    let isAlive = true;
    const die = () => {
      isAlive = false;
      replay.stop();
      begin();
      return never;
    };
    replay = createReplay({
      device: idOf(1),
      queue: () => queue,
      append: async (more) => {
        const kill = kills[writes++] ?? null;
        if (!isAlive) return never;
        if (kill === 'before') return die();
        for (const record of more) queue.apply(record);
        await Promise.resolve();
        return kill === 'after' ? die() : undefined;
      },
      isReady: () => isReady,
      askPosition: () =>
        Promise.resolve(
          fault() === 'lost'
            ? { kind: 'unreachable' }
            : { kind: 'done', reply: { position: server.position() } },
        ),
      send: async ({ request }, input, n) => {
        const one: Sent = {
          id: request.id,
          command: request.command as Command,
          caseId: input.params['case'],
          version: (input.body as { version: number }).version,
        };
        sent.push({ id: request.id, n });
        await Promise.resolve();
        const now = fault();
        for (const run of late.splice(0)) run();
        switch (now) {
          case 'lost':
            // The line is lost, and comes back a little later.
            isReady = false;
            setTimeout(() => {
              isReady = true;
              replay.now();
            }, 50);
            return { kind: 'unreachable' };
          case 'no answer':
            server.run(one, n ?? 0);
            return { kind: 'unreachable' };
          case 'twice':
            server.run(one, n ?? 0);
            return server.run(one, n ?? 0);
          case 'late':
            late.push(() => server.run(one, n ?? 0));
            return { kind: 'unreachable' };
          case 'busy':
            return refusal('rate_limited');
          case 'down':
            return refusal('unavailable');
          case 'signed out':
            return refusal('unauthenticated');
          case 'kill':
            server.run(one, n ?? 0);
            return die();
          case 'position used':
            server.shift(1);
            break;
          case 'position set back':
            server.shift(-2);
            break;
          case 'flicker':
            isReady = false;
            void flicker(step % 12);
            break;
          case 'none':
            break;
          case 'others':
            if (one.caseId !== undefined) server.othersChange(one.caseId);
        }
        return server.run(one, n ?? 0);
      },
      deliver: () => false,
      setTrouble: () => {},
      now: () => start,
      queueHours: () => 24,
    });
    end = () => replay.stop();
    replay.now();
  };
  begin();
  for (let rounds = 0; rounds < 400; rounds++) {
    await vi.advanceTimersByTimeAsync(1_000);
    const isOver = queue.counts.queued + queue.counts.sending === 0;
    if (isOver && late.length === 0) break;
    if (step > faults.length) for (const run of late.splice(0)) run();
  }
  end();
  return { records: queue.records, server, sent };
}

const aRequest = (
  index: number,
  { command, on, after }: { command: Command; on: number; after: number | null },
): QueuedRequest => {
  const isOnNew = after !== null;
  return {
    id: idOf(index),
    command,
    params: command === 'create' ? {} : { case: isOnNew ? `@${idOf(after)}` : caseId(on) },
    body: command === 'set' ? { version: 5 } : {},
    title: 'x',
    kind: command === 'add' ? 'fact' : 'claim',
    madeAt: start,
    boardAt: null,
    cases: [],
    dependsOn: [],
    wasSent: false,
    replaces: null,
  };
};

const anyCommand = fc.record({
  command: fc.constantFrom<Command>('set', 'set', 'add', 'add', 'create', 'deny', 'forbid', 'break'),
  on: fc.integer({ min: 0, max: 2 }),
  isOnNew: fc.boolean(),
});

/** A log of these commands, with the dependencies that the console gives them. */
function logOf(commands: readonly { command: Command; on: number; isOnNew: boolean }[]): QueueRecord[] {
  const queue = createQueue();
  for (const [index, { command, on, isOnNew }] of commands.entries()) {
    const created = isOnNew ? commands.slice(0, index).findIndex((each) => each.command === 'create') : -1;
    const request = aRequest(index + 1, { command, on, after: created < 0 ? null : created + 1 });
    queue.apply({ type: 'asked', request: { ...request, dependsOn: queue.dependenciesOf(request) } });
  }
  return [...queue.records];
}

/** The refusals that are about a request, and not about the network or the queue. */
const codesOfRequests = ['slot_taken', 'stale_version', 'forbidden', 'internal'];

const anyFault = fc.constantFrom<Fault>(
  'none',
  'none',
  'lost',
  'no answer',
  'twice',
  'late',
  'busy',
  'down',
  'signed out',
  'others',
  'kill',
  'position used',
  'position set back',
  'flicker',
  'flicker',
);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('QU6 every request ends, executed at most once and in order, despite all faults', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyCommand, { minLength: 1, maxLength: 9 }),
      fc.array(anyFault, { maxLength: 25 }),
      fc.array(fc.option(fc.constantFrom<Kill>('before', 'after'), { freq: 4 }), { maxLength: 25 }),
      async (commands, faults, kills) => {
        const log = logOf(commands);
        const { records, server } = await runReplay(log, { faults, kills });
        const requests = requestsOf(records);
        // Every request that was acknowledged is still there, and every one has ended.
        expect(requests.map(({ request }) => request.id)).toEqual(log.map((_, index) => idOf(index + 1)));
        for (const { state } of requests) expect(['done', 'conflict', 'blocked']).toContain(state);
        const codes = requests.flatMap(({ result }) =>
          result?.kind === 'refused' ? result.problem.code : [],
        );
        expect(codes.filter((code) => !codesOfRequests.includes(code))).toEqual([]);
        // A done request has happened once; every other has not happened.
        const effects = [...server.cases.values()].flatMap((item) => item.effects);
        const done = requests.filter(({ state }) => state === 'done').map(({ request }) => request.id);
        expect(effects.toSorted()).toEqual(done.toSorted());
        // In the order of the log, on each case.
        for (const item of server.cases.values()) expect(item.effects).toEqual(item.effects.toSorted());
        // A claim that follows a refused claim on its case has not happened.
        const claims = requests.filter(({ request }) => request.kind === 'claim');
        const tooEarly = claims.filter(({ request, state }, index) => {
          const of = request.params['case'];
          const before = claims
            .slice(0, index)
            .filter(
              (each) => of !== undefined && [each.request.params['case'], `@${each.request.id}`].includes(of),
            );
          return state === 'done' && before.some((each) => each.state === 'conflict');
        });
        expect(tooEarly).toEqual([]);
        expect(requestsOf(stillNeeded(records)).map(({ state }) => state)).toEqual(
          requests.map(({ state }) => state),
        );
      },
    ),
    { numRuns: 1500 },
  );
});

/** A replay of this queue at a healthy desk, and the parts of its port that a test replaces. */
const replayOf = (queue: Queue, port: Partial<Parameters<typeof createReplay>[0]>) =>
  createReplay({
    device: idOf(1),
    queue: () => queue,
    append: (more) => {
      for (const record of more) queue.apply(record);
      return Promise.resolve();
    },
    isReady: () => true,
    askPosition: () => Promise.resolve({ kind: 'done', reply: { position: 0 } }),
    send: () => Promise.reject(new Error('Nothing is sent.')),
    deliver: () => false,
    setTrouble: () => {},
    now: () => start,
    queueHours: () => 24,
    ...port,
  });

/** Replays two requests against prepared answers. Returns the sent positions and the troubles. */
async function replayTwoRequests(answers: Outcome<unknown>[], { canSave = true } = {}) {
  const queue = createQueue(
    logOf([
      { command: 'add', on: 0, isOnNew: false },
      { command: 'add', on: 1, isOnNew: false },
    ]),
  );
  const sent: (number | null)[] = [];
  const troubles: (string | null)[] = [];
  let isDiskFull = !canSave;
  const replay = replayOf(queue, {
    append: (more) => {
      if (isDiskFull) return Promise.reject(new Error('The disk is full.'));
      for (const record of more) queue.apply(record);
      return Promise.resolve();
    },
    send: (_requested, _input, n) => {
      sent.push(n);
      return Promise.resolve(answers.shift() ?? { kind: 'done', reply: {} });
    },
    setTrouble: (trouble) => troubles.push(trouble),
  });
  replay.now();
  await vi.advanceTimersByTimeAsync(120_000);
  const before = { sent: [...sent], troubles: [...troubles] };
  isDiskFull = false;
  await vi.advanceTimersByTimeAsync(120_000);
  replay.stop();
  return { sent, troubles, before, states: [...queue.requests.values()].map(({ state }) => state) };
}

test('QU6 the end of a session stops the queue, and the next session continues it', async () => {
  const { sent, troubles, states } = await replayTwoRequests([
    refusal('unauthenticated'),
    refusal('unauthenticated'),
  ]);
  expect(sent).toEqual([1, 1, 1, 2]);
  expect(troubles.slice(0, 2)).toEqual(['sign_in', 'sign_in']);
  expect(troubles.at(-1)).toBeNull();
  expect(states).toEqual(['done', 'done']);
});

test('QU6 a retired device sends nothing more', async () => {
  const { sent, troubles, states } = await replayTwoRequests([refusal('device_retired')]);
  expect(sent).toEqual([1]);
  expect(troubles).toEqual(['retired']);
  expect(states).toEqual(['sending', 'queued']);
});

test('QU6 a refusal leaves its position to the next request unless the server has used it', async () => {
  expect((await replayTwoRequests([refusal('forbidden')])).sent).toEqual([1, 1]);
  expect((await replayTwoRequests([refusal('slot_taken', 1)])).sent).toEqual([1, 2]);
});

test('QU6 after a gap, a request gets another position, and repeated gaps are shown as trouble', async () => {
  const gap = () => refusal('queue_gap');
  expect((await replayTwoRequests([gap()])).troubles).toEqual([null, null, null]);
  const { troubles, states } = await replayTwoRequests([gap(), gap(), gap()]);
  expect(troubles).toContain('gap');
  expect(states).toEqual(['done', 'done']);
});

test('QU8 a request is not sent until its position is saved', async () => {
  const { before, sent, states } = await replayTwoRequests([], { canSave: false });
  expect(before.sent).toEqual([]);
  expect(new Set(before.troubles)).toEqual(new Set(['not_saved']));
  expect(sent).toEqual([1, 2]);
  expect(states).toEqual(['done', 'done']);
});

test.each<[string, Outcome<{ position: number }>]>([
  ['a retired device', refusal('device_retired') as Outcome<never>],
  ['a refused device', refusal('in_use') as Outcome<never>],
])(
  'QU6 after the replay is stopped, an answer about %s shows no trouble for the next queue',
  async (_what, answer) => {
    const troubles: unknown[] = [];
    const queue = createQueue(logOf([{ command: 'add', on: 0, isOnNew: false }]));
    let answerPosition: (outcome: Outcome<{ position: number }>) => void = () => {};
    const replay = replayOf(queue, {
      append: () => Promise.reject(new Error('The desk is closed.')),
      askPosition: () => new Promise((resolve) => (answerPosition = resolve)),
      setTrouble: (trouble) => troubles.push(trouble),
    });
    replay.now();
    replay.stop();
    answerPosition(answer);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(troubles).toEqual([]);
  },
);

test('QU17 the answer of an attempt is saved even if the person has stopped waiting', async () => {
  const queue = createQueue(logOf([{ command: 'add', on: 0, isOnNew: false }]));
  let answer: (outcome: Outcome<unknown>) => void = () => {};
  const replay = replayOf(queue, {
    append: async (more) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const record of more) queue.apply(record);
    },
    send: () => new Promise((resolve) => (answer = resolve)),
  });
  replay.now();
  await vi.advanceTimersByTimeAsync(10);
  queue.apply({ type: 'answered', id: idOf(1), at: start, result: { kind: 'expired', why: 'unknown' } });
  const state = replay.whenNotSending(idOf(1)).then(() => queue.requests.get(idOf(1))?.state);
  answer({ kind: 'done', reply: {} });
  await vi.advanceTimersByTimeAsync(10);
  expect(await state).toBe('done');
  replay.stop();
});
