const lookMs = 2_000;
const sleptMs = 5_000;

/**
 * Tells that the computer has slept: the clock on the wall went on and the monotonic one stood still. Whatever was
 * connected then is not, and does not know it yet. Where both go on, timers that are overdue tell it by themselves.
 */
export function onAwake(listener: () => void): () => void {
  const ahead = () => Date.now() - performance.now();
  let before = ahead();
  const timer = setInterval(() => {
    const now = ahead();
    if (now - before > sleptMs) listener();
    before = now;
  }, lookMs);
  return () => clearInterval(timer);
}
