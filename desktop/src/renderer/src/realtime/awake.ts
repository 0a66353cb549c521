const checkMs = 2_000;
const thresholdMs = 5_000;

/**
 * Calls the listener after the computer has slept: the wall clock advanced while the monotonic clock stood still. On
 * systems where both advance, the overdue timers of the connection detect the loss.
 */
export function onAwake(listener: (leapMs: number) => void): () => void {
  const offset = () => Date.now() - performance.now();
  let offsetBefore = offset();
  const timer = setInterval(() => {
    const leapMs = offset() - offsetBefore;
    if (leapMs > thresholdMs) listener(leapMs);
    offsetBefore += leapMs;
  }, checkMs);
  return () => clearInterval(timer);
}
