import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { every } from './every.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('repeated work continues after a failure, and reports only the first of several in a row', async () => {
  const results = ['no', 'no', 'yes', 'no'];
  const done: string[] = [];
  const failures: unknown[] = [];
  const stop = every(
    100,
    () => {
      const result = results.shift() ?? 'yes';
      done.push(result);
      if (result === 'no') throw new Error(String(done.length));
    },
    (error) => failures.push(error),
  );
  await vi.advanceTimersByTimeAsync(550);
  await stop();
  expect(done).toEqual(['no', 'no', 'yes', 'no', 'yes']);
  expect(failures).toEqual([new Error('1'), new Error('4')]);
});

test('repeated work never runs concurrently, and stopping waits for the current run', async () => {
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
