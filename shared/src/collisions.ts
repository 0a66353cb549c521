import type { CaseState } from './case-state.ts';
import { isInRoom } from './case-state.ts';
import type { PlacedCase } from './cases.ts';
import { expectedAt } from './reality.ts';
import { addMinutes, minutesBetween, overlaps } from './time.ts';
import type { TimeRange } from './time.ts';

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

export type Forecast = {
  /** Sorted by the planned start of the waiting case. */
  readonly collisions: readonly Collision[];
  /** When cases are expected that do not keep to their plan, by id. */
  readonly expected: ReadonlyMap<string, TimeRange>;
};

type Kept = { readonly running: PlacedCase; readonly expected: TimeRange };

/**
 * What is to be expected at a moment. A case that runs over or is late delays the cases that need what it has; these start
 * when that is free, and delay others in turn.
 */
export function forecastOf(cases: readonly PlacedCase[], now: string, isShort: IsShort): Forecast {
  const expectedOf = new Map<string, TimeRange>();
  // Indexed by resource, because most cases need nothing that is occupied.
  const keptBy = new Map<string, Kept[]>();
  const keep = (running: PlacedCase, expected: TimeRange) => {
    if (expected.start >= running.start && expected.end <= running.end) return;
    expectedOf.set(running.id, expected);
    for (const resourceId of needsOf(running)) {
      const kept = keptBy.get(resourceId);
      if (kept) kept.push({ running, expected });
      else keptBy.set(resourceId, [{ running, expected }]);
    }
  };
  for (const item of cases) if (isInRoom(item.state)) keep(item, expectedAt(item, now));

  const collisions: Collision[] = [];
  const waiting = cases.filter(({ state }) => waits.includes(state)).toSorted(byStart);
  for (const item of waiting) {
    const met = new Set<string>();
    let expected = expectedAt(item, now);
    for (let found; (found = firstCollision(item, expected, met));) {
      met.add(found.running.id);
      collisions.push(found);
      expected = after(found, expected);
    }
    // Nobody waits for a hold that may still be let go.
    if (item.state !== 'held') keep(item, expected);
  }
  return { collisions, expected: expectedOf };

  /** The first case not met yet that has what this one needs, at its planned or its expected time. */
  function firstCollision(item: PlacedCase, range: TimeRange, met: ReadonlySet<string>): Collision | null {
    for (const resourceId of needsOf(item)) {
      for (const { running, expected } of keptBy.get(resourceId) ?? []) {
        if (running.id === item.id || met.has(running.id) || !isFirst(running, item)) continue;
        if (!overlaps(expected, item) && !overlaps(expected, range)) continue;
        if (resourceId !== item.roomId && !isShort(resourceId, running, item)) continue;
        return { running, waiting: item, resourceId, until: expected.end };
      }
    }
    return null;
  }
}

const byStart = (a: PlacedCase, b: PlacedCase) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0);

/** As expected, but not before the resource is free; a room is cleaned and set up first. */
function after({ running, waiting, resourceId, until }: Collision, { start, end }: TimeRange): TimeRange {
  const turnover = resourceId === waiting.roomId ? running.cleanupMinutes + waiting.setupMinutes : 0;
  const free = addMinutes(until, turnover);
  return free > start ? { start: free, end: addMinutes(free, minutesBetween(start, end)) } : { start, end };
}

/** A case that has begun comes first; otherwise the one with the earlier planned start. */
const isFirst = (running: PlacedCase, waiting: PlacedCase) =>
  isInRoom(running.state) || running.start < waiting.start;

/** The resources of a case, the room first. */
const needsOf = ({ roomId, surgeonId, equipment }: PlacedCase): string[] => [
  roomId,
  ...(surgeonId === null ? [] : [surgeonId]),
  ...equipment.map(({ resourceId }) => resourceId),
];
