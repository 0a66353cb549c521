import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { isInRoom } from '@slate/shared/case-state';
import { forecastOf, usesAfterPlan } from '@slate/shared/collisions';
import type { Collision, Forecast, Pools } from '@slate/shared/collisions';
import { expectedAt, shownIn } from '@slate/shared/reality';
import { handlingOf } from '@slate/shared/resources';
import type { TimeRange } from '@slate/shared/time';
import { boardStore } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { onStep } from '../stores/clock.ts';
import type { Use } from '../words/placing.ts';

type Cached = { now: number; forecast: Forecast<PlacedCase>; blocked: Map<string, string> };
const cache = new WeakMap<BoardView, Cached>();

/** Returns the forecast of a board at a moment, cached. */
function cachedFor(view: BoardView, now: number) {
  const before = cache.get(view);
  if (before?.now === now) return before;
  const cases = view.board.cases.filter(isPlaced);
  const forecast = forecastOf(cases, poolsOf(view), new Date(now).toISOString());
  const cached = { now, forecast, blocked: blockedByRoom(forecast) };
  cache.set(view, cached);
  return cached;
}

function poolsOf({ board }: BoardView): Pools {
  const closed = Map.groupBy(board.closures, ({ resourceId }) => resourceId);
  const spanOf = ({ start, end, quantity }: BoardView['board']['closures'][number]) => ({
    start: Date.parse(start),
    end: Date.parse(end),
    quantity,
  });
  return new Map(
    board.resources
      .filter(({ kind }) => kind === 'equipment')
      .map((pool) => [
        pool.id,
        { ...handlingOf(pool), capacity: pool.capacity, closed: (closed.get(pool.id) ?? []).map(spanOf) },
      ]),
  );
}

/** Returns the collisions in order. */
export const collisionsOf = (view: BoardView, now: number): readonly Collision<PlacedCase>[] =>
  cachedFor(view, now).forecast.collisions;

/** Returns the expected end of a case that differs from its plan or that another case delays; otherwise null. */
export const expectedEnd = (view: BoardView, caseId: string, now: number): string | null =>
  cachedFor(view, now).forecast.expected.get(caseId)?.until ?? null;

/** Returns the expected time of a case, including delays by other cases. */
export function expectedTime(view: BoardView, item: PlacedCase, now: number): TimeRange {
  const expected = cachedFor(view, now).forecast.expected.get(item.id);
  if (expected) return { start: new Date(expected.start).toISOString(), end: expected.until };
  return expectedAt(item, new Date(now).toISOString());
}

/** Returns when a case is shown on these days; null if it is not on them (RE9). */
export const shownTime = (
  view: BoardView,
  item: PlacedCase,
  now: number,
  days: TimeRange = view.board.range,
): TimeRange | null => shownIn(days, item, () => expectedTime(view, item, now), new Date(now).toISOString());

const isShown = (view: BoardView, item: Case) =>
  !isPlaced(item) || shownTime(view, item, onStep(15_000)) !== null;

/** Returns the cases that are shown on the days of the board now, and those of the depot. */
export const shownCases = (view: BoardView): Case[] =>
  [...view.cases.values()].filter((item) => isShown(view, item));

/** Returns a case if it is one of these. The board also has cases that may still run into its days. */
export function shownCase(caseId: string): Case | undefined {
  const { view } = boardStore.getState();
  const item = view?.cases.get(caseId);
  return view && item && isShown(view, item) ? item : undefined;
}

/** Returns the uses of a resource by late and delayed cases after their plan, as if they claimed it. */
export const expectedUses = (view: BoardView, resourceId: string, now: number): readonly Use[] =>
  usesAfterPlan(cachedFor(view, now).forecast, poolsOf(view))
    .filter((use) => use.resourceId === resourceId)
    .map(({ start, end, ...use }) => ({
      ...use,
      start: new Date(start).toISOString(),
      end: new Date(end).toISOString(),
      closure: null,
      busyId: null,
    }));

/** Returns the collisions in which this case would wait for a late or delayed one, wherever it is on the board now. */
export function waitsAt(view: BoardView, item: PlacedCase, now: string): readonly Collision<PlacedCase>[] {
  const others = view.board.cases.filter(isPlaced).filter(({ id }) => id !== item.id);
  return forecastOf([...others, item], poolsOf(view), now).collisions.filter(
    ({ running, waiting }) => waiting.id === item.id && !isInRoom(running.state),
  );
}

/** Returns the ids of cases that cannot start as planned. */
export const blockedAt = (view: BoardView, now: number): ReadonlySet<string> =>
  new Set(collisionsOf(view, now).map(({ waiting }) => waiting.id));

/** Returns the same for one room, as a string, which is cheap to compare. */
export const blockedIn = (view: BoardView, roomId: string, now: number): string =>
  cachedFor(view, now).blocked.get(roomId) ?? '';

function blockedByRoom({ collisions }: Forecast<PlacedCase>): Map<string, string> {
  const waiting = new Set(collisions.map((collision) => collision.waiting));
  const byRoom = Map.groupBy(waiting, ({ roomId }) => roomId);
  return new Map([...byRoom].map(([roomId, items]) => [roomId, items.map(({ id }) => id).join()]));
}
