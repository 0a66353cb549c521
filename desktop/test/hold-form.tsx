import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { openFakeHospital } from './fake-hospital.ts';
import { renderInKit } from './in-kit.tsx';
import { signInAs } from './signed-in.ts';
import { aCase, aProcedure, aResource, at, uuid } from './small-board.ts';
import { holdAt } from '../src/renderer/src/commands/hold.ts';
import { dialogStore } from '../src/renderer/src/stores/dialogs.ts';
import { setPreferences } from '../src/renderer/src/stores/preferences.ts';
import { announcementStore } from '../src/renderer/src/stores/announcements.ts';
import { Dialogs } from '../src/renderer/src/features/console/dialogs.tsx';

export const [room1, room9] = [aResource('room', 'OR 1'), aResource('room', 'OR 9')] as const;
export const haddad = aResource('surgeon', 'Haddad A', { attributes: { service: 'Orthopedics' } });
export const rossi = aResource('surgeon', 'Rossi G', { attributes: { service: 'Orthopedics' } });
export const tower = aResource('equipment', 'Tower', { capacity: 3 });
export const knee = { ...aProcedure('Total knee', 105), equipment: [{ resourceId: tower.id, quantity: 1 }] };
export const hip = aProcedure('Total hip', 96);
export const busy = aCase(room1, '12:30', 60, {
  title: 'Busy',
  surgeonId: rossi.id,
  equipment: [{ resourceId: tower.id, quantity: 2 }],
});
export const place = { roomId: room9.id, start: at('12:15'), end: at('13:45') };
export const diaz = { id: uuid(77), name: 'J. Diaz' };

export const user = userEvent.setup();
export let hospital: ReturnType<typeof openFakeHospital>;

/** Before each test: a coordinator with a board, and a clock that only the test advances. */
export function setUpHoldForm(): void {
  beforeEach(() => {
    // Time passes only when a test advances it.
    vi.useFakeTimers({ toFake: ['performance'] });
    signInAs('coordinator');
    setPreferences({ holdTime: 'countdown' });
    const resources = [room1, room9, haddad, rossi, tower];
    hospital = openFakeHospital({ resources, procedures: [knee, hip], cases: [busy] });
  });
  afterEach(() => void vi.useRealTimers());
}

/** Holds 12:15–13:45 in OR 9, and waits until the form has focus. */
export async function openForm() {
  renderInKit(<Dialogs />);
  await holdAt(place);
  const form = await screen.findByRole('dialog', { name: 'Hold OR 9' });
  await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('combobox'));
  const { dialog } = dialogStore.getState();
  return { form, id: dialog?.kind === 'hold' ? dialog.caseId : '' };
}
export const field = (name: string) => screen.getByLabelText(name);
export const sentCommands = () => hospital.sent.map((sent) => sent.command);
export const announced = () => announcementStore.getState().assertive.map(({ text }) => text);

export async function pick(name: string, typed: string) {
  await user.click(screen.getByRole('combobox', { name }));
  await user.keyboard(`${typed}{Enter}`);
}

/** The dialog ignores keys at first: they may be meant for the screen before it. */
export const untilArmed = () =>
  waitFor(() => expect(document.querySelector('[data-armed="true"]')).not.toBeNull());
/** A time in OR 1 that refusals offer. */
export const alternative = { roomId: room1.id, start: at('14:15'), end: at('15:35') };
export const hintUnder = (name: string) =>
  document.getElementById(field(name).getAttribute('aria-describedby')?.split(' ')[0] ?? '')?.textContent;

export async function typeStart(typed: string) {
  await user.clear(field('Start'));
  await user.type(field('Start'), typed);
}
