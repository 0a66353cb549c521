const lookMs = 2_000;
const sleptMs = 5_000;

/**
 * Calls after the computer has slept: the wall clock went on while the monotonic clock stood still. Where both go on, the
 * timers of the connection are overdue and notice the loss by themselves.
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
