import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openFakeHospital } from '../../../../../test/fake-hospital.ts';
import { refused } from '../../../../../test/refused.ts';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { me, signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aProcedure, aResource, at, loadBoard, uuid, zone } from '../../../../../test/small-board.ts';
import { holdAgain, holdAt } from '../../commands/hold.ts';
import { dialogStore } from '../../stores/dialogs.ts';
import { draftOf } from '../../stores/drafts.ts';
import { publishChange } from '../../stores/changes.ts';
import { setPreferences } from '../../stores/preferences.ts';
import { toastStore } from '../../stores/toasts.ts';
import { announcementStore } from '../../stores/announcements.ts';
import { timeWithSeconds } from '../../words/time.ts';
import { Dialogs } from '../console/dialogs.tsx';

const [room1, room9] = [aResource('room', 'OR 1'), aResource('room', 'OR 9')] as const;
const haddad = aResource('surgeon', 'Haddad A', { attributes: { service: 'Orthopedics' } });
const rossi = aResource('surgeon', 'Rossi G', { attributes: { service: 'Orthopedics' } });
const tower = aResource('equipment', 'Tower', { capacity: 3 });
const knee = { ...aProcedure('Total knee', 105), equipment: [{ resourceId: tower.id, quantity: 1 }] };
const hip = aProcedure('Total hip', 96);
const busy = aCase(room1, '12:30', 60, {
  title: 'Busy',
  surgeonId: rossi.id,
  equipment: [{ resourceId: tower.id, quantity: 2 }],
});
const place = { roomId: room9.id, start: at('12:15'), end: at('13:45') };
const diaz = { id: uuid(77), name: 'J. Diaz' };

const user = userEvent.setup();
let hospital: ReturnType<typeof openFakeHospital>;
beforeEach(() => {
  // Time passes only when a test advances it.
  vi.useFakeTimers({ toFake: ['performance'] });
  signInAs('coordinator');
  setPreferences({ holdTime: 'countdown' });
  const resources = [room1, room9, haddad, rossi, tower];
  hospital = openFakeHospital({ resources, procedures: [knee, hip], cases: [busy] });
});
afterEach(() => void vi.useRealTimers());

/** Holds 12:15–13:45 in OR 9, and waits until the form has focus. */
async function openForm() {
  renderInKit(<Dialogs />);
  await holdAt(place);
  const form = await screen.findByRole('dialog', { name: 'Hold OR 9' });
  await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('combobox'));
  const { dialog } = dialogStore.getState();
  return { form, id: dialog?.kind === 'hold' ? dialog.caseId : '' };
}
const field = (name: string) => screen.getByLabelText(name);
const sentCommands = () => hospital.sent.map((sent) => sent.command);
const announced = () => announcementStore.getState().assertive.map(({ text }) => text);

async function pick(name: string, typed: string) {
  await user.click(screen.getByRole('combobox', { name }));
  await user.keyboard(`${typed}{Enter}`);
}

test('the first field is the procedure, which fills in length and equipment', async () => {
  await openForm();
  await user.keyboard('total kn{Enter}');
  expect(field('Length')).toHaveProperty('value', '105');
  expect(screen.getByText('Usually 105 min ± 20')).toBeDefined();
  // The busy case needs two of the three towers.
  expect(screen.getByText('1 of 3 free')).toBeDefined();
  expect(hospital.sent).toHaveLength(1);
});

test('FP11 the form shows the remaining time of the hold, or its end', async () => {
  const { id } = await openForm();
  const shown = () => screen.getByRole('timer').textContent;
  expect(shown()).toMatch(/^◔ \d:\d\d$/);
  act(() => setPreferences({ holdTime: 'end' }));
  hospital.advance(1);
  const ends = timeWithSeconds(hospital.case(id)?.expiresAt ?? '', zone);
  await waitFor(() => expect(shown()).toBe(`◔ ${ends}`));
});

test('a procedure does not overwrite the values that the person changed', async () => {
  await openForm();
  await user.clear(field('Length'));
  await user.type(field('Length'), '80');
  await pick('Procedure', 'total kn');
  expect(field('Length')).toHaveProperty('value', '80');
});

