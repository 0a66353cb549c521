type Store = { subscribe: (listener: () => void) => () => void };

/**
 * Resolves when the condition holds. Checks it whenever a store changes. Rejects with the result of `describe` if it does not hold
 * in time. The limit is shorter than that of a test, so that a failure shows the state.
 */
export const untilOf =
  (stores: readonly Store[], describe: () => unknown, limitMs = 60_000) =>
  (condition: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        for (const stop of stops) stop();
      };
      const look = () => {
        if (!condition()) return;
        end();
        resolve();
      };
      const timer = setTimeout(() => {
        end();
        const now = JSON.stringify(describe(), null, 1);
        reject(new Error(`After ${limitMs / 1000} s this still does not hold: ${String(condition)}\n${now}`));
      }, limitMs);
      const stops = stores.map((store) => store.subscribe(look));
      look();
    });
