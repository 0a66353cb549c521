import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

/** Pieces of work that end on demand, in the order in which they started. */
function createWork() {
  const runs: { name: string; end: () => void }[] = [];
  const work = (name: string) => () =>
    new Promise<string>((resolve) => runs.push({ name, end: () => resolve(name) }));
  return { runs, work, names: () => runs.map(({ name }) => name) };
}

test('LI8 two requests of a caller run at a time, further ones in order; callers do not wait for each other', async () => {
  const inTurn = createTurns({ maxWaitMs: 60_000 });
  const { runs, work, names } = createWork();
  const all = ['a1', 'a2', 'a3', 'a4'].map((name) => inTurn('a', work(name)));
  const other = inTurn('b', work('b1'));
  await nextTurn();
  expect(names()).toEqual(['a1', 'a2', 'b1']);
  for (let next = 0; next < 5; next++) {
    runs[next]?.end();
    await nextTurn();
  }
  expect(names()).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);
  expect(await Promise.all([...all, other])).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
});

test('LI8 a caller who gets no turn in time gets the time to retry, and then a turn', async () => {
  const inTurn = createTurns({ atOnce: 1, maxWaitMs: 1 });
  const { runs, work, names } = createWork();
  const first = inTurn('a', work('first'));
  await expect(inTurn('a', work('second'))).rejects.toMatchObject({
    code: 'rate_limited',
    parts: { retryAfter: 1 },
  });
  runs[0]?.end();
  await first;
  const third = inTurn('a', work('third'));
  expect(names()).toEqual(['first', 'third']);
  runs[1]?.end();
  expect(await third).toBe('third');
});

test('LI8 work that fails passes its turn on', async () => {
  const inTurn = createTurns({ atOnce: 1, maxWaitMs: 60_000 });
  const failing = inTurn('a', () => Promise.reject(new Error('no')));
  const next = inTurn('a', () => Promise.resolve('next'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('next');
});
