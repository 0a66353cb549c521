import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { boardAfter } from './board-after.ts';
import type { Board } from './contract/reads.ts';
import type { Case } from './cases.ts';
import type { Closure } from './sites.ts';

const id = randomUUID();
const range = { start: '2026-11-21T06:00:00.000Z', end: '2026-11-22T06:00:00.000Z' };
const board = { range, cases: [], busy: [], depot: [], closures: [], resources: [] } as unknown as Board;
const placed = (more: Partial<Case>) =>
  ({
    id,
    state: 'scheduled',
    roomId: randomUUID(),
    start: '2026-11-21T12:00:00.000Z',
    end: '2026-11-21T13:00:00.000Z',
    setupMinutes: 10,
    cleanupMinutes: 15,
    ...more,
  }) as Case;
const after = (from: Board, item: Case) => boardAfter(from, { type: 'case', cause: 'moved', case: item });

test('a case stands in one place only: in the depot, on the board, or as busy time', () => {
  const inDepot = after(board, placed({ state: 'depot' }));
  expect([inDepot.depot.length, inDepot.cases.length]).toEqual([1, 0]);
  const onBoard = after(inDepot, placed({}));
  expect([onBoard.depot.length, onBoard.cases.length]).toEqual([0, 1]);
  const busy = boardAfter(onBoard, { type: 'busy', busy: { id, roomId: randomUUID(), ...range } });
  expect([busy.cases.length, busy.busy.length]).toEqual([0, 1]);
  expect(boardAfter(busy, { type: 'gone', id }).busy).toEqual([]);
});

test.each([
  ['its clean-up reaches into the first minute', '2026-11-21T05:00:00.000Z', '2026-11-21T05:46:00.000Z', 1],
  ['its clean-up ends as the day begins', '2026-11-21T05:00:00.000Z', '2026-11-21T05:45:00.000Z', 0],
  ['its set-up begins in the last minute', '2026-11-22T06:09:00.000Z', '2026-11-22T07:00:00.000Z', 1],
  ['its set-up begins as the day ends', '2026-11-22T06:10:00.000Z', '2026-11-22T07:00:00.000Z', 0],
])('is of these days when %s: %s', (_why, start, end, shown) => {
  expect(after(after(board, placed({})), placed({ start, end })).cases.length).toBe(shown);
});

test('a closure that is moved to other days leaves the board', () => {
  const closure = { id, ...range } as Closure;
  const closed = boardAfter(board, { type: 'closure', closure });
  expect(closed.closures).toEqual([closure]);
  const elsewhere = { ...closure, start: range.end, end: '2026-11-23T06:00:00.000Z' };
  expect(boardAfter(closed, { type: 'closure', closure: elsewhere }).closures).toEqual([]);
});

test('what did not change stays the same object, and keeps its place', () => {
  const two = after(after(board, placed({})), placed({ id: randomUUID() }));
  const moved = after(two, placed({ version: 2 }));
  expect(moved.cases.map((item) => item.id)).toEqual(two.cases.map((item) => item.id));
  expect(moved.cases[1]).toBe(two.cases[1]);
  expect(moved.resources).toBe(two.resources);
});
