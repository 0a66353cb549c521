import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { laboratory } from './laboratory.ts';
import type { Laboratory } from './laboratory.ts';
import { difference, sequence } from './random-model.ts';

let lab: Laboratory;
beforeAll(async () => {
  lab = await laboratory();
});
afterAll(() => lab.end());

test('CL1–CL6 HO1–HO8 BK1–BK9 BK15 BK16 random sequences of commands have the same result as the model', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(sequence, async (steps) => {
      const count = (outcome: string) => seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      expect(await difference(lab, steps, count)).toBeUndefined();
    }),
    { numRuns: 300 },
  );
  // The sequences were not trivial: each of these occurred, and often.
  const outcomes = [...seen.keys()];
  for (const each of [
    'hold',
    'book',
    'move',
    'swap',
    'moves',
    'save',
    'change',
    'place',
    'bump',
    'extend',
    'release',
    'takeover',
  ]) {
    expect(outcomes).toContain(`${each}: ok`);
  }
  expect(outcomes).toEqual(expect.arrayContaining(['hold: slot_taken', 'hold: pool_exhausted']));
  expect(outcomes).toEqual(
    expect.arrayContaining(['move: slot_taken', 'book: hold_expired', 'book: forbidden']),
  );
}, 240_000);
