/** Lets so many works run at once; the others wait in the order in which they came. */
export function aFewAtATime(atOnce: number) {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running < atOnce) running++;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      // Who waits takes over the turn, so that nobody who comes later gets before them.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
