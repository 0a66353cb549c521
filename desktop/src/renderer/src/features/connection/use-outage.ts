import { useEffect, useState } from 'react';
import { findOutage } from '../../stores/cut-off.ts';
import type { Outage } from '../../stores/cut-off.ts';

/** While the server is out of reach, and while somebody uses the screen, it is tried this often. */
const retryMs = 3_000;
const activityEvents = ['focus', 'keydown', 'pointermove', 'pointerdown'];

/** Why the server is out of reach, on the screens without a feed; null: it answers, or the reason is not known. */
export function useOutage(isNeeded = true): Outage | null {
  const [outage, setOutage] = useState<Outage | null>(null);
  useEffect(() => {
    if (!isNeeded) return undefined;
    const listeners = new AbortController();
    const { signal } = listeners;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLooking = false;
    let lookedAt = performance.now();
    const look = async () => {
      isLooking = true;
      const found = await findOutage();
      isLooking = false;
      if (signal.aborted) return;
      setOutage(found);
      lookedAt = performance.now();
      // Hundreds of screens that nobody uses must not keep the server busy.
      if (found) timer = setTimeout(() => void look(), retryMs);
    };
    /** Somebody is about to use the screen. */
    const onActivity = () => {
      if (isLooking || performance.now() - lookedAt < retryMs) return;
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
