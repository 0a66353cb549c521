import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { boardAfter, boardWithin } from './board-after.ts';
import type { Board } from './contract/reads.ts';
import type { Case } from './cases.ts';
import type { Closure } from './sites.ts';
import type { TimeRange } from './time.ts';

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
    milestones: {},
    ...more,
  }) as Case;
const after = (from: Board, item: Case) => boardAfter(from, { type: 'case', cause: 'moved', case: item });

test('a case is in one place only: in the depot, on the board, or as busy time', () => {
  const inDepot = after(board, placed({ state: 'depot' }));
  expect([inDepot.depot.length, inDepot.cases.length]).toEqual([1, 0]);
  const onBoard = after(inDepot, placed({}));
  expect([onBoard.depot.length, onBoard.cases.length]).toEqual([0, 1]);
  const busy = boardAfter(onBoard, {
    type: 'busy',
    busy: { id, roomId: randomUUID(), ...range, growsFrom: null },
  });
  expect([busy.cases.length, busy.busy.length]).toEqual([0, 1]);
  expect(boardAfter(busy, { type: 'gone', id }).busy).toEqual([]);
});

test.each([
  ['its cleanup reaches into the first minute', '2026-11-21T05:00:00.000Z', '2026-11-21T05:46:00.000Z', 1],
  ['its cleanup ends when the day starts', '2026-11-21T05:00:00.000Z', '2026-11-21T05:45:00.000Z', 0],
  ['its setup starts in the last minute', '2026-11-22T06:09:00.000Z', '2026-11-22T07:00:00.000Z', 1],
  ['its setup starts when the day ends', '2026-11-22T06:10:00.000Z', '2026-11-22T07:00:00.000Z', 0],
])('a case is on the board when %s: %s', (_why, start, end, shown) => {
  expect(after(after(board, placed({})), placed({ state: 'held', start, end })).cases.length).toBe(shown);
});

test.each([
  ['2026-11-20T17:46:00.000Z', 1],
  ['2026-11-20T17:45:00.000Z', 0],
])('RE9 a case of the day before is on the board if it may be late enough: until %s', (end, shown) => {
  expect(after(board, placed({ start: '2026-11-20T17:00:00.000Z', end })).cases.length).toBe(shown);
});

describe('RE9 a case planned for the day after and wheeled in today', () => {
  const nextDay = { ...board, range: { start: range.end, end: '2026-11-23T06:00:00.000Z' } };
  const planned = placed({ start: '2026-11-22T12:00:00.000Z', end: '2026-11-22T13:00:00.000Z' });
  const facts = (...[in_room, out_of_room]: [string, string?]) => ({
    in_room,
    ...(out_of_room && { out_of_room }),
  });
  const shown = (item: Case) => [board, nextDay].map((from) => after(from, item).cases.length);
  const wheeledIn = '2026-11-21T15:00:00.000Z';

  test.each([
    [
      'is on today’s board after it is over',
      'completed',
      facts(wheeledIn, '2026-11-21T16:00:00.000Z'),
      [1, 0],
    ],
    ['is on both boards while it is under way', 'in_room', facts(wheeledIn), [1, 1]],
    ['is on tomorrow’s board again when that was a mistake', 'scheduled', {}, [0, 1]],
    [
      'is on both boards when it crossed midnight',
      'completed',
      facts(wheeledIn, '2026-11-22T06:30:00.000Z'),
      [1, 1],
    ],
  ] as const)('%s', (_, state, milestones, expected) => {
    expect(shown(planned)).toEqual([0, 1]);
    expect(shown({ ...planned, state, milestones })).toEqual(expected);
  });

  test('is on no board from the depot, where no room is known', () => {
    const waiting = { ...planned, state: 'depot', roomId: null, start: null, end: null } as const;
    expect(shown({ ...waiting, milestones: facts(wheeledIn) })).toEqual([0, 0]);
  });
});

test('RE12 busy time that may grow into these days is on their board', () => {
  const busy = {
    id,
    roomId: randomUUID(),
    start: '2026-11-20T20:00:00.000Z',
    end: '2026-11-20T22:15:00.000Z',
  };
  const shown = (growsFrom: string | null) =>
    boardAfter(board, { type: 'busy', busy: { ...busy, growsFrom } }).busy.length;
  expect([shown(null), shown('2026-11-20T22:00:00.000Z')]).toEqual([0, 1]);
});

test('a closure that moves to other days leaves the board', () => {
  const closure = { id, ...range } as Closure;
  const closed = boardAfter(board, { type: 'closure', closure });
  expect(closed.closures).toEqual([closure]);
  const elsewhere = { ...closure, start: range.end, end: '2026-11-23T06:00:00.000Z' };
  expect(boardAfter(closed, { type: 'closure', closure: elsewhere }).closures).toEqual([]);
});

test('unchanged items stay the same objects in the same order', () => {
  const before = after(after(board, placed({})), placed({ id: randomUUID() }));
  const changed = after(before, placed({ version: 2 }));
  expect(changed.cases.map((item) => item.id)).toEqual(before.cases.map((item) => item.id));
  expect(changed.cases[1]).toBe(before.cases[1]);
  expect(changed.resources).toBe(before.resources);
});

test('a day cut from a board of more days has the items of that day and the whole depot', () => {
  const next = { start: range.end, end: '2026-11-23T06:00:00.000Z' };
  const items = (...ranges: TimeRange[]) => ranges.map((each, at) => ({ id: String(at), ...each }));
  const twoDays = {
    ...board,
    range: { start: range.start, end: next.end },
    cases: [placed({}), placed({ start: '2026-11-22T12:00:00.000Z', end: '2026-11-22T13:00:00.000Z' })],
    busy: [{ id, roomId: id, ...next, growsFrom: null }],
    blocks: items(range, next),
    closures: items({ start: range.start, end: next.end }),
    depot: [placed({ state: 'depot' })],
  } as unknown as Board;
  const counts = (cut: TimeRange) => {
    const { range: cutRange, cases, busy, blocks, closures, depot } = boardWithin(twoDays, cut);
    expect(cutRange).toEqual(cut);
    return [cases, busy, blocks, closures, depot].map((list) => list.length);
  };
  expect(counts(range)).toEqual([1, 0, 1, 1, 1]);
  expect(counts(next)).toEqual([1, 1, 1, 1, 1]);
});
