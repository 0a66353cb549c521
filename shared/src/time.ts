import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

// Instants are UTC strings of one fixed length, so comparing the strings compares the times.
// Ranges are half-open: a case that ends at 12:00 and one that starts at 12:00 do not overlap.

const earliest = '2000-01-01T00:00:00.000Z';
const latest = '2100-01-01T00:00:00.000Z';
const canonical = (value: string) => {
  const parsed = new Date(value);
  return Number.isNaN(parsed.getTime()) ? value : parsed.toISOString();
};

export const instant = z.iso
  .datetime({ offset: true, error: 'Must be a date and time with an offset, such as 2026-11-21T07:30:00Z.' })
  .overwrite(canonical)
  .refine((value) => value >= earliest && value < latest, 'Must be between the years 2000 and 2100.');

/** A local date and time without an offset, in the site's time zone. */
const localDateTimePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:00(\.0+)?)?$/;

/** A planned time: a whole minute, as an instant or as local time of the site. */
export const plannedTime = z.union(
  [
    z
      .string()
      .regex(localDateTimePattern)
      .refine((value) => isLocalDateTime(value)),
    instant.refine((value) => value.endsWith(':00.000Z'), 'Must be a whole minute.'),
  ],
  'Must be a whole minute as an instant (2026-11-21T07:30:00Z) or as local time (2026-11-21T07:30).',
);

export const localDate = z.iso
  .date('Must be a date, such as 2026-11-21.')
  .refine(
    (value) => value >= '2000-01-01' && value < '2100-01-01',
    'Must be between the years 2000 and 2100.',
  );
export const localTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'Must be a time, such as 07:30.');

export const timeZone = z
  .string()
  .min(1)
  .max(64)
  .refine((zone) => isTimeZone(zone), 'Must be a time zone, such as America/Chicago.');

export const timeRange = z.strictObject({ start: instant, end: instant });
export type TimeRange = Readonly<z.infer<typeof timeRange>>;

export const addMinutes = (at: string, minutes: number) =>
  new Date(Date.parse(at) + minutes * 60_000).toISOString();
export const minutesBetween = (start: string, end: string) => (Date.parse(end) - Date.parse(start)) / 60_000;
export const overlaps = (a: TimeRange, b: TimeRange) => a.start < b.end && b.start < a.end;
export const covers = (outer: TimeRange, inner: TimeRange) =>
  outer.start <= inner.start && inner.end <= outer.end;

export const addDays = (date: string, days: number) =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

function localDateTimeOf(date: string, time: string): Temporal.PlainDateTime {
  const day = Temporal.PlainDate.from(date);
  return time === '24:00'
    ? day.add({ days: 1 }).toPlainDateTime()
    : day.toPlainDateTime(Temporal.PlainTime.from(time));
}
const instantText = (at: Temporal.ZonedDateTime) => canonical(at.toInstant().toString());

/** The instant of a local time. A time that a clock change skips moves forward by the gap. */
export const instantOf = (date: string, time: string, zone: string): string =>
  instantText(localDateTimeOf(date, time).toZonedDateTime(zone));

/** The first instant that is not before a local time: for a time that a clock change skips, the end of the gap. */
export function firstInstantFrom(
  date: string,
  time: string,
  zone: string,
): { at: string; isSkipped: boolean } {
  const local = localDateTimeOf(date, time);
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(local)) return { at: instantText(earlier), isSkipped: false };
  const gap = earlier.getTimeZoneTransition('next');
  if (!gap) throw new Error(`${date} ${time} is missing in ${zone} without a clock change.`);
  return { at: instantText(gap), isSkipped: true };
}

/** From local midnight to local midnight: 23, 24 or 25 hours. */
export const localDay = (date: string, zone: string, days = 1): TimeRange => ({
  start: instantOf(date, '00:00', zone),
  end: instantOf(addDays(date, days), '00:00', zone),
});

export function localDateOf(at: string, zone: string): string {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** ISO weekday, Monday = 1. */
export const weekdayOf = (date: string) => Temporal.PlainDate.from(date).dayOfWeek;

export type Resolved =
  | { kind: 'instant'; at: string }
  | { kind: 'impossible' }
  | { kind: 'ambiguous'; earlier: string; later: string };

/** The instant of a planned time in a zone. A skipped time is impossible; a repeated one is ambiguous. */
export function resolvePlanned(value: string, zone: string): Resolved {
  if (!localDateTimePattern.test(value)) return { kind: 'instant', at: value };
  const local = Temporal.PlainDateTime.from(value);
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = local.toZonedDateTime(zone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds) {
    return { kind: 'instant', at: canonical(earlier.toInstant().toString()) };
  }
  // In a gap the two readings lie on either side of the local time; in an overlap both have it.
  if (!earlier.toPlainDateTime().equals(local)) return { kind: 'impossible' };
  const withOffset = (at: Temporal.ZonedDateTime) => `${value.slice(0, 16)}:00${at.offset}`;
  return { kind: 'ambiguous', earlier: withOffset(earlier), later: withOffset(later) };
}

function isTimeZone(zone: string): boolean {
  if (!zone.includes('/') && zone !== 'UTC') return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}

function isLocalDateTime(value: string): boolean {
  // Most planned times are instants: avoid an exception for each of them.
  if (!localDateTimePattern.test(value)) return false;
  try {
    Temporal.PlainDateTime.from(value, { overflow: 'reject' });
    return value >= '2000' && value < '2100';
  } catch {
    return false;
  }
}

// Times as they appear in sentences: on the clock of the site, 24 hours.

const onSiteClock = (at: string, zone: string) => Temporal.Instant.from(at).toZonedDateTimeISO(zone);
const clock = (time: Temporal.ZonedDateTime) => time.toPlainTime().toString({ smallestUnit: 'minute' });

export const timeOf = (at: string, zone: string) => clock(onSiteClock(at, zone));

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Fri, Nov 20, 07:30", for times in the near future. */
export const dayAndTimeOf = (at: string, zone: string) => {
  const time = onSiteClock(at, zone);
  return `${weekdays[time.dayOfWeek - 1]}, ${months[time.month - 1]} ${time.day}, ${clock(time)}`;
};

const dateAndTime = (time: Temporal.ZonedDateTime) => `${time.toPlainDate().toString()} ${clock(time)}`;

/** "2026-11-20 12:15–13:45"; with both dates when they differ. */
export function rangeOf(start: string, end: string, zone: string): string {
  const from = onSiteClock(start, zone);
  const to = onSiteClock(end, zone);
  const sameDay = from.toPlainDate().equals(to.toPlainDate());
  return sameDay
    ? `${from.toPlainDate().toString()} ${clock(from)}–${clock(to)}`
    : `${dateAndTime(from)} – ${dateAndTime(to)}`;
}

export const minutesOf = (count: number) => `${count} ${count === 1 ? 'minute' : 'minutes'}`;
