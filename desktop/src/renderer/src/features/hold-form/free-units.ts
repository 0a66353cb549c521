import type { Board } from '@slate/shared/board';
import { bedRange, claimsOf, isPlaced } from '@slate/shared/cases';
import type { Case, Claim } from '@slate/shared/cases';
import type { Resource } from '@slate/shared/resources';
import { overlaps } from '@slate/shared/time';

type Owned = Claim & { readonly owner: string };
const known = new WeakMap<Board['cases'], ReadonlyMap<string, readonly Owned[]>>();

/** Whatever is claimed on the board, by resource: once for each state of its cases. */
function claimed({ cases, site }: Board): ReadonlyMap<string, readonly Owned[]> {
  const before = known.get(cases);
  if (before) return before;
  const claims = cases.flatMap((item) =>
    claimsOf(item, site.timeZone).map((claim) => ({ ...claim, owner: item.id })),
  );
  const made = Map.groupBy(claims, ({ resourceId }) => resourceId);
  known.set(cases, made);
  return made;
}

/** How many of a pool are free throughout the time of a case, which does not count itself; null: it has no time. */
export function freeUnits(board: Board, pool: Resource, item: Case): number | null {
  if (!isPlaced(item)) return null;
  const range = pool.kind === 'bed' ? bedRange(item.start, item.bed?.nights ?? 1, board.site.timeZone) : item;
  const inWay = [
    ...(claimed(board).get(pool.id) ?? []).filter(({ owner }) => owner !== item.id),
    ...board.closures.filter(({ resourceId }) => resourceId === pool.id),
  ].filter((claim) => overlaps(claim, range));
  // What is in use only rises where something begins.
  const moments = [range.start, ...inWay.map(({ start }) => start).filter((start) => start > range.start)];
  const peak = Math.max(
    ...moments.map((at) =>
      inWay.reduce((sum, { start, end, quantity }) => sum + (start <= at && at < end ? quantity : 0), 0),
    ),
  );
  return pool.capacity - peak;
}
