import { describe, expect, test } from 'vitest';
import type { CaseState, Milestone } from './case-state.ts';
import { delayOf, expectedAt, happensAt, mayHappenAt, stayOf } from './reality.ts';

const at = (time: string, day = '10') => `2027-05-${day}T${time}:00.000Z`;
const item = (state: CaseState, facts: Partial<Record<Milestone, string>> = {}) => ({
  state,
  start: at('12:40'),
  end: at('14:00'),
  milestones: Object.fromEntries(Object.entries(facts).map(([fact, time]) => [fact, at(time)])),
});
const times = (range: { start: string; end: string } | null) =>
  range && `${range.start.slice(11, 16)}–${range.end.slice(11, 16)}`;

describe('RE1 a case is', () => {
  test.each([
    ['as planned before it has begun', item('in_holding', { in_holding: '09:00' }), '12:40–14:00'],
    ['from patient in, for the planned length', item('in_room', { in_room: '09:38' }), '09:38–10:58'],
    ['from incision, if nothing else is known', item('incision', { incision: '10:00' }), '10:00–11:20'],
    [
      'from its planned start when the incision is later',
      item('incision', { incision: '13:00' }),
      '12:40–14:00',
    ],
    ['until ten minutes after closing', item('closed', { in_room: '09:38', closed: '10:20' }), '09:38–10:30'],
    [
      'until the patient is out',
      item('out_of_room', { in_room: '09:38', out_of_room: '11:31' }),
      '09:38–11:31',
    ],
    ['until its completion', item('completed', { in_room: '12:45', completed: '13:30' }), '12:45–13:30'],
    ['nowhere if it was over before its start', item('out_of_room', { out_of_room: '09:00' }), null],
    [
      'for the planned length when it was closed before its start',
      item('closed', { in_room: '12:00', closed: '09:00' }),
      '12:00–13:20',
    ],
  ])('%s', (_, caseTimes, expected) => {
    expect(times(stayOf(caseTimes))).toBe(expected);
  });

  test('in its room at least until now, for at most a day', () => {
    const running = item('incision', { in_room: '09:38' });
    expect(times(stayOf(running, at('10:50')))).toBe('09:38–10:58');
    expect(times(stayOf(running, at('11:20')))).toBe('09:38–11:20');
    expect(times(stayOf(item('closed', { in_room: '09:38', closed: '10:20' }), at('11:00')))).toBe(
      '09:38–11:00',
    );
    expect(times(stayOf(running, at('09:38', '11')))).toBe('09:38–10:58');
  });
});

describe('RE1 without `in_room` the planned start counts for a day', () => {
  const planned = { ...item('incision'), milestones: { incision: at('12:39', '11') } };
  test.each([
    ['and not once the first fact is later', { incision: at('12:40', '11') }, '12:40–14:00'],
    [
      'whatever was recorded after that',
      { incision: at('09:00', '12'), closed: at('10:00', '12') },
      '09:00–10:20',
    ],
  ])('%s', (_, milestones, expected) => {
    expect(stayOf(planned)).toEqual({ start: at('12:40'), end: at('14:00') });
    const later = stayOf({ ...planned, milestones });
    expect([later?.start, times(later)]).toEqual([milestones.incision, expected]);
  });

  test('a day later, “out of the room” does not show when the case began', () => {
    const left = { ...item('out_of_room'), milestones: { out_of_room: at('12:40', '11') } };
    expect(stayOf(left)).toBeNull();
    expect(times(happensAt(left))).toBe('12:40–14:00');
  });
});

test('RE9 a case may happen until a day after its beginning while the patient is in the room, or half a day late', () => {
  const running = item('in_room', { in_room: '09:38' });
  expect(mayHappenAt(running)).toEqual({ start: at('09:38'), end: at('09:38', '11') });
  const left = item('out_of_room', { in_room: '09:38', out_of_room: '11:31' });
  expect(mayHappenAt(item('confirmed'))).toEqual({ start: at('12:40'), end: at('02:00', '11') });
  for (const each of [item('held'), left]) expect(mayHappenAt(each)).toEqual(happensAt(each));
});

test('RE8 a case is late from its planned minute on, and expected to take its planned length', () => {
  const booked = item('confirmed');
  expect([delayOf(booked, at('12:40')), delayOf(booked, at('12:55'))]).toEqual([0, 15]);
  expect(times(expectedAt(booked, at('12:30')))).toBe('12:40–14:00');
  expect(times(expectedAt(booked, at('12:55')))).toBe('12:55–14:15');
  expect(delayOf(item('held'), at('12:55'))).toBe(0);
  expect(delayOf(item('in_room', { in_room: '12:50' }), at('12:55'))).toBe(0);
  expect(delayOf(booked, at('16:40'))).toBe(0);
});
