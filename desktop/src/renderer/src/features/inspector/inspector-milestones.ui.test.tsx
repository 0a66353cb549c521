import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import {
  room1,
  room6,
  fusion,
  user,
  hospital,
  renderWithDialogs,
  dialogText,
  setUpInspector,
} from '../../../../../test/inspector.tsx';
import { openFakeHospital } from '../../../../../test/fake-hospital.ts';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { aCase, at } from '../../../../../test/small-board.ts';
import { toastStore } from '../../stores/toasts.ts';
import { select } from '../../stores/view.ts';
import { Inspector } from './inspector.tsx';

setUpInspector();

test('one click records a milestone at the current time', async () => {
  select(fusion.id);
  renderInKit(<Inspector />);
  await user.click(screen.getByRole('button', { name: 'Record now: Patient in holding' }));
  await waitFor(() => expect(hospital.sent).toHaveLength(1));
  expect(hospital.sent[0]?.body).toEqual({ milestone: 'in_holding', at: at('06:00') });
});

test('the person can type the time of a milestone', async () => {
  select(fusion.id);
  renderWithDialogs();
  await user.click(screen.getByRole('button', { name: 'Record at another time: Patient in room' }));
  await user.keyboard('0555{Enter}');
  await waitFor(() => expect(hospital.sent).toHaveLength(1));
  expect(hospital.sent[0]?.body).toEqual({ milestone: 'in_room', at: at('05:55') });
  expect(document.activeElement?.getAttribute('aria-label')).toContain('Patient in room');
});

test('RE5 a typed time in the future asks for the day', async () => {
  select(fusion.id);
  renderWithDialogs();
  const type = async (time: string) => {
    await user.click(screen.getByRole('button', { name: 'Record at another time: Patient in room' }));
    await user.keyboard(`${time}{Enter}`);
  };
  await type('06:10');
  expect(await dialogText()).toContain('06:10 is in the future: it’s 06:00 now. Which time do you mean?');
  expect(hospital.sent).toEqual([]);
  await user.keyboard('{Enter}{Escape}');
  expect(hospital.sent).toEqual([]);
  await type('06:10');
  await screen.findByRole('dialog');
  await user.keyboard('2');
  await waitFor(() => expect(hospital.sent[0]?.body.at).toBe(at('06:10', '2026-11-19')));
});

test('RE4 a milestone can be removed by keyboard, and the focus stays next to it', async () => {
  select(fusion.id);
  renderWithDialogs();
  await user.click(screen.getByRole('button', { name: 'Record now: Patient in room' }));
  const remove = await screen.findByRole('button', { name: /^Remove: Patient in room/ });
  remove.focus();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(hospital.sent).toHaveLength(2));
  expect(hospital.sent[1]?.body).toEqual({ milestone: 'in_room', at: null });
  expect(await screen.findByRole('button', { name: 'Record now: Patient in room' })).toBeDefined();
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Record at another time: Patient in room');
});

test('RE4 a lasting toast lists the resources that other cases have claimed', async () => {
  hospital.taken.push({
    kind: 'case',
    resourceId: room1.id,
    start: at('07:00'),
    end: at('08:00'),
    title: 'Hernia',
  });
  select(fusion.id);
  renderWithDialogs();
  await user.click(screen.getByRole('button', { name: 'Record now: Patient in room' }));
  await waitFor(() => expect(toastStore.getState().toasts.at(-1)?.stays).toBe(true));
  expect(toastStore.getState().toasts.at(-1)?.text).toBe(
    'Spinal fusion L4-5 uses resources claimed by others: OR 1 is claimed by Hernia, 07:00–08:00.',
  );
});

test('RE6 an unlikely milestone asks for confirmation', async () => {
  const night = aCase(room6, '02:00', 30, { title: 'Night' });
  const { sent } = openFakeHospital({ resources: [room1, room6], cases: [fusion, night] });
  select(fusion.id);
  renderWithDialogs();
  await user.click(screen.getByRole('button', { name: 'Record now: Incision' }));
  expect(await dialogText()).toContain('“Patient in room” hasn’t been recorded yet.');
  await user.keyboard('{Escape}');
  act(() => select(night.id));
  await user.click(screen.getByRole('button', { name: 'Record now: Patient in room' }));
  expect(await dialogText()).toContain('That’s 3 hours 30 minutes after the planned end (02:00–02:30).');
  expect(sent).toEqual([]);
  await user.keyboard('1');
  await waitFor(() => expect(sent).toHaveLength(1));
});
