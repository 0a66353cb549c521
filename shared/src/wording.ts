import { Temporal } from 'temporal-polyfill';

// How times are said in the sentences of the rules: on the clock of the site, 24 hours, no guessing.

const at = (instant: string, zone: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
const clock = (time: Temporal.ZonedDateTime) => time.toPlainTime().toString({ smallestUnit: 'minute' });

export const timeOf = (instant: string, zone: string) => clock(at(instant, zone));

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Fri, Nov 20, 07:30": of what lies near, as people there say it. */
export const dayAndTimeOf = (instant: string, zone: string) => {
  const time = at(instant, zone);
  return `${days[time.dayOfWeek - 1]}, ${months[time.month - 1]} ${time.day}, ${clock(time)}`;
};

const dateAndTime = (time: Temporal.ZonedDateTime) => `${time.toPlainDate().toString()} ${clock(time)}`;

/** "12:15–13:45", or with its days when it is not all on one. */
export function rangeOf(start: string, end: string, zone: string): string {
  const from = at(start, zone);
  const to = at(end, zone);
  const sameDay = from.toPlainDate().equals(to.toPlainDate());
  return sameDay
    ? `${from.toPlainDate().toString()} ${clock(from)}–${clock(to)}`
    : `${dateAndTime(from)} – ${dateAndTime(to)}`;
}

export const minutesOf = (count: number) => `${count} ${count === 1 ? 'minute' : 'minutes'}`;
