import type { CaseState } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { predictedEnd } from './predicted-end.ts';
import type { BoardView } from '../stores/board.ts';
import { isInRoom } from '../ui/case-look.ts';
import { usesOf } from './claims.ts';

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

/** What collides, in order; worked out once for a board and a moment. */
export function collisionsOf(view: BoardView, now: number): readonly Collision[] {
  const before = known.get(view);
  if (before?.now === now) return before.collisions;
  const late = view.board.cases
    .filter(({ state }) => isInRoom(state))
    .filter(isPlaced)
    .map((running) => ({ running, until: predictedEnd(running, now) }))
    .filter(({ running, until }) => until > Date.parse(running.end))
    .map((each) => ({ ...each, freeAt: new Date(each.until).toISOString() }));
  // Most of a day begins after all of them are over.
  const last = late.reduce((latest, { freeAt }) => (freeAt > latest ? freeAt : latest), '');
  const waiting = view.board.cases
    .filter(({ start, state }) => start !== null && start < last && waits.includes(state))
    .filter(isPlaced);
  const collisions = late
    .flatMap(({ running, until, freeAt }) =>
      waiting
        .filter(({ start, end }) => start < freeAt && end > running.start)
        .flatMap((item) => {
          const resourceId = sharedBy(view, running, item);
          return resourceId === null ? [] : [{ running, waiting: item, resourceId, until }];
        }),
    )
    .toSorted((a, b) => (a.waiting.start < b.waiting.start ? -1 : 1));
  known.set(view, { now, collisions });
  return collisions;
}

/** What one of them keeps from the other; of a pool only when there is no other unit left. */
function sharedBy(view: BoardView, running: PlacedCase, waiting: PlacedCase): string | null {
  if (running.roomId === waiting.roomId) return running.roomId;
  if (running.surgeonId !== null && running.surgeonId === waiting.surgeonId) return running.surgeonId;
  const short = waiting.equipment.find(({ resourceId, quantity }) => {
    const kept = running.equipment.find((need) => need.resourceId === resourceId);
    const capacity = view.resources.get(resourceId)?.capacity ?? 0;
    const others = usesOf(view, resourceId).filter(
      ({ item, start, end }) =>
        item?.id !== running.id && item?.id !== waiting.id && start <= waiting.start && waiting.start < end,
    );
    const inUse = others.reduce((sum, use) => sum + use.quantity, 0);
    return kept !== undefined && inUse + kept.quantity + quantity > capacity;
  });
  return short?.resourceId ?? null;
}

/** The cases of a room that cannot begin as planned: one text, so that it is easily seen to be the same. */
export const blockedIn = (view: BoardView, roomId: string, now: number): string =>
  collisionsOf(view, now)
    .flatMap(({ waiting }) => (waiting.roomId === roomId ? [waiting.id] : []))
    .join();
