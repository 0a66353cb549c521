import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { forecastOf } from '@slate/shared/collisions';
import type { Collision, Forecast } from '@slate/shared/collisions';
import type { BoardView } from '../stores/board.ts';
import { usesOf } from './claims.ts';

const known = new WeakMap<BoardView, { now: number; forecast: Forecast; blocked: Map<string, string> }>();

/** Cached for a board and a moment. */
function knownIn(view: BoardView, now: number) {
  const before = known.get(view);
  if (before?.now === now) return before;
  const moment = new Date(now).toISOString();
  const forecast = forecastOf(view.board.cases.filter(isPlaced), moment, (resourceId, running, waiting) =>
    isShort(view, resourceId, running, waiting, moment),
  );
  const found = { now, forecast, blocked: blockedByRoom(forecast) };
  known.set(view, found);
  return found;
}

/** The collisions in order. */
export const collisionsOf = (view: BoardView, now: number): readonly Collision[] =>
  knownIn(view, now).forecast.collisions;

/** The end that is expected of a case that does not keep to its plan, or is delayed by one that does not; else null. */
export const expectedEnd = (view: BoardView, caseId: string, now: number): string | null =>
  knownIn(view, now).forecast.expected.get(caseId)?.until ?? null;

/** Both may have a unit of a pool, unless too many units are in use. */
function isShort(
  view: BoardView,
  resourceId: string,
  running: PlacedCase,
  waiting: PlacedCase,
  now: string,
): boolean {
  const wanted = [running, waiting].flatMap(({ equipment }) =>
    equipment.filter((need) => need.resourceId === resourceId).map(({ quantity }) => quantity),
  );
  if (wanted.length === 0) return true;
  const others = usesOf(view, resourceId, now)
    .filter(({ item }) => item?.id !== running.id && item?.id !== waiting.id)
    .filter(({ start, end }) => start <= waiting.start && waiting.start < end)
    .map(({ quantity }) => quantity);
  const inUse = [...wanted, ...others].reduce((sum, quantity) => sum + quantity, 0);
  return inUse > (view.resources.get(resourceId)?.capacity ?? 0);
}

/** The cases that cannot start as planned. */
export const blockedAt = (view: BoardView, now: number): ReadonlySet<string> =>
  new Set(collisionsOf(view, now).map(({ waiting }) => waiting.id));

/** The same for one room, as one string: cheap to compare. */
export const blockedIn = (view: BoardView, roomId: string, now: number): string =>
  knownIn(view, now).blocked.get(roomId) ?? '';

function blockedByRoom({ collisions }: Forecast): Map<string, string> {
  const waiting = new Set(collisions.map((collision) => collision.waiting));
  const byRoom = Map.groupBy(waiting, ({ roomId }) => roomId);
  return new Map([...byRoom].map(([roomId, items]) => [roomId, items.map(({ id }) => id).join()]));
}
