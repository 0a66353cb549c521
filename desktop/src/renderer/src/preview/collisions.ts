import type { CaseState } from '@slate/shared/case-state';
import type { PlacedCase } from '@slate/shared/cases';
import type { BoardView, Lane } from '../stores/board.ts';
import { isInRoom } from '../ui/case-look.ts';
import { usesOf } from './claims.ts';
import { predictedEnd } from './predicted-end.ts';

/** A case that runs over keeps what another, in whichever room, needs by then. */
export type Collision = {
  readonly running: PlacedCase;
  readonly waiting: PlacedCase;
  /** What both need. */
  readonly resourceId: string;
  /** When it will be free, in milliseconds. */
  readonly until: number;
};

type Known = { now: number; collisions: readonly Collision[] };
const known = new WeakMap<BoardView, Known>();

const waits: readonly CaseState[] = ['held', 'scheduled', 'confirmed', 'in_holding'];

type Running = { running: PlacedCase; planned: number; predicted: number };
type Turns = { running: readonly Running[]; waiting: readonly PlacedCase[] };
const turns = new WeakMap<Lane, Turns>();

/** Whose turn it is in a room, and who comes after; worked out once for as long as nothing in it changes. */
function turnsOf(lane: Lane): Turns {
  const before = turns.get(lane);
  if (before) return before;
  const found = {
    running: lane.cases
      .filter(({ state }) => isInRoom(state))
      .map((running) => ({
        running,
        planned: Date.parse(running.end),
        predicted: predictedEnd(running, -Infinity),
      })),
    waiting: lane.cases.filter(({ state }) => waits.includes(state)),
  };
  turns.set(lane, found);
  return found;
}

/** What collides, in order; worked out once for a board and a moment. */
export function collisionsOf(view: BoardView, now: number): readonly Collision[] {
  const before = known.get(view);
  if (before?.now === now) return before.collisions;
  const lanes = [...view.lanes.values()].map(turnsOf);
  const late = lanes
    .flatMap((lane) => lane.running)
    .map(({ running, planned, predicted }) => ({ running, planned, until: Math.max(predicted, now) }))
    .filter(({ planned, until }) => until > planned)
    .map((each) => ({ ...each, freeAt: new Date(each.until).toISOString() }));
  const keeping = Map.groupBy(
    late.flatMap((each) => needsOf(each.running).map((resourceId) => ({ ...each, resourceId }))),
    ({ resourceId }) => resourceId,
  );
  // Most of a day begins after all of them are over.
  const last = late.reduce((latest, { freeAt }) => (freeAt > latest ? freeAt : latest), '');
  const collisions = lanes
    .flatMap((lane) => lane.waiting)
    .filter(({ start }) => start < last)
    .flatMap((waiting) => {
      const met = needsOf(waiting)
        .flatMap((resourceId) => keeping.get(resourceId) ?? [])
        .filter(({ running, freeAt }) => waiting.start < freeAt && waiting.end > running.start)
        .filter(({ running, resourceId }) => isShort(view, resourceId, running, waiting));
      return met
        .filter(({ running }, nth) => met.findIndex((each) => each.running === running) === nth)
        .map(({ running, resourceId, until }) => ({ running, waiting, resourceId, until }));
    })
    .toSorted((a, b) => (a.waiting.start < b.waiting.start ? -1 : 1));
  known.set(view, { now, collisions });
  return collisions;
}

/** What a case keeps from others, the room before all else. */
const needsOf = ({ roomId, surgeonId, equipment }: PlacedCase): string[] => [
  roomId,
  ...(surgeonId === null ? [] : [surgeonId]),
  ...equipment.map(({ resourceId }) => resourceId),
];

/** Of a pool both may have a unit, unless too many others have one. */
function isShort(view: BoardView, resourceId: string, running: PlacedCase, waiting: PlacedCase): boolean {
  const wanted = [running, waiting].flatMap(({ equipment }) =>
    equipment.filter((need) => need.resourceId === resourceId).map(({ quantity }) => quantity),
  );
  if (wanted.length === 0) return true;
  const others = usesOf(view, resourceId)
    .filter(({ item }) => item?.id !== running.id && item?.id !== waiting.id)
    .filter(({ start, end }) => start <= waiting.start && waiting.start < end)
    .map(({ quantity }) => quantity);
  const inUse = [...wanted, ...others].reduce((sum, quantity) => sum + quantity, 0);
  return inUse > (view.resources.get(resourceId)?.capacity ?? 0);
}

/** The cases of a room that cannot begin as planned: one text, so that it is easily seen to be the same. */
export const blockedIn = (view: BoardView, roomId: string, now: number): string =>
  collisionsOf(view, now)
    .flatMap(({ waiting }) => (waiting.roomId === roomId ? [waiting.id] : []))
    .join();
