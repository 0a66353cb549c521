import { setTimeout as pause } from 'node:timers/promises';

/**
 * Does `work` again and again, `milliseconds` after it last ended, until stopped; a failure is told and tried
 * again. Answers how to stop, which waits for what is under way.
 */
export function every(milliseconds: number, work: () => Promise<unknown>, failed: (error: unknown) => void) {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await work().catch(failed);
      await pause(milliseconds, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return () => {
    stopping.abort();
    return running;
  };
}
