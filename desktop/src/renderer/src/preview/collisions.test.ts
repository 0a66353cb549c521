import type { Closure } from '@slate/shared/sites';
import { describe, expect, test } from 'vitest';
import { aCase, aResource, at, loadBoard, uuid } from '../../../../test/small-board.ts';
import { blockedIn, collisionsOf, expectedEnd } from './collisions.ts';

const [room1, room2] = [aResource('room', 'OR 1'), aResource('room', 'OR 2')];
const surgeon = aResource('surgeon', 'Dr Haddad');
const arms = aResource('equipment', 'C-arm', { capacity: 2 });
const resources = [room1, room2, surgeon, arms];
const ms = (time: string) => Date.parse(at(time));
const underWay = { state: 'incision', milestones: { in_room: at('08:40') } } as const;

test('a case that runs over keeps its room from the next', () => {
  const late = aCase(room1, '08:00', 60, underWay);
  const [soon, later] = [aCase(room1, '09:15', 60), aCase(room1, '11:00', 60)];
  const view = loadBoard({ resources, cases: [late, soon, later] });
  expect(collisionsOf(view, ms('08:45'))).toEqual([
    { running: late, waiting: soon, resourceId: room1.id, until: at('09:40') },
  ]);
  expect(blockedIn(view, room1.id, ms('11:05'))).toBe(`${soon.id},${later.id}`);
});

test('RE7 a case that began early keeps its room and equipment from other cases', () => {
  const navigation = aResource('equipment', 'Navigation');
  const equipment = [{ resourceId: navigation.id, quantity: 1 }];
  const early = aCase(room1, '12:40', 80, {
    equipment,
    state: 'in_room',
    milestones: { in_room: at('09:38') },
  });
  const here = aCase(room1, '10:30', 60);
  const there = aCase(room2, '10:00', 60, { equipment });
  const after = aCase(room2, '13:00', 60, { equipment });
  const view = loadBoard({ resources: [...resources, navigation], cases: [early, here, there, after] });
  expect(collisionsOf(view, ms('09:40'))).toEqual([
    { running: early, waiting: there, resourceId: navigation.id, until: at('10:58') },
    { running: early, waiting: here, resourceId: room1.id, until: at('10:58') },
  ]);
});

test('RE8 a case that has not begun in time keeps its room from the next', () => {
  const first = aCase(room1, '07:30', 60);
  const next = aCase(room1, '08:35', 60);
  const view = loadBoard({ resources, cases: [first, next] });
  expect(collisionsOf(view, ms('07:30'))).toEqual([]);
  expect(collisionsOf(view, ms('07:34'))).toEqual([]);
  expect(collisionsOf(view, ms('07:40'))).toMatchObject([
    { running: first, waiting: next, until: at('08:40') },
  ]);
  // A case that nobody has begun within four hours no longer counts as late.
  expect(collisionsOf(view, ms('12:40'))).toEqual([]);
});

test('a case that runs over keeps its surgeon from a case in another room', () => {
  const late = aCase(room1, '08:00', 60, { ...underWay, surgeonId: surgeon.id });
  const next = aCase(room2, '09:15', 60, { surgeonId: surgeon.id });
  const other = aCase(room2, '10:45', 60);
  const view = loadBoard({ resources, cases: [late, next, other] });
  expect(collisionsOf(view, ms('08:45'))).toMatchObject([{ waiting: next, resourceId: surgeon.id }]);
  expect(blockedIn(view, room2.id, ms('08:45'))).toBe(next.id);
  expect(blockedIn(view, room1.id, ms('08:45'))).toBe('');
});

test('a case that runs over keeps its equipment from the next, unless there is another unit', () => {
  const equipment = [{ resourceId: arms.id, quantity: 1 }];
  const late = aCase(room1, '08:00', 60, { ...underWay, equipment });
  const next = aCase(room2, '09:15', 60, { equipment });
  expect(collisionsOf(loadBoard({ resources, cases: [late, next] }), ms('08:45'))).toEqual([]);
  const third = aCase(aResource('room', 'OR 3'), '08:30', 120, {
    ...underWay,
    milestones: { in_room: at('08:30') },
    equipment,
  });
  expect(collisionsOf(loadBoard({ resources, cases: [late, next, third] }), ms('08:45'))).toMatchObject([
    { waiting: next, resourceId: arms.id },
  ]);
});

