import { LRUCache } from 'lru-cache';
import type { Config, Rate } from './config.ts';
import { Refusal } from './domain/refusal.ts';

/**
 * Takes the cost of a request from the caller's token bucket. Resolves to 0, or to the seconds until the bucket has
 * enough; then it takes nothing. Rejects when the limit cannot be checked.
 */
export type TakeTokens = (caller: string, cost?: number) => Promise<number>;

/** Takes tokens, or refuses until there are enough. */
export async function charge(take: TakeTokens, caller: string, cost = 1): Promise<void> {
  const seconds = Math.ceil(await take(caller, cost));
  if (seconds === 0) return;
  throw new Refusal('rate_limited', `Too many requests. Wait ${seconds} s, then try again.`, {
    retryAfter: seconds,
  });
}

type Report = (error: unknown) => void;

/** Allows the request when the limit cannot be checked: no console stops working because a limit is down. */
export const failOpen =
  (take: TakeTokens, report: Report): TakeTokens =>
  (caller, cost) =>
    take(caller, cost).catch((error: unknown) => {
      report(error);
      return 0;
    });

/** Refuses the request when the limit cannot be checked: for requests that nothing else limits. */
export const failClosed =
  (take: TakeTokens, report: Report): TakeTokens =>
  (caller, cost) =>
    take(caller, cost).catch((error: unknown) => {
      report(error);
      throw new Refusal('unavailable', 'This isn’t available right now. Try again in a minute.', {
        retryAfter: 60,
      });
    });

/** Every limit of the server, in buckets that `create` makes. */
export function createLimits(config: Config, create: (rate: Rate) => TakeTokens, report: Report) {
  const open = (rate: Rate) => failOpen(create(rate), report);
  return {
    global: open(config.LIMIT_GLOBAL),
    read: open(config.LIMIT_READ),
    booking: open(config.LIMIT_BOOKING),
    follow: open(config.LIMIT_FOLLOW),
    signIn: open(config.LIMIT_AUTH),
    register: failClosed(create(config.LIMIT_REGISTER), report),
  };
}

/**
 * Token buckets in memory, one per caller. A bucket refills evenly up to its size. A request that costs more than
 * the size takes the whole bucket. Forgetting the callers not seen for longest is the same as filling their buckets.
 */
export function createTokenBuckets(
  { tokens: size, seconds }: Rate,
  callers = 50_000,
  clock = () => performance.now(),
): TakeTokens {
  /** When each bucket will be full again, which says how much is in it now. A refusal does not change it. */
  const fullAt = new LRUCache<string, number>({ max: callers });
  const perToken = (seconds * 1000) / size;

  return function take(caller, cost = 1) {
    const now = clock();
    const full = Math.max(now, fullAt.get(caller) ?? now) + Math.min(cost, size) * perToken;
    const wait = full - now - size * perToken;
    // Ignore a wait that is only a rounding error.
    if (wait > 1e-6) return Promise.resolve(wait / 1000);
    fullAt.set(caller, full);
    return Promise.resolve(0);
  };
}
