/**
 * Does something again after pauses that grow and vary: many consoles that lost the same server do not all come
 * back in one moment. Asked for again while it waits, it goes on waiting.
 */
export function createRetry(run: () => void) {
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    later: (atLeastMs = 0) => {
      const pauseMs = Math.min(longestMs, shortestMs * 2 ** attempts) * (0.5 + Math.random());
      if (timer !== undefined) return;
      attempts++;
      timer = setTimeout(
        () => {
          timer = undefined;
          run();
        },
        Math.max(atLeastMs, pauseMs),
      );
    },
    now: () => {
      cancel();
      attempts = 0;
      run();
    },
    succeeded: () => {
      attempts = 0;
    },
    cancel,
  };
}

const shortestMs = 300;
const longestMs = 10_000;
