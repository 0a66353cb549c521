import type { DayWithout, Opening } from '@slate/shared/contract/reads';
import { Load } from '@slate/shared/capacity';
import { intersect, step } from '@slate/shared/minutes';
import type { Starts } from '@slate/shared/minutes';
import type { Calendar } from './calendar.ts';
import { neededBy, roomsFor, startsIn } from './gaps.ts';
import type { DayStarts, Gap, Hours, Needs, Schedule } from './gaps.ts';

type Obstacle = DayWithout['obstacles'][number];
type Search = {
  readonly calendar: Calendar;
  readonly days: readonly DayStarts[];
  readonly gaps: readonly Gap[];
  readonly hours: Hours;
  readonly blocks: readonly Opening['block'][];
};

/**
 * Explains why requested days have no opening: the needs that are not free at any time of the day, or else the single
 * obstacles without which the case would fit.
 */
export function daysWithout(schedule: Schedule, needs: Needs, search: Search): DayWithout[] {
  const { calendar, days, gaps, hours, blocks } = search;
  const windows = gaps.flatMap((gap) => gap.windows);
  const fits = new Set(windows.map(({ day }) => day));
  const offered = new Set(windows.filter(({ block }) => blocks.includes(block)).map(({ day }) => day));
  const empty = calendar.days
    .map(({ date, weekday }, day) => ({ date, weekday, day }))
    .filter(({ weekday, day }) => !offered.has(day) && (hours.weekdays?.includes(weekday) ?? true));
  if (empty.length === 0) return [];

  const isDoable = roomsFor(schedule, needs).length > 0;
  const needed = [
    { why: 'room' as const, resourceId: null, starts: roomStarts(schedule, needs) },
    ...neededBy(schedule, needs, days),
  ];
  return empty.map(({ date, day }) => {
    const requested = days.filter((each) => each.day === day);
    if (!isDoable) return { date, obstacles: [general('capability')] };
    if (requested.length === 0) return { date, obstacles: [general('over')] };
    if (fits.has(day)) return { date, obstacles: [general('block')] };
    const neverFree = needed.filter(({ starts }) => intersect(requested, starts).length === 0);
    if (neverFree.length > 0) return { date, obstacles: neverFree.map(obstacleOf(true)) };
    const decisive = needed.filter(
      (one) =>
        needed
          .filter((other) => other !== one)
          .reduce<Starts[]>((left, { starts }) => intersect(left, starts), requested).length > 0,
    );
    return { date, obstacles: decisive.length > 0 ? decisive.map(obstacleOf(false)) : [general('together')] };
  });
}

const general = (why: Obstacle['why']): Obstacle => ({ why, resourceId: null, isAllDay: true });
const obstacleOf =
  (isAllDay: boolean) =>
  ({ why, resourceId }: Pick<Obstacle, 'why' | 'resourceId'>): Obstacle => ({ why, resourceId, isAllDay });

/** The starts at which any suitable room is free for long enough. */
function roomStarts(schedule: Schedule, needs: Needs): Starts[] {
  const all = roomsFor(schedule, needs)
    .flatMap((room) => {
      const free = new Load(room.capacity, schedule.claims.get(room.id) ?? []).gaps(1);
      return startsIn(free, needs.minutes, needs.turnoverIn(room));
    })
    .toSorted((a, b) => a.first - b.first);
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of all) {
    const before = merged.at(-1);
    if (before && first <= before.last + step) before.last = Math.max(before.last, last);
    else merged.push({ first, last });
  }
  return merged;
}
