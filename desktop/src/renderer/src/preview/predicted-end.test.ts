import { expect, test } from 'vitest';
import { aCase, aResource, at } from '../../test/small-board.ts';
import { predictedEnd } from './predicted-end.ts';

const ms = (time: string) => Date.parse(at(time));

test('a case that began late takes as long as planned from then, and never ends before now', () => {
  const room = aResource('room', 'OR 1');
  const late = aCase(room, '08:00', 60, { state: 'incision', milestones: { in_room: at('08:40') } });
  expect(predictedEnd(late, ms('08:45'))).toBe(ms('09:40'));
  expect(predictedEnd(late, ms('10:10'))).toBe(ms('10:10'));
});
