import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onAwake } from './awake.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-20T12:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});
/** The clock on the wall goes on without the monotonic one. */
const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms);

test('a sleep is reported once, waking hours are not', () => {
  const told = vi.fn<() => void>();
  const stop = onAwake(told);
  vi.advanceTimersByTime(3_600_000);
  expect(told).not.toHaveBeenCalled();
  sleep(60_000);
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveBeenCalledOnce();
  stop();
  sleep(60_000);
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveBeenCalledOnce();
});

test('a clock correction of a second is not a sleep', () => {
  const told = vi.fn<() => void>();
  onAwake(told);
  sleep(1_000);
  vi.advanceTimersByTime(10_000);
  expect(told).not.toHaveBeenCalled();
});
