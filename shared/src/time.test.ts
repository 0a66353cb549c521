import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMinutes,
  covers,
  instant,
  instantOf,
  localDate,
  localDateOf,
  localDay,
  localTime,
  minutesBetween,
  overlaps,
  plannedTime,
  resolvePlanned,
  timeZone,
  weekdayOf,
} from './time.ts';
import type { Resolved } from './time.ts';

// Offsets of whole, half and quarter hours; half an hour of summer time; changes at midnight, on a Friday; no change.
const zones = [
  'America/Chicago',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Pacific/Chatham',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Havana',
  'Africa/Casablanca',
  'Asia/Kolkata',
  'UTC',
];
const zone = fc.constantFrom(...zones);
const minute = 60_000;

/** The local time, computed independently of the code under test. */
const clocks = new Map(
  zones.map((name) => [
    name,
    new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'short' }),
  ]),
);
const localTimeOf = (at: number, name: string) => clocks.get(name)?.format(at).replace(' ', 'T') ?? '';

/** A minute within two hours of a clock change, in zones that have any. */
const nearChange = fc
  .tuple(
    zone,
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: -120, max: 120 }),
    fc.integer({ min: 0, max: 1440 }),
  )
  .map(([name, transitions, offset, minutes]) => {
    let at = Temporal.ZonedDateTime.from(`2026-01-01T00:00[${name}]`);
    for (let count = 0; count <= transitions; count++)
      at = at.getTimeZoneTransition('next') ?? at.add({ minutes });
    return { name, at: Math.floor(at.epochMilliseconds / minute) * minute + offset * minute };
  });

const meaningsOf = (resolved: Resolved): string[] => {
  if (resolved.kind === 'impossible') return [];
  return resolved.kind === 'instant' ? [resolved.at] : [resolved.earlier, resolved.later];
};

describe('BK10 a planned local time', () => {
  test('is the instant if it occurs once, impossible if it never occurs, ambiguous if it occurs twice', () => {
    const seen = { instant: 0, impossible: 0, ambiguous: 0 };
    fc.assert(
      fc.property(nearChange, fc.integer({ min: -90, max: 90 }), ({ name, at }, shift) => {
        // A local time near the moment, which may or may not exist.
        const value = new Date(Date.parse(`${localTimeOf(at, name)}Z`) + shift * minute)
          .toISOString()
          .slice(0, 16);
        const shown = Array.from({ length: 24 * 60 }, (_, index) => at + (index - 720) * minute).filter(
          (moment) => localTimeOf(moment, name) === value,
        );
        const resolved = resolvePlanned(value, name);
        seen[resolved.kind]++;
        const meant = meaningsOf(resolved);
        expect(meant.map((each) => Date.parse(each))).toEqual(shown);
        // The client can send either one back unchanged.
        for (const each of meant) expect(plannedTime.safeParse(each).success).toBe(true);
      }),
      { numRuns: 600 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
  });

  test('an instant stays the same', () => {
    const at = '2027-03-14T08:30:00.000Z';
    expect(resolvePlanned(at, 'America/Chicago')).toEqual({ kind: 'instant', at });
  });

  test.each([
    ['2026-11-21T07:30', '2026-11-21T07:30'],
    ['2026-11-21T07:30:00', '2026-11-21T07:30:00'],
    ['2026-11-21T07:30:00Z', '2026-11-21T07:30:00.000Z'],
    ['2026-11-21T07:30:00+05:30', '2026-11-21T02:00:00.000Z'],
  ])('%s is accepted', (text, expected) => {
    expect(plannedTime.parse(text)).toBe(expected);
  });

  test.each([
    '2026-11-21T07:30:30',
    '2026-11-21T07:30:30Z',
    '2026-02-30T07:30',
    '2026-11-21T24:00',
    '2026-11-21T07:60',
    '2026-11-21',
    '07:30',
    '1999-12-31T23:59',
    '2100-01-01T00:00',
    '+12026-11-21T07:30',
    '',
    'tomorrow',
    '2026-11-21T07:30:00.001Z',
    '2026-11-21 07:30',
    '2026-11-21T07:30Zx',
  ])('%j is refused', (text) => {
    expect(plannedTime.safeParse(text).success).toBe(false);
  });
});

describe('an instant', () => {
  test('has one spelling that sorts by time', () => {
    const when = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) - 1 });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    const spelled = fc.tuple(when, offset).map(([at, minutes]) => {
      const sign = minutes < 0 ? '-' : '+';
      const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
      const two = (part: number) => String(part).padStart(2, '0');
      const local = new Date(at + minutes * minute).toISOString().slice(0, -1);
      return { at, text: `${local}${sign}${two(hours)}:${two(rest)}` };
    });
    fc.assert(
      fc.property(spelled, spelled, (a, b) => {
        const [first, second] = [instant.parse(a.text), instant.parse(b.text)];
        expect(first).toBe(new Date(a.at).toISOString());
        expect(first < second).toBe(a.at < b.at);
      }),
    );
  });

  test.each([
    '2026-11-21T07:30:00',
    '2026-11-21',
    '2026-13-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    'now',
    '',
    '1999-12-31T23:59:59Z',
    '2100-01-01T00:00:00Z',
    '2026-11-21T25:00:00Z',
    '2099-12-31T23:30:00-01:00',
  ])('%j is refused', (text) => {
    expect(instant.safeParse(text).success).toBe(false);
  });
});

