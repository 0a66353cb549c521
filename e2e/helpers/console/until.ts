type Store = { subscribe: (listener: () => void) => () => void };

/** Resolves when the condition holds. Checks it whenever a store changes. */
export const untilOf = (stores: readonly Store[]) => (isSo: () => boolean) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (!isSo()) return;
      for (const stop of stops) stop();
      resolve();
    };
    const stops = stores.map((store) => store.subscribe(look));
    look();
  });
