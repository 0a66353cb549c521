import type { PlacedCase } from '@slate/shared/cases';
import { describe, expect, test } from 'vitest';
import { aCase, aResource, at, date, loadBoard, zone } from '../../../../../../test/small-board.ts';
import { layOut } from '../../../board/lane-layout.ts';
import { closedHours } from '@slate/shared/opening-hours';
import { scrollPositionFor } from '../../../board/reveal.ts';
import { scaleOf } from '../../../board/scale.ts';
import { labelOffset } from './labels.ts';

const room = aResource('room', 'OR 1');
const layoutAt = (now: string, cases: ReturnType<typeof aCase>[]) => {
  const view = loadBoard({ resources: [room], cases });
  const lane = view.lanes.get(room.id);
  if (!lane) throw new Error('The room has no lane.');
  return (moment = now) => layOut(view, lane, Date.parse(moment));
};

test('a case frees its remaining time when the patient leaves early', () => {
  const left = aCase(room, '08:00', 120, {
    state: 'completed',
    cleanupMinutes: 10,
    milestones: { out_of_room: at('08:59') },
  });
  const next = aCase(room, '09:15', 60);
  const { cases } = layoutAt(at('09:00'), [left, next])();
  expect(cases.map(({ levels }) => levels)).toEqual([1, 1]);
  expect(cases[0]).toMatchObject({ end: at('08:59'), claimed: { end: at('09:09') } });
});

test('a lane is laid out once while nothing in it changes', () => {
  const layout = layoutAt(at('06:00'), [aCase(room, '08:00', 60)]);
  expect(layout(at('06:00'))).toBe(layout(at('07:00')));
});

describe('RE9 a case of the evening before is drawn on this day', () => {
  const yesterday = (time: string) => at(time, '2026-11-19');
  const evening = (more: Partial<PlacedCase> = {}): PlacedCase => ({
    ...aCase(room, '08:00', 60),
    cleanupMinutes: 10,
    start: yesterday('22:30'),
    end: yesterday('23:30'),
    ...more,
  });
  const morning = aCase(room, '00:10', 60);
  const running = { state: 'in_room', milestones: { in_room: yesterday('22:40') } } as const;
  const drawn = (now: string, ...cases: ReturnType<typeof aCase>[]) =>
    layoutAt(now, cases)()
      .cases.filter(({ end }) => end > at('00:00'))
      .map(({ item, start, end, level, levels }) => [item.id, start, end, `${level} of ${levels}`]);

  test('while it runs past its planned end over midnight, next to the case after it', () => {
    const item = evening(running);
    expect(drawn(yesterday('23:55'), item)).toEqual([]);
    expect(drawn(at('00:20'), item, morning)).toEqual([
      [item.id, yesterday('22:40'), at('00:20'), '0 of 2'],
      [morning.id, at('00:10'), at('01:10'), '1 of 2'],
    ]);
    expect(drawn(at('23:00'), item)).toEqual([]);
  });

  test('while it is late over midnight, where it is expected', () => {
    const item = evening();
    expect(drawn(at('00:20'), item)).toEqual([[item.id, at('00:20'), at('01:20'), '0 of 1']]);
    expect(drawn(yesterday('22:50'), item)).toEqual([]);
    // Before midnight already, if it would run into the day.
    expect(drawn(yesterday('23:10'), item)).toEqual([[item.id, yesterday('23:10'), at('00:10'), '0 of 1']]);
    expect(drawn(at('02:30'), item)).toEqual([]);
    expect(drawn(at('00:20'), { ...item, state: 'completed' })).toEqual([]);
  });

  test('once, if its planned time already reaches into the day', () => {
    const over = evening({ ...running, end: at('00:30') });
    expect(drawn(at('00:20'), over)).toEqual([[over.id, yesterday('22:40'), at('00:40'), '0 of 1']]);
  });
});

test('a room is closed before, between and after its hours, in the site’s zone', () => {
  const hours = [
    { days: [5], open: '07:00', close: '12:00' },
    { days: [5], open: '13:00', close: '17:00' },
    { days: [6], open: '07:00', close: '24:00' },
  ];
  const open = aResource('room', 'OR 2', { attributes: { hours } });
  expect(closedHours(open, date, 2, zone)).toEqual([
    { start: at('00:00'), end: at('07:00') },
    { start: at('12:00'), end: at('13:00') },
    { start: at('17:00'), end: at('07:00', '2026-11-21') },
  ]);
  expect(closedHours(room, date, 1, zone)).toEqual([]);
});

test('a label goes into the first gap that fits, or is left out', () => {
  const scale = scaleOf({ date, days: 1, zone, pixelsPerHour: 60 });
  const block = { start: at('07:00'), end: at('12:00') };
  const taken = [
    { start: at('07:20'), end: at('09:00') },
    { start: at('10:30'), end: at('12:30') },
  ];
  expect(labelOffset(scale, block, taken, 15)).toBe(0);
  expect(labelOffset(scale, block, taken, 60)).toBe(120);
  expect(labelOffset(scale, block, taken, 100)).toBeNull();
  expect(labelOffset(scale, block, [], 300)).toBe(0);
});

test.each([
  ['in view', 100, 500, 200, 50, 100],
  ['before it', 100, 500, 60, 50, 40],
  ['after it', 100, 500, 590, 50, 160],
  ['longer than the view', 100, 500, 700, 5000, 680],
])(
  'the board scrolls no further than needed to show a target that is %s',
  (_, from, view, at0, length, expected) => {
    expect(scrollPositionFor(from, view, at0, length, 20)).toBe(expected);
  },
);
