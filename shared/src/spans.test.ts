import { expect, test } from 'vitest';
import { commonMinutes, union, without } from './spans.ts';

const minutes = (start: number, end: number) => ({ start: start * 60_000, end: end * 60_000 });

test('overlapping ranges count once', () => {
  expect(union([minutes(20, 30), minutes(0, 10), minutes(5, 15), minutes(15, 18)])).toEqual([
    minutes(0, 18),
    minutes(20, 30),
  ]);
  expect(union([minutes(5, 5)])).toEqual([]);
});

test('subtracting leaves the rest, even if the parts reach beyond the ends', () => {
  expect(without(minutes(0, 60), [minutes(-10, 10), minutes(20, 30), minutes(50, 90)])).toEqual([
    minutes(10, 20),
    minutes(30, 50),
  ]);
  expect(without(minutes(0, 60), [])).toEqual([minutes(0, 60)]);
  expect(without(minutes(0, 60), [minutes(0, 60)])).toEqual([]);
});

test('overlap is counted in minutes', () => {
  expect(commonMinutes([minutes(0, 30), minutes(40, 60)], [minutes(20, 50)])).toBe(20);
  expect(commonMinutes([minutes(0, 30)], [minutes(30, 60)])).toBe(0);
});
