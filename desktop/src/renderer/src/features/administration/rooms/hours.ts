import type { ResourceAttributes } from '@slate/shared/resources';
import { clockOf } from '../../../words/typed-time.ts';

type Hours = NonNullable<ResourceAttributes['hours']>;
type Range = { readonly open: string; readonly close: string };

/** The opening hours of a week as text, Monday first: `07:00–12:00, 13:00–17:00`. Empty: closed on that day. */
export const weekOf = (hours: Hours = []): string[] =>
  [1, 2, 3, 4, 5, 6, 7].map((day) =>
    hours
      .filter(({ days }) => days.includes(day))
      .toSorted((a, b) => (a.open < b.open ? -1 : 1))
      .map(({ open, close }) => `${open}–${close}`)
      .join(', '),
  );

/** Parses the hours of one day, such as `7-12, 13-17`. Null: they cannot be understood. */
export function rangesOf(typed: string): Range[] | null {
  const parts = typed.split(',').filter((part) => part.trim() !== '');
  const ranges = parts.map((part) => {
    const [from = '', to = '', ...more] = part.split(/\s*(?:[-–—]|\bto\b)\s*/);
    const [open, close] = [clockOf(from), /^24(:?00)?$/.test(to.trim()) ? '24:00' : clockOf(to)];
    return open === null || close === null || more.length > 0 ? null : { open, close };
  });
  return ranges.every((range) => range !== null) ? ranges : null;
}

/** Returns the hours of a week; days with the same hours are one entry. */
export function hoursOf(week: readonly string[]): Hours {
  const byRange = new Map<string, Hours[number]>();
  week.forEach((typed, index) => {
    for (const { open, close } of rangesOf(typed) ?? []) {
      const key = `${open} ${close}`;
      const entry = byRange.get(key) ?? { days: [], open, close };
      byRange.set(key, { ...entry, days: [...entry.days, index + 1] });
    }
  });
  return [...byRange.values()];
}
