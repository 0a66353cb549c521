import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import {
  room1,
  room6,
  haddad,
  arm,
  laser,
  diaz,
  fusion,
  diazHold,
  user,
  hospital,
  panel,
  row,
  actionNames,
  setUpInspector,
} from '../../../../../test/inspector.tsx';
import { openFakeHospital } from '../../../../../test/fake-hospital.ts';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { me, signInAs } from '../../../../../test/signed-in.ts';
import { aCase, at, loadBoard, setClock, uuid } from '../../../../../test/small-board.ts';
import { beginPlacing, stopPlacing } from '../../actions/moving.ts';
import { showStale } from '../../realtime/write-board.ts';
import { publishChange } from '../../stores/changes.ts';
import { dialogStore } from '../../stores/dialogs.ts';
import { setPreferences } from '../../stores/preferences.ts';
import { setPresent } from '../../stores/presence.ts';
import { select } from '../../stores/view.ts';
import { Inspector } from './inspector.tsx';

setUpInspector();

test('the inspector without a case says how to select one', () => {
  renderInKit(<Inspector />);
  expect(panel().textContent).toContain('No case is selected.');
  expect(within(panel()).getByText('hold free time')).toBeDefined();
});

test('the inspector does not show keys that are switched off', () => {
  setPreferences({ singleKeys: false });
  const { unmount } = renderInKit(<Inspector />);
  expect(within(panel()).queryByText('hold free time')).toBeNull();
  expect(within(panel()).getByText('search or run a command')).toBeDefined();
  unmount();
  select(fusion.id);
  renderInKit(<Inspector />);
  const edit = screen.getByRole('button', { name: /^Edit/ });
  expect(edit.getAttribute('aria-keyshortcuts')).toBeNull();
  act(() => setPreferences({ singleKeys: true }));
  expect(edit.getAttribute('aria-keyshortcuts')).toBe('E');
});

test('RE7 a case that has begun shows its actual and its planned time', () => {
  const planned = { start: at('12:40', '2026-11-21'), end: at('14:00', '2026-11-21') };
  const milestones = { in_room: at('06:38'), out_of_room: at('08:10') };
  const done = aCase(room1, '12:40', 80, { state: 'completed', milestones, ...planned });
  loadBoard({ resources: [room1], cases: [done] });
  select(done.id);
  renderInKit(<Inspector />);
  expect(row('Time')).toBe('06:38–08:10 (92 min)');
  expect(row('Planned')).toBe('Sat, Nov 21, 12:40–14:00 (80 min)');
});

test('the inspector shows all details of the case', async () => {
  select(fusion.id);
  renderInKit(<Inspector />);
  expect(screen.getByRole('heading', { name: 'Spinal fusion L4-5' })).toBeDefined();
  expect(panel().textContent).toContain(`C-${fusion.number}`);
  expect(row('Room')).toBe('OR 1');
  expect(row('Time')).toBe('06:30–07:15 (45 min)');
  expect(row('Surgeon')).toBe('Haddad A');
  expect(row('Equipment')).toBe('C-arm ✓ freeLaser ✕ taken');
  expect(row('Patient')).toBe('DEMO-7');
  expect(row('Note')).toBe('Latex allergy');
  await screen.findByText('No history yet.');
});

test('RE7 the equipment of a case is checked at its actual time', () => {
  const equipment = [{ resourceId: arm.id, quantity: 1 }];
  const early = aCase(room1, '12:00', 60, {
    equipment,
    state: 'in_room',
    milestones: { in_room: at('05:50') },
  });
  const other = aCase(room6, '06:15', 45, { equipment });
  openFakeHospital({ resources: [room1, room6, arm], cases: [early, other] });
  select(early.id);
  renderInKit(<Inspector />);
  expect(row('Equipment')).toBe('C-arm ✕ taken');
  act(() => select(other.id));
  expect(row('Equipment')).toBe('C-arm ✕ taken');
});

test('RE7 equipment that a delayed case is expected to use is taken', () => {
  const equipment = [{ resourceId: arm.id, quantity: 1 }];
  const [late, next] = [aCase(room1, '05:00', 80, { equipment }), aCase(room6, '06:30', 45, { equipment })];
  openFakeHospital({ resources: [room1, room6, arm], cases: [late, next] });
  select(next.id);
  renderInKit(<Inspector />);
  expect(row('Equipment')).toBe('C-arm ✕ taken');
});

test('a case that runs over and the cases that it delays name each other', () => {
  const late = { ...fusion, state: 'incision', milestones: { in_room: at('07:00') } } as const;
  const next = aCase(room6, '07:30', 60, { title: 'Knee', surgeonId: haddad.id });
  openFakeHospital({ resources: [room1, room6, haddad, arm, laser], cases: [late, next] });
  select(late.id);
  renderInKit(<Inspector />);
  expect(row('Conflict')).toBe('✕ Haddad A: Knee in OR 6 can’t start at 07:30');
  act(() => select(next.id));
  expect(row('Conflict')).toBe('✕ Haddad A: Spinal fusion L4-5 in OR 1 until about 07:45');
});

