/** Limits concurrency; further work waits in order of arrival. */
export function limitConcurrency(atOnce: number) {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async function queued<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running < atOnce) running++;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      // Hand the slot over directly, so that a newcomer cannot take it.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
