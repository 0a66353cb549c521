import { uptime } from 'node:os';

const checkMs = 1_000;
/** The two clocks are read one after the other, and on some systems uptime is in whole seconds. */
const toleranceMs = 10_000;

/**
 * Calls back after the computer has slept, even if the system does not announce it. Uptime counts sleep, the monotonic clock
 * does not, and setting the clock changes neither. On Windows both count sleep, but there the console's idle time does too.
 */
export function watchSleep(
  onSleep: () => void,
  upMs = () => uptime() * 1000,
  monotonicMs = () => performance.now(),
): void {
  const asleepMs = () => upMs() - monotonicMs();
  let asleepBefore = asleepMs();
  setInterval(() => {
    const asleepNow = asleepMs();
    if (asleepNow - asleepBefore > toleranceMs) onSleep();
    asleepBefore = asleepNow;
  }, checkMs).unref();
}
