import { expect, test } from 'vitest';

import { draftCase } from './case-draft.ts';
import { isClaiming } from './case-state.ts';
import type { Case, PlacedCase } from './cases.ts';
import { figuresOfDay } from './figures.ts';
import { expectedAt } from './reality.ts';
import type { Resource } from './resources.ts';
import { defaultSettings } from './sites.ts';
import type { Closure } from './sites.ts';
import { addMinutes, instantOf } from './time.ts';

const timeZone = 'America/Chicago';
const date = '2026-11-20';
const at = (time: string, on = date) => instantOf(on, time, timeZone);
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
let nextNumber = 1000;
const aRoom = (name: string, attributes: Resource['attributes']): Resource => ({
  id: uuid(nextNumber++),
  kind: 'room',
  name,
  capacity: 1,
  active: true,
  attributes,
  version: 1,
});
function aCase(of: Resource, start: string, minutes: number, more: Partial<Case> = {}): PlacedCase {
  const n = nextNumber++;
  return {
    ...draftCase(
      { title: `Case ${n}`, minutes, setupMinutes: 0, cleanupMinutes: 0 },
      { procedure: null, room: null, surgeon: null, settings: defaultSettings },
    ),
    id: uuid(n),
    number: n,
    state: 'scheduled',
    roomId: of.id,
    start: at(start),
    end: addMinutes(at(start), minutes),
    createdBy: uuid(1),
    ...more,
  } as PlacedCase;
}
type Input = { rooms: Resource[]; cases?: PlacedCase[]; closures?: Closure[] };
const day = ({ rooms, cases = [], closures = [] }: Input, on = date) => ({
  board: { site: { timeZone }, cases },
  date: on,
  rooms,
  lanes: new Map(
    rooms.map((each) => [
      each.id,
      {
        room: each,
        cases: cases.filter(({ roomId, state }) => roomId === each.id && isClaiming(state)),
        closures: closures.filter(({ resourceId }) => resourceId === each.id),
      },
    ]),
  ),
});

const hours = [{ days: [1, 2, 3, 4, 5], open: '07:00', close: '17:00' }];
const room = aRoom('OR 1', { hours });
const other = aRoom('OR 2', { hours });
const urgent = aRoom('OR 3', { hours: [{ days: [1, 2, 3, 4, 5, 6, 7], open: '00:00', close: '24:00' }] });
const noon = Date.parse(at('12:00'));
const expectedOf = (now: number) => (item: PlacedCase) => expectedAt(item, new Date(now).toISOString());
const figures = (input: Partial<Input>, now = noon) =>
  figuresOfDay(day({ rooms: [room, other, urgent], ...input }), now, expectedOf(now));

test('use is patient-in-room minutes over opening hours', () => {
  const { primeTime, adjusted } = figures({
    cases: [
      aCase(room, '08:00', 60, { setupMinutes: 15, cleanupMinutes: 15 }),
      aCase(other, '08:00', 120, { setupMinutes: 0, cleanupMinutes: 30 }),
    ],
  });
  expect(primeTime).toBeCloseTo(180 / 1200);
  expect(adjusted).toBeCloseTo((180 + 30 + 30) / 1200);
});

test('time outside opening hours and rooms open around the clock do not count', () => {
  const { primeTime, rooms } = figures({
    cases: [aCase(room, '16:30', 60), aCase(urgent, '08:00', 600)],
  });
  expect(primeTime).toBeCloseTo(30 / 1200);
  expect(rooms[2]).toMatchObject({ openMinutes: null, inRoomMinutes: 600, firstCase: null });
});

test('recorded times count where they are known', () => {
  const milestones = { in_room: at('08:20'), out_of_room: at('08:50') };
  const { primeTime } = figures({ cases: [aCase(room, '08:00', 60, { state: 'completed', milestones })] });
  expect(primeTime).toBeCloseTo(30 / 1200);
});

test('a case that is still in the room lasts at least until now', () => {
  const milestones = { in_room: at('10:00') };
  const { rooms } = figures({ cases: [aCase(room, '10:00', 60, { state: 'in_room', milestones })] });
  expect(rooms[0]?.inRoomMinutes).toBe(120);
});

