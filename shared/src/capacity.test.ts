import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Load } from './capacity.ts';
import type { Span } from './capacity.ts';

const horizon = 40;
const minutes = Array.from({ length: horizon }, (_, minute) => minute);

const span = fc
  .record({
    start: fc.integer({ min: 0, max: horizon - 1 }),
    length: fc.integer({ min: 1, max: 12 }),
    quantity: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ start, length, quantity }): Span => ({ start, end: Math.min(start + length, horizon), quantity }));
const claims = fc.array(span, { maxLength: 15 });
const capacity = fc.integer({ min: 1, max: 5 });

/** The load minute by minute, to check the sweep against. */
const usedAt = (all: readonly Span[], minute: number) =>
  all
    .filter(({ start, end }) => start <= minute && minute < end)
    .reduce((sum, { quantity }) => sum + quantity, 0);

test('OP1 the peak over a range is the highest load in any minute of it', () => {
  fc.assert(
    fc.property(claims, capacity, span, (all, total, range) => {
      const used = minutes.slice(range.start, range.end).map((minute) => usedAt(all, minute));
      const load = new Load(total, all);
      expect(load.peak(range)).toBe(Math.max(...used));
      expect(load.fits(range, range.quantity)).toBe(used.every((each) => each + range.quantity <= total));
    }),
  );
});

test('OP1 the gaps cover exactly the time in which the quantity is free, in as few ranges as possible', () => {
  fc.assert(
    fc.property(claims, capacity, fc.integer({ min: 1, max: 5 }), (all, total, quantity) => {
      const gaps = new Load(total, all).gaps(quantity);
      for (const minute of [-1, ...minutes, horizon]) {
        const free = gaps.some(({ start, end }) => start <= minute && minute < end);
        expect(free).toBe(usedAt(all, minute) + quantity <= total);
      }
      for (const [index, { start }] of gaps.slice(1).entries()) {
        expect(start).toBeGreaterThan(gaps[index]?.end ?? Infinity);
      }
    }),
  );
});

test('OP1 a claim that ends when another one starts is not in its way', () => {
  const load = new Load(1, [
    { start: 0, end: 10, quantity: 1 },
    { start: 20, end: 30, quantity: 1 },
  ]);
  expect(load.fits({ start: 10, end: 20 }, 1)).toBe(true);
  expect(load.fits({ start: 9, end: 20 }, 1)).toBe(false);
  expect(load.fits({ start: 10, end: 21 }, 1)).toBe(false);
  expect(load.gaps(1)).toEqual([
    { start: -Infinity, end: 0 },
    { start: 10, end: 20 },
    { start: 30, end: Infinity },
  ]);
});

test('OP1 a quantity above the capacity never fits', () => {
  const load = new Load(2, []);
  expect(load.gaps(3)).toEqual([]);
  expect(load.fits({ start: 0, end: 1 }, 3)).toBe(false);
});
