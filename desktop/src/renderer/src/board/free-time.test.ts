import { expect, test } from 'vitest';
import { aCase, aResource, at, date, loadBoard, uuid } from '../../../../test/small-board.ts';
import { freeFrom, nextGap, takenIn } from './free-time.ts';

const room = aResource('room', 'OR 1');
const closure = {
  id: uuid(7),
  resourceId: room.id,
  start: at('12:00'),
  end: at('13:00'),
  quantity: 1,
  reason: 'Terminal cleaning',
  createdBy: { id: uuid(1), name: 'M. Kraus' },
  version: 1,
};
const view = loadBoard({
  resources: [room],
  cases: [
    aCase(room, '08:00', 60, { setupMinutes: 10, cleanupMinutes: 15 }),
    aCase(room, '09:20', 40, { cleanupMinutes: 17 }),
  ],
  busy: [{ id: uuid(8), roomId: room.id, start: at('14:00'), end: at('15:00'), growsFrom: null }],
  closures: [closure],
});
const lane = view.lanes.get(room.id);
if (!lane) throw new Error(`no lane on ${date}`);
const taken = takenIn(view, lane);
const noTurnover = { setupMinutes: 0, cleanupMinutes: 0 };
const until = at('24:00');

test('cases with their turnover, busy time and closures take time', () => {
  expect(taken).toEqual([
    { start: at('07:50'), end: at('09:15') },
    { start: at('09:20'), end: at('10:17') },
    { start: at('12:00'), end: at('13:00') },
    { start: at('14:00'), end: at('15:00') },
  ]);
});

test('free time starts on a step after the end of a case', () => {
  expect(freeFrom(taken, at('10:00'))).toBe(at('10:20'));
  expect(freeFrom(taken, at('11:00'))).toBe(at('11:00'));
});

test('the next gap fits the case and its turnover', () => {
  expect(nextGap(taken, { after: at('09:00'), until, minutes: 60 }, noTurnover)).toBe(at('10:20'));
  expect(nextGap(taken, { after: at('09:00'), until, minutes: 100 }, noTurnover)).toBe(at('10:20'));
  expect(nextGap(taken, { after: at('09:00'), until, minutes: 105 }, noTurnover)).toBe(at('15:00'));
  const turnover = { setupMinutes: 10, cleanupMinutes: 15 };
  expect(nextGap(taken, { after: at('09:00'), until, minutes: 60 }, turnover)).toBe(at('10:30'));
  expect(nextGap(taken, { after: at('09:00'), until, minutes: 80 }, turnover)).toBe(at('15:10'));
});

test('there is no gap beyond the day', () => {
  expect(nextGap(taken, { after: at('09:00'), until, minutes: 600 }, noTurnover)).toBeNull();
});

test('RE14 the next gap does not begin while a late case is expected in the room', () => {
  const late = loadBoard({ resources: [room], cases: [aCase(room, '05:30', 60)] });
  const roomLane = late.lanes.get(room.id);
  const from = at('06:00');
  const next = roomLane && nextGap(takenIn(late, roomLane), { after: from, until, minutes: 60 }, noTurnover);
  expect(next && next >= at('07:00')).toBe(true);
});
