import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expiryOf } from './queue-expiry.ts';
import { inputOf } from './queue-input.ts';
import * as numbered from '../test/queue-records.ts';
import { closed, expired, idOf, refused, sending } from '../test/queue-records.ts';
import { changeOfWaiting, createQueue, queueRecord, requestsOf, stillNeeded } from './queue.ts';
import type { QueuedRequest, QueueRecord } from './queue.ts';

const at = '2026-11-30T09:42:00.000Z';

const asked = (index: number, request: Partial<QueuedRequest> = {}) =>
  numbered.asked(index, { params: { case: idOf(900) }, body: { version: 5 }, ...request });
const done = (index: number, version = 6) => numbered.done(index, [{ id: idOf(900), version }]);
const statesOf = (...log: QueueRecord[]) => requestsOf(log).map(({ state }) => state);

test('QU1 the state of a request follows from its records', () => {
  expect(statesOf(asked(1))).toEqual(['queued']);
  expect(statesOf(asked(1), sending(1))).toEqual(['sending']);
  expect(statesOf(asked(1), sending(1), done(1))).toEqual(['done']);
  expect(statesOf(asked(1), sending(1), refused(1))).toEqual(['conflict']);
  expect(statesOf(asked(1), expired(1))).toEqual(['expired']);
  // A second answer, and records of unknown requests, change nothing.
  expect(statesOf(asked(1), done(1), refused(1), sending(2), refused(3), asked(1))).toEqual(['done']);
});

test('QU1 an answer of the server counts even after the request expired', () => {
  expect(statesOf(asked(1), sending(1), expired(1, 'unknown'), done(1))).toEqual(['done']);
  expect(statesOf(asked(1), sending(1), expired(1, 'unknown'), refused(1))).toEqual(['conflict']);
  expect(statesOf(asked(1), sending(1), done(1), expired(1, 'unknown'))).toEqual(['done']);
  const next = asked(2, { dependsOn: [idOf(1)] });
  expect(statesOf(asked(1), next, sending(1), expired(1, 'unknown'))).toEqual(['expired', 'blocked']);
  expect(statesOf(asked(1), next, sending(1), expired(1, 'unknown'), done(1))).toEqual(['done', 'queued']);
});

test('QU3 a claim is blocked by a refused, expired, discarded or blocked one; a fact only if it lacks its case', () => {
  const claim = asked(2, { dependsOn: [idOf(1)] });
  const fact = asked(3, { dependsOn: [idOf(1)], kind: 'fact' });
  const ofNewCase = asked(4, { dependsOn: [idOf(1)], kind: 'fact', params: { case: `@${idOf(1)}` } });
  const next = asked(5, { dependsOn: [idOf(2)] });
  const states = (...records: QueueRecord[]) =>
    statesOf(asked(1), claim, fact, ofNewCase, next, ...records).slice(1);
  expect(states()).toEqual(['queued', 'queued', 'queued', 'queued']);
  expect(states(done(1))).toEqual(['queued', 'queued', 'queued', 'queued']);
  for (const ending of [refused(1), expired(1), closed(1, 'discarded'), closed(1, 'removed')]) {
    expect(states(ending)).toEqual(['blocked', 'queued', 'blocked', 'blocked']);
  }
  // Its replacement unblocks what depended on it.
  const again = asked(6, { replaces: idOf(1) });
  expect(states(refused(1), again)).toEqual(['queued', 'queued', 'queued', 'queued', 'queued']);
  expect(states(refused(1), again, refused(6)).slice(0, 4)).toEqual([
    'blocked',
    'queued',
    'blocked',
    'blocked',
  ]);
});

test('QU3 a claim that follows a refused fact is not blocked', () => {
  const fact = asked(1, { kind: 'fact' });
  expect(statesOf(fact, asked(2, { dependsOn: [idOf(1)] }), refused(1))).toEqual(['conflict', 'queued']);
});

test('QU3 a fact behind a claim that is left out waits for the same requests as that claim', () => {
  const records = [
    asked(1),
    asked(2, { dependsOn: [idOf(1)] }),
    asked(3, { dependsOn: [idOf(2)], kind: 'fact' }),
    closed(2, 'discarded'),
  ];
  expect(createQueue(records).requests.get(idOf(3))).toMatchObject({ state: 'queued', waitsFor: [idOf(1)] });
  expect(createQueue(stillNeeded(records)).requests.get(idOf(3))).toMatchObject({ waitsFor: [idOf(1)] });
});