test('holds and cancelled cases do not count as use; a closure reduces the open time', () => {
  const closure = {
    id: uuid(50),
    resourceId: room.id,
    start: at('07:00'),
    end: at('12:00'),
    quantity: 1,
    reason: 'Cleaning',
    createdBy: { id: uuid(1), name: 'M. Kraus' },
    version: 1,
  };
  const { primeTime, rooms, holds } = figures({
    cases: [
      aCase(room, '13:00', 60, { state: 'held', expiresAt: at('12:02') }),
      aCase(room, '15:00', 60, { state: 'held', expiresAt: at('11:59') }),
      aCase(room, '14:00', 60, { state: 'cancelled', reason: 'Patient unwell' }),
    ],
    closures: [closure],
  });
  expect(primeTime).toBe(0);
  expect(rooms[0]).toMatchObject({ openMinutes: 300, caseCount: 0 });
  expect(holds).toBe(1);
});

test('a first case is on time up to 5 minutes late, and counts once it has started', () => {
  const first = (more: object) => figures({ cases: [aCase(room, '08:00', 60, more)] });
  const began = (time: string) => ({ state: 'in_room', milestones: { in_room: at(time) } });
  expect(first(began('08:05')).firstCases).toEqual({ onTime: 1, counted: 1 });
  expect(first(began('08:06')).firstCases).toEqual({ onTime: 0, counted: 1 });
  expect(first(began('08:06')).rooms[0]?.firstCase?.minutesLate).toBe(6);
  expect(first({}).firstCases).toEqual({ onTime: 0, counted: 1 });
  const before = figures({ cases: [aCase(room, '13:00', 60)] });
  expect(before.firstCases).toEqual({ onTime: 0, counted: 0 });
});

test('a case before opening hours is not a first case', () => {
  const night = {
    state: 'completed',
    milestones: { in_room: at('03:40'), out_of_room: at('04:30') },
  } as const;
  const early = { state: 'in_room', milestones: { in_room: at('07:02') } } as const;
  const { firstCases } = figures({
    cases: [aCase(room, '03:00', 60, night), aCase(room, '07:00', 60, early)],
  });
  expect(firstCases).toEqual({ onTime: 1, counted: 1 });
});

test('only one case of a room is its first case', () => {
  const late = { state: 'in_room', milestones: { in_room: at('11:00') } } as const;
  const early = {
    state: 'completed',
    milestones: { in_room: at('07:00'), out_of_room: at('08:00') },
  } as const;
  const { firstCases } = figures({
    cases: [aCase(room, '10:00', 60, late), aCase(room, '07:00', 60, early)],
  });
  expect(firstCases).toEqual({ onTime: 1, counted: 1 });
});

test('turnovers are from one patient out to the next in; longer gaps are empty time', () => {
  const done = (start: string, left: string) => ({
    state: 'completed' as const,
    milestones: { in_room: at(start), out_of_room: at(left) },
  });
  const { turnover } = figures({
    cases: [
      aCase(room, '07:00', 60, done('07:00', '08:00')),
      aCase(room, '08:30', 60, done('08:20', '09:00')),
      aCase(room, '09:30', 60, done('09:30', '10:00')),
      aCase(room, '11:45', 60, done('11:45', '12:00')),
      aCase(other, '07:00', 60, done('07:00', '08:00')),
    ],
  });
  expect(turnover).toEqual({ median: 25, count: 2 });
});

test('cancellations are listed by reason, most frequent first, next to all booked cases', () => {
  const cancelledCase = (reason: string | null) => aCase(room, '09:00', 60, { state: 'cancelled', reason });
  const { cancelled } = figures({
    cases: [
      cancelledCase('No bed'),
      cancelledCase('Fever'),
      cancelledCase('No bed'),
      cancelledCase(null),
      aCase(room, '10:00', 60),
    ],
  });
  expect(cancelled).toEqual({
    count: 4,
    of: 5,
    reasons: [
      { code: null, text: 'No bed', count: 2 },
      { code: null, text: null, count: 1 },
      { code: null, text: 'Fever', count: 1 },
    ],
  });
});

