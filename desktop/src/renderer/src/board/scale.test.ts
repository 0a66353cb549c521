import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timeOf } from '../words/time.ts';
import { instantOfMinutes, minutesAt, minutesOf, pixelOf, scaleOf, snap, spanOf, ticksOf } from './scale.ts';

const zone = 'America/Chicago';
const scale = (date: string, more: Partial<Parameters<typeof scaleOf>[0]> = {}) =>
  scaleOf({ date, days: 1, zone, pixelsPerHour: 60, ...more });
const waking = { from: '06:00', to: '20:00', nightsShorter: 5 };
const labels = (date: string) => ticksOf(scale(date), 50).map(({ instant }) => timeOf(instant, zone));

describe('a day has its actual length', () => {
  test.each([
    ['an ordinary day', '2026-11-20', 24],
    ['the day on which the clocks go forward', '2026-03-08', 23],
    ['the day on which they go back', '2026-11-01', 25],
  ])('%s', (_, date, hours) => {
    expect(scale(date).minutes).toBe(hours * 60);
    expect(scale(date).length).toBe(hours * 60);
  });

  test('in spring, there is no two o’clock', () => {
    expect(labels('2026-03-08').slice(0, 4)).toEqual(['00:00', '01:00', '03:00', '04:00']);
    const eight = minutesOf(scale('2026-03-08'), '2026-03-08T13:00:00.000Z');
    expect(eight).toBe(7 * 60);
  });

  test('in fall, one o’clock occurs twice, but a case is drawn once', () => {
    expect(labels('2026-11-01').slice(0, 4)).toEqual(['00:00', '01:00', '01:00', '02:00']);
    const long = spanOf(scale('2026-11-01'), '2026-11-01T05:30:00.000Z', '2026-11-01T08:30:00.000Z');
    expect(long).toEqual({ at: 30, length: 180 });
  });

  test('in a week with a clock change, mornings start at six', () => {
    const week = scale('2026-10-29', { days: 7, wakingHours: waking });
    expect(week.minutes).toBe((7 * 24 + 1) * 60);
    const paces = week.stretches.filter(({ pace }) => pace === 1);
    expect(paces.map(({ from }) => timeOf(instantOfMinutes(week, from), zone))).toEqual(
      Array.from({ length: 7 }, () => '06:00'),
    );
    expect(paces.map(({ to }) => timeOf(instantOfMinutes(week, to), zone))).toEqual(
      Array.from({ length: 7 }, () => '20:00'),
    );
  });
});

test('pixels and minutes convert back and forth, and later times have larger pixels', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('2026-03-08', '2026-11-01', '2026-11-20'),
      fc.constantFrom(1, 2, 7),
      fc.boolean(),
      fc.integer({ min: -100, max: 11_000 }),
      fc.integer({ min: 1, max: 600 }),
      (date, days, isShort, minutes, more) => {
        const sampled = scale(date, { days, ...(isShort && { wakingHours: waking }) });
        expect(minutesAt(sampled, pixelOf(sampled, minutes))).toBeCloseTo(minutes, 6);
        expect(pixelOf(sampled, minutes + more)).toBeGreaterThan(pixelOf(sampled, minutes));
      },
    ),
  );
});

test('hour labels stay readable', () => {
  for (const pixelsPerHour of [7, 13, 26, 60, 112, 480]) {
    const ticks = ticksOf(scale('2026-11-20', { days: 7, pixelsPerHour, wakingHours: waking }), 50);
    const hours = ticks.filter(({ isMidnight }) => !isMidnight);
    const gaps = hours.slice(1).map(({ at }, nth) => at - (hours[nth]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30);
    expect(ticks.filter(({ isMidnight }) => isMidnight)).toHaveLength(7);
  }
});

test.each([
  [7, 5, 5],
  [8, 5, 10],
  [22, 15, 15],
  [23, 15, 30],
])('minute %i snaps to %i: %i', (minutes, step, expected) => {
  expect(snap(minutes, step)).toBe(expected);
});
