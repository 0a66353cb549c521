import { randomUUID } from 'node:crypto';
import type { Change, ChangesBatch } from '@slate/shared/changes';
import { assert, constantFrom, array, integer, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { newChanges } from './sequence.ts';
import type { Position } from './sequence.ts';

const epoch = randomUUID();
const change = (revision: number): Change => ({
  revision,
  at: '2026-11-20T12:00:00.000Z',
  by: null,
  body: { type: 'hidden' },
});
const batch = (from: number, to: number, batchEpoch = epoch): ChangesBatch => ({
  epoch: batchEpoch,
  from,
  to,
  changes: Array.from({ length: to - from }, (_, at) => change(from + at + 1)),
});
const revisions = (fresh: Change[] | string) =>
  typeof fresh === 'string' ? fresh : fresh.map(({ revision }) => revision);

test.each([
  ['the next batch is new', batch(7, 9), [8, 9]],
  ['an old batch has nothing new', batch(5, 7), []],
  ['a partly old batch has a new part', batch(5, 9), [8, 9]],
  ['a batch after a gap needs the changes between', batch(8, 9), 'gap'],
  ['an empty batch has nothing new', batch(7, 7), []],
  ['a later empty batch shows a gap', batch(9, 9), 'gap'],
  ['a batch of another epoch starts over', batch(7, 9, randomUUID()), 'resync'],
])('%s', (_name, input, expected) => {
  expect(revisions(newChanges({ epoch, revision: 7 }, input))).toEqual(expected);
});

test('PU1 despite lost, repeated or late batches, each change arrives once, in order, after gaps are filled', () => {
  const head = 40;
  const piece = tuple(integer({ min: 0, max: head }), integer({ min: 0, max: 6 })).map(([from, length]) =>
    batch(from, Math.min(head, from + length)),
  );
  assert(
    property(array(piece, { maxLength: 60 }), constantFrom(1, 3, 500), (pieces, pageSize) => {
      let position: Position = { epoch, revision: 0 };
      const received: number[] = [];
      const take = (input: ChangesBatch): boolean => {
        const fresh = newChanges(position, input);
        if (typeof fresh === 'string') return false;
        received.push(...fresh.map(({ revision }) => revision));
        position = { epoch, revision: Math.max(position.revision, input.to) };
        return true;
      };
      // A gap is filled with pages from the server, up to the highest known revision.
      const fill = (upTo: number) => {
        while (position.revision < upTo)
          take(batch(position.revision, Math.min(head, position.revision + pageSize)));
      };
      for (const next of [...pieces, batch(head, head)]) if (!take(next)) fill(next.to);
      expect(received).toEqual(Array.from({ length: head }, (_, at) => at + 1));
    }),
  );
});
