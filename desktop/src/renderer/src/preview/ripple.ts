import { mayFrom } from '@slate/shared/case-state';
import type { PlacedCase } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import type { BoardView } from '../stores/board.ts';
import { asPlaced } from './as-placed.ts';

/** A case that starts later: `item` before, `after` the delay. */
export type DelayedCase = { readonly item: PlacedCase; readonly after: PlacedCase };

/**
 * Returns the cases that a delay of this one moves: itself, and every later case that waits for the same room or surgeon,
 * each as early as possible. A room is free after its cleanup, and ready after the setup.
 */
export function rippleOf(view: BoardView, first: PlacedCase, minutes: number): DelayedCase[] {
  const freeAt = new Map<string, string>();
  const after = [...view.lanes.values()]
    .flatMap(({ cases }) => cases)
    .filter(({ id, start, state }) => id !== first.id && start >= first.start && mayFrom('move', state))
    .toSorted((a, b) => (a.start < b.start ? -1 : 1));
  return [first, ...after].flatMap((item) => {
    const room = freeAt.get(item.roomId);
    const earliest = [
      item === first ? addMinutes(item.start, minutes) : item.start,
      room === undefined ? '' : addMinutes(room, item.setupMinutes),
      (item.surgeonId !== null && freeAt.get(item.surgeonId)) || '',
    ].reduce((latest, at) => (at > latest ? at : latest));
    if (earliest === item.start) return [];
    const end = addMinutes(earliest, item.minutes);
    freeAt.set(item.roomId, addMinutes(end, item.cleanupMinutes));
    if (item.surgeonId !== null) freeAt.set(item.surgeonId, end);
    return [{ item, after: asPlaced(view, item, { roomId: item.roomId, start: earliest, end }) }];
  });
}
