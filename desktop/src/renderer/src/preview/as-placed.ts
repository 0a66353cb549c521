import { draftCase, turnoverAfterMove } from '@slate/shared/case-draft';
import type { Details } from '@slate/shared/case-draft';
import { stretchOf } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { covers, minutesBetween } from '@slate/shared/time';
import type { BoardView } from '../stores/board.ts';
import type { Place } from '../stores/place.ts';

/**
 * Returns the case as it would be at that place, with the usual setup and cleanup of its room. It stays on its list if all of it
 * is within the session.
 */
export function asPlaced(view: BoardView | null, before: Case, place: Place): PlacedCase {
  const item =
    view && before.roomId !== place.roomId ? { ...before, ...turnoverIn(view, before, place) } : before;
  const { list } = item;
  const isOnList =
    list !== null && item.roomId === place.roomId && covers(list, stretchOf({ ...item, ...place }));
  return {
    ...item,
    ...place,
    state: item.state === 'depot' ? 'held' : item.state,
    minutes: minutesBetween(place.start, place.end),
    list: isOnList ? list : null,
    // The new hold has not started.
    expiresAt: item.state === 'depot' ? null : item.expiresAt,
    overrideReason: null,
    overrideReasonCode: null,
  };
}

function turnoverIn(view: BoardView, item: Case, place: Place) {
  const { procedures, site } = view.board;
  const roomOf = (id: string | null) => view.resources.get(id ?? '') ?? null;
  return turnoverAfterMove(item, {
    from: roomOf(item.roomId),
    to: roomOf(place.roomId),
    procedure: procedures.find(({ id }) => id === item.procedureId) ?? null,
    settings: site.settings,
  });
}

/** Returns a new hold at that place, with the details known so far. */
export function newHold(view: BoardView, place: Place, details: Details = {}): PlacedCase {
  const { procedures, site } = view.board;
  const procedure = procedures.find(({ id }) => id === details.procedureId) ?? null;
  const [room, surgeon] = [place.roomId, details.surgeonId].map((id) => view.resources.get(id ?? '') ?? null);
  return {
    ...draftCase(
      { ...details, minutes: minutesBetween(place.start, place.end) },
      { procedure, room: room ?? null, surgeon: surgeon ?? null, settings: site.settings },
    ),
    ...place,
    state: 'held',
    id: '',
    number: 0,
    createdBy: '',
  };
}
