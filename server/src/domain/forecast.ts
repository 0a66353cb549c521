import type { Span } from '@slate/shared/capacity';
import { isInRoom } from '@slate/shared/case-state';
import { forecastOf } from '@slate/shared/collisions';
import type { ForecastCase, Pools } from '@slate/shared/collisions';
import { minuteOf, step } from '@slate/shared/minutes';

type Claims = ReadonlyMap<string, readonly Span[]>;

/**
 * Adds the times that late and delayed cases are expected to use to the claims: the board would mark a case there. A
 * case in the room already claims its resources. A delay grows with the clock, so one more step is kept free.
 */
export function withForecast(
  claims: Claims,
  cases: readonly ForecastCase[],
  pools: Pools,
  now: string,
): Claims {
  const used = new Map(claims);
  for (const { item, start, end } of forecastOf(cases, pools, now).expected.values()) {
    if (isInRoom(item.state)) continue;
    const { setupMinutes, cleanupMinutes } = item;
    const planned = minuteOf(item.end);
    const from = Math.floor(start / 60_000);
    const until = Math.ceil(end / 60_000) + step;
    const add = (resourceId: string, quantity: number, before = 0, after = 0) =>
      used.set(resourceId, [
        ...(used.get(resourceId) ?? []),
        { start: Math.max(planned + after, from - before), end: until + after, quantity },
      ]);
    add(item.roomId, 1, setupMinutes, cleanupMinutes);
    if (item.surgeonId !== null) add(item.surgeonId, 1);
    for (const { resourceId, quantity } of item.equipment) add(resourceId, quantity);
  }
  return used;
}
