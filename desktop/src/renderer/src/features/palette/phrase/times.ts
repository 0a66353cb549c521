import { dayTime } from '@slate/shared/contract/reads';
import { addDays } from '@slate/shared/time';
import type { Match } from './words.ts';

/** A time of day as typed; `other` is its other possible meaning. */
export type Clock = { readonly time: string; readonly other: string | null };

const pad = (n: number) => String(n).padStart(2, '0');

function clock(hour: number, minute: number, half: string | undefined, isExact: boolean): Clock | null {
  if (minute > 59) return null;
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    return { time: `${pad((hour % 12) + (half === 'p' ? 12 : 0))}:${pad(minute)}`, other: null };
  }
  if (hour > 23) return null;
  // "1:15" usually means the afternoon; "01:15" means the night.
  if (!isExact && hour >= 1 && hour <= 6) {
    return { time: `${pad(hour + 12)}:${pad(minute)}`, other: `${pad(hour)}:${pad(minute)}` };
  }
  return { time: `${pad(hour)}:${pad(minute)}`, other: null };
}

const named: Readonly<Record<string, string>> = { noon: '12:00', midday: '12:00', midnight: '00:00' };
const half = /^([ap])\.?m?\.?$/;

/** Matches `12:15`, `12.15`, `1215`, `9am`, `9 am`, `2:30pm`, `noon`, `at 9`; not a number alone. */
export function timeAt(words: readonly string[], at: number): Match<Clock> | null {
  const word = words[at] ?? '';
  if (word === 'at' || word === '@' || word === 'from') {
    const next = timeAt(words, at + 1);
    if (next) return { ...next, words: next.words + 1 };
    const hour = /^@?(\d{1,2})$/.exec(words[at + 1] ?? '')?.[1];
    const meaning = hour === undefined ? null : clock(Number(hour), 0, undefined, hour.length === 2);
    return meaning && { meaning, words: 2 };
  }
  const name = named[word];
  if (name !== undefined) return { meaning: { time: name, other: null }, words: 1 };

  const parts =
    /^(\d{1,2})(?:[:.h](\d{2}))?([ap]\.?m?\.?)?$/.exec(word) ??
    /^(\d{2})(\d{2})([ap]m?)?$/.exec(word) ??
    // "930" is a time: no one types 930 minutes. "120" is a length.
    /^([6-9])([0-5]\d)([ap]m?)?$/.exec(word) ??
    /^(\d)(\d{2})([ap]m?)$/.exec(word);
  const [, hour, minute, suffix] = parts ?? [];
  if (hour === undefined) return null;
  const next = half.exec(words[at + 1] ?? '')?.[1];
  const which = suffix?.[0] ?? next;
  // A number alone may be a room or a length.
  if (minute === undefined && which === undefined) return null;
  // "1h30" is a length.
  if (word.includes('h')) return null;
  const meaning = clock(Number(hour), Number(minute ?? 0), which, hour.length === 2);
  return meaning && { meaning, words: suffix === undefined && next !== undefined ? 2 : 1 };
}

/** Matches an hour next to a day: the "8" in "tomorrow 8". */
export function hourAt(word: string): Match<Clock> | null {
  const hour = /^\d{1,2}$/.exec(word)?.[0];
  const meaning = hour === undefined ? null : clock(Number(hour), 0, undefined, hour.length === 2);
  return meaning && { meaning, words: 1 };
}

/** Matches "4pm", or only an hour, after a word that must be followed by a time. */
function timeOrHourAt(words: readonly string[], at: number): Match<Clock> | null {
  const time = timeAt(words, at);
  if (time) return time;
  return unit.test(words[at + 1] ?? '') ? null : hourAt(words[at] ?? '');
}

/** Matches "until 4pm" without a start. */
export function untilAt(words: readonly string[], at: number): Match<Clock> | null {
  if (!/^(?:until|till|til)$/.test(words[at] ?? '')) return null;
  const to = timeOrHourAt(words, at + 1);
  return to && { meaning: to.meaning, words: to.words + 1 };
}

/** The earliest start and latest end, as times of day; null: no bound. */
export type TimeWindow = { readonly from: string | null; readonly to: string | null };

/** Returns the times of a window. A missing bound becomes the start or end of the day. */
export const timesWithin = ({ from, to }: TimeWindow) => ({
  from: from ?? dayTime.from,
  to: to ?? (from !== null && from < dayTime.to ? dayTime.to : '24:00'),
});

const partsOfDay: Readonly<Record<string, TimeWindow>> = {
  morning: { from: '06:00', to: '12:00' },
  am: { from: '06:00', to: '12:00' },
  afternoon: { from: '12:00', to: '18:00' },
  pm: { from: '12:00', to: '18:00' },
  evening: { from: '17:00', to: '23:00' },
  tonight: { from: '18:00', to: null },
};

/** Matches "after 2pm", "before noon", "in the morning". */
export function windowAt(words: readonly string[], at: number): Match<TimeWindow> | null {
  const word = words[at] ?? '';
  const part = partsOfDay[word];
  if (part) return { meaning: part, words: 1 };
  if (word !== 'after' && word !== 'before' && word !== 'by') return null;
  // "By 20" is a length.
  const bound = word === 'by' ? timeAt(words, at + 1) : timeOrHourAt(words, at + 1);
  if (!bound) return null;
  const { time } = bound.meaning;
  return {
    meaning: word === 'after' ? { from: time, to: null } : { from: null, to: time },
    words: bound.words + 1,
  };
}

