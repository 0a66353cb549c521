import type { Span } from '@slate/shared/capacity';
import { forecastOf, usesAfterPlan } from '@slate/shared/collisions';
import type { ForecastCase, Pools } from '@slate/shared/collisions';
import { step } from '@slate/shared/minutes';

type Claims = ReadonlyMap<string, readonly Span[]>;

/**
 * Adds the times that late and delayed cases are expected to use after their plan to the claims: the board would mark a
 * case there. A delay grows with the clock, so one more step is kept free.
 */
export function withForecast(
  claims: Claims,
  cases: readonly ForecastCase[],
  pools: Pools,
  now: string,
): Claims {
  const used = new Map(claims);
  for (const { resourceId, start, end, quantity } of usesAfterPlan(forecastOf(cases, pools, now), pools)) {
    const use = { start: Math.floor(start / 60_000), end: Math.ceil(end / 60_000) + step, quantity };
    used.set(resourceId, [...(used.get(resourceId) ?? []), use]);
  }
  return used;
}
