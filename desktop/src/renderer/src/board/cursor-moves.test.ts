import { addMinutes } from '@slate/shared/time';
import { expect, test } from 'vitest';
import { aCase, aResource, at, date, loadBoard } from '../../../../test/small-board.ts';
import type { Cursor } from '../stores/cursor.ts';
import {
  acrossRooms,
  cursorAfterChange,
  alongFreeTime,
  toNextCase,
  firstSpot,
  resizeMark,
  spotOnCase,
  switchMode,
  toEdgeOfDay,
  toNextEdge,
} from './cursor-moves.ts';
import type { Spot } from './cursor-moves.ts';

const hours = [{ days: [1, 2, 3, 4, 5], open: '07:00', close: '17:00' }];
const rooms = Array.from({ length: 14 }, (_none, n) =>
  aResource('room', `OR ${n + 1}`, { attributes: { hours } }),
);
const [room1, room2, room3, room4] = rooms as [
  (typeof rooms)[0],
  (typeof rooms)[0],
  (typeof rooms)[0],
  (typeof rooms)[0],
];
const hernia = aCase(room1, '07:30', 60);
const gall = aCase(room1, '09:00', 90);
const knee = aCase(room1, '13:00', 120);
const early = aCase(room2, '07:00', 30);
const long = aCase(room2, '08:00', 300);
const late = aCase(room4, '16:00', 60);
const cases = [hernia, gall, knee, early, long, late];
const board = loadBoard({ resources: rooms, cases });

const freeSpot = (roomId: string, time: string, minutes: number | null = null): Spot => ({
  mode: 'free',
  caseId: null,
  roomId,
  at: at(time),
  minutes,
});
const isNeverMine = () => false;

test('along the time axis, the cursor goes to the next case of the room, and stays at the last', () => {
  expect(toNextCase(board, spotOnCase(hernia), 1)).toEqual(spotOnCase(gall));
  expect(toNextCase(board, spotOnCase(gall), -1)).toEqual(spotOnCase(hernia));
  expect(toNextCase(board, spotOnCase(knee), 1)).toEqual(spotOnCase(knee));
});

test('from free time, the cursor goes to the next case of the room', () => {
  const place = { ...spotOnCase(gall), caseId: null };
  expect(toNextCase(board, { ...place, at: at('11:00') }, 1).caseId).toBe(knee.id);
  expect(toNextCase(board, { ...place, at: at('11:00') }, -1).caseId).toBe(gall.id);
});

test('across rooms, the cursor goes to the nearest case in time, and remembers the time', () => {
  const down = acrossRooms(board, spotOnCase(gall), 1);
  expect(down).toMatchObject({ caseId: long.id, at: gall.start });
  expect(acrossRooms(board, down, -1).caseId).toBe(gall.id);
  const empty = acrossRooms(board, down, 1);
  expect(empty).toMatchObject({ caseId: null, roomId: room3.id, at: gall.start });
  expect(acrossRooms(board, empty, 1).caseId).toBe(late.id);
});

test('the cursor moves ten rooms at once, but not beyond the last', () => {
  expect(acrossRooms(board, spotOnCase(gall), 10).roomId).toBe(rooms[10]?.id);
  expect(acrossRooms(board, spotOnCase(gall), 100).roomId).toBe(rooms[13]?.id);
  expect(acrossRooms(board, spotOnCase(gall), -10)).toEqual(spotOnCase(gall));
});

test('Home and End go to the first and last case, or to the hours of the room', () => {
  expect(toEdgeOfDay(board, spotOnCase(gall), 'start').caseId).toBe(hernia.id);
  expect(toEdgeOfDay(board, spotOnCase(gall), 'end').caseId).toBe(knee.id);
  expect(toEdgeOfDay(board, freeSpot(room1.id, '11:00'), 'start').at).toBe(at('07:00'));
  expect(toEdgeOfDay(board, freeSpot(room1.id, '11:00', 90), 'end').at).toBe(at('15:30'));
});

test('on free time, the cursor moves in steps and stays within the day', () => {
  expect(alongFreeTime(board, freeSpot(room1.id, '11:00'), 5).at).toBe(at('11:05'));
  expect(alongFreeTime(board, freeSpot(room1.id, '00:00'), -5).at).toBe(at('00:00'));
  expect(alongFreeTime(board, freeSpot(room1.id, '23:00', 90), 60).at).toBe(at('22:30'));
});