test('QU3 requests that wait for each other, and for an unknown one, are blocked', () => {
  expect(statesOf(asked(1, { dependsOn: [idOf(2)] }), asked(2, { dependsOn: [idOf(1)] }))).toEqual([
    'blocked',
    'blocked',
  ]);
  expect(statesOf(asked(1, { dependsOn: [idOf(7)] }))).toEqual(['blocked']);
});

const anyIndex = fc.integer({ min: 1, max: 6 });
const anyRecord: fc.Arbitrary<QueueRecord> = fc.oneof(
  fc
    .record({
      index: anyIndex,
      dependsOn: fc.uniqueArray(anyIndex, { maxLength: 2 }),
      replaces: fc.option(anyIndex),
      isFact: fc.boolean(),
      onNewCase: fc.boolean(),
    })
    .map(({ index, dependsOn, replaces, isFact, onNewCase }) =>
      asked(index, {
        // A request depends only on earlier ones; a replacement takes over its dependencies.
        dependsOn: replaces === null ? dependsOn.filter((each) => each < index).map(idOf) : [],
        kind: isFact ? 'fact' : 'claim',
        params: { case: onNewCase ? `@${idOf(dependsOn[0] ?? 1)}` : idOf(900) },
        replaces: replaces === null || replaces >= index ? null : idOf(replaces),
      }),
    ),
  fc.tuple(anyIndex, fc.integer({ min: 1, max: 9 })).map(([index, n]) => sending(index, n)),
  fc.tuple(anyIndex, fc.constantFrom(done, refused, expired)).map(([index, make]) => make(index)),
  fc
    .tuple(anyIndex, fc.constantFrom('seen' as const, 'removed' as const, 'discarded' as const))
    .map(([index, how]) => closed(index, how)),
);
const anyLog = fc.array(anyRecord, { maxLength: 40 });

test('QU2 a shorter log has the same open requests in the same states', () => {
  const open = (log: readonly QueueRecord[]) => {
    const queue = createQueue(log);
    return queue.open().map((each) => ({ ...each, input: inputOf(each, queue) }));
  };
  fc.assert(
    fc.property(anyLog, anyLog, (before, after) => {
      const shorter = stillNeeded(before);
      expect(open(shorter)).toEqual(open(before));
      expect(stillNeeded(shorter)).toEqual(shorter);
      // Records that are appended later have the same effect on both. Forgotten requests do not come back.
      const ids = new Set(shorter.map((each) => (each.type === 'asked' ? each.request.id : each.id)));
      const appended = after.filter((each) =>
        each.type === 'asked'
          ? false
          : ids.has(each.id) && open(before).some(({ request }) => request.id === each.id),
      );
      expect(open([...shorter, ...appended])).toEqual(open([...before, ...appended]));
    }),
    { numRuns: 2000 },
  );
});

test('QU1 every log can be read, in whatever order its records are, and every record fits its schema', () => {
  fc.assert(
    fc.property(anyLog, (records) => {
      for (const record of records) expect(queueRecord.parse(record)).toEqual(record);
      const blocked = requestsOf(records).filter(({ state }) => state === 'blocked');
      expect(blocked.every(({ blockedBy }) => blockedBy.length > 0)).toBe(true);
    }),
  );
});

test('QU1 waiting requests can be counted record by record', () => {
  const records = [
    asked(1),
    asked(2),
    asked(3),
    asked(4),
    done(1),
    refused(2),
    asked(5, { replaces: idOf(2) }),
    closed(1, 'seen'),
    closed(3, 'removed'),
  ];
  const waiting = requestsOf(records).filter(
    ({ state, closed: closing }) => closing === null && state !== 'done',
  );
  expect(records.reduce((sum, record) => sum + changeOfWaiting(record), 0)).toBe(waiting.length);
});

