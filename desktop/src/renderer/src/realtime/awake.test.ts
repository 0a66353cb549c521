import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onAwake } from './awake.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-20T12:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});
/** The wall clock advances while the monotonic clock stands still. */
const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms);

test('a sleep is reported once, and time awake is not reported', () => {
  const listener = vi.fn<(leapMs: number) => void>();
  const stop = onAwake(listener);
  vi.advanceTimersByTime(3_600_000);
  expect(listener).not.toHaveBeenCalled();
  sleep(60_000);
  vi.advanceTimersByTime(10_000);
  expect(listener.mock.calls).toEqual([[60_000]]);
  stop();
  sleep(60_000);
  vi.advanceTimersByTime(10_000);
  expect(listener).toHaveBeenCalledOnce();
});

test('a clock correction of a second is not a sleep', () => {
  const listener = vi.fn<(leapMs: number) => void>();
  onAwake(listener);
  sleep(1_000);
  vi.advanceTimersByTime(10_000);
  expect(listener).not.toHaveBeenCalled();
});
