import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRetry } from './retry.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** How long each of so many attempts was waited for. */
function pauses(count: number, between = (_retry: ReturnType<typeof createRetry>) => {}) {
  let at = Date.now();
  const waited: number[] = [];
  const retry = createRetry(() => {
    waited.push(Date.now() - at);
    at = Date.now();
    between(retry);
    if (waited.length < count) retry.later();
  });
  retry.later();
  vi.runAllTimers();
  return waited;
}

test('pauses grow up to ten seconds', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  expect(pauses(8)).toEqual([300, 600, 1_200, 2_400, 4_800, 9_600, 10_000, 10_000]);
});

test('pauses of many are spread over as long as they last', () => {
  const first = Array.from({ length: 200 }, () => pauses(1)[0] ?? 0);
  expect(Math.min(...first)).toBeLessThan(200);
  expect(Math.max(...first)).toBeGreaterThan(400);
  expect(first.every((ms) => ms >= 150 && ms <= 450)).toBe(true);
});

test('after a success the next pause is a short one', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  expect(pauses(4, (retry) => retry.succeeded())).toEqual([300, 300, 300, 300]);
});

test('it waits as long as it was told to, once, and not when it is to be now', () => {
  const run = vi.fn<() => void>();
  const retry = createRetry(run);
  retry.later(5_000);
  retry.later();
  vi.advanceTimersByTime(4_999);
  expect(run).not.toHaveBeenCalled();
  retry.now();
  expect(run).toHaveBeenCalledOnce();
  vi.runAllTimers();
  expect(run).toHaveBeenCalledOnce();
});
