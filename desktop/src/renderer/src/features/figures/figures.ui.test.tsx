import { screen, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, at, loadBoard } from '../../../../../test/small-board.ts';
import { clearBoard } from '../../realtime/write-board.ts';
import { Figures } from './figures.tsx';

const hours = [{ days: [1, 2, 3, 4, 5], open: '07:00', close: '17:00' }];
const room = aResource('room', 'OR 1', { attributes: { hours } });
const urgent = aResource('room', 'OR 2');

beforeEach(() => {
  signInAs('coordinator');
  loadBoard({
    resources: [room, urgent],
    cases: [
      aCase(room, '07:00', 60, {
        state: 'completed',
        milestones: { in_room: at('07:17'), out_of_room: at('07:47') },
      }),
      aCase(room, '08:00', 300),
      aCase(room, '14:00', 60, { state: 'cancelled', reason: 'Fever' }),
      aCase(room, '15:00', 60, { state: 'cancelled', reason: 'Flu', reasonCode: 'patient_unwell' }),
      aCase(room, '15:30', 60, { state: 'cancelled', reason: 'Cough', reasonCode: 'patient_unwell' }),
    ],
  });
});

test('every figure is next to its meaning', () => {
  renderInKit(<Figures />);
  const names = screen.getAllByRole('term');
  expect(names.map(({ textContent }) => textContent)).toEqual([
    'Prime-time use',
    'With turnover',
    'First cases on time',
    'Turnover',
    'Cancelled',
    'Holds',
  ]);
  for (const name of names) {
    expect(name.parentElement?.querySelector('dd:last-child')?.textContent).toMatch(/\w{4}.*\.$/);
  }
});

test('each room has its figures, and the first case is on time or late', () => {
  renderInKit(<Figures />);
  const row = (name: string) => within(screen.getByRole('row', { name: new RegExp(`^${name}`) }));
  const cells = (name: string) =>
    row(name)
      .getAllByRole('cell')
      .map(({ textContent }) => textContent);
  expect(cells('OR 1')).toEqual(['10.0 h', '2', '55%', '55%', '▲ 17 min late', '–']);
  expect(cells('OR 2')).toEqual(['Around the clock', '0', '0.0 h', '0.0 h', '–', '–']);
  expect(cells('Fever')).toEqual(['1']);
  // RS5: by code, whatever text was typed beside it.
  expect(cells('Patient unwell')).toEqual(['2']);
});

test('the figures are hidden while they load, and from people who see only their own cases', () => {
  clearBoard();
  const { unmount } = renderInKit(<Figures />);
  expect(screen.getByRole('status', { name: 'The figures are loading.' })).toBeTruthy();
  unmount();
  signInAs('office');
  renderInKit(<Figures />);
  expect(screen.getByText(/Ask a coordinator/)).toBeTruthy();
});