test('RS5 delayed and overridden cases count by code, and by text without one', () => {
  const late = (delayReason: string, delayReasonCode: string | null) =>
    aCase(room, '09:00', 60, { delayReason, delayReasonCode });
  const { delays, overrides } = figures({
    cases: [
      late('Traffic', 'surgeon_late'),
      late('Fog', null),
      late('Overslept', 'surgeon_late'),
      aCase(room, '11:00', 60, { overrideReason: 'Agreed', overrideReasonCode: 'charge_nurse' }),
    ],
  });
  expect(delays).toEqual([
    { code: 'surgeon_late', text: null, count: 2 },
    { code: null, text: 'Fog', count: 1 },
  ]);
  expect(overrides).toEqual([{ code: 'charge_nurse', text: null, count: 1 }]);
});

test('a day without open rooms has no share', () => {
  const saturday = figuresOfDay(day({ rooms: [room] }, '2026-11-21'), noon, expectedOf(noon));
  expect(saturday.primeTime).toBeNull();
  expect(saturday.rooms[0]?.openMinutes).toBe(0);
});

test('RE9 a case counts on the day on which it takes place, and only there', () => {
  const milestones = { in_room: at('10:00'), out_of_room: at('11:00') };
  const ahead = { start: at('08:00', '2026-11-23'), end: at('09:30', '2026-11-23') };
  const wheeledIn = aCase(room, '08:00', 90, { state: 'completed', milestones, ...ahead });
  const planned = aCase(room, '12:00', 60);
  const { rooms, primeTime, firstCases } = figures({ cases: [planned, wheeledIn] });
  expect(rooms[0]).toMatchObject({ caseCount: 2, inRoomMinutes: 120 });
  expect(primeTime).toBeCloseTo(120 / 1200);
  // The first case is the first that was planned for the day.
  expect([rooms[0]?.firstCase?.item, firstCases.counted]).toEqual([planned, 0]);
  const monday = figuresOfDay(
    day({ rooms: [room], cases: [wheeledIn] }, '2026-11-23'),
    noon,
    expectedOf(noon),
  );
  expect(monday.rooms[0]).toMatchObject({ caseCount: 0, inRoomMinutes: 0, firstCase: null });
});

test('RE9 a case over midnight counts on both days, each with its own minutes', () => {
  const evening = { start: at('22:00', '2026-11-19'), end: at('23:00', '2026-11-19') };
  const longer = { start: at('22:00', '2026-11-19'), end: at('00:30') };
  const cases = [aCase(urgent, '00:00', 60, evening), aCase(urgent, '00:00', 150, longer)];
  const countsOn = (on: string, now: string) => {
    const moment = Date.parse(at(now));
    const { rooms, cancelled } = figuresOfDay(
      day({ rooms: [urgent], cases }, on),
      moment,
      expectedOf(moment),
    );
    return [rooms[0]?.caseCount, rooms[0]?.inRoomMinutes, cancelled.of];
  };
  // The first is late, and expected from now to 01:10.
  expect(countsOn('2026-11-19', '00:10')).toEqual([2, 120, 2]);
  expect(countsOn(date, '00:10')).toEqual([2, 70, 2]);
  expect(countsOn(date, '06:00')).toEqual([1, 30, 1]);
});

test('RE9 a delay that another room causes is counted although nothing in this room has changed', () => {
  const input = day({
    rooms: [urgent],
    cases: [aCase(urgent, '08:00', 60, { start: at('22:00', '2026-11-19'), end: at('23:00', '2026-11-19') })],
  });
  const count = (start: string, end: string) =>
    figuresOfDay(input, noon, () => ({ start: at(start), end: at(end) })).rooms[0]?.inRoomMinutes;
  expect([count('10:00', '11:00'), count('10:00', '11:30')]).toEqual([60, 90]);
});
