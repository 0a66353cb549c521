import type { TimeRange } from '@slate/shared/time';

/** Dates, times and lengths in the site's zone, wherever the workstation is. */

export const locale = 'en-US';

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Caches formatters, because creating one costs more than all its formatting. */
function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const cached = formatters.get(key);
  if (cached) return cached;
  const created = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  formatters.set(key, created);
  return created;
}
const format = (at: string, zone: string, options: Intl.DateTimeFormatOptions) =>
  formatter(zone, options).format(new Date(at));

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
const quarters = new Map<string, Map<number, readonly [hour: string, minute: number]>>();

/**
 * Returns `07:30`. A board shows a thousand times within a few hundred quarter-hours, so each quarter-hour is formatted
 * once. The offset of every zone is a multiple of a quarter-hour.
 */
export function timeOf(at: string, zone: string): string {
  const ms = Date.parse(at);
  const quarter = Math.floor(ms / quarterMs);
  const cached = quarters.get(zone) ?? new Map<number, readonly [hour: string, minute: number]>();
  quarters.set(zone, cached);
  let begins = cached.get(quarter);
  if (!begins) {
    const [hour = '', minute] = format(new Date(quarter * quarterMs).toISOString(), zone, clock).split(':');
    begins = [hour, Number(minute)];
    if (cached.size > 5_000) cached.clear();
    cached.set(quarter, begins);
  }
  const [hour, minute] = begins;
  return `${hour}:${String(minute + Math.floor((ms - quarter * quarterMs) / minuteMs)).padStart(2, '0')}`;
}
/** Returns `07:30:12`. */
export const timeWithSeconds = (at: string, zone: string) =>
  format(at, zone, { ...clock, second: '2-digit' });
/** Returns `12:15–13:45`. */
export const rangeOf = (start: string, end: string, zone: string) =>
  `${timeOf(start, zone)}–${timeOf(end, zone)}`;
/** Returns `Fri, Nov 20`. */
export const dayOf = (at: string, zone: string) =>
  format(at, zone, { weekday: 'short', month: 'short', day: 'numeric' });
/** Returns `Fri, Nov 20, 07:30`. */
export const dayAndTimeOf = (at: string, zone: string) => `${dayOf(at, zone)}, ${timeOf(at, zone)}`;
/** Returns `Fri, Nov 20, 12:15–13:45`. */
export const dayAndRangeOf = ({ start, end }: TimeRange, zone: string) =>
  `${dayOf(start, zone)}, ${rangeOf(start, end, zone)}`;
/** Returns `Nov 20, 2026, 07:30`, for times that may be long ago. */
export const dateAndTimeOf = (at: string, zone: string) =>
  `${format(at, zone, { month: 'short', day: 'numeric', year: 'numeric' })}, ${timeOf(at, zone)}`;
/** Returns `15:00`; with the day if it differs from the day of `from`. */
export const untilOf = (from: string, zone: string) => (at: string) =>
  dayOf(at, zone) === dayOf(from, zone) ? timeOf(at, zone) : dayAndTimeOf(at, zone);
/** Returns `CST`. */
export const zoneName = (at: string, zone: string) =>
  formatter(zone, { timeZoneName: 'short' })
    .formatToParts(new Date(at))
    .find(({ type }) => type === 'timeZoneName')?.value ?? zone;

/** Returns `Fri, Nov 20, 2026` for a date without a zone. */
export const dateWords = (date: string) =>
  format(`${date}T00:00:00Z`, 'UTC', { weekday: 'short', month: 'short', day: 'numeric', year: 'numeric' });
/** Returns `Fri, Nov 20`. */
export const dayWords = (date: string) =>
  format(`${date}T00:00:00Z`, 'UTC', { weekday: 'short', month: 'short', day: 'numeric' });
/** Returns `Fri 20`. */
export const shortDate = (date: string) =>
  format(`${date}T00:00:00Z`, 'UTC', { weekday: 'short', day: 'numeric' });

/** Returns `4:48` or `1:02:05`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const tail = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** The error for an invalid time. */
export const wrongTime = 'Enter the time like 12:15.';

/** Returns `90 min`. */
export const minutesShort = (minutes: number) => `${minutes} min`;
/** Returns `20 min`, `7 h` or `1 h 30 min`. */
export function hoursShort(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return minutesShort(rest);
  return rest === 0 ? `${hours} h` : `${hours} h ${minutesShort(rest)}`;
}
/** Returns `1 hour 30 minutes`, for screen readers. */
export function duration(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), Math.round(minutes % 60)];
  if (hours === 0) return counted(rest, 'minute');
  return rest === 0 ? counted(hours, 'hour') : `${counted(hours, 'hour')} ${counted(rest, 'minute')}`;
}
/** Returns `4 minutes 48 seconds`: a countdown for screen readers. */
export function spokenCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return counted(seconds, 'second');
  return `${counted(minutes, 'minute')} ${counted(seconds % 60, 'second')}`;
}
