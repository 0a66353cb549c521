import { z } from 'zod';
import { addDays, firstInstantFrom, instantOf, localDate } from './time.ts';
import type { TimeRange } from './time.ts';

const hasNoDuplicates = (values: readonly number[]) => new Set(values).size === values.length;

/** Some weekdays of every n-th week, in the site's time zone. The week of `from` is the first one that counts. */
export const recurrence = z
  .strictObject({
    /** Monday = 1. */
    weekdays: z
      .array(z.int().min(1).max(7))
      .min(1, 'Choose at least one weekday.')
      .max(7)
      .refine(hasNoDuplicates, 'Each weekday can be listed only once.'),
    everyWeeks: z
      .int('Must be a whole number.')
      .min(1, 'Must be at least 1.')
      .max(52, 'Must be at most 52 weeks.'),
    from: localDate,
    /** The last day; null: without end. */
    until: localDate.nullable(),
  })
  .refine(({ from, until }) => until === null || from <= until, {
    path: ['until'],
    error: 'Must not be before the first day.',
  })
  .meta({ description: '`until` is not before `from`.' });
export type Recurrence = z.infer<typeof recurrence>;

/** Local days, both included. */
export type Days = { readonly from: string; readonly until: string };

const dayNumber = (date: string) => Date.parse(date) / 86_400_000;
/** Weeks begin on Monday; 1970-01-01 was a Thursday. */
const weekNumber = (date: string) => Math.floor((dayNumber(date) + 3) / 7);
const mondayOf = (week: number) => new Date((week * 7 - 3) * 86_400_000).toISOString().slice(0, 10);

/** The dates of a recurrence within some days, in order. */
export function datesOf({ weekdays, everyWeeks, from, until }: Recurrence, days: Days): string[] {
  const first = from > days.from ? from : days.from;
  const last = until !== null && until < days.until ? until : days.until;
  if (last < first) return [];
  const origin = weekNumber(from);
  const weeksIn = weekNumber(first) - origin;
  const dates: string[] = [];
  for (
    let week = origin + Math.ceil(weeksIn / everyWeeks) * everyWeeks;
    week <= weekNumber(last);
    week += everyWeeks
  ) {
    for (const weekday of weekdays.toSorted((a, b) => a - b)) {
      const date = addDays(mondayOf(week), weekday - 1);
      if (first <= date && date <= last) dates.push(date);
    }
  }
  return dates;
}

/** `isShifted`: a clock change skips one of the local times. */
export type LocalSpan = TimeRange & { readonly isShifted: boolean };

/**
 * The time from one local time to another on a date; an end that is not after the start is on the next day. A local time
 * that a clock change skips becomes the first moment after the gap, and one that occurs twice means the first. A span
 * that lies in the gap as a whole is moved by the length of the gap, so that it is never lost.
 */
export function spanOn(date: string, start: string, end: string, zone: string): LocalSpan {
  const endDate = end > start ? date : addDays(date, 1);
  const [from, to] = [firstInstantFrom(date, start, zone), firstInstantFrom(endDate, end, zone)];
  if (from.at < to.at) return { start: from.at, end: to.at, isShifted: from.isSkipped || to.isSkipped };
  return { start: instantOf(date, start, zone), end: instantOf(endDate, end, zone), isShifted: true };
}
