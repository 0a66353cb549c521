import type { Block } from '@slate/shared/sites';
import { addMinutes, minutesBetween, overlaps } from '@slate/shared/time';
import type { TimeRange } from '@slate/shared/time';

export const minutesOfTurn = (session: Block, places: number) =>
  Math.floor(minutesBetween(session.start, session.end) / places);

/** A list has places instead of times: each place is an equal turn of the session, in order. */
export function turnsOf(session: Block, places: number): TimeRange[] {
  const minutes = minutesOfTurn(session, places);
  return Array.from({ length: places }, (_, index) => ({
    start: addMinutes(session.start, index * minutes),
    end: addMinutes(session.start, (index + 1) * minutes),
  }));
}

export const nextFreeTurn = (session: Block, places: number, taken: readonly TimeRange[]) =>
  turnsOf(session, places).find((turn) => !taken.some((range) => overlaps(range, turn)));