test('Ctrl+Enter saves the entries and books in one command', async () => {
  const { id } = await openForm();
  await user.keyboard('total kn{Enter}');
  await pick('Surgeon', 'haddad');
  await user.type(field('Patient reference'), 'DEMO-1');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  expect(sentCommands()).toEqual(['hold', 'change']);
  expect(hospital.sent[1]?.body).toMatchObject({
    version: 1,
    procedureId: knee.id,
    surgeonId: haddad.id,
    patientRef: 'DEMO-1',
  });
  expect(hospital.case(id)).toMatchObject({ state: 'scheduled', title: 'Total knee' });
  expect(toastStore.getState().toasts.at(-1)?.text).toBe('Booked Total knee, OR 9 12:15');
});

test('booking with a missing field shows an error at the field, and sends nothing', async () => {
  await openForm();
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect(screen.getByText('Choose a procedure or enter a title.')).toBeDefined();
  expect(screen.getByText('Choose a surgeon.')).toBeDefined();
  expect(sentCommands()).toEqual(['hold']);
});

test('Enter keeps the hold and saves the entries', async () => {
  const { id } = await openForm();
  await user.type(field('Patient reference'), 'DEMO-2{Enter}');
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  expect(sentCommands()).toEqual(['hold', 'change']);
  expect(hospital.case(id)).toMatchObject({ state: 'held', patientRef: 'DEMO-2' });
});

test('Enter in an untouched form keeps the hold and sends nothing', async () => {
  await openForm();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  expect(sentCommands()).toEqual(['hold']);
});

test('Esc releases an untouched hold', async () => {
  await openForm();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(sentCommands()).toEqual(['hold', 'release']));
  expect(dialogStore.getState().dialog).toBeNull();
});

test('Esc asks before it discards entries', async () => {
  await openForm();
  await user.type(field('Patient reference'), 'DEMO-3');
  await user.keyboard('{Escape}');
  expect(screen.getByText(/Press Esc again to release the hold/)).toBeDefined();
  expect(sentCommands()).toEqual(['hold']);
  // Typing withdraws the question.
  await user.keyboard('4');
  expect(screen.queryByText(/Press Esc again/)).toBeNull();
  await user.keyboard('{Escape}{Escape}');
  await waitFor(() => expect(sentCommands()).toEqual(['hold', 'release']));
});

test('the form refuses the same values as the server, in the same words', async () => {
  await openForm();
  await user.clear(field('Length'));
  await user.type(field('Length'), '3');
  expect(screen.getByText('Must be at least 5 minutes.')).toBeDefined();
  await user.keyboard('{Enter}');
  expect(sentCommands()).toEqual(['hold']);
});

test('the form shows conflicts while the person types', async () => {
  const { form } = await openForm();
  await pick('Surgeon', 'rossi');
  expect(within(form).getByText(/Can’t do this: Rossi G is in OR \d+ until 13:30/)).toBeDefined();
});

test('the form shows the refusal of a field at the field, and keeps the entries', async () => {
  await openForm();
  await user.keyboard('total kn{Enter}');
  const errors = [{ field: 'patientRef', reason: 'Is not known here.' }];
  await user.type(field('Patient reference'), 'X');
  hospital.answers.push(refused('validation', 400, { errors }));
  await user.keyboard('{Enter}');
  expect(await screen.findByText('Is not known here.')).toBeDefined();
  expect(field('Patient reference')).toHaveProperty('value', 'X');
  await user.type(field('Patient reference'), 'Y');
  expect(screen.queryByText('Is not known here.')).toBeNull();
});

test('a broken rule asks for a reason over the form, and the command is sent again with it', async () => {
  const { id } = await openForm();
  await user.keyboard('total kn{Enter}');
  await pick('Surgeon', 'haddad');
  const late = 'After hours: OR 9 usually closes at 13:00.';
  hospital.answers.push(refused('validation', 400, { errors: [{ field: 'overrideReason', reason: late }] }));
  await user.keyboard('{Control>}{Enter}{/Control}');
  await screen.findByText(late);
  await waitFor(() => expect(document.activeElement?.textContent).toContain(late));
  await user.keyboard('1{Enter}');
  await waitFor(() => expect(hospital.case(id)?.state).toBe('scheduled'));
  expect(sentCommands()).toEqual(['hold', 'change', 'change']);
  expect(hospital.sent[2]?.body).toMatchObject({ overrideReason: 'Emergency', procedureId: knee.id });
  expect(dialogStore.getState().dialog).toBeNull();
});

