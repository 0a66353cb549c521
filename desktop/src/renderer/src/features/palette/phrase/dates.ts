import { addDays, localDate, weekdayOf } from '@slate/shared/time';
import type { Match } from './words.ts';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const relative: Readonly<Record<string, number>> = {
  today: 0,
  tomorrow: 1,
  tmrw: 1,
  tmr: 1,
  tom: 1,
  yesterday: -1,
};

/** Used to correct misspelled words. */
export const dateWords: readonly string[] = [...weekdays, ...months, ...Object.keys(relative)];

/** Returns the number, from 1, of the name that starts with the word; 0 if none, or if the word is shorter than three letters. */
const numberIn = (names: readonly string[], word: string) =>
  word.length < 3 ? 0 : names.findIndex((name) => name.startsWith(word.replace(/\.$/, ''))) + 1;

const dateOf = (year: number, month: number, day: number): string | null => {
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return localDate.safeParse(date).success ? date : null;
};

/** Returns a date without a year: the next one, or this year's if it was at most 60 days ago. */
function near(today: string, month: number, day: number): string | null {
  const year = Number(today.slice(0, 4));
  const thisYear = dateOf(year, month, day);
  if (thisYear !== null && thisYear >= addDays(today, -60)) return thisYear;
  return dateOf(year + 1, month, day);
}

const dayIn = (word: string | undefined) =>
  Number(/^(\d{1,2})(?:st|nd|rd|th|\.)?$/.exec(word ?? '')?.[1] ?? 0);
const yearIn = (word: string | undefined) => Number(/^(20\d{2})$/.exec(word ?? '')?.[1] ?? 0);

function inMonth(
  month: number,
  day: number,
  year: number,
  today: string,
  words: number,
): Match<string> | null {
  if (month === 0 || day === 0) return null;
  const meaning = year > 0 ? dateOf(year, month, day) : near(today, month, day);
  return meaning === null ? null : { meaning, words: year > 0 ? words + 1 : words };
}

/** Matches "next week", which starts on Monday. */
export function weekAt(words: readonly string[], at: number, today: string): Match<string> | null {
  if (words[at] !== 'next' || words[at + 1] !== 'week') return null;
  return { meaning: addDays(today, 8 - weekdayOf(today)), words: 2 };
}

/** Matches `tomorrow`, `fri`, `next fri`, `12 dec`, `dec 12 2027`, `12/24`, `2026-12-24`, `in 3 days`. */
export function dateAt(words: readonly string[], at: number, today: string): Match<string> | null {
  const [word = '', second = '', third = ''] = words.slice(at);
  const days = relative[word];
  if (days !== undefined) return { meaning: addDays(today, days), words: 1 };
  if (word === 'on') {
    const next = dateAt(words, at + 1, today);
    return next && { ...next, words: next.words + 1 };
  }
  if (word === 'in' && /^\d{1,3}$/.test(second) && /^(?:days?|weeks?)$/.test(third)) {
    return { meaning: addDays(today, Number(second) * (third.startsWith('w') ? 7 : 1)), words: 3 };
  }
  const isNext = word === 'next';
  const weekday = numberIn(weekdays, isNext ? second : word);
  if (weekday > 0) {
    const ahead = (weekday - weekdayOf(today) + 7) % 7;
    return { meaning: addDays(today, isNext && ahead === 0 ? 7 : ahead), words: isNext ? 2 : 1 };
  }
  if (localDate.safeParse(word).success) return { meaning: word, words: 1 };
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})(?:\/(20\d{2}))?$/.exec(word) ?? [];
  if (month !== undefined) {
    const meaning =
      year === undefined
        ? near(today, Number(month), Number(day))
        : dateOf(Number(year), Number(month), Number(day));
    return meaning === null ? null : { meaning, words: 1 };
  }
  return (
    inMonth(numberIn(months, second), dayIn(word), yearIn(third), today, 2) ??
    inMonth(numberIn(months, word), dayIn(second), yearIn(third), today, 2)
  );
}
