import { Load } from './capacity.ts';
import type { Span } from './capacity.ts';
import type { CaseState } from './case-state.ts';
import { isInRoom } from './case-state.ts';
import type { PlacedCase } from './cases.ts';
import type { Range } from './minutes.ts';
import { noHandling } from './resources.ts';
import type { Handling } from './resources.ts';
import { delayOf, expectedAt, longestWait } from './reality.ts';

/** A case as far as the forecast needs it. */
export type ForecastCase = Pick<
  PlacedCase,
  | 'id'
  | 'state'
  | 'roomId'
  | 'surgeonId'
  | 'equipment'
  | 'start'
  | 'end'
  | 'setupMinutes'
  | 'cleanupMinutes'
  | 'milestones'
>;

/** A case that runs at another time than planned occupies a resource that another case needs, in any room. */
export type Collision<Item> = {
  readonly running: Item;
  readonly waiting: Item;
  /** The resource that both need. */
  readonly resourceId: string;
  /** When the resource is expected to be free. */
  readonly until: string;
};

/** Equipment pools by id, with their closures in milliseconds. */
export type Pools = ReadonlyMap<
  string,
  Handling & { readonly capacity: number; readonly closed: readonly Span[] }
>;

/** A case that does not keep to its plan, and when it is expected, in milliseconds. */
type Deviation<Item> = Range & { readonly item: Item; readonly until: string };

export type Forecast<Item> = {
  /** Sorted by the planned start of the waiting case. */
  readonly collisions: readonly Collision<Item>[];
  /** When cases are expected that do not keep to their plan, by id. */
  readonly expected: ReadonlyMap<string, Deviation<Item>>;
};

const waits: readonly CaseState[] = ['held', 'scheduled', 'confirmed', 'in_holding'];
/** A case that is planned for later is never expected at another time. */
const reach = 24 * 3_600_000;

/** The resources that a case needs, the room first, and its planned time in milliseconds. */
type Plan = Range & { readonly needs: readonly string[] };

