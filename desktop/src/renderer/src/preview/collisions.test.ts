import { expect, test } from 'vitest';
import { aCase, aResource, at, showing } from '../../../../test/small-board.ts';
import { blockedIn, collisionsOf } from './collisions.ts';

const [one, two] = [aResource('room', 'OR 1'), aResource('room', 'OR 2')];
const surgeon = aResource('surgeon', 'Dr Haddad');
const arms = aResource('equipment', 'C-arm', { capacity: 2 });
const resources = [one, two, surgeon, arms];
const ms = (time: string) => Date.parse(at(time));
const underWay = { state: 'incision', milestones: { in_room: at('08:40') } } as const;

test('a case that runs over keeps its room from the next', () => {
  const late = aCase(one, '08:00', 60, underWay);
  const [soon, later] = [aCase(one, '09:15', 60), aCase(one, '11:00', 60)];
  const view = showing({ resources, cases: [late, soon, later] });
  expect(collisionsOf(view, ms('08:45'))).toEqual([
    { running: late, waiting: soon, resourceId: one.id, until: at('09:40') },
  ]);
  expect(blockedIn(view, one.id, ms('11:05'))).toBe(`${soon.id},${later.id}`);
});

test('RE7 a case that began hours before its plan keeps what it uses now', () => {
  const navigation = aResource('equipment', 'Navigation');
  const equipment = [{ resourceId: navigation.id, quantity: 1 }];
  const early = aCase(one, '12:40', 80, {
    equipment,
    state: 'in_room',
    milestones: { in_room: at('09:38') },
  });
  const here = aCase(one, '10:30', 60);
  const there = aCase(two, '10:00', 60, { equipment });
  const after = aCase(two, '13:00', 60, { equipment });
  const view = showing({ resources: [...resources, navigation], cases: [early, here, there, after] });
  expect(collisionsOf(view, ms('09:40'))).toEqual([
    { running: early, waiting: there, resourceId: navigation.id, until: at('10:58') },
    { running: early, waiting: here, resourceId: one.id, until: at('10:58') },
  ]);
});

test('RE8 a case that has not begun by its planned minute keeps its room from the next', () => {
  const first = aCase(one, '07:30', 60);
  const next = aCase(one, '08:35', 60);
  const view = showing({ resources, cases: [first, next] });
  expect(collisionsOf(view, ms('07:30'))).toEqual([]);
  expect(collisionsOf(view, ms('07:34'))).toEqual([]);
  expect(collisionsOf(view, ms('07:40'))).toMatchObject([
    { running: first, waiting: next, until: at('08:40') },
  ]);
  // Nobody says of a case that was never begun that it still is to begin.
  expect(collisionsOf(view, ms('12:40'))).toEqual([]);
});

test('and its surgeon from a case in another room', () => {
  const late = aCase(one, '08:00', 60, { ...underWay, surgeonId: surgeon.id });
  const next = aCase(two, '09:15', 60, { surgeonId: surgeon.id });
  const other = aCase(two, '10:30', 60);
  const view = showing({ resources, cases: [late, next, other] });
  expect(collisionsOf(view, ms('08:45'))).toMatchObject([{ waiting: next, resourceId: surgeon.id }]);
  expect(blockedIn(view, two.id, ms('08:45'))).toBe(next.id);
  expect(blockedIn(view, one.id, ms('08:45'))).toBe('');
});

test('and its equipment, unless there is another unit', () => {
  const equipment = [{ resourceId: arms.id, quantity: 1 }];
  const late = aCase(one, '08:00', 60, { ...underWay, equipment });
  const next = aCase(two, '09:15', 60, { equipment });
  expect(collisionsOf(showing({ resources, cases: [late, next] }), ms('08:45'))).toEqual([]);
  const third = aCase(aResource('room', 'OR 3'), '08:30', 120, {
    ...underWay,
    milestones: { in_room: at('08:30') },
    equipment,
  });
  expect(collisionsOf(showing({ resources, cases: [late, next, third] }), ms('08:45'))).toMatchObject([
    { waiting: next, resourceId: arms.id },
  ]);
});

test('nothing collides with what is on time, or over', () => {
  const shared = { surgeonId: surgeon.id };
  const next = aCase(two, '09:15', 60, shared);
  const onTime = aCase(one, '08:00', 60, { ...shared, ...underWay, milestones: { in_room: at('08:05') } });
  const over = aCase(one, '07:00', 60, { ...shared, ...underWay, state: 'completed' });
  const view = showing({ resources, cases: [onTime, over, next] });
  expect(collisionsOf(view, ms('08:45'))).toEqual([]);
});

test('it is worked out once for a board and a moment', () => {
  const view = showing({ resources, cases: [aCase(one, '08:00', 60, underWay), aCase(one, '09:15', 60)] });
  expect(collisionsOf(view, ms('08:45'))).toBe(collisionsOf(view, ms('08:45')));
});
