import { draftCase } from '@slate/shared/case-draft';
import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Resource } from '@slate/shared/resources';
import { minutesBetween } from '@slate/shared/time';
import type { BoardView } from '../stores/board.ts';

type Place = { roomId: string; start: string; end: string };

/** The case as it would be if it stood there: it keeps its place on a list for as long as it stays within it. */
export function asPlaced(item: Case, place: Place): PlacedCase {
  const { list } = item;
  const isOnList =
    list !== null && item.roomId === place.roomId && list.start <= place.start && place.start < list.end;
  return {
    ...item,
    ...place,
    state: item.state === 'depot' ? 'held' : item.state,
    minutes: minutesBetween(place.start, place.end),
    list: isOnList ? list : null,
    // Whatever it was when it was held: this hold has not begun.
    expiresAt: item.state === 'depot' ? null : item.expiresAt,
    overrideReason: null,
  };
}

/** A new hold of which nothing has been said yet, but perhaps for whom. */
export function newHold(view: BoardView, place: Place, surgeon: Resource | null = null): PlacedCase {
  const { settings } = view.board.site;
  const room = view.resources.get(place.roomId) ?? null;
  return {
    ...draftCase(
      { minutes: minutesBetween(place.start, place.end), surgeonId: surgeon?.id },
      { procedure: null, room, surgeon, settings },
    ),
    ...place,
    state: 'held',
    id: '',
    number: 0,
    createdBy: '',
  };
}
