import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';

/** A time in a room. */
export type Place = { roomId: string; start: string; end: string };

export const placeOnBoard = (item: Case): Place | null =>
  isPlaced(item) ? { roomId: item.roomId, start: item.start, end: item.end } : null;

export const isSamePlace = (one: Place | null | undefined, other: Place | null | undefined) =>
  one?.roomId === other?.roomId && one?.start === other?.start && one?.end === other?.end;
