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

test('RE7 RE9 the list has every case of the day, as it really happens, by time, cancelled ones with their reason', () => {
  expect(rows().map(({ title, state, room }) => [title, room, state])).toEqual([
    ['Yesterday', 'OR 2', 'Booked'],
    ['Early', 'OR 2', 'Running over'],
    ['Knee', 'OR 2', 'Cancelled: Fever'],
    ['Hip', 'OR 10', 'Late start'],
    ['No procedure yet', 'OR 2', 'Hold'],
  ]);
});

test('it shows the last milestone and its time', () => {
  expect(rows()[1]?.milestone).toBe('Patient in room 07:30');
  expect(rows()[2]?.milestone).toBe('');
});

test('the filter searches what is shown', () => {
  const found = (typed: string) => filterRows(rows(), typed).map(({ title }) => title);
  expect(found('haddad hip')).toEqual(['Hip']);
  expect(found('fever')).toEqual(['Knee']);
  expect(found(' ')).toHaveLength(5);
  expect(found('nobody')).toEqual([]);
});

test('grouped by room, OR 2 comes before OR 10, each with its count', () => {
  const lines = linesOf(rows(), true).map((line) =>
    line.kind === 'room' ? `${line.name} ${line.count}` : line.row.title,
  );
  expect(lines).toEqual(['OR 2 4', 'Yesterday', 'Early', 'Knee', 'No procedure yet', 'OR 10 1', 'Hip']);
});

test('RE9 a case of the evening before that is late over midnight is on the list where it is expected', () => {
  const evening = { start: at('22:30', '2026-11-19'), end: at('23:30', '2026-11-19') };
  const view = loadBoard({ resources: [room2], cases: [aCase(room2, '22:30', 60, evening)] });
  const at20 = rowsOf(view, Date.parse(at('00:20')));
  expect(at20.map(({ start, end, state }) => [start, end, state])).toEqual([
    [at('00:20'), at('01:20'), 'Late start'],
  ]);
  expect(rowsOf(view, Date.parse(at('22:50', '2026-11-19')))).toEqual([]);
});
