import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { every } from './every.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('goes on after a failure, and tells the first of many in a row only', async () => {
  const results = ['no', 'no', 'yes', 'no'];
  const done: string[] = [];
  const told: unknown[] = [];
  const stop = every(
    100,
    () => {
      const result = results.shift() ?? 'yes';
      done.push(result);
      if (result === 'no') throw new Error(String(done.length));
    },
    (error) => told.push(error),
  );
  await vi.advanceTimersByTimeAsync(550);
  await stop();
  expect(done).toEqual(['no', 'no', 'yes', 'no', 'yes']);
  expect(told).toEqual([new Error('1'), new Error('4')]);
});

test('is never twice at once, and stopping waits for what is under way', async () => {
  let running = 0;
  let most = 0;
  let finish = () => {};
  const stop = every(
    100,
    async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => (finish = resolve));
      running--;
    },
    () => {},
  );
  await vi.advanceTimersByTimeAsync(1_000);
  expect(most).toBe(1);
  const stopped = stop();
  expect(running).toBe(1);
  finish();
  await stopped;
  expect(running).toBe(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(most).toBe(1);
});
