import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { localDateOf } from '@slate/shared/time';
import { dayAndTimeOf, rangeOf, timeOf } from '../words/time.ts';
import { nameOf } from './board.ts';
import { viewStore, zoneNow } from './view.ts';

/** A time in a room. */
export type Place = { roomId: string; start: string; end: string };

export const placeOnBoard = (item: Case): Place | null =>
  isPlaced(item) ? { roomId: item.roomId, start: item.start, end: item.end } : null;

export const isSamePlace = (one: Place | null | undefined, other: Place | null | undefined) =>
  one?.roomId === other?.roomId && one?.start === other?.start && one?.end === other?.end;

type Start = Pick<Place, 'roomId' | 'start'>;

const isOnShownDay = (at: string) => localDateOf(at, zoneNow()) === viewStore.getState().date;

/** Returns `OR 07 13:10`; with the day if another day is shown. */
export const placeWords = ({ roomId, start }: Start) =>
  `${nameOf(roomId)} ${isOnShownDay(start) ? timeOf(start, zoneNow()) : dayAndTimeOf(start, zoneNow())}`;

/** Returns `OR 07 13:10–14:40`. */
export const rangeWords = ({ roomId, start, end }: Place) =>
  isOnShownDay(start) ? `${nameOf(roomId)} ${rangeOf(start, end, zoneNow())}` : placeWords({ roomId, start });