/** A queue with these requests, each with its dependencies. */
function queueOf(requests: readonly QueuedRequest[], wrap = (request: QueuedRequest) => request) {
  const queue = createQueue();
  for (const request of requests)
    queue.apply({ type: 'asked', request: wrap({ ...request, dependsOn: queue.dependenciesOf(request) }) });
  return queue;
}
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('QU15 applying a record costs the same with 10 and with 10,000 requests, on one case or on many', () => {
  let reads = 0;
  const counted = (request: QueuedRequest) =>
    new Proxy(request, {
      get: (target, name: keyof QueuedRequest) => {
        reads += 1;
        return target[name];
      },
    });
  const readsAt = (length: number, caseOf: (index: number) => number) => {
    const requestAt = (index: number) =>
      numbered.requestOf(index, { params: { case: idOf(caseOf(index)) }, body: { version: 5 } });
    const queue = queueOf(numbers(1, length).map(requestAt), counted);
    const last = requestAt(length + 1);
    reads = 0;
    queue.apply({ type: 'asked', request: counted({ ...last, dependsOn: queue.dependenciesOf(last) }) });
    for (const record of [sending(1), done(1), closed(1), sending(2), refused(length + 1)])
      queue.apply(record);
    return reads;
  };
  expect(readsAt(10_000, () => 20_000)).toBe(readsAt(10, () => 20_000));
  expect(readsAt(10_000, (index) => 20_000 + index)).toBe(readsAt(10, (index) => 20_000 + index));
});

const onHold = (index: number, kind: 'claim' | 'fact') =>
  numbered.requestOf(index, {
    params: { case: `@${idOf(1)}` },
    body: kind === 'claim' ? { version: 1 } : {},
    kind,
  });
/** A requested hold, and 150 requests on it: claims first, then facts. */
const manyOnHold = () =>
  queueOf([
    numbered.requestOf(1),
    ...numbers(2, 30).map((index) => onHold(index, 'claim')),
    ...numbers(31, 150).map((index) => onHold(index, 'fact')),
    onHold(151, 'claim'),
  ]);

test('QU16 any number of requests on one requested hold: all are blocked if it is refused', () => {
  const queue = manyOnHold();
  queue.apply(refused(1));
  expect(queue.counts).toMatchObject({ conflict: 1, blocked: 150, queued: 0 });
  expect(queue.dependentsOf(idOf(1))).toHaveLength(150);
  const shorter = createQueue(stillNeeded([...queue.records, closed(1, 'discarded')]));
  expect(shorter.counts).toMatchObject({ blocked: 150, queued: 0 });
});

test('QU16 any number of requests on one requested hold: each waits for the one before it, and gets its id and version', () => {
  const queue = manyOnHold();
  const order: string[] = [];
  for (const index of numbers(1, 151)) {
    const ready = [...queue.unanswered.values()].filter(({ waitsFor }) => waitsFor.length === 0);
    order.push(...ready.map(({ request }) => request.id));
    queue.apply(numbered.done(index, [{ id: idOf(900), version: index }]));
  }
  expect(order).toEqual(numbers(1, 151).map(idOf));
  const last = queue.requests.get(idOf(151));
  expect(last && inputOf(last, queue)).toMatchObject({ params: { case: idOf(900) }, body: { version: 150 } });
});

test('QU16 a request on a case by its id follows the ones that name it by the hold that created it', () => {
  const queue = queueOf([numbered.requestOf(1), onHold(2, 'claim')]);
  queue.apply(placed(1));
  const next = numbered.requestOf(3, { params: { case: idOf(77) }, body: { version: 1 } });
  expect(queue.dependenciesOf(next)).toEqual([idOf(2)]);
});

test('QU16 a replacement does not depend on the dependents of the replaced request', () => {
  const queue = queueOf(
    numbers(1, 3).map((index) => numbered.requestOf(index, { params: { case: idOf(900) } })),
  );
  queue.apply(refused(1));
  const again = numbered.requestOf(4, { params: { case: idOf(900) }, replaces: idOf(1) });
  expect(queue.dependenciesOf(again)).toEqual([]);
});

/** The input that is sent for the last request. */
const inputOfLast = (...records: QueueRecord[]) => {
  const queue = createQueue(records);
  const last = [...queue.requests.values()].at(-1);
  return last && inputOf(last, queue);
};
const placed = (index: number) => numbered.done(index, [{ id: idOf(77), version: 1 }]);

