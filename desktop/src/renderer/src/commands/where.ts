import type { Place } from '../stores/place.ts';
import { nameOf } from '../stores/board.ts';
import { viewStore, zoneNow } from '../stores/view.ts';
import { localDateOf } from '@slate/shared/time';
import { dayAndTimeOf, rangeOf, timeOf } from '../words/time.ts';

type Start = Pick<Place, 'roomId' | 'start'>;

const isOnShownDay = (at: string) => localDateOf(at, zoneNow()) === viewStore.getState().date;

/** OR 07 13:10; with its day, when that is not the one that is looked at. */
export const placeWords = ({ roomId, start }: Start) =>
  `${nameOf(roomId)} ${isOnShownDay(start) ? timeOf(start, zoneNow()) : dayAndTimeOf(start, zoneNow())}`;

/** OR 07 13:10–14:40 */
export const rangeWords = ({ roomId, start, end }: Place) =>
  isOnShownDay(start) ? `${nameOf(roomId)} ${rangeOf(start, end, zoneNow())}` : placeWords({ roomId, start });
