import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { isInRoom } from '@slate/shared/case-state';
import { forecastOf, usesAfterPlan } from '@slate/shared/collisions';
import type { Collision, Forecast, Pools } from '@slate/shared/collisions';
import { expectedAt } from '@slate/shared/reality';
import type { TimeRange } from '@slate/shared/time';
import type { BoardView } from '../stores/board.ts';
import type { Use } from '../words/placing.ts';

type Known = { now: number; forecast: Forecast<PlacedCase>; blocked: Map<string, string> };
const known = new WeakMap<BoardView, Known>();

/** Cached for a board and a moment. */
function knownIn(view: BoardView, now: number) {
  const before = known.get(view);
  if (before?.now === now) return before;
  const cases = view.board.cases.filter(isPlaced);
  const forecast = forecastOf(cases, poolsOf(view), new Date(now).toISOString());
  const found = { now, forecast, blocked: blockedByRoom(forecast) };
  known.set(view, found);
  return found;
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
      .map(({ id, capacity }) => [id, { capacity, closed: (closed.get(id) ?? []).map(spanOf) }]),
  );
}

/** The collisions in order. */
export const collisionsOf = (view: BoardView, now: number): readonly Collision<PlacedCase>[] =>
  knownIn(view, now).forecast.collisions;

/** The end that is expected of a case that does not keep to its plan, or is delayed by one that does not; else null. */
export const expectedEnd = (view: BoardView, caseId: string, now: number): string | null =>
  knownIn(view, now).forecast.expected.get(caseId)?.until ?? null;

/** When a case is expected, also if another one delays it. */
export function expectedTime(view: BoardView, item: PlacedCase, now: number): TimeRange {
  const kept = knownIn(view, now).forecast.expected.get(item.id);
  if (kept) return { start: new Date(kept.start).toISOString(), end: kept.until };
  return expectedAt(item, new Date(now).toISOString());
}

/** What late and delayed cases are expected to use of a resource after their plan, as if they claimed it. */
export const expectedUses = (view: BoardView, resourceId: string, now: number): readonly Use[] =>
  usesAfterPlan(knownIn(view, now).forecast)
    .filter((use) => use.resourceId === resourceId)
    .map(({ start, end, ...use }) => ({
      ...use,
      start: new Date(start).toISOString(),
      end: new Date(end).toISOString(),
      closure: null,
      busyId: null,
    }));

/** The late and delayed cases that this one would wait for, wherever it is on the board now. */
export function waitsAt(view: BoardView, item: PlacedCase, now: string): readonly Collision<PlacedCase>[] {
  const others = view.board.cases.filter(isPlaced).filter(({ id }) => id !== item.id);
  return forecastOf([...others, item], poolsOf(view), now).collisions.filter(
    ({ running, waiting }) => waiting.id === item.id && !isInRoom(running.state),
  );
}

/** The cases that cannot start as planned. */
export const blockedAt = (view: BoardView, now: number): ReadonlySet<string> =>
  new Set(collisionsOf(view, now).map(({ waiting }) => waiting.id));

/** The same for one room, as one string: cheap to compare. */
export const blockedIn = (view: BoardView, roomId: string, now: number): string =>
  knownIn(view, now).blocked.get(roomId) ?? '';

function blockedByRoom({ collisions }: Forecast<PlacedCase>): Map<string, string> {
  const waiting = new Set(collisions.map((collision) => collision.waiting));
  const byRoom = Map.groupBy(waiting, ({ roomId }) => roomId);
  return new Map([...byRoom].map(([roomId, items]) => [roomId, items.map(({ id }) => id).join()]));
}
