import { expect, test } from 'vitest';
import { depotWords } from '../../words/depot.ts';
import { byPriority, minutesLeft } from './order.ts';

const item = (number: number, more: object) =>
  ({ number, urgency: 'elective', dueBy: null, depotSince: null, bumped: null, ...more }) as Parameters<
    typeof byPriority
  >[0];

test('cases are ordered by urgency, due time and waiting time', () => {
  const order = [
    item(1, { urgency: 'immediate', dueBy: '2026-11-20T12:00:00.000Z' }),
    item(2, { urgency: 'urgent', dueBy: '2026-11-20T10:00:00.000Z' }),
    item(3, { urgency: 'urgent', dueBy: '2026-11-20T11:00:00.000Z' }),
    item(4, { urgency: 'urgent' }),
    item(5, { dueBy: '2026-11-30T11:00:00.000Z', depotSince: '2026-11-01T00:00:00.000Z' }),
    item(6, { dueBy: '2026-11-30T11:00:00.000Z', depotSince: '2026-11-02T00:00:00.000Z' }),
    item(7, { depotSince: '2026-11-01T00:00:00.000Z' }),
    item(8, {}),
    item(9, {}),
  ];
  const shuffled = [3, 8, 0, 5, 7, 2, 6, 1, 4].flatMap((at) => order[at] ?? []);
  expect(shuffled.toSorted(byPriority)).toEqual(order);
});

test('due times are coarser the later they are', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  const due = (dueBy: string | null) => depotWords.due(minutesLeft({ dueBy }, now));
  expect(due('2026-11-20T12:40:00.000Z')).toBe('due in 40 min');
  expect(due('2026-11-20T15:10:00.000Z')).toBe('due in 3 h');
  expect(due('2026-11-23T12:00:00.000Z')).toBe('due in 3 days');
  expect(due('2026-11-20T10:00:00.000Z')).toBe('overdue 2 h');
  expect(due(null)).toBe('');
});

test('BK14 within an urgency, bumped cases come first', () => {
  const bumped = { by: { id: '1', name: 'M. Kraus' }, at: '2026-11-20T08:00:00.000Z', reason: null };
  const order = [
    item(1, { urgency: 'urgent' }),
    item(2, { bumped, dueBy: '2026-11-30T11:00:00.000Z' }),
    item(3, { bumped }),
    item(4, { dueBy: '2026-11-21T11:00:00.000Z' }),
  ];
  expect([3, 1, 0, 2].flatMap((at) => order[at] ?? []).toSorted(byPriority)).toEqual(order);
});
