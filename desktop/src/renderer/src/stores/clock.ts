import { useMemo, useSyncExternalStore } from 'react';

/**
 * The database's clock, as well as it can be known here. What it said has travelled: of the last few messages, the
 * one that travelled the shortest tells best. Counted on by the monotonic clock, so that nobody's changing the
 * computer's time moves a countdown.
 */
let ahead = Date.now() - performance.now();
let heard: readonly number[] = [];
const kept = 6;

/** The server has just said what time it is. Answers how long the message seems to have travelled. */
export function hearTime(said: string): number {
  const latest = Date.parse(said) - performance.now();
  heard = [...heard, latest].slice(-kept);
  ahead = Math.max(...heard);
  return ahead - latest;
}

export const serverNow = () => performance.now() + ahead;
export const serverInstant = () => new Date(serverNow()).toISOString();

const tickers = new Map<number, (listener: () => void) => () => void>();

/** Ticks for everyone at once, on the whole step of the server's clock. */
function ticker(stepMs: number) {
  const known = tickers.get(stepMs);
  if (known) return known;
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tick = () => {
    timer = setTimeout(tick, stepMs - (serverNow() % stepMs));
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    timer ??= setTimeout(tick, stepMs - (serverNow() % stepMs));
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearTimeout(timer);
      timer = undefined;
    };
  };
  tickers.set(stepMs, subscribe);
  return subscribe;
}

const onStep = (stepMs: number) => Math.floor((serverNow() + 5) / stepMs) * stepMs;

/** The server's time in milliseconds, to the step: 1,000 for a countdown, more for what moves slowly. */
export const useNow = (stepMs: number): number => useSyncExternalStore(ticker(stepMs), () => onStep(stepMs));

type Heard = { subscribe(listener: () => void): () => void };

/**
 * What follows from the time, and from a store if there is one: drawn anew only when that changes. `read` answers
 * the same for the same.
 */
export function useClock<Read>(stepMs: number, read: (now: number) => Read, store?: Heard): Read {
  const subscribe = useMemo(() => {
    const onTick = ticker(stepMs);
    if (!store) return onTick;
    return (listener: () => void) => {
      const stops = [onTick(listener), store.subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    };
  }, [stepMs, store]);
  return useSyncExternalStore(subscribe, () => read(onStep(stepMs)));
}
