import type { Resource } from './resources.ts';
import { addDays, instantOf, weekdayOf } from './time.ts';
import type { TimeRange } from './time.ts';

const cache = new Map<string, string>();

/** Cached: many rooms have the same hours, and time zones are slow. */
function instantIn(date: string, time: string, zone: string): string {
  const key = `${date} ${time} ${zone}`;
  let instant = cache.get(key);
  if (instant === undefined) {
    if (cache.size > 5_000) cache.clear();
    instant = instantOf(date, time, zone);
    cache.set(key, instant);
  }
  return instant;
}

/** When the room is closed in these days, in order; never if it has no hours. */
export function closedHours(room: Resource, date: string, days: number, zone: string): TimeRange[] {
  const { hours } = room.attributes;
  if (!hours?.length) return [];
  const open = Array.from({ length: days }, (_, index) => addDays(date, index))
    .flatMap((day) => {
      const weekday = weekdayOf(day);
      return hours
        .filter((each) => each.days.includes(weekday))
        .map((each) => ({ start: instantIn(day, each.open, zone), end: instantIn(day, each.close, zone) }));
    })
    .toSorted((a, b) => (a.start < b.start ? -1 : 1));
  const closed: TimeRange[] = [];
  let from = instantIn(date, '00:00', zone);
  for (const { start, end } of open) {
    if (start > from) closed.push({ start: from, end: start });
    if (end > from) from = end;
  }
  const last = instantIn(addDays(date, days), '00:00', zone);
  if (last > from) closed.push({ start: from, end: last });
  return closed;
}
