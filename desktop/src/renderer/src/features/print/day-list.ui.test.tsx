import { MantineProvider } from '@mantine/core';
import { act, render, screen, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { me, signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, at, loadBoard, setClock, uuid } from '../../../../../test/small-board.ts';
import { showStale } from '../../realtime/write-board.ts';
import { boardStore } from '../../stores/board.ts';
import { setLastContact, setConnection } from '../../stores/connection.ts';
import { DayList } from './day-list.tsx';

const [room1, room2, room3] = [
  aResource('room', 'OR 1', { attributes: { service: 'Orthopedics' } }),
  aResource('room', 'OR 2'),
  aResource('room', 'OR 3'),
] as const;
const haddad = aResource('surgeon', 'Haddad A');
const tower = aResource('equipment', 'C-arm', { capacity: 4 });
const knee = aCase(room1, '10:00', 90, {
  title: 'Total knee',
  surgeonId: haddad.id,
  patientRef: 'DEMO-1',
  equipment: [{ resourceId: tower.id, quantity: 2 }],
});
const myHold = aCase(room1, '07:30', 60, { title: null, state: 'held', holder: me });
const closure = {
  id: uuid(9),
  resourceId: room2.id,
  start: at('12:00'),
  end: at('13:00'),
  quantity: 1,
  reason: 'Terminal cleaning',
  createdBy: me,
  version: 1,
};
const board = { resources: [room1, room2, room3, haddad, tower], cases: [knee, myHold], closures: [closure] };

beforeEach(() => {
  signInAs('coordinator');
  setConnection({ status: 'live', lagMs: 0 });
  loadBoard(board);
  render(
    <MantineProvider>
      <DayList />
    </MantineProvider>,
  );
});
const print = () => act(() => window.dispatchEvent(new Event('beforeprint')));

test('the day list is in the page only while printing', async () => {
  expect(screen.queryByRole('table')).toBeNull();
  await print();
  expect(screen.getAllByRole('table')).toHaveLength(2);
  await act(() => window.dispatchEvent(new Event('afterprint')));
  expect(screen.queryByRole('table')).toBeNull();
});

test('the day list has a table for each room, and names the rooms without cases', async () => {
  await print();
  const table = within(screen.getByRole('region', { name: /OR 1/ }));
  expect(table.getAllByRole('row').map((row) => row.textContent)).toEqual([
    'TimeMinProcedureSurgeonPatientEquipment, bedState',
    '07:30–08:3060No procedure yetHeld by M. Kraus',
    '10:00–11:3090Total kneeHaddad ADEMO-12 × C-armbooked',
  ]);
  expect(screen.getByRole('region', { name: 'OR 2' }).textContent).toContain('Closed: Terminal cleaning');
  expect(screen.getByText('No cases: OR 3')).toBeDefined();
});

test('the day list shows its title, its time and its person', async () => {
  await print();
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
    'Mercy General · Day list · Fri, Nov 20, 2026',
  );
  expect(screen.getByText(/As of Fri, Nov 20, 06:00 · Printed by M. Kraus/)).toBeDefined();
});

test('a day list that was printed offline shows the time of the last contact', async () => {
  setLastContact(Date.parse(at('05:42')));
  setConnection({ status: 'offline', since: 0 });
  await print();
  expect(screen.getByText(/As of Fri, Nov 20, 05:42. Printed offline/)).toBeDefined();
});

test('DK11 the day list of a saved board shows the time of that board', async () => {
  const { view } = boardStore.getState();
  if (!view) throw new Error('The board shows nothing.');
  act(() => showStale({ ...view, board: { ...view.board, at: at('05:30') } }));
  setLastContact(Date.parse(at('05:42')));
  setConnection({ status: 'offline', since: 0 });
  await print();
  expect(screen.getByText(/As of Fri, Nov 20, 05:30. Printed offline/)).toBeDefined();
});

test('RE9 a case is printed on the day on which it takes place, at its actual time', async () => {
  const tomorrow = { start: at('09:00', '2026-11-21'), end: at('10:30', '2026-11-21') };
  const milestones = { in_room: at('11:40'), out_of_room: at('12:55') };
  const done = aCase(room2, '09:00', 90, { title: 'Hip', state: 'completed', milestones, ...tomorrow });
  act(() => void loadBoard({ ...board, cases: [done] }));
  await print();
  expect(screen.getByRole('region', { name: 'OR 2' }).textContent).toContain('11:40–12:55');
});

test('RE9 a late case of the evening before is printed at its expected time', async () => {
  const evening = { start: at('22:30', '2026-11-19'), end: at('23:30', '2026-11-19') };
  act(() => void loadBoard({ ...board, cases: [aCase(room2, '22:30', 60, evening)] }));
  setClock(at('00:20'));
  await print();
  expect(screen.getByRole('region', { name: 'OR 2' }).textContent).toContain('00:20–01:20');
});

test('a case that runs over is printed up to now, in whole minutes', async () => {
  const running = aCase(room2, '05:00', 30, { state: 'in_room', milestones: { in_room: at('05:00') } });
  act(() => void loadBoard({ ...board, cases: [running] }));
  setClock(at('06:10').replace('00.000Z', '20.000Z'));
  await print();
  const row = within(screen.getByRole('region', { name: 'OR 2' })).getAllByRole('row')[1];
  expect(row?.textContent).toMatch(/^05:00–06:1070Case/);
});

test('the patient column is missing without the permission to see patients', async () => {
  loadBoard({ ...board, cases: [{ ...knee, patientRef: null }] });
  await print();
  expect(screen.queryByRole('columnheader', { name: 'Patient' })).toBeNull();
});
