import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Place } from './command.ts';

/** Where a case stands, as the commands that place one want it said: a place on a list is one of its block. */
export function placementOf(item: Case, place: Place | null = null) {
  if (place) return { roomId: place.roomId, start: place.start };
  const { list, roomId, start } = item;
  if (list) return { blockId: list.blockId, ...(start !== null && { start }) };
  return { ...(roomId !== null && { roomId }), ...(start !== null && { start }) };
}

export const placeOnBoard = (item: Case): Place | null =>
  isPlaced(item) ? { roomId: item.roomId, start: item.start, end: item.end } : null;
