import { draftCase } from '@slate/shared/case-draft';
import type { Details } from '@slate/shared/case-draft';
import { stretchOf } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { covers, minutesBetween } from '@slate/shared/time';
import type { BoardView } from '../stores/board.ts';
import type { Place } from '../stores/place.ts';

/** The case as it would be if it stood there: it keeps its place on a list while all of it stays within the session. */
export function asPlaced(item: Case, place: Place): PlacedCase {
  const { list } = item;
  const isOnList =
    list !== null && item.roomId === place.roomId && covers(list, stretchOf({ ...item, ...place }));
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

/** A new hold, with what has been said of it so far. */
export function newHold(view: BoardView, place: Place, said: Details = {}): PlacedCase {
  const { procedures, site } = view.board;
  const procedure = procedures.find(({ id }) => id === said.procedureId) ?? null;
  const [room, surgeon] = [place.roomId, said.surgeonId].map((id) => view.resources.get(id ?? '') ?? null);
  return {
    ...draftCase(
      { ...said, minutes: minutesBetween(place.start, place.end) },
      { procedure, room: room ?? null, surgeon: surgeon ?? null, settings: site.settings },
    ),
    ...place,
    state: 'held',
    id: '',
    number: 0,
    createdBy: '',
  };
}
