import type { CaseState } from '@slate/shared/case-state';
import type { PlacedCase } from '@slate/shared/cases';
import { minutesBetween } from '@slate/shared/time';
import type { Lane } from '../../stores/board.ts';
import { isInRoom } from '../../ui/case-look.ts';

/**
 * When a case that is under way will be over: as long as planned from when it really began, and not before now.
 */
export function predictedEnd(item: PlacedCase, now: number): number {
  const began = item.milestones.in_room ?? item.start;
  return Math.max(Date.parse(began) + minutesBetween(item.start, item.end) * 60_000, now);
}

const waiting: readonly CaseState[] = ['held', 'scheduled', 'confirmed', 'in_holding'];

/** The cases of a room that cannot begin as planned, because another will still be in it by then. */
export function casesInTheWay(lane: Lane, now: number): string[] {
  const inRoom = lane.cases.filter((item) => isInRoom(item.state));
  if (inRoom.length === 0) return [];
  const ends = Math.max(...inRoom.map((item) => predictedEnd(item, now)));
  return lane.cases
    .filter(({ state, start }) => waiting.includes(state) && Date.parse(start) < ends)
    .map(({ id }) => id);
}
