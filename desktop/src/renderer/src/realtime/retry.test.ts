import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRetry } from './retry.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The pause before each of `count` attempts. */
function pauses(count: number, onAttempt = (_retry: ReturnType<typeof createRetry>) => {}) {
  let lastAt = Date.now();
  const pausesMs: number[] = [];
  const retry = createRetry(() => {
    pausesMs.push(Date.now() - lastAt);
    lastAt = Date.now();
    onAttempt(retry);
    if (pausesMs.length < count) retry.later();
  });
  retry.later();
  vi.runAllTimers();
  return pausesMs;
}

test('pauses grow up to ten seconds', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  expect(pauses(8)).toEqual([300, 600, 1_200, 2_400, 4_800, 9_600, 10_000, 10_000]);
});

test('the pauses of many clients are spread over their length', () => {
  const first = Array.from({ length: 200 }, () => pauses(1)[0] ?? 0);
  expect(Math.min(...first)).toBeLessThan(200);
  expect(Math.max(...first)).toBeGreaterThan(400);
  expect(first.every((ms) => ms >= 150 && ms <= 450)).toBe(true);
});

test('the pause after a success is short', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  expect(pauses(4, (retry) => retry.succeeded())).toEqual([300, 300, 300, 300]);
});

test('a second call does not extend a pause, and `now` ends the pause', () => {
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

test('PU25 a sign of life shortens a long pause and the pauses after it', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  let lastAt = Date.now();
  const pausesMs: number[] = [];
  const retry = createRetry(() => {
    pausesMs.push(Date.now() - lastAt);
    lastAt = Date.now();
    retry.later();
  });
  for (retry.later(); pausesMs.length < 5;) vi.advanceTimersToNextTimer();
  vi.advanceTimersByTime(1_000);
  retry.soon();
  vi.advanceTimersByTime(300 + 600);
  expect(pausesMs).toEqual([300, 600, 1_200, 2_400, 4_800, 1_300, 600]);
  retry.cancel();
});

test('NW8 consoles whose network returns at the same moment reconnect spread over time', () => {
  const startedAt = Date.now();
  const returnsMs: number[] = [];
  for (let count = 0; count < 1_000; count++) {
    const retry = createRetry(() => returnsMs.push(Date.now() - startedAt));
    retry.later(10_000);
    retry.soon(2_000);
  }
  vi.advanceTimersByTime(3_000);
  expect(returnsMs).toHaveLength(1_000);
  const groups = Map.groupBy(returnsMs, (ms) => Math.floor(ms / 100));
  expect(Math.max(...[...groups.values()].map((group) => group.length))).toBeLessThan(250);
});

test('PU25 frequent signs of life do not delay an attempt', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const run = vi.fn<() => void>();
  const retry = createRetry(run);
  retry.later(10_000);
  for (let key = 0; key < 20; key++) {
    retry.soon();
    vi.advanceTimersByTime(20);
  }
  expect(run).toHaveBeenCalledOnce();
  // No pause is running: the attempt is under way.
  retry.soon();
  vi.runAllTimers();
  expect(run).toHaveBeenCalledOnce();
});

test.each([3_600_000, -3_600_000])(
  'NW7 changing the computer’s clock by %i ms does not keep a sign of life from ending a long pause',
  (ms) => {
    const run = vi.fn<() => void>();
    const retry = createRetry(run);
    retry.later(10_000);
    vi.advanceTimersByTime(1_000);
    vi.setSystemTime(Date.now() + ms);
    retry.soon();
    vi.advanceTimersByTime(450);
    expect(run).toHaveBeenCalledOnce();
  },
);

test('no pause exceeds its limit by more than half', () => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
  const run = vi.fn<() => void>(() => retry.later());
  const retry = createRetry(run, () => 4_000);
  retry.later();
  vi.advanceTimersByTime(60_000);
  run.mockClear();
  vi.advanceTimersByTime(6_000);
  expect(run).toHaveBeenCalledOnce();
  retry.cancel();
});
