import { act, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { openFakeHospital } from '../../../../../test/fake-hospital.ts';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { refused } from '../../../../../test/refused.ts';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aProcedure, aResource, typed } from '../../../../../test/small-board.ts';
import { intentStore } from '../../stores/intents.ts';
import { setConnection } from '../../stores/connection.ts';
import { dialogStore, openDialog } from '../../stores/dialogs.ts';
import { draftOf, forgetPatientsInDrafts, newCaseKey } from '../../stores/drafts.ts';
import { replayQueue } from '../../commands/queue.ts';
import { Dialogs } from '../console/dialogs.tsx';

const room = aResource('room', 'OR 1');
const hip = aProcedure('Total hip', 96);
const knee = aCase(room, '10:00', 90, { title: 'Knee', patientRef: 'DEMO-1', note: 'Left' });

const user = userEvent.setup();
let hospital: ReturnType<typeof openFakeHospital>;
beforeEach(() => {
  signInAs('coordinator');
  hospital = openFakeHospital({ resources: [room], procedures: [hip], cases: [knee] });
});
const field = (name: string) => screen.getByLabelText(name);

async function openForm(caseId: string | null = knee.id) {
  renderInKit(<Dialogs />);
  openDialog({ kind: 'edit', caseId });
  return screen.findByRole('dialog', { name: caseId === null ? 'New case for the depot' : 'Edit Knee' });
}

test('the form sends only the changed fields, with the version that the person saw', async () => {
  await openForm();
  await user.type(field('Note'), ' side');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  expect(hospital.sent).toMatchObject([{ command: 'change', body: { version: 1, note: 'Left side' } }]);
  expect(Object.keys(hospital.sent[0]?.body ?? {})).toEqual(['version', 'note']);
});

test('changes by another person appear in fields without entries', async () => {
  await openForm();
  await user.type(field('Note'), ' side');
  hospital.changeByOthers(knee.id, { patientRef: 'DEMO-2' });
  await waitFor(() => expect(field('Patient reference')).toHaveProperty('value', 'DEMO-2'));
  expect(field('Note')).toHaveProperty('value', 'Left side');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() =>
    expect(hospital.case(knee.id)).toMatchObject({ note: 'Left side', patientRef: 'DEMO-2' }),
  );
});

test('a field that both people changed shows both values until the person chooses', async () => {
  await openForm();
  await user.type(field('Note'), ' side');
  hospital.changeByOthers(knee.id, { note: 'Right' });
  expect(await screen.findByText('Now: Right')).toBeDefined();
  expect(screen.getByText('Yours: Left side')).toBeDefined();
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect(await screen.findByText('Choose which version to keep, then save.')).toBeDefined();
  expect(hospital.sent).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Keep mine' }));
  await user.click(field('Note'));
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(hospital.case(knee.id)?.note).toBe('Left side'));
});

test('the person can choose the value of the other person', async () => {
  await openForm();
  await user.type(field('Note'), ' side');
  hospital.changeByOthers(knee.id, { note: 'Right' });
  await user.click(await screen.findByRole('button', { name: 'Take theirs' }));
  expect(field('Note')).toHaveProperty('value', 'Right');
  expect(screen.queryByText('Yours: Left side')).toBeNull();
});

test('a refused edit reopens the form with its entries', async () => {
  await openForm();
  await user.type(field('Note'), ' side');
  hospital.answers.push(refused('stale_version', 412));
  await user.keyboard('{Control>}{Enter}{/Control}');
  await screen.findByRole('alertdialog', { name: /Couldn’t change Knee/ });
  await user.click(screen.getByRole('button', { name: /^Close/ }));
  await screen.findByRole('dialog', { name: 'Edit Knee' });
  expect(field('Note')).toHaveProperty('value', 'Left side');
});

test('RE10 an edit with a resource that another case has claimed asks for a reason', async () => {
  hospital.changeByOthers(knee.id, { state: 'in_room', milestones: { in_room: knee.start } }, 'milestone');
  await openForm();
  await user.type(field('Note'), ' side');
  const reason = 'Navigation is claimed by Hip until 15:00.';
  hospital.answers.push(refused('validation', 400, { errors: [{ field: 'overrideReason', reason }] }));
  await user.keyboard('{Control>}{Enter}{/Control}');
  await screen.findByText(reason);
  const { dialog } = dialogStore.getState();
  if (dialog?.kind !== 'reason') throw new Error('No reason was asked for.');
  act(() => dialog.submit(typed('In use already')));
  await waitFor(() => expect(hospital.sent).toHaveLength(2));
  expect(hospital.sent[1]).toMatchObject({
    command: 'change',
    body: { version: 2, note: 'Left side', overrideReason: 'In use already' },
  });
});