/** Matches "in 30 min" and "in an hour", from now, rounded up to five minutes. */
export function relativeTimeAt(
  words: readonly string[],
  at: number,
  { today, time }: { today: string; time: string },
): Match<{ date: string; time: string }> | null {
  if (words[at] !== 'in') return null;
  const isOne = words[at + 1] === 'an' || words[at + 1] === 'a';
  const length = isOne ? lengthAt(['1', words[at + 2] ?? ''], 0) : lengthAt(words, at + 1);
  if (!length) return null;
  const due = Math.ceil((minutesIn24(time) + length.meaning) / 5) * 5;
  return {
    meaning: { date: addDays(today, Math.floor(due / 1440)), time: timeOfDay(due % 1440) },
    words: length.words + 1,
  };
}
const minutesIn24 = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const timeOfDay = (minutes: number) => `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;

const units = 'm|min|mins|minute|minutes';
const hours = 'h|hr|hrs|hour|hours';
const whole = new RegExp(`^(\\d{1,4})(?:${units})$`);
const inHours = new RegExp(`^(\\d{1,2}(?:[.]\\d{1,2})?|\\d{1,2}:\\d{2})(?:${hours})$`);
const mixed = new RegExp(`^(\\d{1,2})(?:${hours})(\\d{1,2})(?:${units})?$`);
const unit = new RegExp(`^(?:${units}|${hours})$`);

const minutesIn = (word: string): number | null => {
  const minutes = whole.exec(word)?.[1];
  if (minutes !== undefined) return Number(minutes);
  const [, hour, rest] = mixed.exec(word) ?? [];
  if (hour !== undefined) return Number(hour) * 60 + Number(rest);
  const length = inHours.exec(word)?.[1];
  if (length === undefined) return null;
  const [full = '0', part] = length.split(':');
  return part === undefined ? Math.round(Number(length) * 60) : Number(full) * 60 + Number(part);
};

/** Matches `90m`, `90 min`, `1h30`, `1h 30m`, `1.5h`, `2 hours`, `for 90`, or a number that cannot be a room: `90`. */
export function lengthAt(words: readonly string[], at: number): Match<number> | null {
  const word = words[at] ?? '';
  if (word === 'for') {
    const next = lengthAt(words, at + 1);
    if (next) return { ...next, words: next.words + 1 };
    const minutes = /^\d{1,4}$/.exec(words[at + 1] ?? '')?.[0];
    return minutes === undefined ? null : { meaning: Number(minutes), words: 2 };
  }
  const next = words[at + 1] ?? '';
  if (/^\d/.test(word) && unit.test(next)) {
    const minutes = minutesIn(word + next);
    if (minutes !== null) return withRest(words, at, minutes, 2);
  }
  const minutes = minutesIn(word);
  if (minutes !== null) return withRest(words, at, minutes, 1);
  if (/^(?:an?)$/.test(word) && /^h(?:ou)?r$/.test(next)) return { meaning: 60, words: 2 };
  if (word === 'half' && next === 'an' && words[at + 2] === 'hour') return { meaning: 30, words: 3 };
  const alone = /^\d{2,3}$/.test(word) ? Number(word) : 0;
  return alone >= 15 && alone % 5 === 0 ? { meaning: alone, words: 1 } : null;
}

/** Adds the minutes of "1h 30m", which is two words. */
function withRest(words: readonly string[], at: number, minutes: number, count: number): Match<number> {
  const isHours = minutes % 60 === 0 && new RegExp(`(?:${hours})$`).test(words[at + count - 1] ?? '');
  const rest = isHours ? whole.exec(words[at + count] ?? '')?.[1] : undefined;
  return rest === undefined
    ? { meaning: minutes, words: count }
    : { meaning: minutes + Number(rest), words: count + 1 };
}

export type Span = { readonly from: Clock; readonly to: Clock };

/** Matches `12:15-13:45`, `9-10:30am`, `from 12:15 to 13:45`. */
export function spanAt(words: readonly string[], at: number): Match<Span> | null {
  const [, first, last] = /^([\d:.apm]+)[-–—]([\d:.apm]+)$/.exec(words[at] ?? '') ?? [];
  if (first !== undefined && last !== undefined) {
    const to = timeAt([last], 0)?.meaning ?? timeAt(['at', last], 0)?.meaning;
    const from = timeAt([first], 0)?.meaning ?? timeAt(['at', first], 0)?.meaning;
    // "12-10" could be a date or a room.
    const isTime = /[:.apm]/.test(first + last) || (first.length === 4 && last.length === 4);
    return from && to && isTime ? { meaning: { from, to }, words: 1 } : null;
  }
  const from = timeAt(words, at);
  if (!from || !/^(?:to|until|till|-|–)$/.test(words[at + from.words] ?? '')) return null;
  const to = timeAt(words, at + from.words + 1);
  return to && { meaning: { from: from.meaning, to: to.meaning }, words: from.words + 1 + to.words };
}

/** Returns the minutes from one time to the other, past midnight if needed. */
export function minutesFrom(from: string, to: string): number {
  return (minutesIn24(to) - minutesIn24(from) + 1440) % 1440;
}
