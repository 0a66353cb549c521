import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { datesOf, recurrence, spanOn } from './recurrence.ts';
import type { Recurrence } from './recurrence.ts';
import { addDays, minutesBetween, timeOf, weekdayOf } from './time.ts';

const day = (min: number, max: number) => fc.integer({ min, max }).map((days) => addDays('2026-01-01', days));
const rule: fc.Arbitrary<Recurrence> = fc.record({
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
  everyWeeks: fc.integer({ min: 1, max: 6 }),
  from: day(0, 400),
  until: fc.option(day(401, 900)),
});
const daysFrom = (from: string, count: number) => ({ from, until: addDays(from, count - 1) });

describe('BT1 the dates of a recurrence', () => {
  test('are those of its weekdays in every n-th week from the week of the first day', () => {
    const everyOther = { weekdays: [5, 1], everyWeeks: 2, from: '2026-12-02', until: '2026-12-31' };
    expect(datesOf(everyOther, { from: '2026-11-01', until: '2027-02-01' })).toEqual([
      '2026-12-04',
      '2026-12-14',
      '2026-12-18',
      '2026-12-28',
    ]);
  });

  test('are exactly the days that qualify one by one', () => {
    fc.assert(
      fc.property(rule, day(-100, 1000), fc.integer({ min: 1, max: 200 }), (each, from, count) => {
        const monday = Temporal.PlainDate.from(each.from).subtract({ days: weekdayOf(each.from) - 1 });
        const qualifies = (date: string) =>
          each.weekdays.includes(weekdayOf(date)) &&
          date >= each.from &&
          (each.until === null || date <= each.until) &&
          Math.floor(monday.until(date).days / 7) % each.everyWeeks === 0;
        const all = Array.from({ length: count }, (_, index) => addDays(from, index));
        expect(datesOf(each, daysFrom(from, count))).toEqual(all.filter(qualifies));
      }),
    );
  });

  test('do not depend on how their days are cut into parts', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rule, day(-50, 700), cuts, (each, from, lengths) => {
        let start = from;
        const parts = lengths.flatMap((length) => {
          const part = datesOf(each, daysFrom(start, length));
          start = addDays(start, length);
          return part;
        });
        const total = lengths.reduce((sum, length) => sum + length, 0);
        expect(parts).toEqual(datesOf(each, daysFrom(from, total)));
      }),
    );
  });

  test.each([
    ['weekdays', { weekdays: [] }],
    ['weekdays', { weekdays: [1, 1] }],
    ['everyWeeks', { everyWeeks: 0 }],
    ['until', { until: '2026-11-30' }],
  ])('need sensible %s', (field, change) => {
    const valid = { weekdays: [1], everyWeeks: 1, from: '2026-12-01', until: null };
    expect(recurrence.safeParse(valid).success).toBe(true);
    const parsed = recurrence.safeParse({ ...valid, ...change });
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field]);
  });
});

describe('BT2 a span keeps its local times', () => {
  /** The days on which the clocks change: 23 and 25 hours, or half an hour less and more. */
  const changes = [
    ['America/Chicago', '2027-03-14', '2027-11-07'],
    ['Europe/Berlin', '2027-03-28', '2027-10-31'],
    ['Australia/Lord_Howe', '2027-10-03', '2027-04-04'],
  ] as const;

  test.each(changes)('over the changes of the clocks in %s', (zone, forward, back) => {
    for (const change of [forward, back]) {
      for (let offset = -2; offset <= 2; offset++) {
        const span = spanOn(addDays(change, offset), '07:30', '15:30', zone);
        expect(timeOf(span.start, zone)).toBe('07:30');
        expect(timeOf(span.end, zone)).toBe('15:30');
        expect(minutesBetween(span.start, span.end)).toBe(480);
        expect(span.isShifted).toBe(false);
      }
      const day24 = spanOn(change, '00:00', '24:00', zone);
      expect(minutesBetween(day24.start, day24.end)).not.toBe(24 * 60);
    }
  });

  test('and begins or ends after the gap if its time is skipped', () => {
    const on = (start: string, end: string) => spanOn('2027-03-14', start, end, 'America/Chicago');
    const gapEnds = '2027-03-14T08:00:00.000Z';
    expect(on('02:30', '06:00')).toMatchObject({ start: gapEnds, isShifted: true });
    expect(on('01:00', '02:30')).toMatchObject({ end: gapEnds, isShifted: true });
    expect(on('03:00', '06:00')).toMatchObject({ start: gapEnds, isShifted: false });
    // All of it is skipped: it keeps its length.
    expect(on('02:00', '02:30')).toEqual({
      start: gapEnds,
      end: '2027-03-14T08:30:00.000Z',
      isShifted: true,
    });
  });

  test('and uses the first of two times when the clocks go back', () => {
    const span = spanOn('2027-11-07', '01:30', '04:00', 'America/Chicago');
    expect(span).toEqual({
      start: '2027-11-07T06:30:00.000Z',
      end: '2027-11-07T10:00:00.000Z',
      isShifted: false,
    });
  });

  test('and may end on the next day', () => {
    expect(spanOn('2026-12-06', '22:00', '04:00', 'UTC')).toMatchObject({
      start: '2026-12-06T22:00:00.000Z',
      end: '2026-12-07T04:00:00.000Z',
    });
  });

  test('and is never lost, and neighbors stay in order, on any day in any zone', () => {
    const zone = fc.constantFrom(...changes.map(([name]) => name), 'Asia/Beirut', 'America/Havana', 'UTC');
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 288 }), { minLength: 2, maxLength: 5 });
    const clock = (step: number) =>
      `${String(Math.floor(step / 12)).padStart(2, '0')}:${String((step % 12) * 5).padStart(2, '0')}`;
    fc.assert(
      fc.property(zone, day(0, 900), minutes, (name, date, steps) => {
        const times = steps.toSorted((a, b) => a - b).map(clock);
        const spans = times.slice(1).map((end, index) => spanOn(date, times[index] ?? '', end, name));
        expect(spans.every(({ start, end }) => start < end)).toBe(true);
        const unshifted = spans.filter(({ isShifted }) => !isShifted);
        for (const [index, { start }] of unshifted.slice(1).entries()) {
          expect((unshifted[index]?.end ?? '') <= start).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