test('the form returns unchanged after a refusal', async () => {
  await openForm();
  await user.type(field('Note'), 'Allergy');
  hospital.answers.push(refused('slot_taken', 409));
  await user.keyboard('{Control>}{Enter}{/Control}');
  await user.keyboard('{Escape}');
  await pick('Procedure', 'total kn');
  await pick('Surgeon', 'haddad');
  hospital.answers.push(refused('slot_taken', 409));
  await user.keyboard('{Control>}{Enter}{/Control}');
  await screen.findByRole('alertdialog');
  await waitFor(() => expect(document.activeElement?.closest('[role="alertdialog"]')).not.toBeNull());
  await user.keyboard('{Escape}');
  expect(await screen.findByRole('dialog', { name: 'Hold OR 9' })).toBeDefined();
  expect(field('Note')).toHaveProperty('value', 'Allergy');
});

/** The dialog ignores keys at first: they may be meant for the screen before it. */
const untilArmed = () => waitFor(() => expect(document.querySelector('[data-armed="true"]')).not.toBeNull());
const elsewhere = { roomId: room1.id, start: at('14:15'), end: at('15:35') };
const hintUnder = (name: string) =>
  document.getElementById(field(name).getAttribute('aria-describedby')?.split(' ')[0] ?? '')?.textContent;

async function typeStart(typed: string) {
  await user.clear(field('Start'));
  await user.type(field('Start'), typed);
}

test('FM1 the form of a hold that is held again elsewhere shows the new and the typed time', async () => {
  const { id } = await openForm();
  await user.keyboard('total kn{Enter}');
  await pick('Surgeon', 'haddad');
  await typeStart('12:40');
  await user.clear(field('Length'));
  await user.type(field('Length'), '80');
  hospital.advance(130);
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  await screen.findByText(/This hold has expired/);
  hospital.answers.push(refused('slot_taken', 409, { alternatives: [elsewhere] }));
  await user.click(screen.getByRole('button', { name: /^Hold again/ }));
  await screen.findByRole('alertdialog');
  await untilArmed();
  await user.keyboard('1');
  await screen.findByRole('dialog', { name: 'Hold OR 1' });
  expect(field('Start')).toHaveProperty('value', '14:15');
  expect(hintUnder('Start')).toBe('Changed. Was 12:40');
  expect(screen.getByText('Now in OR 1. It was in OR 9.')).toBeDefined();
  expect(field('Length')).toHaveProperty('value', '80');
  await user.click(screen.getByRole('button', { name: /^Book/ }));
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  expect(sentCommands()).toEqual(['hold', 'hold', 'hold', 'change']);
  expect(hospital.sent[2]?.body).toMatchObject({ roomId: room1.id, start: at('14:15'), minutes: 80 });
});

test('FM1 the form of a hold that is held again at its old place shows that start, not the typed one', async () => {
  const { id } = await openForm();
  await typeStart('1240');
  const before = hospital.case(id);
  hospital.advance(130);
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  const after = hospital.case(id);
  if (!before || !after) throw new Error('There is no hold.');
  await holdAgain(before, after);
  await screen.findByRole('button', { name: /^Book/ });
  expect(field('Start')).toHaveProperty('value', '12:15');
  expect(hintUnder('Start')).toBe('Changed. Was 12:40');
});

test('FM7 the form of an expired hold says whether its time is still free, and who has it', async () => {
  const { id } = await openForm();
  hospital.advance(130);
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  await screen.findByText(/This hold has expired\..*and the time is still free/);
  hospital.changeByOthers(busy.id, { roomId: room9.id }, 'moved');
  await screen.findByText(/the time is no longer free\. OR 9 is taken by Busy until/);
  expect(screen.queryByText(/still free/)).toBeNull();
  expect(announced().at(-1)).toContain('OR 9 is taken by Busy');
});

