type Store = { subscribe: (listener: () => void) => () => void };

/**
 * Resolves when the condition holds. Checks it whenever a store changes. If it does not hold in time, rejects with
 * what `describe` returns then. The limit is shorter than that of a test, so that a failure shows what was missing.
 */
export const untilOf =
  (stores: readonly Store[], describe: () => unknown, limitMs = 60_000) =>
  (isSo: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        for (const stop of stops) stop();
      };
      const look = () => {
        if (!isSo()) return;
        end();
        resolve();
      };
      const timer = setTimeout(() => {
        end();
        const now = JSON.stringify(describe(), null, 1);
        reject(new Error(`After ${limitMs / 1000} s this still does not hold: ${String(isSo)}\n${now}`));
      }, limitMs);
      const stops = stores.map((store) => store.subscribe(look));
      look();
    });
