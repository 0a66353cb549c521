import { useMemo, useSyncExternalStore } from 'react';

/**
 * Estimates the database's clock as an offset from this page's monotonic clock, so that changing the computer's time moves
 * no countdown. The server reads its clock after the request and before the reply arrives, which gives an upper and a lower
 * bound of the offset. The estimate is halfway between them.
 */
let offset = Date.now() - performance.now();
let lowerBounds: readonly number[] = [];
let upperBounds: readonly { offset: number; at: number }[] = [];
/** Pushed times have no upper bound: they are assumed to take as long as the last known travel time. */
let travelMs = 0;
const maxBounds = 6;
/** Clocks drift, so older bounds may be off by more than the travel time. */
const recentMs = 600_000;
/** A larger correction is shown at once. */
const jumpMs = 1_000;

/**
 * Adjusts the clock to a time from the server. `requestedAt` is the monotonic time of the request. Returns the estimated
 * travel time of the message.
 */
export function syncClock(time: string, requestedAt?: number): number {
  const now = performance.now();
  const ms = Date.parse(time);
  const offsetBefore = offset;
  leapMs = 0;
  const lower = ms - now;
  const upper = requestedAt === undefined ? [] : [{ offset: ms - requestedAt, at: now }];
  const lowerBefore = Math.max(...lowerBounds);
  lowerBounds = [...lowerBounds, lower].slice(-maxBounds);
  upperBounds = [...upperBounds.filter(({ at }) => now - at < recentMs), ...upper].slice(-maxBounds);
  // The server's clock was set back: the old upper bounds are wrong.
  if (Math.max(...lowerBounds) < lowerBefore - 1_000) upperBounds = upper;
  if (lowest(upperBounds) < Math.max(...lowerBounds)) {
    lowerBounds = [lower];
    upperBounds = upper;
  }
  if (upperBounds.length > 0) travelMs = (lowest(upperBounds) - Math.max(...lowerBounds)) / 2;
  offset = Math.max(...lowerBounds) + travelMs;
  // The next tick may be a minute away, and until then a shown time would be wrong.
  if (Math.abs(offset - offsetBefore) > jumpMs) jump();
  return offset - lower;
}
const lowest = (bounds: typeof upperBounds) => Math.min(...bounds.map((bound) => bound.offset));

let leapMs = 0;
/** Call when the computer's clock has leaped ahead of the monotonic clock, which stands still in a sleep, or was set. */
export const noteLeap = (ms: number) => {
  leapMs += ms;
};
/** Counts a leap as a sleep, which is far more common than a new setting. Call while the server cannot be asked. */
export function assumeSleep() {
  if (leapMs === 0) return;
  offset += leapMs;
  leapMs = 0;
  lowerBounds = [];
  upperBounds = [];
  jump();
}

function jump() {
  for (const { tickNow } of tickers.values()) tickNow();
  for (const reset of alarms) reset();
}

export const serverNow = () => performance.now() + offset;
export const serverInstant = () => new Date(serverNow()).toISOString();

/** Functions that set the timer of an alarm again. */
const alarms = new Set<() => void>();
/** Browsers run timers longer than this at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Calls `ring` once when the server's clock reaches this time in milliseconds. Returns a function that cancels it. */
export function setAlarm(at: number, ring: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const reset = () => {
    clearTimeout(timer);
    timer = setTimeout(check, Math.min(longestTimerMs, Math.max(0, at - serverNow())));
  };
  const cancel = () => {
    clearTimeout(timer);
    alarms.delete(reset);
  };
  function check() {
    if (serverNow() < at) return reset();
    cancel();
    ring();
  }
  alarms.add(reset);
  reset();
  return cancel;
}

type Subscribable = { subscribe(this: void, listener: () => void): () => void };
type Ticker = Subscribable & { tickNow: () => void };
const tickers = new Map<number, Ticker>();

/** Ticks on whole steps of the server's clock; one ticker per step length. */
function ticker(stepMs: number): Ticker {
  const existing = tickers.get(stepMs);
  if (existing) return existing;
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
  const tickNow = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    tick();
  };
  const created = { subscribe, tickNow };
  tickers.set(stepMs, created);
  return created;
}

/** Returns the server's time in milliseconds, rounded down to the step. */
export const onStep = (stepMs: number) => Math.floor((serverNow() + 5) / stepMs) * stepMs;

/** Returns the server's time in milliseconds, rounded down to the step: 1,000 for a countdown, more for slow changes. */
export const useNow = (stepMs: number): number =>
  useSyncExternalStore(ticker(stepMs).subscribe, () => onStep(stepMs));

/** Returns a value that depends on the time, and on `store` if there is one. Renders again only when it changes. `read` must be stable. */
export function useClock<Read>(stepMs: number, read: (now: number) => Read, store?: Subscribable): Read {
  const subscribe = useMemo(() => {
    const { subscribe: onTick } = ticker(stepMs);
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
