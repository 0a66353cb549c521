import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import {
  room1,
  room9,
  haddad,
  knee,
  user,
  hospital,
  openForm,
  field,
  sentCommands,
  pick,
  untilArmed,
  alternative,
  hintUnder,
  typeStart,
  setUpHoldForm,
} from '../../../../../test/hold-form.tsx';
import { refused } from '../../../../../test/refused.ts';
import { signInAs } from '../../../../../test/signed-in.ts';
import { at, zone } from '../../../../../test/small-board.ts';
import { dialogStore } from '../../stores/dialogs.ts';
import { setPreferences } from '../../stores/preferences.ts';
import { toastStore } from '../../stores/toasts.ts';
import { timeWithSeconds } from '../../words/time.ts';

setUpHoldForm();

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

test('FM2 an alternative after a refused Book moves the hold, without booking it', async () => {
  const { id } = await openForm();
  await user.keyboard('total kn{Enter}');
  await pick('Surgeon', 'haddad');
  await typeStart('12:40');
  hospital.answers.push(refused('slot_taken', 409, { alternatives: [alternative] }));
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