describe('a day of a site', () => {
  const date = fc.integer({ min: 0, max: 20 * 366 }).map((days) => addDays('2020-01-01', days));

  test('starts and ends at local midnight, or where a clock change skips it; 23 to 25 hours', () => {
    const hours = new Set<number>();
    const withDate = fc.oneof(
      fc.tuple(zone, date),
      nearChange.map(({ name, at }) => [name, localTimeOf(at, name).slice(0, 10)] as const),
    );
    fc.assert(
      fc.property(withDate, ([name, day]) => {
        const { start, end } = localDay(day, name);
        expect(localDay(addDays(day, 1), name).start).toBe(end);
        expect([localDateOf(start, name), localDateOf(addMinutes(end, -1), name)]).toEqual([day, day]);
        expect(localTimeOf(Date.parse(start), name).slice(0, 10)).toBe(day);
        expect(localTimeOf(Date.parse(start) - minute, name) < day).toBe(true);
        hours.add(minutesBetween(start, end) / 60);
      }),
      { numRuns: 1000 },
    );
    expect([...hours].toSorted((a, b) => a - b)).toEqual([23, 23.5, 24, 24.5, 25]);
  });

  test('24:00 is the next day’s 00:00', () => {
    fc.assert(
      fc.property(zone, date, (name, day) => {
        expect(instantOf(day, '24:00', name)).toBe(instantOf(addDays(day, 1), '00:00', name));
      }),
    );
  });

  test('a skipped time moves forward by the gap', () => {
    expect(instantOf('2027-03-14', '02:30', 'America/Chicago')).toBe('2027-03-14T08:30:00.000Z');
  });

  test('weekdays count from Monday', () => {
    expect(['2026-11-23', '2026-11-29'].map(weekdayOf)).toEqual([1, 7]);
  });
});

describe('CL2 ranges are half-open', () => {
  const range = fc
    .tuple(fc.nat(20), fc.integer({ min: 1, max: 10 }))
    .map(([from, length]) => ({ from, to: from + length }));
  const at = (index: number) => addMinutes('2027-05-10T00:00:00.000Z', index);
  const asRange = ({ from, to }: { from: number; to: number }) => ({ start: at(from), end: at(to) });
  const minutesOf = ({ from, to }: { from: number; to: number }) =>
    new Set(Array.from({ length: to - from }, (_, index) => from + index));

  test('they overlap when they share a minute, and one covers the other when it contains all its minutes', () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        expect(overlaps(asRange(a), asRange(b))).toBe(!minutesOf(a).isDisjointFrom(minutesOf(b)));
        expect(covers(asRange(a), asRange(b))).toBe(minutesOf(b).isSubsetOf(minutesOf(a)));
        expect(minutesBetween(at(a.from), at(a.to))).toBe(a.to - a.from);
      }),
    );
  });
});

test.each(['America/Chicago', 'Europe/Berlin', 'UTC', 'Asia/Kolkata'])('%s is a time zone', (name) => {
  expect(timeZone.safeParse(name).success).toBe(true);
});
test.each(['CST', 'GMT+5', '+05:30', 'Mars/Olympus', '', 'America/chicago/x'])(
  '%j is not a time zone',
  (name) => {
    expect(timeZone.safeParse(name).success).toBe(false);
  },
);

test('a local time is within 00:00 to 24:00, and a local date exists', () => {
  const accepted = (schema: typeof localTime | typeof localDate, values: string[]) =>
    values.filter((value) => schema.safeParse(value).success);
  expect(accepted(localTime, ['00:00', '07:30', '24:00', '24:01', '7:30', '07:60', '07:30:00'])).toEqual([
    '00:00',
    '07:30',
    '24:00',
  ]);
  expect(accepted(localDate, ['2028-02-29', '2027-02-29', '1999-12-31', '2100-01-01', '2026-1-1'])).toEqual([
    '2028-02-29',
  ]);
});
