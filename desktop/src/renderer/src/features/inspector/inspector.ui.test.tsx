import { act, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openFakeHospital } from '../../../../../test/fake-hospital.ts';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { refused } from '../../../../../test/refused.ts';
import { me, signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, at, loadBoard, setClock, uuid } from '../../../../../test/small-board.ts';
import { beginPlacing, stopPlacing } from '../../actions/moving.ts';
import { showStale } from '../../realtime/write-board.ts';
import { publishChange } from '../../stores/changes.ts';
import { setConnection } from '../../stores/connection.ts';
import { toastStore } from '../../stores/toasts.ts';
import { Dialogs } from '../console/dialogs.tsx';
import { dialogStore } from '../../stores/dialogs.ts';
import { setPreferences } from '../../stores/preferences.ts';
import { setPresent } from '../../stores/presence.ts';
import { select } from '../../stores/view.ts';
import { inspectorWords } from '../../words/inspector.ts';
import { Inspector } from './inspector.tsx';

const [room1, room6] = [aResource('room', 'OR 1'), aResource('room', 'OR 6')] as const;
const haddad = aResource('surgeon', 'Haddad A');
const arm = aResource('equipment', 'C-arm', { capacity: 1 });
const laser = aResource('equipment', 'Laser', { capacity: 1 });
const diaz = { id: uuid(77), name: 'J. Diaz' };
const fusion = aCase(room1, '06:30', 45, {
  title: 'Spinal fusion L4-5',
  surgeonId: haddad.id,
  equipment: [
    { resourceId: arm.id, quantity: 1 },
    { resourceId: laser.id, quantity: 1 },
  ],
  patientRef: 'DEMO-7',
  note: 'Latex allergy',
});
const laserClosure = {
  id: uuid(90),
  resourceId: laser.id,
  start: at('06:00'),
  end: at('12:00'),
  quantity: 1,
  reason: 'Repair',
  createdBy: diaz,
  version: 1,
};
const diazHold = aCase(room6, '10:00', 60, {
  state: 'held',
  title: 'Hip',
  holder: diaz,
  expiresAt: '2026-11-20T12:02:00.000Z',
});

const user = userEvent.setup();
let hospital: ReturnType<typeof openFakeHospital>;
beforeEach(() => {
  // The clock stands still.
  vi.useFakeTimers({ toFake: ['performance'] });
  signInAs('coordinator');
  setPreferences({ singleKeys: true, holdTime: 'countdown' });
  setPresent([]);
  setConnection({ status: 'live', lagMs: 0 });
  const resources = [room1, room6, haddad, arm, laser];
  hospital = openFakeHospital({ resources, cases: [fusion, diazHold], closures: [laserClosure] });
});
afterEach(() => void vi.useRealTimers());

const panel = () => screen.getByRole('complementary', { name: 'Inspector' });
const row = (name: string) => within(panel()).getByText(name).nextElementSibling?.textContent;
const actionNames = () =>
  within(screen.getByRole('group', { name: 'Case actions' }))
    .getAllByRole('button')
    .map(({ title }) => title);

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

test('the history shows each event with its person and the changed fields', async () => {
  const booked = { ...fusion, roomId: room6.id };
  hospital.history.set(fusion.id, [
    { revision: 9, at: at('05:41'), by: diaz, cause: 'moved', case: fusion },
    { revision: 8, at: at('16:10', '2026-11-19'), by: me, cause: 'booked', case: booked },
    { revision: 7, at: at('16:07', '2026-11-19'), by: null, cause: 'held', case: booked },
  ]);
  select(fusion.id);
  renderInKit(<Inspector />);
  const history = within(screen.getByRole('region', { name: 'History' }));
  const entries = await history.findAllByRole('listitem');
  expect(entries.map(({ textContent }) => textContent)).toEqual([
    '05:41Moved · J. DiazRoom: OR 6 → OR 1',
    'Thu, Nov 19, 16:10Booked · M. Kraus',
    'Thu, Nov 19, 16:07Hold placed, OR 6 06:30–07:15 · Slate',
  ]);
});

test('HI4 the history of a booking shows the fields that it changed', async () => {
  const before = { ...fusion, roomId: room6.id, note: null };
  const saved = { ...fusion, note: 'Latex' };
  hospital.history.set(fusion.id, [
    { revision: 8, at: at('05:41'), by: me, cause: 'booked', case: saved },
    { revision: 7, at: at('05:40'), by: me, cause: 'held', case: before },
  ]);
  select(fusion.id);
  renderInKit(<Inspector />);
  const history = within(screen.getByRole('region', { name: 'History' }));
  const [entry] = await history.findAllByRole('listitem');
  expect(entry?.textContent).toBe('05:41Booked · M. KrausRoom: OR 6 → OR 1Note: none → Latex');
});

test('HI1 HI2 HI3 the history shows only certain changes if the earlier entry is missing', async () => {
  const longer = { ...fusion, minutes: 60, end: at('07:30') };
  const milestonesSoFar = { in_holding: at('06:05'), in_room: at('06:31'), incision: at('06:50') };
  const lines = async (entries: object[]) => {
    hospital.history.set(fusion.id, entries);
    select(fusion.id);
    const { unmount } = renderInKit(<Inspector />);
    const history = within(screen.getByRole('region', { name: 'History' }));
    const found = (await history.findAllByRole('listitem')).map(({ textContent }) => textContent);
    unmount();
    return found;
  };
  const entry = { revision: 9, at: at('05:41'), by: diaz };
  expect(
    await lines([{ ...entry, cause: 'milestone', case: { ...fusion, milestones: milestonesSoFar } }]),
  ).toEqual(['05:41Recorded · J. DiazPatient in holding 06:05Patient in room 06:31Incision 06:50']);
  expect(await lines([{ ...entry, cause: 'moved', case: fusion }])).toEqual([
    '05:41Moved to OR 1 06:30–07:15 · J. Diaz',
  ]);
  const booked = { ...entry, revision: 8, at: at('05:40'), cause: 'booked', case: fusion };
  expect(await lines([{ ...entry, cause: 'moved', case: longer }, booked])).toEqual([
    '05:41Length changed · J. DiazLength: 45 min → 60 min',
    '05:40Booked · J. Diaz',
  ]);
});

