import type { PlacedCase } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import type { BoardView } from '../stores/board.ts';
import type { Place } from '../stores/place.ts';
import { asPlaced } from './as-placed.ts';
import { obstaclesOf, verdictOf } from './verdict.ts';
import type { Caller } from './verdict.ts';

const stepMinutes = 5;

/** Returns the next time in the same room at which the board has nothing against the case; null if it shows none. */
export function nextFree(view: BoardView, item: PlacedCase, caller: Caller): Place | null {
  const stepMs = stepMinutes * 60_000;
  const soonest = new Date(Math.ceil(Date.parse(caller.now) / stepMs) * stepMs).toISOString();
  for (let start = soonest; start < view.board.range.end; start = addMinutes(start, stepMinutes)) {
    const place = { roomId: item.roomId, start, end: addMinutes(start, item.minutes) };
    const there = asPlaced(view, item, place);
    if (obstaclesOf(view, there, caller).length > 0) continue;
    const { obstacles, cautions } = verdictOf(view, there, caller);
    if (obstacles.length + cautions.length === 0) return place;
  }
  return null;
}
