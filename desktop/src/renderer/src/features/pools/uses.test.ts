import { expect, test } from 'vitest';
import { aCase, aResource, at, uuid, zone } from '../../../../../test/small-board.ts';
import { fullest, stretchesOf, poolUses } from './uses.ts';

const room = aResource('room', 'OR 1');
const arm = aResource('equipment', 'C-arm', { capacity: 3 });
const needs = (quantity: number) => ({ equipment: [{ resourceId: arm.id, quantity }] });
const range = { start: Date.parse(at('00:00')), end: Date.parse(at('24:00')) };
const stretches = (
  cases: Parameters<typeof poolUses>[1]['cases'],
  closures: Parameters<typeof poolUses>[1]['closures'] = [],
) =>
  stretchesOf(poolUses(arm, { cases, closures, zone, now: at('06:00') }), range).map(
    ({ start, end, used, uses }) => [
      new Date(start).toISOString(),
      new Date(end).toISOString(),
      used,
      uses.length,
    ],
  );

test('a stretch ends where a use starts or ends, and adjacent uses do not overlap', () => {
  expect(
    stretches([
      aCase(room, '08:00', 120, needs(1)),
      aCase(room, '09:00', 60, needs(2)),
      aCase(room, '10:00', 60, needs(1)),
    ]),
  ).toEqual([
    [at('08:00'), at('09:00'), 1, 1],
    [at('09:00'), at('10:00'), 3, 2],
    [at('10:00'), at('11:00'), 1, 1],
  ]);
});

test('a hold counts; a cancelled case and other equipment do not', () => {
  expect(
    stretches([
      aCase(room, '08:00', 60, { state: 'held', ...needs(1) }),
      aCase(room, '08:00', 60, { state: 'cancelled', ...needs(1) }),
      aCase(room, '08:00', 60),
    ]),
  ).toEqual([[at('08:00'), at('09:00'), 1, 1]]);
});

test('a repair takes its quantity, within the day', () => {
  const repair = {
    id: uuid(60),
    resourceId: arm.id,
    start: at('20:00', '2026-11-19'),
    end: at('07:00'),
    quantity: 2,
    reason: 'Repair',
    createdBy: { id: uuid(1), name: 'M. Kraus' },
    version: 1,
  };
  expect(stretches([], [repair])).toEqual([[at('00:00'), at('07:00'), 2, 1]]);
});

test('a bed is taken from noon to noon of each night', () => {
  const ward = aResource('bed', 'ICU', { capacity: 2 });
  const uses = poolUses(ward, {
    cases: [aCase(room, '08:00', 60, { bed: { resourceId: ward.id, nights: 2 } })],
    closures: [],
    zone,
    now: at('06:00'),
  });
  expect(uses).toMatchObject([
    { start: Date.parse(at('12:00')), end: Date.parse(at('12:00', '2026-11-22')), quantity: 1 },
  ]);
});

test('the fullest stretch is the first one with the highest use', () => {
  const uneven = [1, 3, 3, 2].map((used, nth) => ({ start: nth, end: nth + 1, used, uses: [] }));
  expect(fullest(uneven)?.start).toBe(1);
  expect(fullest([])).toBeUndefined();
});
