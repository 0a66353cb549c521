import { expect, test } from 'vitest';
import { hoursOf, rangesOf, weekOf } from './hours.ts';

test.each([
  ['7-17', [{ open: '07:00', close: '17:00' }]],
  [
    '7:30 – 12, 13 to 5pm',
    [
      { open: '07:30', close: '12:00' },
      { open: '13:00', close: '17:00' },
    ],
  ],
  ['0-24', [{ open: '00:00', close: '24:00' }]],
  ['', []],
  ['all day', null],
  ['7', null],
  ['7-12-17', null],
])('AA3 hours are understood as people type them: %s', (typed, ranges) => {
  expect(rangesOf(typed)).toEqual(ranges);
});

test('AA3 days with the same hours are one entry, and come back as they were typed', () => {
  const workday = '07:00–12:00, 13:00–17:00';
  const week = [workday, workday, '08:00–12:00', workday, workday, '', ''];
  const hours = hoursOf(week);
  expect(hours).toEqual([
    { days: [1, 2, 4, 5], open: '07:00', close: '12:00' },
    { days: [1, 2, 4, 5], open: '13:00', close: '17:00' },
    { days: [3], open: '08:00', close: '12:00' },
  ]);
  expect(weekOf(hours)).toEqual(week);
});
