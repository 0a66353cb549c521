import { useMemo, useSyncExternalStore } from 'react';

/**
 * An estimate of the database's clock, as an offset from this page's monotonic clock: changing the computer's time moves
 * no countdown. A server time was read before it arrived and after it was requested, which gives a lower and an upper
 * bound of the offset. The estimate is half way between them.
 */
let ahead = Date.now() - performance.now();
let least: readonly number[] = [];
let most: readonly { ahead: number; at: number }[] = [];
/** Pushed times have no upper bound: they are assumed to travel as long as the last known one. */
let travelMs = 0;
const kept = 6;
/** Older bounds may be wrong by more than a message travels, because clocks drift. */
const recentMs = 600_000;

/**
 * Takes a time from the server; `askedAt` is when it was requested, by the monotonic clock. Answers how long the message
 * seems to have travelled.
 */
export function hearTime(time: string, askedAt?: number): number {
  const now = performance.now();
  const ms = Date.parse(time);
  const latest = {
    least: ms - now,
    most: askedAt === undefined ? [] : [{ ahead: ms - askedAt, at: now }],
  };
  const before = Math.max(...least);
  least = [...least, latest.least].slice(-kept);
  most = [...most.filter(({ at }) => now - at < recentMs), ...latest.most].slice(-kept);
  // The server's clock was set back: the old upper bounds are wrong.
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

/** One ticker per step, on whole steps of the server's clock. */
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

/** The server's time in milliseconds, rounded down to the step. */
export const onStep = (stepMs: number) => Math.floor((serverNow() + 5) / stepMs) * stepMs;

/** The server's time in milliseconds, rounded down to the step: 1,000 for a countdown, more for slow changes. */
export const useNow = (stepMs: number): number => useSyncExternalStore(ticker(stepMs), () => onStep(stepMs));

type Heard = { subscribe(listener: () => void): () => void };

/** A value that depends on the time, and on a store if given: renders again only when it changes. `read` must be stable. */
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
