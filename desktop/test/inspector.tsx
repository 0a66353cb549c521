import { screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, vi } from 'vitest';
import { openFakeHospital } from './fake-hospital.ts';
import { renderInKit } from './in-kit.tsx';
import { signInAs } from './signed-in.ts';
import { aCase, aResource, at, uuid } from './small-board.ts';
import { setConnection } from '../src/renderer/src/stores/connection.ts';
import { Dialogs } from '../src/renderer/src/features/console/dialogs.tsx';
import { setPreferences } from '../src/renderer/src/stores/preferences.ts';
import { setPresent } from '../src/renderer/src/stores/presence.ts';
import { Inspector } from '../src/renderer/src/features/inspector/inspector.tsx';

export const [room1, room6] = [aResource('room', 'OR 1'), aResource('room', 'OR 6')] as const;
export const haddad = aResource('surgeon', 'Haddad A');
export const arm = aResource('equipment', 'C-arm', { capacity: 1 });
export const laser = aResource('equipment', 'Laser', { capacity: 1 });
export const diaz = { id: uuid(77), name: 'J. Diaz' };
export const fusion = aCase(room1, '06:30', 45, {
  title: 'Spinal fusion L4-5',
  surgeonId: haddad.id,
  equipment: [
    { resourceId: arm.id, quantity: 1 },
    { resourceId: laser.id, quantity: 1 },
  ],
  patientRef: 'DEMO-7',
  note: 'Latex allergy',
});
export const laserClosure = {
  id: uuid(90),
  resourceId: laser.id,
  start: at('06:00'),
  end: at('12:00'),
  quantity: 1,
  reason: 'Repair',
  createdBy: diaz,
  version: 1,
};
export const diazHold = aCase(room6, '10:00', 60, {
  state: 'held',
  title: 'Hip',
  holder: diaz,
  expiresAt: '2026-11-20T12:02:00.000Z',
});

export const user = userEvent.setup();
export let hospital: ReturnType<typeof openFakeHospital>;

/** Before each test: a coordinator with a board, and a clock that stands still. */
export function setUpInspector(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    signInAs('coordinator');
    setPreferences({ singleKeys: true, holdTime: 'countdown' });
    setPresent([]);
    setConnection({ status: 'live', lagMs: 0 });
    const resources = [room1, room6, haddad, arm, laser];
    hospital = openFakeHospital({ resources, cases: [fusion, diazHold], closures: [laserClosure] });
  });
  afterEach(() => void vi.useRealTimers());
}

export const panel = () => screen.getByRole('complementary', { name: 'Inspector' });
export const row = (name: string) => within(panel()).getByText(name).nextElementSibling?.textContent;
export const actionNames = () =>
  within(screen.getByRole('group', { name: 'Case actions' }))
    .getAllByRole('button')
    .map(({ title }) => title);

export const renderWithDialogs = () =>
  renderInKit(
    <>
      <Inspector />
      <Dialogs />
    </>,
  );
export const dialogText = async () => (await screen.findByRole('dialog')).textContent;