test('FM8 a hold that expires before the console’s clock reaches its end is shown as expired', async () => {
  const { id } = await openForm();
  hospital.advance(119);
  const before = hospital.case(id);
  if (!before) throw new Error('There is no hold.');
  act(() => {
    hospital.changeByOthers(id, { state: 'expired' }, 'expired');
    const body = { type: 'case', cause: 'expired', case: { ...before, state: 'expired' } } as const;
    publishChange({ revision: 9, at: at('06:02'), by: null, body }, before);
  });
  await screen.findByText(/^This hold has expired/);
  expect(announced().some((each) => each.includes('released'))).toBe(false);
});

test('FM2 an alternative after a refused Book moves the hold, without booking it', async () => {
  const { id } = await openForm();
  await user.keyboard('total kn{Enter}');
  await pick('Surgeon', 'haddad');
  await typeStart('12:40');
  hospital.answers.push(refused('slot_taken', 409, { alternatives: [elsewhere] }));
  await user.keyboard('{Control>}{Enter}{/Control}');
  await screen.findByRole('alertdialog');
  await untilArmed();
  await user.keyboard('1');
  await screen.findByText('Now in OR 1. It was in OR 9.');
  expect(sentCommands()).toEqual(['hold', 'change', 'move']);
  expect(hospital.case(id)).toMatchObject({ state: 'held', roomId: room1.id, start: at('14:15') });
  expect(field('Start')).toHaveProperty('value', '14:15');
  expect(hintUnder('Start')).toBe('Changed. Was 12:40');
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  await user.click(screen.getByRole('button', { name: /^Book/ }));
  await waitFor(() => expect(hospital.case(id)?.state).toBe('scheduled'));
  expect(sentCommands()).toEqual(['hold', 'change', 'move', 'change']);
});

test('FM1 the form marks changes by other people with the old values', async () => {
  const { id } = await openForm();
  hospital.changeByOthers(
    id,
    { roomId: room1.id, start: at('13:00'), end: at('14:30'), note: 'Latex' },
    'moved',
  );
  await screen.findByText('Now in OR 1. It was in OR 9.');
  expect(field('Start')).toHaveProperty('value', '13:00');
  expect(hintUnder('Start')).toBe('Changed. Was 12:15');
  expect(hintUnder('Note')).toBe('Changed. Was none');
  await user.type(field('Note'), ' gloves');
  expect(field('Note').getAttribute('aria-describedby')).toBeNull();
});

test('FM3 Ctrl+Enter sends one request, and the form stays if it is refused', async () => {
  const { id } = await openForm();
  await user.keyboard('total kn{Enter}');
  await pick('Surgeon', 'haddad');
  await typeStart('14:30');
  await user.type(field('Patient reference'), 'DEMO-5');
  const before = hospital.case(id);
  hospital.answers.push(refused('in_use', 409));
  await user.keyboard('{Control>}{Enter}{/Control}');
  await screen.findByRole('alertdialog');
  expect(sentCommands()).toEqual(['hold', 'change']);
  expect(hospital.sent[1]?.body).toMatchObject({
    version: 1,
    roomId: room9.id,
    start: '2026-11-20T14:30',
    patientRef: 'DEMO-5',
    to: 'scheduled',
  });
  expect(hospital.case(id)).toEqual(before);
  expect(toastStore.getState().toasts).toEqual([]);
  await user.keyboard('{Escape}');
  expect(field('Start')).toHaveProperty('value', '14:30');
  expect(field('Patient reference')).toHaveProperty('value', 'DEMO-5');
});

