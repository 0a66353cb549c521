import type { Taken } from './phrase-words.ts';

/** A time of day as somebody says it; `other` is what they may have meant instead. */
export type Clock = { readonly time: string; readonly other: string | null };

const two = (n: number) => String(n).padStart(2, '0');

function clock(hour: number, minute: number, half: string | undefined, isExact: boolean): Clock | null {
  if (minute > 59) return null;
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    return { time: `${two((hour % 12) + (half === 'p' ? 12 : 0))}:${two(minute)}`, other: null };
  }
  if (hour > 23) return null;
  // "1:15" is hardly ever the middle of the night; "01:15" is.
  if (!isExact && hour >= 1 && hour <= 6) {
    return { time: `${two(hour + 12)}:${two(minute)}`, other: `${two(hour)}:${two(minute)}` };
  }
  return { time: `${two(hour)}:${two(minute)}`, other: null };
}

const named: Readonly<Record<string, string>> = { noon: '12:00', midday: '12:00', midnight: '00:00' };
const half = /^([ap])\.?m?\.?$/;

/** `12:15`, `12.15`, `1215`, `9am`, `9 am`, `2:30pm`, `noon`; `at 9`, for which a number alone is too little. */
export function timeAt(words: readonly string[], at: number): Taken<Clock> | null {
  const word = words[at] ?? '';
  if (word === 'at' || word === '@' || word === 'from') {
    const next = timeAt(words, at + 1);
    if (next) return { ...next, words: next.words + 1 };
    const hour = /^@?(\d{1,2})$/.exec(words[at + 1] ?? '')?.[1];
    const meant = hour === undefined ? null : clock(Number(hour), 0, undefined, hour.length === 2);
    return meant && { meant, words: 2 };
  }
  const name = named[word];
  if (name !== undefined) return { meant: { time: name, other: null }, words: 1 };

  const parts =
    /^(\d{1,2})(?:[:.h](\d{2}))?([ap]\.?m?\.?)?$/.exec(word) ?? /^(\d{2})(\d{2})([ap]m?)?$/.exec(word);
  const [, hour, minute, said] = parts ?? [];
  if (hour === undefined) return null;
  const next = half.exec(words[at + 1] ?? '')?.[1];
  const which = said?.[0] ?? next;
  // A number alone may be a room or a length.
  if (minute === undefined && which === undefined) return null;
  // "1h30" is a length.
  if (word.includes('h')) return null;
  const meant = clock(Number(hour), Number(minute ?? 0), which, hour.length === 2);
  return meant && { meant, words: said === undefined && next !== undefined ? 2 : 1 };
}

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
  const said = inHours.exec(word)?.[1];
  if (said === undefined) return null;
  const [full = '0', part] = said.split(':');
  return part === undefined ? Math.round(Number(said) * 60) : Number(full) * 60 + Number(part);
};

/** `90m`, `90 min`, `1h30`, `1h 30m`, `1.5h`, `2 hours`, `for 90`, or a number that can be no room: `90`. */
export function lengthAt(words: readonly string[], at: number): Taken<number> | null {
  const word = words[at] ?? '';
  if (word === 'for') {
    const next = lengthAt(words, at + 1);
    if (next) return { ...next, words: next.words + 1 };
    const minutes = /^\d{1,4}$/.exec(words[at + 1] ?? '')?.[0];
    return minutes === undefined ? null : { meant: Number(minutes), words: 2 };
  }
  const next = words[at + 1] ?? '';
  if (/^\d/.test(word) && unit.test(next)) {
    const minutes = minutesIn(word + next);
    if (minutes !== null) return withRest(words, at, minutes, 2);
  }
  const minutes = minutesIn(word);
  if (minutes !== null) return withRest(words, at, minutes, 1);
  const alone = /^\d{2,3}$/.test(word) ? Number(word) : 0;
  return alone >= 15 && alone % 5 === 0 ? { meant: alone, words: 1 } : null;
}

/** "1h 30m", said in two words. */
function withRest(words: readonly string[], at: number, minutes: number, taken: number): Taken<number> {
  const isHours = minutes % 60 === 0 && new RegExp(`(?:${hours})$`).test(words[at + taken - 1] ?? '');
  const rest = isHours ? whole.exec(words[at + taken] ?? '')?.[1] : undefined;
  return rest === undefined
    ? { meant: minutes, words: taken }
    : { meant: minutes + Number(rest), words: taken + 1 };
}

export type Span = { readonly from: Clock; readonly to: Clock };

/** `12:15-13:45`, `9-10:30am`, `from 12:15 to 13:45`. */
export function spanAt(words: readonly string[], at: number): Taken<Span> | null {
  const [, first, last] = /^([\d:.apm]+)[-–—]([\d:.apm]+)$/.exec(words[at] ?? '') ?? [];
  if (first !== undefined && last !== undefined) {
    const to = timeAt([last], 0)?.meant ?? timeAt(['at', last], 0)?.meant;
    const from = timeAt([first], 0)?.meant ?? timeAt(['at', first], 0)?.meant;
    // "12-10" could be a date or a room.
    const isTime = /[:.apm]/.test(first + last) || (first.length === 4 && last.length === 4);
    return from && to && isTime ? { meant: { from, to }, words: 1 } : null;
  }
  const from = timeAt(words, at);
  if (!from || !/^(?:to|until|till|-|–)$/.test(words[at + from.words] ?? '')) return null;
  const to = timeAt(words, at + from.words + 1);
  return to && { meant: { from: from.meant, to: to.meant }, words: from.words + 1 + to.words };
}

/** From the one time to the other, over midnight where it must be. */
export function minutesFrom(from: string, to: string): number {
  const of = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return (of(to) - of(from) + 1440) % 1440;
}
