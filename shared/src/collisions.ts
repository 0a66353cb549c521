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

/** What a case needs, the room first, and its planned time in milliseconds. */
type Plan = Range & { readonly item: PlacedCase; readonly needs: readonly string[] };

// Every change of a board needs the plans of all cases, so each case is parsed only once.
const plans = new WeakMap<PlacedCase, Plan>();
function planOf(item: PlacedCase): Plan {
  const known = plans.get(item);
  if (known) return known;
  const { roomId, surgeonId, equipment } = item;
  const plan = {
    item,
    start: Date.parse(item.start),
    end: Date.parse(item.end),
    needs: [
      roomId,
      ...(surgeonId === null ? [] : [surgeonId]),
      ...equipment.map(({ resourceId }) => resourceId),
    ],
  };
  plans.set(item, plan);
  return plan;
}
function expectedOf(plan: Plan, now: string): Range {
  if (!isInRoom(plan.item.state) && delayOf(plan.item, now) === 0) return plan;
  const { start, end } = expectedAt(plan.item, now);
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
  const keep = (plan: Plan, { start, end }: Range) => {
    if (start >= plan.start && end <= plan.end) return;
    const kept = { running: plan.item, start, end, until: new Date(end).toISOString() };
    expected.set(plan.item.id, kept);
    for (const resourceId of plan.needs) {
      const others = keptBy.get(resourceId);
      if (others) others.push(kept);
      else keptBy.set(resourceId, [kept]);
    }
  };
  const ofState = (isWanted: (state: CaseState) => boolean) =>
    cases.filter(({ state }) => isWanted(state)).map(planOf);
  for (const plan of ofState(isInRoom)) keep(plan, expectedOf(plan, now));

  const collisions: Collision[] = [];
  const inOrder = ofState((state) => waits.includes(state)).toSorted((a, b) => a.start - b.start);
  for (const plan of inOrder) {
    const { item } = plan;
    const met = new Set<Kept>();
    let range = expectedOf(plan, now);
    for (let found; (found = firstMet(plan, range, met));) {
      const { kept, resourceId } = found;
      met.add(kept);
      collisions.push({ running: kept.running, waiting: item, resourceId, until: kept.until });
      // A room is cleaned and set up first.
      const turnover = resourceId === item.roomId ? kept.running.cleanupMinutes + item.setupMinutes : 0;
      const free = kept.end + turnover * 60_000;
      if (free > range.start) range = { start: free, end: free + range.end - range.start };
    }
    // Nobody waits for a hold that may still be let go.
    if (item.state !== 'held') keep(plan, range);
  }
  return { collisions, expected };

  /** The first case not met yet that has what this one needs, at its planned or its expected time. */
  function firstMet(plan: Plan, range: Range, met: ReadonlySet<Kept>) {
    const { item } = plan;
    for (const resourceId of plan.needs) {
      for (const kept of keptBy.get(resourceId) ?? []) {
        const { running } = kept;
        if (!overlap(kept, plan) && !overlap(kept, range)) continue;
        if (running.id === item.id || met.has(kept) || !isFirst(running, item)) continue;
        if (resourceId !== item.roomId && !isShort(resourceId, running, item)) continue;
        return { kept, resourceId };
      }
    }
    return null;
  }
}

/** A case that has begun comes first; otherwise the one with the earlier planned start. */
const isFirst = (running: PlacedCase, waiting: PlacedCase) =>
  isInRoom(running.state) || running.start < waiting.start;