test('RE10 the form of a case under way names the other users of its equipment, and is not read-only', async () => {
  const navigation = aResource('equipment', 'Navigation');
  const equipment = [{ resourceId: navigation.id, quantity: 1 }];
  const underWay = { ...knee, equipment, state: 'in_room', milestones: { in_room: knee.start } } as const;
  const other = aCase(aResource('room', 'OR 2'), '10:30', 60, { title: 'Hip', equipment });
  hospital = openFakeHospital({ resources: [room, navigation], cases: [underWay, other] });
  hospital.advance(10 * 60 * 60);
  await openForm();
  await user.type(field('Note'), ' side');
  expect(await screen.findByText(/^Navigation is .*Hip/)).toBeDefined();
  expect(screen.queryByText(/Can’t do this|time has passed/)).toBeNull();
});

test('the form of a cancelled case is read-only', async () => {
  await openForm();
  await user.type(field('Note'), ' side');
  hospital.changeByOthers(knee.id, { state: 'cancelled' }, 'cancelled');
  expect(await screen.findByText(/This case is cancelled now/)).toBeDefined();
  expect(field('Note')).toHaveProperty('readOnly', true);
  expect(screen.queryByRole('button', { name: /^Save/ })).toBeNull();
});

test('a new case for the depot needs a procedure or a title', async () => {
  const form = await openForm(null);
  await waitFor(() => expect(form.contains(document.activeElement)).toBe(true));
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect(await screen.findByText(/^Choose a procedure/)).toBeDefined();
  expect(hospital.sent).toEqual([]);
  await user.click(screen.getByRole('combobox', { name: 'Procedure' }));
  await user.keyboard('total h{Enter}');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(hospital.sent).toHaveLength(1));
  expect(hospital.sent[0]?.body).toMatchObject({ procedureId: hip.id });
});

/** Sends a new case, and loses the connection before the answer. */
async function sendUnanswered() {
  const stopReplay = replayQueue();
  setConnection({ status: 'live', lagMs: 0 });
  await openForm(null);
  await user.click(screen.getByRole('combobox', { name: 'Procedure' }));
  await user.keyboard('total h{Enter}');
  await user.type(field('Note'), 'From the ER');
  hospital.answers.push('unreachable');
  const stopLooking = intentStore.subscribe(() => {
    stopLooking();
    setConnection({ status: 'offline', since: 0 });
  });
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(field('Note')).toHaveProperty('readOnly', true));
  return stopReplay;
}

test('FM9 EX9 an unanswered new case waits in its form, cannot be sent twice, and reopens when it is refused', async () => {
  const stopReplay = await sendUnanswered();
  await user.keyboard('{Control>}{Enter}{/Control}{Escape}');
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  act(() => openDialog({ kind: 'edit', caseId: null }));
  expect(field('Note')).toHaveProperty('value', 'From the ER');
  expect(field('Note')).toHaveProperty('readOnly', true);
  expect(hospital.sent).toHaveLength(1);

  hospital.answers.push(refused('resource_inactive', 409));
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  await screen.findByRole('alertdialog', { name: /^Couldn’t add Total hip/ });
  expect(hospital.sent).toHaveLength(2);
  expect(hospital.sent[1]).toEqual(hospital.sent[0]);
  await user.click(screen.getByRole('button', { name: /^Close/ }));
  await screen.findByRole('dialog', { name: 'New case for the depot' });
  expect(field('Note')).toHaveProperty('readOnly', false);
  expect(field('Note')).toHaveProperty('value', 'From the ER');
  stopReplay();
});

test('EX9 a new case that is answered after a lock closes its form, so that it is not added twice', async () => {
  const stopReplay = await sendUnanswered();
  act(() => forgetPatientsInDrafts('Enter it again.'));
  expect(field('Note')).toHaveProperty('value', '');
  hospital.answers.push({ status: 201, body: { case: { ...knee, state: 'depot' }, revision: 2 } });
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  expect(draftOf(newCaseKey)).toBeUndefined();
  expect(hospital.sent[1]).toEqual(hospital.sent[0]);
  stopReplay();
});