test('FM4 text typed into a list without choosing an entry is never sent as another entry', async () => {
  await openForm();
  const procedure = () => screen.getByRole('combobox', { name: 'Procedure' });
  const surgeon = () => screen.getByRole('combobox', { name: 'Surgeon' });
  await user.keyboard('total kn{Enter}');
  await pick('Surgeon', 'haddad');
  await user.click(procedure());
  await user.clear(procedure());
  await user.keyboard('hip{Control>}{Enter}{/Control}');
  await waitFor(() => expect(procedure()).toHaveProperty('value', 'Total hip'));
  expect(sentCommands()).toEqual(['hold']);
  await user.clear(surgeon());
  await user.type(surgeon(), 'Nobody');
  await user.click(field('Note'));
  expect(surgeon()).toHaveProperty('value', 'Haddad A · Orthopedics');
  expect(screen.getByText('“Nobody” isn’t an entry on the list. Pick one from the list.')).toBeDefined();
  await user.clear(surgeon());
  await user.click(field('Note'));
  expect(surgeon()).toHaveProperty('value', '');
});

test('FM5 the start and the length show how they were understood', async () => {
  await openForm();
  await typeStart('2pm');
  expect(hintUnder('Start')).toBe('= 14:00');
  await typeStart('14:05');
  expect(field('Start').getAttribute('aria-describedby')).toBeNull();
  await user.clear(field('Length'));
  await user.type(field('Length'), '1:30');
  expect(hintUnder('Length')).toBe('= 90 min');
});

test('FM6 a patient reference that looks like a name or a date of birth causes a warning, and is accepted', async () => {
  await openForm();
  await user.type(field('Patient reference'), 'Smith, Jane');
  expect(hintUnder('Patient reference')).toMatch(/^This looks like a name/);
  await user.clear(field('Patient reference'));
  await user.type(field('Patient reference'), '03/14/1962{Enter}');
  await waitFor(() => expect(sentCommands()).toEqual(['hold', 'change']));
});

test('FM3 Enter saves another start and the other entries in one request', async () => {
  await openForm();
  await user.clear(field('Start'));
  await user.type(field('Start'), '1430');
  await user.type(field('Patient reference'), 'DEMO-5{Enter}');
  await waitFor(() => expect(sentCommands()).toEqual(['hold', 'change']));
  expect(hospital.sent[1]?.body).toMatchObject({
    version: 1,
    roomId: room9.id,
    start: '2026-11-20T14:30',
    patientRef: 'DEMO-5',
  });
});

test('the last half minute is announced once, and a key extends the hold', async () => {
  await openForm();
  expect(announced()).toEqual([]);
  hospital.advance(95);
  await screen.findByText('This hold is about to expire.');
  expect(announced()).toEqual(['This hold expires in 30 seconds. Extend it to keep the time.']);
  await user.type(field('Patient reference'), 'e{Alt>}e{/Alt}');
  await waitFor(() => expect(sentCommands()).toEqual(['hold', 'extend']));
  expect(field('Patient reference')).toHaveProperty('value', 'e');
  await waitFor(() => expect(screen.queryByText('This hold is about to expire.')).toBeNull());
});

test('the form of an expired hold keeps its entries, and Enter holds it again', async () => {
  const { id } = await openForm();
  await user.keyboard('total kn{Enter}');
  await user.type(field('Patient reference'), 'DEMO-6');
  hospital.advance(130);
  expect(await screen.findByText(/This hold has expired/)).toBeDefined();
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  expect(field('Patient reference')).toHaveProperty('value', 'DEMO-6');
  expect(screen.queryByRole('button', { name: /^Book/ })).toBeNull();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(sentCommands()).toEqual(['hold', 'hold']));
  expect(hospital.sent[1]?.body).toMatchObject({
    roomId: room9.id,
    start: place.start,
    minutes: 105,
    procedureId: knee.id,
    patientRef: 'DEMO-6',
  });
  expect(await screen.findByRole('button', { name: /^Book/ })).toBeDefined();
  expect(field('Patient reference')).toHaveProperty('value', 'DEMO-6');
  // Nothing about the patient remains from the expired hold.
  expect(draftOf(id)).toBeUndefined();
});

