import { useEffect, useState } from 'react';
import { findOutage } from '../../stores/cut-off.ts';
import type { Outage } from '../../stores/cut-off.ts';

/** While the server is out of reach, it is tried this often. */
const retryMs = 3_000;
/** While it can be reached, and nobody does anything. */
const calmMs = 20_000;
const activityEvents = ['focus', 'keydown', 'pointermove', 'pointerdown'];

/** Why the server is out of reach, on the screens without a feed; null: it answers, or the reason is not known. */
export function useOutage(isNeeded = true): Outage | null {
  const [outage, setOutage] = useState<Outage | null>(null);
  useEffect(() => {
    if (!isNeeded) return undefined;
    const listeners = new AbortController();
    const { signal } = listeners;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lookedAt = performance.now();
    const look = async () => {
      timer = undefined;
      const found = await findOutage();
      if (signal.aborted) return;
      setOutage(found);
      lookedAt = performance.now();
      timer = setTimeout(() => void look(), found ? retryMs : calmMs);
    };
    /** Somebody is about to use the screen. */
    const onActivity = () => {
      if (timer === undefined || performance.now() - lookedAt < retryMs) return;
      clearTimeout(timer);
      void look();
    };
    for (const name of activityEvents)
      window.addEventListener(name, onActivity, { capture: true, passive: true, signal });
    void look();
    return () => {
      listeners.abort();
      clearTimeout(timer);
    };
  }, [isNeeded]);
  return outage;
}