test('QU4 a request on a case that an earlier one creates is sent with its id and version', () => {
  const book = asked(2, {
    command: 'changeCase',
    params: { case: `@${idOf(1)}` },
    body: { version: 1, to: 'scheduled' },
    dependsOn: [idOf(1)],
  });
  expect(inputOfLast(asked(1, { params: {} }), placed(1), book)).toEqual({
    params: { case: idOf(77) },
    body: { version: 1, to: 'scheduled' },
  });
  // Also if that request was replaced.
  const queue = createQueue([
    asked(1, { params: {} }),
    book,
    refused(1),
    asked(3, { params: {}, replaces: idOf(1) }),
    placed(3),
  ]);
  const booking = queue.requests.get(idOf(2));
  expect(booking && inputOf(booking, queue).params).toEqual({ case: idOf(77) });
  const moves = asked(2, {
    params: {},
    body: { moves: [{ caseId: `@${idOf(1)}`, version: 1, roomId: 'x' }] },
    dependsOn: [idOf(1)],
  });
  expect(inputOfLast(asked(1, { params: {} }), placed(1), moves)?.body).toEqual({
    moves: [{ caseId: idOf(77), version: 1, roomId: 'x' }],
  });
});

test('QU4 a request is sent with the version that an earlier one left, unless somebody else can have changed the case', () => {
  const next = asked(3, { dependsOn: [idOf(1), idOf(2)] });
  const milestone = (index: number) =>
    asked(index, { command: 'recordMilestone', kind: 'fact', body: { milestone: 'in_room', at } });
  const version = (...records: QueueRecord[]) => {
    const body = inputOfLast(...records, next)?.body as { version: number } | undefined;
    return body?.version;
  };
  expect(version(asked(1), done(1, 6))).toBe(6);
  // The server compares the version of a claim, so any version that it leaves counts.
  expect(version(asked(1), done(1, 9))).toBe(9);
  expect(version(milestone(1), milestone(2), done(1, 6), done(2, 7))).toBe(7);
  // The server compares no version for a fact, so somebody else changed the case here.
  expect(version(milestone(1), done(1, 7))).toBe(5);
  expect(version(milestone(1), milestone(2), done(1, 6), done(2, 8))).toBe(6);
  expect(version(asked(1), refused(1))).toBe(5);
  const swap = asked(3, {
    params: {},
    body: { first: { caseId: idOf(900), version: 5 }, second: { caseId: idOf(901), version: 2 } },
    dependsOn: [idOf(1)],
  });
  expect(inputOfLast(asked(1), done(1, 6), swap)?.body).toEqual({
    first: { caseId: idOf(900), version: 6 },
    second: { caseId: idOf(901), version: 2 },
  });
});

test('QU5 a request expires when it is too old or its time has passed, unless it may have been done', () => {
  const hours = (count: number) => new Date(Date.parse(at) + count * 3_600_000).toISOString();
  const expiry = (records: QueueRecord[], now: string, position = 0) => {
    const [first] = requestsOf(records);
    return first && expiryOf(first, { now, queueHours: 24, position });
  };
  expect(expiry([asked(1)], hours(23))).toBeNull();
  expect(expiry([asked(1)], hours(25))).toBe('age');
  const place = { roomId: idOf(5), start: hours(1), end: hours(2) };
  const cases = [{ caseId: null, place, title: null }];
  expect(expiry([asked(1, { cases })], hours(1.5))).toBeNull();
  expect(expiry([asked(1, { cases })], hours(2))).toBe('past');
  expect(expiry([asked(1, { cases, kind: 'fact' })], hours(3))).toBeNull();
  // The server has not used its position, so it was not done.
  expect(expiry([asked(1), sending(1, 4)], hours(25), 3)).toBe('age');
  // The server has used it, so its answer can be fetched for as long as the server stores it.
  expect(expiry([asked(1, { cases }), sending(1, 4)], hours(71), 4)).toBeNull();
  expect(expiry([asked(1), sending(1, 4)], hours(73), 4)).toBe('unknown');
  // Its key is older than its first position.
  const sentLater: QueueRecord = { type: 'sending', id: idOf(1), n: 4, at: hours(20) };
  expect(expiry([asked(1), sentLater], hours(80), 4)).toBeNull();
  expect(expiry([asked(1, { wasSent: true }), sentLater], hours(80), 4)).toBe('unknown');
  // Sent without a position: sending it again might do it now.
  expect(expiry([asked(1, { wasSent: true, cases })], hours(23))).toBeNull();
  expect(expiry([asked(1, { wasSent: true })], hours(25))).toBe('unknown');
});
