import { useEffect } from 'react';
import { useStore } from 'zustand';
import { connectionStore } from '../../stores/connection.ts';

const againMs = 30_000;

/**
 * The server was updated, and a corridor has nobody to load the page again: it does so by itself. Not before the page
 * can be had, because the browser would show in its place that it cannot, and stay so.
 */
export function useNewPage(reload: () => void) {
  const isOutdated = useStore(connectionStore, ({ connection }) => connection.status === 'outdated');
  useEffect(() => {
    if (!isOutdated) return undefined;
    const look = () =>
      fetch(location.origin, { method: 'HEAD', cache: 'no-store' }).then(
        ({ ok }) => ok && reload(),
        () => {},
      );
    const timer = setInterval(() => void look(), againMs * (0.75 + Math.random() / 2));
    return () => clearInterval(timer);
  }, [isOutdated, reload]);
}
