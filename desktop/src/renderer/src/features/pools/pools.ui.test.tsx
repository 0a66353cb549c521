import { answerWith } from '../../../../../test/answering.ts';
import type { SentRequest } from '../../../../../test/answering.ts';
import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, loadBoard } from '../../../../../test/small-board.ts';
import { clearBoard } from '../../realtime/write-board.ts';
import { setConnection } from '../../stores/connection.ts';
import { viewStore } from '../../stores/view.ts';
import { Pools } from './pools.tsx';

const room = aResource('room', 'OR 1');
const arm = aResource('equipment', 'C-arm', { capacity: 2 });
const laser = aResource('equipment', 'Laser');
const ward = aResource('bed', 'ICU', { capacity: 2 });
const resources = [room, arm, laser, ward];
const withArm = { equipment: [{ resourceId: arm.id, quantity: 1 }] };
const hip = aCase(room, '08:00', 120, { title: 'Hip', bed: { resourceId: ward.id, nights: 2 }, ...withArm });
const knee = aCase(room, '09:00', 60, { title: 'Knee', bed: { resourceId: ward.id, nights: 1 }, ...withArm });

let requests: SentRequest[];
beforeEach(() => {
  signInAs('coordinator');
  const { board } = loadBoard({ resources, cases: [hip, knee] });
  requests = answerWith(() => ({ status: 200, body: board }));
  viewStore.setState({ selectedId: null });
});

const stretches = () => screen.getAllByRole('button', { name: /^C-arm/ });

test('a pool is divided into stretches, which show the number in use', () => {
  renderInKit(<Pools />);
  expect(stretches().map((each) => each.getAttribute('aria-label'))).toEqual([
    'C-arm, 08:00–09:00, 1 of 2 in use',
    'C-arm, 09:00–10:00, 2 of 2 in use, full',
  ]);
  expect(stretches()[1]?.textContent).toBe('Full');
  expect(screen.getByText('Not used on this day')).toBeTruthy();
});

test('RE7 a late case uses its equipment until its expected end', () => {
  loadBoard({ resources, cases: [aCase(room, '05:30', 60, withArm)] });
  renderInKit(<Pools />);
  expect(stretches().map((each) => each.getAttribute('aria-label'))).toEqual([
    'C-arm, 05:30–06:30, 1 of 2 in use',
    'C-arm, 06:30–07:00, 1 of 2 in use',
  ]);
});

test('a pool is one tab stop, and the arrow keys move through its stretches', () => {
  renderInKit(<Pools />);
  act(() => stretches()[0]?.focus());
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowRight' });
  expect(document.activeElement).toBe(stretches()[1]);
  expect(stretches().map(({ tabIndex }) => tabIndex)).toEqual([-1, 0]);
});

test('a stretch leads to its cases', async () => {
  renderInKit(<Pools />);
  const full = stretches()[1];
  if (full) fireEvent.click(full);
  const casesDialog = await screen.findByRole('dialog');
  expect(within(casesDialog).getAllByRole('listitem')).toHaveLength(2);
  fireEvent.click(within(casesDialog).getByRole('button', { name: /Knee/ }));
  expect(viewStore.getState().selectedId).toBe(knee.id);
});

test('beds are counted by night, with patients from earlier days', async () => {
  renderInKit(<Pools />);
  const nights = await screen.findAllByRole('button', { name: /^ICU/ });
  expect(nights.map((each) => each.getAttribute('aria-label')).slice(0, 3)).toEqual([
    'ICU, night of Fri, Nov 20, 2/2 full',
    'ICU, night of Sat, Nov 21, 1/2 taken',
    'ICU, night of Sun, Nov 22, 0/2 taken',
  ]);
  expect(nights).toHaveLength(7);
});

test('beds that could not be loaded are loaded again on request', async () => {
  answerWith(() => 'unreachable');
  setConnection({ status: 'offline', since: 0 });
  renderInKit(<Pools />);
  expect((await screen.findByRole('alert')).textContent).toContain('Can’t load the beds');
  const { board } = loadBoard({ resources, cases: [] });
  answerWith(() => ({ status: 200, body: board }));
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findAllByRole('button', { name: /^ICU/ })).toHaveLength(7);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('CN1 beds that could not be loaded are loaded when the connection is back', async () => {
  answerWith(() => 'unreachable');
  setConnection({ status: 'offline', since: 0 });
  renderInKit(<Pools />);
  await screen.findByRole('alert');
  const { board } = loadBoard({ resources, cases: [] });
  answerWith(() => ({ status: 200, body: board }));
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  expect(await screen.findAllByRole('button', { name: /^ICU/ })).toHaveLength(7);
});

test('people who see only their own cases get no counts, and the console sends no request', () => {
  signInAs('office');
  renderInKit(<Pools />);
  expect(screen.getByText(/your role shows only yours/)).toBeTruthy();
  expect(requests).toEqual([]);
});

test('the page says that it is loading while there is no board', () => {
  clearBoard();
  renderInKit(<Pools />);
  expect(screen.getByRole('status', { name: 'Equipment and beds are loading.' })).toBeTruthy();
});
