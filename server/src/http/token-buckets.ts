import { LRUCache } from 'lru-cache';
import type { Rate } from '../config.ts';

/**
 * A bucket per caller: it fills evenly up to its size and each request takes out what it costs, at most all of it.
 * Callers that were not seen for long are forgotten, which is the same as a full bucket.
 */
export function createTokenBuckets(
  { tokens: size, seconds }: Rate,
  callers = 50_000,
  clock = () => performance.now(),
) {
  /** When each bucket will be full again: that says how much is in it now, and a refusal changes nothing. */
  const fullAt = new LRUCache<string, number>({ max: callers });
  const perToken = (seconds * 1000) / size;

  /** Takes tokens; otherwise answers in how many seconds there are as many. */
  return function take(caller: string, cost = 1): number {
    const now = clock();
    const full = Math.max(now, fullAt.get(caller) ?? now) + Math.min(cost, size) * perToken;
    const wait = full - now - size * perToken;
    // What rounding leaves of a wait that is over is none.
    if (wait > 1e-6) return wait / 1000;
    fullAt.set(caller, full);
    return 0;
  };
}
export type TokenBuckets = ReturnType<typeof createTokenBuckets>;
