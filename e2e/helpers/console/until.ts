type Store = { subscribe: (listener: () => void) => () => void };

/** Resolves when it is so. Looks whenever one of the stores has changed. */
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