test('an alternative holds an expired hold again at another time', async () => {
  const { id } = await openForm();
  await user.type(field('Patient reference'), 'DEMO-7');
  hospital.advance(130);
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  await screen.findByText(/This hold has expired/);
  const alternatives = [{ roomId: room1.id, start: at('14:00'), end: at('15:30') }];
  hospital.answers.push(refused('slot_taken', 409, { alternatives }));
  await user.keyboard('{Enter}');
  const alert = await screen.findByRole('alertdialog');
  const first = within(alert).getByRole('button', { name: /OR 1 14:00–15:30/ });
  await user.click(first);
  await waitFor(() => expect(sentCommands()).toEqual(['hold', 'hold', 'hold']));
  expect(hospital.sent[2]?.body).toMatchObject({
    roomId: room1.id,
    start: at('14:00'),
    patientRef: 'DEMO-7',
  });
});

test('the form of a hold that was taken over is read-only until it is taken back', async () => {
  const { id } = await openForm();
  await user.type(field('Patient reference'), 'DEMO-8');
  await user.keyboard('{Escape}');
  expect(screen.getByText(/^Press Esc again to release the hold/)).toBeDefined();
  hospital.changeByOthers(id, { holder: diaz }, 'taken_over');
  expect(await screen.findByText(/J\. Diaz took over this hold/)).toBeDefined();
  expect(screen.queryByText(/^Press Esc again/)).toBeNull();
  expect(field('Patient reference')).toHaveProperty('readOnly', true);
  expect(screen.queryByRole('button', { name: /^Book/ })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Take over' }));
  await screen.findByRole('button', { name: /^Book/ });
  expect(hospital.case(id)?.holder).toEqual(me);
  expect(field('Patient reference')).toHaveProperty('value', 'DEMO-8');
});

test('an office sees only its own surgeons, and cannot move the hold', async () => {
  signInAs('office', [haddad.id]);
  await openForm();
  expect(field('Start')).toHaveProperty('readOnly', true);
  await user.click(screen.getByRole('combobox', { name: 'Surgeon' }));
  const options = (await screen.findAllByRole('option', { hidden: true })).map((each) => each.textContent);
  expect(options).toContain('Haddad A · Orthopedics');
  expect(options.join()).not.toContain('Rossi');
});

test('fast type-and-Enter picks the first match', async () => {
  await openForm();
  const procedure = screen.getByRole('combobox', { name: 'Procedure' });
  await user.type(procedure, 'knee');
  // The list has not selected an option yet.
  await waitFor(() => expect(document.querySelector('[data-combobox-selected]')).not.toBeNull());
  fireEvent.keyDown(procedure, { key: 'Enter' });
  await waitFor(() => expect(procedure).toHaveProperty('value', 'Total knee'));
  expect(sentCommands()).toEqual(['hold']);
});

test('the form of a hold that is held again from the board keeps its entries', async () => {
  const { id } = await openForm();
  await user.type(field('Patient reference'), 'DEMO-9');
  const before = hospital.case(id);
  hospital.advance(130);
  hospital.changeByOthers(id, { state: 'expired' }, 'expired');
  const after = hospital.case(id);
  if (!before || !after) throw new Error('There is no hold.');
  await holdAgain(before, after);
  await screen.findByRole('button', { name: /^Book/ });
  expect(field('Patient reference')).toHaveProperty('value', 'DEMO-9');
  expect(draftOf(id)).toBeUndefined();
});

test.each([
  ['booked', 'scheduled', []],
  ['released', 'released', ['This hold was released.']],
  ['expired', 'expired', ['This hold has expired.']],
] as const)(
  'CO10 the form of a hold that was %s while another day is shown says so',
  async (cause, state, sentences) => {
    const { id, form } = await openForm();
    const before = hospital.case(id);
    if (!before) throw new Error('There is no hold.');
    act(() => void loadBoard({ resources: [room1, room9], procedures: [knee, hip] }, '2026-11-21'));
    const now = { ...before, state, holder: null, expiresAt: null, version: before.version + 1 };
    const body = { type: 'case', cause, case: now } as const;
    act(() => publishChange({ revision: 9, at: at('06:01'), by: diaz, body }, before));
    await waitFor(() => expect(form.isConnected).toBe(state !== 'scheduled'));
    for (const sentence of sentences) expect(form.textContent).toContain(sentence);
  },
);
