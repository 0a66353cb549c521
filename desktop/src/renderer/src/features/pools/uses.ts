import { isClaiming } from '@slate/shared/case-state';
import { claimsWithHandling } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Resource } from '@slate/shared/resources';
import type { Closure } from '@slate/shared/sites';

/** A use of part of a pool by a case or a closure. Times in milliseconds. */
export type PoolUse = {
  readonly start: number;
  readonly end: number;
  readonly quantity: number;
  readonly item: Case | null;
  readonly closure: Closure | null;
};

/** A time range during which the uses do not change. */
export type Stretch = {
  readonly start: number;
  readonly end: number;
  readonly used: number;
  uses: PoolUse[];
};

/** Whether a case may use the pool. Computing claims of all cases would be slow, because nights need a calendar. */
const mayUse = ({ equipment, bed }: Case, resourceId: string) =>
  bed?.resourceId === resourceId || equipment.some((need) => need.resourceId === resourceId);

export function poolUses(
  pool: Pick<Resource, 'id' | 'kind' | 'attributes'>,
  {
    cases,
    closures,
    zone,
    now,
  }: { cases: readonly Case[]; closures: readonly Closure[]; zone: string; now: string },
): PoolUse[] {
  const resourceId = pool.id;
  const byCases = cases
    .filter((item) => isClaiming(item.state) && mayUse(item, resourceId))
    .flatMap((item) =>
      claimsWithHandling(item, zone, (id) => (id === pool.id ? pool : undefined), now)
        .filter((claim) => claim.resourceId === resourceId)
        .map(({ start, end, quantity }) => ({ start, end, quantity, item, closure: null })),
    );
  const byClosures = closures
    .filter((closure) => closure.resourceId === resourceId)
    .map((closure) => ({ ...closure, item: null, closure }));
  return [...byCases, ...byClosures].map(({ start, end, quantity, item, closure }) => ({
    start: Date.parse(start),
    end: Date.parse(end),
    quantity,
    item,
    closure,
  }));
}

/** Cuts the range where a use starts or ends. Leaves out unused stretches. */
export function stretchesOf(uses: readonly PoolUse[], range: { start: number; end: number }): Stretch[] {
  const within = uses.filter(({ start, end }) => start < range.end && end > range.start);
  const cuts = [
    ...new Set(within.flatMap(({ start, end }) => [Math.max(start, range.start), Math.min(end, range.end)])),
  ].toSorted((a, b) => a - b);
  return cuts.flatMap((start, at) => {
    const end = cuts[at + 1];
    if (end === undefined) return [];
    const here = within.filter((use) => use.start <= start && use.end > start);
    if (here.length === 0) return [];
    return [{ start, end, used: here.reduce((sum, { quantity }) => sum + quantity, 0), uses: here }];
  });
}

/** Returns the fullest stretch; undefined if nothing is in use. */
export const fullest = (stretches: readonly Stretch[]): Stretch | undefined =>
  stretches.reduce<Stretch | undefined>(
    (most, each) => (most === undefined || each.used > most.used ? each : most),
    undefined,
  );
