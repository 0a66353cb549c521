import fc from 'fast-check';
import { expect, test } from 'vitest';
import { merge } from './merge.ts';

const base = { name: 'OR 1', minutes: 30, capabilities: ['robot'] };

test('AA6 a field that was not edited takes the other value', () => {
  const theirs = { ...base, minutes: 45 };
  expect(merge(base, { ...base, name: 'OR 7' }, theirs)).toEqual({
    values: { name: 'OR 7', minutes: 45, capabilities: ['robot'] },
    contested: [],
  });
});

test('AA6 a field that both edited keeps the entry and is contested', () => {
  const mine = { ...base, minutes: 20, capabilities: ['robot', 'laser'] };
  const theirs = { ...base, minutes: 45 };
  expect(merge(base, mine, theirs)).toEqual({ values: mine, contested: ['minutes'] });
});

test('AA6 the same edit by both is not contested', () => {
  const edited = { ...base, capabilities: ['laser'] };
  expect(merge(base, edited, { ...base, capabilities: ['laser'] })).toEqual({
    values: edited,
    contested: [],
  });
});

test('AA6 no entry is lost and no change of the other is hidden, whatever both edit', () => {
  const record = fc.record({ a: fc.nat(2), b: fc.nat(2), c: fc.array(fc.nat(1), { maxLength: 2 }) });
  const isEqual = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  fc.assert(
    fc.property(record, record, record, (start, mine, theirs) => {
      const { values, contested } = merge(start, mine, theirs);
      for (const field of ['a', 'b', 'c'] as const) {
        const isMineEdited = !isEqual(mine[field], start[field]);
        expect(values[field]).toEqual(isMineEdited ? mine[field] : theirs[field]);
        const isHidden = !isEqual(values[field], theirs[field]) && !isEqual(theirs[field], start[field]);
        expect(contested.includes(field)).toBe(isHidden);
      }
    }),
  );
});
