/**
 * Does something again after pauses that grow and vary: many consoles that lost the same server do not all come
 * back in one moment. Asked for again while it waits, it goes on waiting.
 */
export function createRetry(run: () => void, longestMs = 10_000) {
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = 0;
  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const later = (atLeastMs = 0) => {
    const pauseMs = Math.min(longestMs, shortestMs * 2 ** attempts) * (0.5 + Math.random());
    if (timer !== undefined) return;
    attempts++;
    const waitMs = Math.max(atLeastMs, pauseMs);
    dueAt = Date.now() + waitMs;
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
    /** It may go well again: what is left of a long pause becomes a short one, and so do the pauses after it. */
    soon: () => {
      attempts = 0;
      // A short pause goes on: begun anew at every sign, it would never end.
      if (timer === undefined || dueAt - Date.now() <= shortestMs) return;
      cancel();
      later();
    },
    succeeded: () => {
      attempts = 0;
    },
    cancel,
  };
}

const shortestMs = 300;
