import type { CaseState } from './case-state.ts';
import { isInRoom } from './case-state.ts';
import type { PlacedCase } from './cases.ts';
import type { Range } from './minutes.ts';
import { delayOf, expectedAt } from './reality.ts';

/** A case that runs at another time than planned occupies a resource that another case needs, in any room. */
export type Collision = {
  readonly running: PlacedCase;
  readonly waiting: PlacedCase;
  /** The resource that both need. */
  readonly resourceId: string;
  /** When the resource is expected to be free. */
  readonly until: string;
};

const waits: readonly CaseState[] = ['held', 'scheduled', 'confirmed', 'in_holding'];

/** Whether the pool has too little for both. */
export type IsShort = (resourceId: string, running: PlacedCase, waiting: PlacedCase) => boolean;

/** A case that does not keep to its plan, and when it is expected, in milliseconds. */
type Kept = {
  readonly running: PlacedCase;
  readonly start: number;
  readonly end: number;
  readonly until: string;
};

export type Forecast = {
  /** Sorted by the planned start of the waiting case. */
  readonly collisions: readonly Collision[];
  /** When cases are expected that do not keep to their plan, by id. */
  readonly expected: ReadonlyMap<string, Kept>;
};

// Every change of a board asks for this, so times are parsed once per case and compared as numbers.
const parsed = new WeakMap<PlacedCase, Range>();
function plannedOf(item: PlacedCase): Range {
  const known = parsed.get(item);
  if (known) return known;
  const range = { start: Date.parse(item.start), end: Date.parse(item.end) };
  parsed.set(item, range);
  return range;
}
function expectedOf(item: PlacedCase, now: string): Range {
  if (!isInRoom(item.state) && delayOf(item, now) === 0) return plannedOf(item);
  const { start, end } = expectedAt(item, now);
  return { start: Date.parse(start), end: Date.parse(end) };
}
const overlap = (a: Range, b: Range) => a.start < b.end && b.start < a.end;

/**
 * What is to be expected at a moment. A case that runs over or is late delays the cases that need what it has; these start
 * when that is free, and delay others in turn.
 */
export function forecastOf(cases: readonly PlacedCase[], now: string, isShort: IsShort): Forecast {
  const expected = new Map<string, Kept>();
  // Indexed by resource, because most cases need nothing that is occupied.
  const keptBy = new Map<string, Kept[]>();
  const keep = (running: PlacedCase, { start, end }: Range) => {
    const planned = plannedOf(running);
    if (start >= planned.start && end <= planned.end) return;
    const kept = { running, start, end, until: new Date(end).toISOString() };
    expected.set(running.id, kept);
    for (const resourceId of needsOf(running)) {
      const others = keptBy.get(resourceId);
      if (others) others.push(kept);
      else keptBy.set(resourceId, [kept]);
    }
  };
  for (const item of cases) if (isInRoom(item.state)) keep(item, expectedOf(item, now));

  const collisions: Collision[] = [];
  for (const item of cases.filter(({ state }) => waits.includes(state)).toSorted(byStart)) {
    const met = new Set<Kept>();
    let range = expectedOf(item, now);
    for (let found; (found = firstMet(item, range, met));) {
      const { kept, resourceId } = found;
      met.add(kept);
      collisions.push({ running: kept.running, waiting: item, resourceId, until: kept.until });
      // A room is cleaned and set up first.
      const turnover = resourceId === item.roomId ? kept.running.cleanupMinutes + item.setupMinutes : 0;
      const free = kept.end + turnover * 60_000;
      if (free > range.start) range = { start: free, end: free + range.end - range.start };
    }
    // Nobody waits for a hold that may still be let go.
    if (item.state !== 'held') keep(item, range);
  }
  return { collisions, expected };

  /** The first case not met yet that has what this one needs, at its planned or its expected time. */
  function firstMet(item: PlacedCase, range: Range, met: ReadonlySet<Kept>) {
    const planned = plannedOf(item);
    for (const resourceId of needsOf(item)) {
      for (const kept of keptBy.get(resourceId) ?? []) {
        const { running } = kept;
        if (!overlap(kept, planned) && !overlap(kept, range)) continue;
        if (running.id === item.id || met.has(kept) || !isFirst(running, item)) continue;
        if (resourceId !== item.roomId && !isShort(resourceId, running, item)) continue;
        return { kept, resourceId };
      }
    }
    return null;
  }
}

const byStart = (a: PlacedCase, b: PlacedCase) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0);

/** A case that has begun comes first; otherwise the one with the earlier planned start. */
const isFirst = (running: PlacedCase, waiting: PlacedCase) =>
  isInRoom(running.state) || running.start < waiting.start;

/** The resources of a case, the room first. */
const needsOf = ({ roomId, surgeonId, equipment }: PlacedCase): string[] => [
  roomId,
  ...(surgeonId === null ? [] : [surgeonId]),
  ...equipment.map(({ resourceId }) => resourceId),
];