// Every change of a board needs the plans of all cases, so each case is parsed only once.
const plans = new WeakMap<ForecastCase, Plan>();
function planOf(item: ForecastCase): Plan {
  const cached = plans.get(item);
  if (cached) return cached;
  const { roomId, surgeonId, equipment } = item;
  const plan = {
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
function expectedOf(item: ForecastCase, plan: Plan, now: string): Range {
  if (!isInRoom(item.state) && delayOf(item, now) === 0) return plan;
  const { start, end } = expectedAt(item, now);
  return { start: Date.parse(start), end: Date.parse(end) };
}
const common = (a: Range, b: Range): Range => ({
  start: Math.max(a.start, b.start),
  end: Math.min(a.end, b.end),
});
/** A time of use with the transport before and the reprocessing after it. */
const handled = ({ start, end }: Range, { transportMinutes, reprocessMinutes }: Handling): Range => ({
  start: start - transportMinutes * 60_000,
  end: end + reprocessMinutes * 60_000,
});
const overlap = (a: Range, b: Range) => a.start < b.end && b.start < a.end;

/**
 * Forecasts the cases at a moment. A case that runs over or is late delays the cases that need its resources; these
 * start when the resource is free, and delay others in turn. A case in the room comes first, then the one with the
 * earlier planned start.
 */
export function forecastOf<Item extends ForecastCase>(
  cases: readonly Item[],
  pools: Pools,
  now: string,
): Forecast<Item> {
  const expected = new Map<string, Deviation<Item>>();
  // Indexed by resource, because most cases need nothing that is occupied.
  const deviationsBy = new Map<string, Deviation<Item>[]>();
  const usesBy = new Map<string, Span[]>();
  const handlingOf = (resourceId: string): Handling => pools.get(resourceId) ?? noHandling;
  const use = (item: Item, range: Range) => {
    for (const { resourceId, quantity } of item.equipment)
      push(usesBy, resourceId, { ...handled(range, handlingOf(resourceId)), quantity });
  };
  const place = (item: Item, plan: Plan, range: Range) => {
    use(item, range);
    const { start, end } = range;
    if (start >= plan.start && end <= plan.end) return;
    const deviation = { item, start, end, until: new Date(end).toISOString() };
    expected.set(item.id, deviation);
    for (const resourceId of plan.needs) push(deviationsBy, resourceId, deviation);
  };
  for (const item of cases) {
    if (!isInRoom(item.state)) continue;
    const plan = planOf(item);
    place(item, plan, expectedOf(item, plan, now));
  }

  const collisions: Collision<Item>[] = [];
  const last = Date.parse(now) + reach;
  const inOrder = cases
    .filter((item) => waits.includes(item.state) && planOf(item).start < last)
    .toSorted((a, b) => planOf(a).start - planOf(b).start || (a.id < b.id ? -1 : 1));
  for (const item of inOrder) {
    const plan = planOf(item);
    const counted = new Set<Deviation<Item>>();
    let range = expectedOf(item, plan, now);
    for (let found; (found = firstMet(item, plan, range, counted));) {
      const { deviation, resourceId } = found;
      counted.add(deviation);
      const { transportMinutes, reprocessMinutes } = handlingOf(resourceId);
      const ready = deviation.end + reprocessMinutes * 60_000;
      const until = new Date(ready).toISOString();
      collisions.push({ running: deviation.item, waiting: item, resourceId, until });
      // A room is cleaned and set up first, and equipment is brought.
      const isRoom = resourceId === item.roomId;
      const more = isRoom ? deviation.item.cleanupMinutes + item.setupMinutes : transportMinutes;
      const free = ready + more * 60_000;
      if (free > range.start) range = { start: free, end: free + range.end - range.start };
    }
    // A hold may still be released, so nothing waits for it.
    const isExpected = item.state !== 'held' && range.start - plan.start <= longestWait * 60_000;
    place(item, plan, isExpected ? range : plan);
  }
  return { collisions, expected };

  /** Finds the first case not met yet that uses a resource of this one, at its planned or its expected time. */
  function firstMet(item: Item, plan: Plan, range: Range, counted: ReadonlySet<Deviation<Item>>) {
    for (const resourceId of plan.needs) {
      const handling = handlingOf(resourceId);
      const wanted = [plan, range].map((each) => handled(each, handling));
      for (const deviation of deviationsBy.get(resourceId) ?? []) {
        if (counted.has(deviation)) continue;
        const occupied = handled(deviation, handling);
        const times = wanted.filter((each) => overlap(occupied, each)).map((each) => common(occupied, each));
        if (times.length > 0 && isShort(item, resourceId, times)) return { deviation, resourceId };
      }
    }
    return null;
  }

  /** Whether the cases before this one leave too little of a resource. Several cases may each use a unit of a pool. */
  function isShort({ equipment }: Item, resourceId: string, times: readonly Range[]): boolean {
    const need = equipment.find((each) => each.resourceId === resourceId);
    if (!need) return true;
    const { capacity, closed } = pools.get(resourceId) ?? { capacity: 0, closed: [] };
    const isThen = (range: Range) => times.some((each) => overlap(range, each));
    const uses = [...closed.filter(isThen), ...(usesBy.get(resourceId) ?? []).filter(isThen)];
    const total = uses.reduce((sum, { quantity }) => sum + quantity, need.quantity);
    if (total <= capacity) return false;
    const load = new Load(capacity, uses);
    return times.some((each) => !load.fits(each, need.quantity));
  }
}

/** Returns the expected uses by cases that have not begun, after their plan. No claim covers these until they begin. */
export function usesAfterPlan<Item extends ForecastCase>({ expected }: Forecast<Item>, pools: Pools) {
  return [...expected.values()].flatMap(({ item, start, end }) => {
    if (isInRoom(item.state)) return [];
    const planned = planOf(item).end;
    const during = { item, start: Math.max(planned, start), end };
    const [setup, cleanup] = [item.setupMinutes * 60_000, item.cleanupMinutes * 60_000];
    const inRoom = { start: Math.max(planned + cleanup, start - setup), end: end + cleanup };
    return [
      { ...during, ...inRoom, resourceId: item.roomId, quantity: 1 },
      ...(item.surgeonId === null ? [] : [{ ...during, resourceId: item.surgeonId, quantity: 1 }]),
      ...item.equipment.map((need) => {
        const handling = pools.get(need.resourceId) ?? noHandling;
        const claimed = planned + handling.reprocessMinutes * 60_000;
        const expectedUse = handled({ start, end }, handling);
        return { ...during, ...expectedUse, start: Math.max(claimed, expectedUse.start), ...need };
      }),
    ];
  });
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value) {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
