import { expect, test } from 'vitest';
import { aCase, aResource, at, loadBoard } from '../../../../test/small-board.ts';
import { rippleOf } from './ripple.ts';

const [room4, room9] = [aResource('room', 'OR 4'), aResource('room', 'OR 9')];
const okafor = aResource('surgeon', 'Okafor N');
const turnover = { setupMinutes: 10, cleanupMinutes: 15 };
const resources = [room4, room9, okafor];

test('PL4 a delay moves only the following cases of the room and of the surgeon that must move', () => {
  const first = aCase(room4, '08:00', 60, { ...turnover, surgeonId: okafor.id });
  const next = aCase(room4, '09:30', 60, turnover);
  const afterAGap = aCase(room4, '14:00', 60, turnover);
  const sameSurgeon = aCase(room9, '09:15', 45, { surgeonId: okafor.id });
  const other = aCase(room9, '11:00', 45);
  const view = loadBoard({ resources, cases: [first, next, afterAGap, sameSurgeon, other] });
  expect(rippleOf(view, first, 30).map(({ after }) => [after.id, after.start])).toEqual([
    [first.id, at('08:30')],
    [sameSurgeon.id, at('09:30')],
    [next.id, at('09:55')],
  ]);
});

test('PL4 a case that has begun does not move', () => {
  const first = aCase(room4, '08:00', 60);
  const underWay = aCase(room4, '09:00', 60, { state: 'in_room' });
  const view = loadBoard({ resources, cases: [first, underWay] });
  expect(rippleOf(view, first, 30).map(({ after }) => after.id)).toEqual([first.id]);
});