test('the inspector shows the other people who look at the case', () => {
  select(fusion.id);
  setPresent([
    { person: diaz, caseId: fusion.id },
    { person: me, caseId: fusion.id },
    { person: { id: uuid(78), name: 'R. Ortiz' }, caseId: diazHold.id },
  ]);
  renderInKit(<Inspector />);
  const viewing = screen.getByRole('region', { name: 'Viewing' });
  expect(
    within(viewing)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual(['JDJ. Diaz is looking at this']);
});

test('FP11 the state of a hold shows its remaining time or its end', () => {
  setClock(at('06:00'));
  select(diazHold.id);
  const { container } = renderInKit(<Inspector />);
  const pill = () => container.querySelector('p[data-look="hold"]')?.textContent;
  expect(pill()).toContain('2:00');
  act(() => setPreferences({ holdTime: 'end' }));
  expect(renderInKit(<Inspector />).container.querySelector('p[data-look="hold"]')?.textContent).toContain(
    '06:02',
  );
});

test('the inspector offers only the actions that state and role allow', () => {
  select(fusion.id);
  const { unmount } = renderInKit(<Inspector />);
  expect(actionNames()).toContain('Bump the case to the depot');
  expect(actionNames()).not.toContain('Take over the hold');
  unmount();
  select(diazHold.id);
  const second = renderInKit(<Inspector />);
  expect(actionNames()).toEqual(['Take over the hold']);
  second.unmount();
  signInAs('viewer');
  select(fusion.id);
  renderInKit(<Inspector />);
  expect(screen.queryByRole('group', { name: 'Case actions' })).toBeNull();
  expect(screen.queryByRole('region', { name: 'Milestones' })).toBeNull();
});

test('PE8 the inspector offers an office no action that the server would refuse', () => {
  signInAs('office', [haddad.id]);
  const mine = { ...diazHold, surgeonId: haddad.id, holder: me, createdBy: me.id };
  openFakeHospital({
    resources: [room1, room6, haddad, arm, laser],
    cases: [{ ...fusion, state: 'scheduled' }, mine],
  });
  act(() => select(fusion.id));
  renderInKit(<Inspector />);
  expect(screen.queryByRole('group', { name: 'Case actions' })).toBeNull();
  act(() => select(mine.id));
  expect(actionNames()).toEqual([
    'Book the hold, or confirm the booked case',
    'Edit the case or the hold',
    'Extend the hold',
    'Cancel the case, or release the hold',
    'Release the hold and say why',
  ]);
});

test('the hold of another person shows its holder and its end, and can be taken over', async () => {
  select(diazHold.id);
  renderInKit(<Inspector />);
  expect(row('Held by')).toBe('J. Diaz until 06:02:00');
  await user.click(screen.getByRole('button', { name: /^Take over/ }));
  await waitFor(() => expect(row('Held by')).toMatch(/^you until/));
});

test('cancelling asks for a reason', async () => {
  select(fusion.id);
  renderInKit(<Inspector />);
  await user.click(screen.getByRole('button', { name: /^Cancel/ }));
  expect(dialogStore.getState().dialog).toMatchObject({ kind: 'reason', for: 'cancel' });
});

test('the buttons of a case are disabled while it is moved by keys', () => {
  select(fusion.id);
  renderInKit(<Inspector />);
  const buttons = () => within(screen.getByRole('group', { name: 'Case actions' })).getAllByRole('button');
  const before = buttons().map(({ textContent }) => textContent);
  const { roomId, start, end } = fusion;
  act(() => beginPlacing('move', fusion, { roomId, start, end }));
  expect(buttons().map(({ textContent }) => textContent)).toEqual(before);
  expect(buttons().every((button) => button.matches(':disabled'))).toBe(true);
  act(stopPlacing);
  expect(buttons().some((button) => button.matches(':disabled'))).toBe(false);
});

describe('CO10 a case that is not on the shown days', () => {
  const tomorrow = '2026-11-21';
  const pill = () => panel().querySelector('[data-look]')?.textContent;
  const showsHold = async () => {
    select(diazHold.id);
    renderInKit(<Inspector />);
    act(() => void loadBoard({ resources: [room1, room6] }, tomorrow));
    await screen.findByText('No history yet.');
    expect(pill()).toContain('Hold');
  };
  const booked = { ...diazHold, state: 'scheduled', holder: null, expiresAt: null, version: 2 } as const;

  test('is shown in its changed state, with its history', async () => {
    await showsHold();
    hospital.history.set(diazHold.id, [
      { revision: 2, at: at('06:01'), by: diaz, cause: 'booked', case: booked },
    ]);
    const body = { type: 'case', cause: 'booked', case: booked } as const;
    act(() => publishChange({ revision: 2, at: at('06:01'), by: diaz, body }, diazHold));
    expect(pill()).toContain('Booked');
    expect(await screen.findByText(/^Booked/, { selector: 'li *' })).toBeDefined();
  });

  test('is loaded again if changes may be missing', async () => {
    await showsHold();
    hospital.answers.push({ status: 200, body: { case: booked, history: [] } });
    const view = loadBoard({ resources: [room1, room6] }, tomorrow);
    act(() => showStale(view));
    act(() => void loadBoard({ resources: [room1, room6] }, tomorrow));
    await waitFor(() => expect(pill()).toContain('Booked'));
  });

  test('is not shown in the state of an older board', async () => {
    await showsHold();
    const body = { type: 'case', cause: 'booked', case: booked } as const;
    act(() => publishChange({ revision: 2, at: at('06:01'), by: diaz, body }, diazHold));
    act(() => void loadBoard({ resources: [room1, room6], cases: [diazHold] }));
    expect(pill()).toContain('Booked');
  });
});
