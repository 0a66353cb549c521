import { expect, test } from 'vitest';
import { aCase, aResource, at, loadBoard } from '../../../../../test/small-board.ts';
import { linesOf, filterRows, rowsOf } from './rows.ts';

const [room2, room10] = [aResource('room', 'OR 2'), aResource('room', 'OR 10')];
const haddad = aResource('surgeon', 'Haddad A');
const now = Date.parse(at('12:00'));
const rows = () =>
  rowsOf(
    loadBoard({
      resources: [room10, room2, haddad],
      cases: [
        aCase(room10, '09:00', 60, { title: 'Hip', surgeonId: haddad.id }),
        aCase(room2, '08:00', 60, { title: 'Knee', state: 'cancelled', reason: 'Fever' }),
        aCase(room2, '13:00', 60, { title: null, state: 'held' }),
        aCase(room2, '23:00', 120, {
          title: 'Early',
          state: 'in_room',
          milestones: { in_holding: at('07:00'), in_room: at('07:30') },
        }),
        aCase(room2, '23:00', 120, {
          title: 'Yesterday',
          start: at('23:00', '2026-11-19'),
          end: at('01:00'),
        }),
      ],
    }),
    now,
  );

test('RE7 RE9 the list has every case of the day at its actual time, and cancelled ones with their reason', () => {
  expect(rows().map(({ title, state, room }) => [title, room, state])).toEqual([
    ['Yesterday', 'OR 2', 'Booked'],
    ['Early', 'OR 2', 'Running over'],
    ['Knee', 'OR 2', 'Cancelled: Fever'],
    ['Hip', 'OR 10', 'Late start'],
    ['No procedure yet', 'OR 2', 'Hold'],
  ]);
});

test('a row shows the last milestone and its time', () => {
  expect(rows()[1]?.milestone).toBe('Patient in room 07:30');
  expect(rows()[2]?.milestone).toBe('');
});

test('the filter searches the shown text', () => {
  const found = (typed: string) => filterRows(rows(), typed).map(({ title }) => title);
  expect(found('haddad hip')).toEqual(['Hip']);
  expect(found('fever')).toEqual(['Knee']);
  expect(found(' ')).toHaveLength(5);
  expect(found('nobody')).toEqual([]);
});

test('groups are sorted by the numbers of rooms, and show their counts', () => {
  const lines = linesOf(rows(), true).map((line) =>
    line.kind === 'room' ? `${line.name} ${line.count}` : line.row.title,
  );
  expect(lines).toEqual(['OR 2 4', 'Yesterday', 'Early', 'Knee', 'No procedure yet', 'OR 10 1', 'Hip']);
});

test('AA28 groups follow the positions of rooms', () => {
  const first = { ...room10, attributes: { position: 1 } };
  const view = loadBoard({
    resources: [room2, first],
    cases: [aCase(room2, '13:00', 60), aCase(first, '14:00', 60)],
  });
  const names = linesOf(rowsOf(view, now), true).map((line) => line.kind === 'room' && line.name);
  expect(names).toEqual(['OR 10', false, 'OR 2', false]);
});

test('RE9 a late case of the evening before is listed at its expected time', () => {
  const evening = { start: at('22:30', '2026-11-19'), end: at('23:30', '2026-11-19') };
  const view = loadBoard({ resources: [room2], cases: [aCase(room2, '22:30', 60, evening)] });
  const at20 = rowsOf(view, Date.parse(at('00:20')));
  expect(at20.map(({ start, end, state }) => [start, end, state])).toEqual([
    [at('00:20'), at('01:20'), 'Late start'],
  ]);
  expect(rowsOf(view, Date.parse(at('22:50', '2026-11-19')))).toEqual([]);
});
