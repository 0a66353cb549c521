import { boardWithin } from '@slate/shared/board-after';
import { caseState, isClaiming } from '@slate/shared/case-state';
import type { PlacedCase } from '@slate/shared/cases';
import { forecastOf } from '@slate/shared/collisions';
import type { Board } from '@slate/shared/contract/reads';
import { figuresOfDay } from '@slate/shared/figures';
import { addMinutes, localDay, overlaps } from '@slate/shared/time';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aCase, aResource, at, date, loadBoard, setClock, zone } from '../../../../test/small-board.ts';
import { layOut } from '../board/lane-layout.ts';
import { rowsOf } from '../features/list/rows.ts';
import { matchingCases } from '../features/palette/entries.ts';
import { listsOf } from '../features/print/lists.ts';
import { expectedTime } from './collisions.ts';

// The clock stands still.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const rooms = [aResource('room', 'OR 1'), aResource('room', 'OR 2')] as const;
const surgeons = [aResource('surgeon', 'Haddad A'), aResource('surgeon', 'Cole B')] as const;
const resources = [...rooms, ...surgeons];
const midnight = at('00:00');
const day = localDay(date, zone);

/** A case that was planned within 20 hours before midnight or 4 after it, and began early, late, or not at all. */
const someCase = fc
  .record({
    state: fc.constantFrom(
      ...caseState.options.filter(
        (state) => !['held', 'depot', 'expired', 'released', 'voided'].includes(state),
      ),
      'confirmed',
      'confirmed',
      'in_room',
    ),
    nth: fc.nat(1),
    surgeon: fc.nat(1),
    start: fc.integer({ min: -20 * 12, max: 4 * 12 }),
    length: fc.integer({ min: 3, max: 100 }),
    late: fc.integer({ min: -6, max: 40 }),
    took: fc.integer({ min: 1, max: 120 }),
    turnover: fc.nat(4),
  })
  .map(({ state, nth, surgeon, start, length, late, took, turnover }): PlacedCase => {
    const from = addMinutes(midnight, start * 5);
    const began = addMinutes(from, late * 5);
    const milestones = {
      ...(['in_room', 'incision', 'closed', 'out_of_room', 'completed'].includes(state) && {
        in_room: began,
      }),
      ...(['out_of_room', 'completed'].includes(state) && { out_of_room: addMinutes(began, took * 5) }),
    };
    return aCase(rooms[nth as 0], '00:00', length * 5, {
      state,
      milestones,
      start: from,
      end: addMinutes(from, length * 5),
      surgeonId: surgeons[surgeon as 0].id,
      setupMinutes: turnover * 5,
      cleanupMinutes: turnover * 5,
    });
  });
const around = fc.record({
  cases: fc.array(someCase, { minLength: 1, maxLength: 8, size: 'max' }),
  now: fc.integer({ min: -4 * 60, max: 14 * 60 }).map((minutes) => addMinutes(midnight, minutes)),
});
const runs = { numRuns: 2_000, seed: 9 };
const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id).toSorted();
const onBoardOf = (cases: PlacedCase[]) =>
  boardWithin({ range: day, cases, busy: [], blocks: [], closures: [], depot: [] } as unknown as Board, day)
    .cases as PlacedCase[];

test('RE9 board, list, print, figures and palette have the same cases of a day', () => {
  let carried = 0;
  fc.assert(
    fc.property(around, ({ cases, now }) => {
      setClock(now);
      const view = loadBoard({ resources, cases: onBoardOf(cases) });
      setClock(now);
      const ms = Date.parse(now);
      const drawn = [...view.lanes.values()].flatMap((lane) =>
        layOut(view, lane, ms).cases.filter((each) => overlaps(each, day)),
      );
      const board = ids(drawn.map(({ item }) => item));
      carried += drawn.filter(({ item }) => item.end <= day.start && item.state === 'confirmed').length;
      const list = rowsOf(view, ms).map(({ item }) => item);
      expect(ids(list.filter(({ state }) => isClaiming(state)))).toEqual(board);
      const printed = listsOf(view).flatMap(({ rooms: lists }) => lists.flatMap(({ rows }) => rows));
      expect(ids(printed)).toEqual(board);
      const figures = figuresOfDay(view, ms, (item) => expectedTime(view, item, ms));
      expect(figures.rooms.reduce((sum, { caseCount }) => sum + caseCount, 0)).toBe(board.length);
      expect(figures.cancelled.count).toBe(list.filter(({ state }) => state === 'cancelled').length);
      const nothing = { about: [], surgeons: [], clock: null, number: null, rest: [] };
      const found = matchingCases(view, { ...nothing, rooms: [...rooms] });
      expect(ids(found)).toEqual(
        ids(list.filter(({ state }) => !['completed', 'cancelled'].includes(state))),
      );
    }),
    runs,
  );
  expect(carried).toBeGreaterThan(100);
});

test('RE9 RE13 the board of a day has every case that is expected on it', () => {
  let waiting = 0;
  fc.assert(
    fc.property(around, ({ cases, now }) => {
      if (now < midnight) return;
      const expected = (from: PlacedCase[]) =>
        [...forecastOf(from, new Map(), now).expected.values()]
          .filter(({ end }) => end > Date.parse(now))
          .filter((each) => each.start < Date.parse(day.end))
          .map(({ item, start, end }) => ({ id: item.id, start, end }))
          .toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const all = expected(cases);
      expect(expected(onBoardOf(cases))).toEqual(all);
      waiting += cases.filter(
        ({ id, end }) => end < addMinutes(midnight, -240) && all.some((each) => each.id === id),
      ).length;
    }),
    runs,
  );
  expect(waiting).toBeGreaterThan(10);
});
