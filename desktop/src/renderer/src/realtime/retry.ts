import { pace } from '../api/pace.ts';

/**
 * Runs something again after pauses that grow and vary, so that many consoles do not return to a server at the same moment.
 * `later` has no effect while a pause is running.
 */
export function createRetry(run: () => void, longestMs: () => number = () => 10_000) {
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = 0;
  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const later = (atLeastMs = 0) => {
    if (timer !== undefined) return;
    const pauseMs = Math.min(longestMs(), pace.shortestPauseMs * 2 ** attempts) * (0.5 + Math.random());
    attempts++;
    const waitMs = Math.max(atLeastMs, pauseMs);
    dueAt = performance.now() + waitMs;
    timer = setTimeout(() => {
      timer = undefined;
      run();
    }, waitMs);
  };
  return {
    later,
    now: () => {
      cancel();
      attempts = 0;
      run();
    },
    /**
     * Shortens the rest of a long pause and the pauses after it, because success is likely again. `spreadMs` spreads the
     * attempts of many clients that notice the same thing at once.
     */
    soon: (spreadMs = 0) => {
      attempts = 0;
      // A short pause would never end if every sign of life restarted it.
      if (timer === undefined || dueAt - performance.now() <= pace.shortestPauseMs + spreadMs) return;
      cancel();
      later(Math.random() * spreadMs);
    },
    succeeded: () => {
      attempts = 0;
    },
    cancel,
  };
}
