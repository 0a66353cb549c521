/** After a reload, the old page of this tab may take this long to release its locks. */
const lockTimeoutMs = 1_500;

/** Takes a lock among the tabs of this browser. Resolves to a function that releases it, or to null if another tab has it. */
export const takeLock = (name: string): Promise<(() => void) | null> =>
  new Promise((resolve) => {
    const untilReleased = () => new Promise<void>((release) => resolve(() => release()));
    navigator.locks
      .request(name, { signal: AbortSignal.timeout(lockTimeoutMs) }, untilReleased)
      .catch(() => resolve(null));
  });
