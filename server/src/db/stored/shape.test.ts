import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { changeBody } from '@slate/shared/changes';
import type { ChangeBody } from '@slate/shared/changes';
import { surgicalCase } from '@slate/shared/cases';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { shape, upgradeStored } from './shape.ts';
import type { Step } from './shape.ts';

// When this fails, the stored shape has changed: raise `shape`, add a step from the old one and a fixture of the new
// one (`shape-N.json`, from a feed), and put the new hash here.
const current = { shape: 11, hash: '15be8bd41d6c0f2d' };

// These are only sent to receivers, never stored.
const sentOnly = ['busy', 'gone', 'hidden'];
const storedBodies = changeBody.options.filter(({ shape: { type } }) => !sentOnly.includes(type.value));

test('ST1 changing the stored shape raises its number', () => {
  const schema = JSON.stringify(storedBodies.map((body) => z.toJSONSchema(body, { io: 'input' })));
  const hash = createHash('sha256').update(schema).digest('hex').slice(0, 16);
  expect({ shape, hash }).toEqual(current);
});

type Stored = { changes: Record<string, unknown>[]; replies: Record<string, unknown>[] };
/** The first shape that had a type; left out: 1. */
const newSince: Partial<Record<ChangeBody['type'], number>> = {
  block_template: 5,
  holiday: 5,
  recurring_closure: 5,
  removed: 5,
};
const fixture = (of: number) =>
  JSON.parse(readFileSync(new URL(`shape-${of}.json`, import.meta.url), 'utf8')) as Stored;

test.each(Array.from({ length: shape }, (_, index) => index + 1))(
  'ST1 everything stored in shape %i reads in the current shape',
  (from) => {
    const { changes, replies } = fixture(from);
    const bodies = changes.map((stored) => changeBody.parse(upgradeStored(stored, from)));
    const types = storedBodies
      .map(({ shape: { type } }) => type.value)
      .filter((type) => (newSince[type] ?? 1) <= from);
    expect(new Set(bodies.map(({ type }) => type))).toEqual(new Set(types));
    for (const reply of replies) {
      const { case: item, cases = [] } = upgradeStored(reply, from) as { case?: unknown; cases?: unknown[] };
      for (const each of [item, ...cases]) if (each !== undefined) surgicalCase.parse(each);
    }
  },
);

test('ST1 each step runs once, in order, for every field that carries the part', () => {
  const steps: Step[] = [
    { case: (item) => ({ ...item, added: [1] }) },
    { case: (item) => ({ ...item, added: [item['added'], 2] }) },
  ];
  const stored = { type: 'case', case: { id: 'a' }, cases: [{ id: 'b' }], site: { id: 'c' } };
  expect(upgradeStored(stored, 1, steps)).toEqual({
    ...stored,
    case: { id: 'a', added: [[1], 2] },
    cases: [{ id: 'b', added: [[1], 2] }],
  });
  expect(upgradeStored({ case: { id: 'a' } }, 2, steps)).toEqual({
    case: { id: 'a', added: [undefined, 2] },
  });
  expect(upgradeStored(stored, 3, steps)).toEqual(stored);
});

test('ST1 a shape of a later version is refused', () => {
  expect(() => upgradeStored({}, shape + 1)).toThrow('this version supports');
});
