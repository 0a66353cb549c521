import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { changeBody } from '@slate/shared/changes';
import { surgicalCase } from '@slate/shared/cases';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { shape, upgraded } from './shape.ts';
import type { Step } from './shape.ts';

// When this fails, stored words have changed: raise `shape`, add a step from the old one (and a fixture of the new one,
// `shape-N.json`, from a feed), and put the new hash here beside it.
const known = { shape: 2, hash: 'd00b2bb3952f1194' };

test('ST1 a change of what is stored raises its shape', () => {
  const words = JSON.stringify(z.toJSONSchema(changeBody, { io: 'input' }));
  const hash = createHash('sha256').update(words).digest('hex').slice(0, 16);
  expect({ shape, hash }).toEqual(known);
});

type Stored = { changes: Record<string, unknown>[]; replies: Record<string, unknown>[] };
const fixture = (of: number) =>
  JSON.parse(readFileSync(new URL(`shape-${of}.json`, import.meta.url), 'utf8')) as Stored;

test.each(Array.from({ length: shape }, (_, index) => index + 1))(
  'ST1 what was stored in shape %i is read in the words of today',
  (from) => {
    const { changes, replies } = fixture(from);
    const bodies = changes.map((stored) => changeBody.parse(upgraded(stored, from)));
    const types = changeBody.options.map(({ shape: { type } }) => type.value);
    // What only receivers are told is never stored.
    const told = ['busy', 'gone', 'hidden'];
    expect(new Set(bodies.map(({ type }) => type))).toEqual(
      new Set(types.filter((type) => !told.includes(type))),
    );
    for (const reply of replies) {
      const { case: item, cases = [] } = upgraded(reply, from) as { case?: unknown; cases?: unknown[] };
      for (const each of [item, ...cases]) if (each !== undefined) surgicalCase.parse(each);
    }
  },
);

test('ST1 each step is taken once, in order, for whatever carries the part', () => {
  const steps: Step[] = [
    { case: (item) => ({ ...item, added: [1] }) },
    { case: (item) => ({ ...item, added: [item['added'], 2] }) },
  ];
  const stored = { type: 'case', case: { id: 'a' }, cases: [{ id: 'b' }], site: { id: 'c' } };
  expect(upgraded(stored, 1, steps)).toEqual({
    ...stored,
    case: { id: 'a', added: [[1], 2] },
    cases: [{ id: 'b', added: [[1], 2] }],
  });
  expect(upgraded({ case: { id: 'a' } }, 2, steps)).toEqual({ case: { id: 'a', added: [undefined, 2] } });
  expect(upgraded(stored, 3, steps)).toEqual(stored);
});

test('ST1 what a later version has stored is refused', () => {
  expect(() => upgraded({}, shape + 1)).toThrow('this version knows');
});
