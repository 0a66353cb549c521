import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stack } from './lane-layout.ts';

const at = (minute: number) => new Date(minute * 60_000).toISOString();
const item = fc
  .record({ start: fc.nat(60), length: fc.integer({ min: 1, max: 20 }) })
  .map(({ start, length }) => ({ start: at(start), end: at(start + length) }));

test('overlapping cases share the height, in as few parts as possible', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 12 }), (items) => {
      const stacked = stack(items);
      expect(stacked).toHaveLength(items.length);
      for (const part of stacked) {
        expect(part.level).toBeLessThan(part.levels);
        for (const other of stacked) {
          const overlap = part.item.start < other.item.end && other.item.start < part.item.end;
          if (part === other || !overlap) continue;
          expect(part.level).not.toBe(other.level);
          expect(part.levels).toBe(other.levels);
        }
      }
      const most = Math.max(
        0,
        ...items.map(({ start }) => items.filter((each) => each.start <= start && start < each.end).length),
      );
      expect(Math.max(0, ...stacked.map(({ levels }) => levels))).toBe(most);
    }),
  );
});

test('adjacent cases have the full height', () => {
  const cases = [
    { start: at(0), end: at(10) },
    { start: at(10), end: at(20) },
  ];
  expect(stack(cases).map(({ levels }) => levels)).toEqual([1, 1]);
});
