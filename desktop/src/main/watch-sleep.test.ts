import { onTestFinished, test, expect, vi } from 'vitest';
import { watchSleep } from './watch-sleep.ts';

test('DT14 notices once a sleep that the system does not announce, and ignores changes of the clock', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  let asleepMs = 0;
  const onSleep = vi.fn<() => void>();
  watchSleep(onSleep, () => performance.now() + asleepMs);
  vi.advanceTimersByTime(60_000);
  vi.setSystemTime(Date.now() + 5 * 3_600_000);
  vi.advanceTimersByTime(60_000);
  expect(onSleep).not.toHaveBeenCalled();
  asleepMs = 3_600_000;
  vi.advanceTimersByTime(60_000);
  expect(onSleep).toHaveBeenCalledOnce();
});