test('the cursor visits the edges of the gaps in turn', () => {
  const from = freeSpot(room1.id, '08:30');
  expect(toNextEdge(board, from, 1).at).toBe(at('09:00'));
  expect(toNextEdge(board, freeSpot(room1.id, '09:00'), 1).at).toBe(at('10:30'));
  expect(toNextEdge(board, from, -1).at).toBe(at('07:30'));
});

test('marked time starts with the usual length, and has at least one step', () => {
  expect(resizeMark(board, freeSpot(room1.id, '11:00'), 15, 60).minutes).toBe(75);
  expect(resizeMark(board, freeSpot(room1.id, '11:00', 10), -15, 60).minutes).toBe(5);
  expect(resizeMark(board, freeSpot(room1.id, '23:30', 25), 15, 60).minutes).toBe(30);
});

test('F goes to the free time after the case, and back to the nearest case', () => {
  const beside = aCase(room1, '10:30', 20);
  const full = loadBoard({ resources: rooms, cases: [...cases, beside] });
  expect(switchMode(full, spotOnCase(gall))).toEqual(freeSpot(room1.id, '11:00'));
  expect(switchMode(board, spotOnCase(knee))).toEqual(freeSpot(room1.id, '15:10'));
  const gap = aCase(room1, '10:35', 30);
  const tight = loadBoard({ resources: rooms, cases: [...cases, gap] });
  expect(switchMode(tight, spotOnCase(gall)).at).toBe(at('10:30'));
  expect(switchMode(board, freeSpot(room1.id, '12:50'))).toMatchObject({ mode: 'case', caseId: knee.id });
  expect(switchMode(board, freeSpot(room3.id, '12:50'))).toMatchObject({ mode: 'case', caseId: null });
});

test('the cursor starts at the selected case, else at a case of the current time', () => {
  expect(firstSpot(board, long, at('09:10'))).toEqual(spotOnCase(long));
  expect(firstSpot(board, null, at('09:10'))).toEqual(spotOnCase(gall));
  expect(firstSpot(loadBoard({ resources: rooms }), null, at('09:10'))).toMatchObject({
    caseId: null,
    roomId: room1.id,
  });
  expect(firstSpot(loadBoard({}), null, at('09:10'))).toBeNull();
});

const cursorAfter = (changed: typeof cases, from: Cursor, isMine: (id: string) => boolean = isNeverMine) => {
  const before = loadBoard({ resources: rooms, cases });
  return cursorAfterChange(before, loadBoard({ resources: rooms, cases: changed }), from, isMine);
};
const without = (item: (typeof cases)[0]) => cases.filter((each) => each !== item);

test('the cursor stays at its place when its case leaves the board', () => {
  const left = cursorAfter(without(gall), spotOnCase(gall));
  expect(left).toEqual({ ...spotOnCase(gall), caseId: null });
  expect(toNextCase(loadBoard({ resources: rooms, cases: without(gall) }), left as Spot, 1).caseId).toBe(
    knee.id,
  );
});

test('the cursor follows its case if I move it, and stays if another person does', () => {
  const moved = { ...gall, roomId: room4.id, start: at('12:00'), end: at('13:30') };
  const changed = [...without(gall), moved];
  expect(cursorAfter(changed, spotOnCase(gall))).toEqual({ ...spotOnCase(gall), caseId: null });
  expect(cursorAfter(changed, spotOnCase(gall), (id) => id === gall.id)).toEqual(spotOnCase(moved));
});

test('the cursor stays on a moved case that is still under it', () => {
  const nudged = { ...gall, start: at('09:05'), end: at('10:35') };
  expect(cursorAfter([...without(gall), nudged], spotOnCase(gall)).caseId).toBe(gall.id);
});

test('the cursor selects a case that I bring to it', () => {
  const waiting = { ...spotOnCase(gall), caseId: null, at: at('15:00') };
  const pasted = aCase(room1, '15:00', 60);
  expect(cursorAfter([...cases, pasted], waiting)).toEqual(waiting);
  expect(cursorAfter([...cases, pasted], waiting, (id) => id === pasted.id)).toEqual(spotOnCase(pasted));
});

