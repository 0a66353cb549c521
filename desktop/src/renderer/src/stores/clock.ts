import { useMemo, useSyncExternalStore } from 'react';

/**
 * The database's clock, as well as it can be known here: how far it is ahead of this page's monotonic clock, so that
 * nobody's changing the computer's time moves a countdown. A time that was said was read before it arrived, and after
 * it was asked for: these are the least and the most it can be ahead, and half way between them is the best guess.
 */
let ahead = Date.now() - performance.now();
let least: readonly number[] = [];
let most: readonly { ahead: number; at: number }[] = [];
/** What is told unasked has no upper bound: it is taken to travel as long as was last seen. */
let travelMs = 0;
const kept = 6;
/** After that, two clocks may have drifted apart by as much as a message travels. */
const recentMs = 600_000;

/**
 * The server has just said what time it is; `askedAt` is when it was asked, by the monotonic clock. Answers how long
 * the message seems to have travelled.
 */
export function hearTime(said: string, askedAt?: number): number {
  const now = performance.now();
  const time = Date.parse(said);
  const latest = {
    least: time - now,
    most: askedAt === undefined ? [] : [{ ahead: time - askedAt, at: now }],
  };
  const before = Math.max(...least);
  least = [...least, latest.least].slice(-kept);
  most = [...most.filter(({ at }) => now - at < recentMs), ...latest.most].slice(-kept);
  // The server's clock was set back: what bounded the old one says nothing of it.
  if (Math.max(...least) < before - 1_000) most = latest.most;
  if (lowest(most) < Math.max(...least)) {
    least = [latest.least];
    most = latest.most;
  }
  if (most.length > 0) travelMs = (lowest(most) - Math.max(...least)) / 2;
  ahead = Math.max(...least) + travelMs;
  return ahead - latest.least;
}
const lowest = (bounds: typeof most) => Math.min(...bounds.map((bound) => bound.ahead));

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
