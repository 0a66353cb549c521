import { expect, test } from 'vitest';
import { clockOf, minutesOf } from './typed-time.ts';

test.each([
  ['12:15', '12:15'],
  ['1215', '12:15'],
  ['930', '09:30'],
  ['9', '09:00'],
  ['9.30', '09:30'],
  ['14:05', '14:05'],
  [' 07:05 ', '07:05'],
  ['2pm', '14:00'],
  ['2 PM', '14:00'],
  ['2:30 p.m.', '14:30'],
  ['230p', '14:30'],
  ['12am', '00:00'],
  ['12pm', '12:00'],
  ['Noon', '12:00'],
  ['midnight', '00:00'],
  ['24:00', null],
  ['12:60', null],
  ['14pm', null],
  ['0am', null],
  ['soon', null],
  ['', null],
])('FM5 the typed time %j is understood', (typed, clock) => {
  expect(clockOf(typed)).toBe(clock);
});

test.each([
  ['90', 90],
  ['90 min', 90],
  ['1:30', 90],
  ['1h30', 90],
  ['2h', 120],
  ['', Number.NaN],
  ['long', Number.NaN],
])('FM5 the typed length %j is understood', (typed, minutes) => {
  expect(minutesOf(typed)).toBe(minutes);
});