test('changes elsewhere do not affect the cursor', () => {
  const from = spotOnCase(gall);
  expect(cursorAfter(without(late), from)).toBe(from);
});

test('the cursor stays on the board when its room is retired', () => {
  const before = loadBoard({ resources: rooms, cases });
  const closed = loadBoard({ resources: rooms.slice(1), cases });
  expect(cursorAfterChange(before, closed, spotOnCase(gall), isNeverMine)).toMatchObject({
    caseId: null,
    roomId: room2.id,
  });
});

test('the cursor stays on a granted hold, before and after the board shows the hold', () => {
  const fresh = aCase(room4, '12:00', 60, { state: 'held' });
  const cursor = spotOnCase(fresh);
  expect(cursorAfter(cases.slice(1), cursor)).toEqual(cursor);
  expect(cursorAfter([...cases, fresh], cursor)).toEqual(cursor);
});

test('the cursor keeps its time of day on another day', () => {
  const tomorrow = '2026-11-21';
  const next = { ...aCase(room1, '10:00', 60), start: at('10:00', tomorrow), end: at('11:00', tomorrow) };
  const day = loadBoard({ resources: rooms, cases: [next] }, tomorrow);
  expect(date < tomorrow).toBe(true);
  expect(cursorAfterChange(board, day, spotOnCase(gall), isNeverMine)).toMatchObject({
    caseId: next.id,
    at: at('09:00', tomorrow),
  });
  expect(cursorAfterChange(board, day, freeSpot(room2.id, '11:15', 45), isNeverMine)).toEqual({
    ...freeSpot(room2.id, '11:15', 45),
    at: at('11:15', tomorrow),
  });
});

test('across rooms, the nearest end of a long case decides', () => {
  const place = { ...spotOnCase(gall), caseId: null, at: addMinutes(long.end, 30) };
  expect(acrossRooms(board, place, 1).caseId).toBe(long.id);
});

test('RE9 the cursor follows the actual time of a case, and never stands on a hidden case', () => {
  const inRoom = { state: 'in_room', milestones: { in_room: at('10:00') } } as const;
  const tomorrow = { start: at('09:00', '2026-11-21'), end: at('10:00', '2026-11-21') };
  const wheeledIn = aCase(room1, '09:00', 60, { ...tomorrow, ...inRoom });
  const next = aCase(room1, '12:00', 60);
  const today = loadBoard({ resources: [room1], cases: [wheeledIn, next] });
  expect(spotOnCase(wheeledIn).at).toBe(at('10:00'));
  expect(toNextCase(today, spotOnCase(next), -1).caseId).toBe(wheeledIn.id);
  // It may still run past midnight, but has not yet.
  const later = aCase(room1, '08:00', 60, {
    start: at('08:00', '2026-11-21'),
    end: at('09:00', '2026-11-21'),
  });
  const dayAfter = loadBoard({ resources: [room1], cases: [wheeledIn, later] }, '2026-11-21');
  expect(toNextCase(dayAfter, spotOnCase(later), -1).caseId).toBe(later.id);
  expect(firstSpot(dayAfter, null, at('06:00'))?.caseId).toBe(later.id);
});

test('RE9 the cursor stays on a case that runs into the day until the case is over', () => {
  const evening = { start: at('22:00', '2026-11-19'), end: at('23:00', '2026-11-19') };
  const running = { state: 'in_room', milestones: { in_room: evening.start } } as const;
  const item = { ...aCase(room4, '22:00', 60, running), ...evening };
  const before = loadBoard({ resources: rooms, cases: [item, late] });
  const changed = loadBoard({ resources: rooms, cases: [item, { ...late, note: 'Latex' }] });
  const nobody = () => false;
  expect(cursorAfterChange(before, changed, spotOnCase(item), nobody)).toEqual(spotOnCase(item));
  // Once it is over, another case may be near.
  const over = {
    ...item,
    state: 'completed',
    milestones: { ...running.milestones, out_of_room: at('23:40', '2026-11-19') },
  } as const;
  expect(
    cursorAfterChange(before, loadBoard({ resources: rooms, cases: [over, late] }), spotOnCase(item), nobody)
      .caseId,
  ).toBe(late.id);
});