test('the history is loaded again when the case changes', async () => {
  select(fusion.id);
  renderInKit(<Inspector />);
  await screen.findByText('No history yet.');
  hospital.history.set(fusion.id, [
    { revision: 9, at: at('05:41'), by: diaz, cause: 'confirmed', case: fusion },
  ]);
  hospital.changeByOthers(fusion.id, { state: 'confirmed' }, 'confirmed');
  expect(await screen.findByText(/^Confirmed/, { selector: 'li *' })).toBeDefined();
});

test('a long history shows its latest entries first', async () => {
  hospital.history.set(
    fusion.id,
    Array.from({ length: 30 }, (_, n) => ({
      revision: 40 - n,
      at: at('05:00'),
      by: diaz,
      cause: 'confirmed',
      case: fusion,
    })),
  );
  select(fusion.id);
  renderInKit(<Inspector />);
  const all = await screen.findByRole('button', { name: 'Show all 30' });
  const history = within(screen.getByRole('region', { name: 'History' }));
  expect(history.getAllByRole('listitem')).toHaveLength(8);
  await user.click(all);
  expect(history.getAllByRole('listitem')).toHaveLength(30);
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Show the latest 8' }));
  await user.keyboard('{Enter}');
  expect(history.getAllByRole('listitem')).toHaveLength(8);
});

test('a history that could not be loaded says so, and is loaded again on request', async () => {
  hospital.answers.push('unreachable');
  setConnection({ status: 'offline', since: 0 });
  select(fusion.id);
  renderInKit(<Inspector />);
  expect((await screen.findByRole('alert')).textContent).toContain('no reply from the server');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('No history yet.');
});

test('CN1 a history that could not be loaded is loaded when the connection is back', async () => {
  hospital.answers.push('unreachable');
  setConnection({ status: 'offline', since: 0 });
  select(fusion.id);
  renderInKit(<Inspector />);
  await screen.findByText(inspectorWords.historyFailed);
  hospital.history.set(fusion.id, [
    { revision: 9, at: at('06:20'), by: diaz, cause: 'booked', case: fusion },
  ]);
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  await screen.findByText(/^Booked/, { selector: 'li *' });
  expect(screen.queryByText(inspectorWords.historyFailed)).toBeNull();
});

test.each([
  ['forbidden', 403, inspectorWords.historyForbidden],
  ['not_found', 404, 'This case no longer exists, or you don’t have access to it.'],
])('the error %s of a history is explained', async (code, status, text) => {
  hospital.answers.push(refused(code, status));
  select(fusion.id);
  renderInKit(<Inspector />);
  expect(await screen.findByText(text)).toBeDefined();
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
  hospital = openFakeHospital({
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

test('one click records a milestone at the current time', async () => {
  select(fusion.id);
  renderInKit(<Inspector />);
  await user.click(screen.getByRole('button', { name: 'Record now: Patient in holding' }));
  await waitFor(() => expect(hospital.sent).toHaveLength(1));
  expect(hospital.sent[0]?.body).toEqual({ milestone: 'in_holding', at: at('06:00') });
});

const withDialogs = () =>
  renderInKit(
    <>
      <Inspector />
      <Dialogs />
    </>,
  );
const dialogText = async () => (await screen.findByRole('dialog')).textContent;

test('the person can type the time of a milestone', async () => {
  select(fusion.id);
  withDialogs();
  await user.click(screen.getByRole('button', { name: 'Record at another time: Patient in room' }));
  await user.keyboard('0555{Enter}');
  await waitFor(() => expect(hospital.sent).toHaveLength(1));
  expect(hospital.sent[0]?.body).toEqual({ milestone: 'in_room', at: at('05:55') });
  expect(document.activeElement?.getAttribute('aria-label')).toContain('Patient in room');
});

test('RE5 a typed time in the future asks for the day', async () => {
  select(fusion.id);
  withDialogs();
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
  withDialogs();
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
  withDialogs();
  await user.click(screen.getByRole('button', { name: 'Record now: Patient in room' }));
  await waitFor(() => expect(toastStore.getState().toasts.at(-1)?.stays).toBe(true));
  expect(toastStore.getState().toasts.at(-1)?.text).toBe(
    'Spinal fusion L4-5 uses resources claimed by others: OR 1 is claimed by Hernia, 07:00–08:00.',
  );
});

test('RE6 an unlikely milestone asks for confirmation', async () => {
  const night = aCase(room6, '02:00', 30, { title: 'Night' });
  hospital = openFakeHospital({ resources: [room1, room6], cases: [fusion, night] });
  select(fusion.id);
  withDialogs();
  await user.click(screen.getByRole('button', { name: 'Record now: Incision' }));
  expect(await dialogText()).toContain('“Patient in room” hasn’t been recorded yet.');
  await user.keyboard('{Escape}');
  act(() => select(night.id));
  await user.click(screen.getByRole('button', { name: 'Record now: Patient in room' }));
  expect(await dialogText()).toContain('That’s 3 hours 30 minutes after the planned end (02:00–02:30).');
  expect(hospital.sent).toEqual([]);
  await user.keyboard('1');
  await waitFor(() => expect(hospital.sent).toHaveLength(1));
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
