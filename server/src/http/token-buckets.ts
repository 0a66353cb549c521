import { LRUCache } from 'lru-cache';
import type { Rate } from '../config.ts';

type Bucket = { tokens: number; at: number };

/**
 * A bucket per caller: it fills evenly up to its size and each request takes one token out. Callers that were
 * not seen for long are forgotten, which is the same as a full bucket.
 */
export function createTokenBuckets(
  { tokens: size, seconds }: Rate,
  callers = 50_000,
  clock = () => performance.now(),
) {
  const buckets = new LRUCache<string, Bucket>({ max: callers });
  const perMillisecond = size / (seconds * 1000);

  /** Takes a token; otherwise answers in how many seconds there is one. */
  return function take(caller: string): number {
    const now = clock();
    const bucket = buckets.get(caller) ?? { tokens: size, at: now };
    bucket.tokens = Math.min(size, bucket.tokens + (now - bucket.at) * perMillisecond);
    bucket.at = now;
    buckets.set(caller, bucket);
    if (bucket.tokens < 1) return Math.max(0.001, (1 - bucket.tokens) / perMillisecond / 1000);
    bucket.tokens -= 1;
    return 0;
  };
}
export type TokenBuckets = ReturnType<typeof createTokenBuckets>;