test('RE13 two cases that run over leave no unit to a third', () => {
  const equipment = [{ resourceId: arms.id, quantity: 1 }];
  const some = [room1, room2].map((room) => aCase(room, '08:00', 60, { ...underWay, equipment }));
  const next = aCase(aResource('room', 'OR 3'), '09:15', 60, { equipment });
  expect(collisionsOf(loadBoard({ resources, cases: [...some, next] }), ms('08:45'))).toMatchObject([
    { waiting: next, resourceId: arms.id },
    { waiting: next, resourceId: arms.id },
  ]);
  const closures = [
    { id: uuid(9), resourceId: arms.id, start: at('09:20'), end: at('09:25'), quantity: 1 } as Closure,
  ];
  const [late] = some.slice(1);
  const marked = (closed: Closure[]) =>
    collisionsOf(loadBoard({ resources, cases: [late ?? next, next], closures: closed }), ms('08:45')).length;
  expect([marked([]), marked(closures)]).toEqual([0, 1]);
});

test('RE13 a forecast reaches a day ahead', () => {
  const next = aCase(room1, '09:15', 60);
  const dayAfter = {
    ...aCase(room1, '09:15', 60),
    start: at('08:50', '2026-11-21'),
    end: at('12:00', '2026-11-21'),
  };
  const stuck = aCase(room1, '08:00', 24 * 60, underWay);
  const found = collisionsOf(loadBoard({ resources, cases: [stuck, next, dayAfter] }), ms('08:45'));
  expect(found.map(({ waiting }) => waiting.id)).toEqual([next.id]);
});

test('a case that is on time or completed collides with nothing', () => {
  const shared = { surgeonId: surgeon.id };
  const next = aCase(room2, '09:15', 60, shared);
  const onTime = aCase(room1, '08:00', 60, { ...shared, ...underWay, milestones: { in_room: at('08:05') } });
  const over = aCase(room1, '07:00', 60, { ...shared, ...underWay, state: 'completed' });
  const view = loadBoard({ resources, cases: [onTime, over, next] });
  expect(collisionsOf(view, ms('08:45'))).toEqual([]);
});

test('collisions are computed once per board and moment', () => {
  const view = loadBoard({
    resources,
    cases: [aCase(room1, '08:00', 60, underWay), aCase(room1, '09:15', 60)],
  });
  expect(collisionsOf(view, ms('08:45'))).toBe(collisionsOf(view, ms('08:45')));
});

describe('RE13 a delay spreads', () => {
  const turnover = { setupMinutes: 10, cleanupMinutes: 15 };
  const a = aCase(room1, '08:00', 60, { ...underWay, ...turnover });
  const b = aCase(room1, '09:30', 60, { ...turnover, surgeonId: surgeon.id });
  const c = aCase(room1, '11:00', 60, turnover);
  const elsewhere = aCase(room2, '10:45', 30, { surgeonId: surgeon.id });
  const tomorrow = aCase(room1, '16:00', 60, turnover);
  const view = loadBoard({ resources, cases: [tomorrow, elsewhere, c, b, a] });
  const ends = (now: string) => [a, b, elsewhere, c].map(({ id }) => expectedEnd(view, id, ms(now)));

  test('from case to case, through the room and the surgeon', () => {
    const found = collisionsOf(view, ms('08:45'));
    expect(
      found.map(({ running, waiting, resourceId, until }) => [running.id, waiting.id, resourceId, until]),
    ).toEqual([
      [a.id, b.id, room1.id, at('09:40')],
      [b.id, elsewhere.id, surgeon.id, at('11:05')],
      [b.id, c.id, room1.id, at('11:05')],
    ]);
    expect(blockedIn(view, room1.id, ms('08:45'))).toBe(`${b.id},${c.id}`);
    // The room is cleaned and set up first; a surgeon can start at once.
    expect(ends('08:45')).toEqual([at('09:40'), at('11:05'), at('11:35'), at('12:30')]);
    expect(expectedEnd(view, tomorrow.id, ms('08:45'))).toBeNull();
  });

  test('up to a gap that absorbs it', () => {
    const early = loadBoard({ resources, cases: [{ ...a, milestones: { in_room: at('08:20') } }, b, c] });
    expect(collisionsOf(early, ms('08:45'))).toEqual([]);
    const gap = loadBoard({ resources, cases: [a, b, { ...c, start: at('11:05'), end: at('12:05') }] });
    expect(collisionsOf(gap, ms('08:45')).map(({ waiting }) => waiting.id)).toEqual([b.id]);
  });

  test('from a case that is late itself', () => {
    const late = loadBoard({ resources, cases: [b, c] });
    expect(collisionsOf(late, ms('10:05')).map(({ running, waiting }) => [running.id, waiting.id])).toEqual([
      [b.id, c.id],
    ]);
  });

  test('not from a hold, which may still be released', () => {
    const held = { ...b, state: 'held', expiresAt: at('09:00') } as const;
    const found = collisionsOf(loadBoard({ resources, cases: [a, held, c] }), ms('08:45'));
    expect(found.map(({ waiting }) => waiting.id)).toEqual([held.id]);
  });
});
