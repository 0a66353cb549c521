import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { openFakeHospital } from '../../../../../test/fake-hospital.ts';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { refused } from '../../../../../test/refused.ts';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, at } from '../../../../../test/small-board.ts';
import { cancelCase } from '../../commands/case.ts';
import { delayCases } from '../../commands/delay.ts';
import { holdAt } from '../../commands/hold.ts';
import { moveTo } from '../../commands/move.ts';
import { dialogStore } from '../../stores/dialogs.ts';
import { viewStore } from '../../stores/view.ts';
import { Dialogs } from '../console/dialogs.tsx';

const [room1, room9] = [aResource('room', 'OR 1'), aResource('room', 'OR 9')] as const;
const haddad = aResource('surgeon', 'Haddad A');
const knee = aCase(room1, '10:00', 90, { title: 'Knee', surgeonId: haddad.id });
const hip = aCase(room9, '12:15', 90, { title: 'Hip', surgeonId: haddad.id });
const place = { roomId: room9.id, start: at('12:15'), end: at('13:45') };
const blockers = [
  {
    kind: 'hold',
    resourceId: room9.id,
    start: at('12:05'),
    end: at('14:00'),
    caseId: hip.id,
    number: hip.number,
    by: 'M. Kraus',
    expiresAt: '2026-11-20T17:31:20.000Z',
  },
  { kind: 'case', resourceId: haddad.id, start: at('12:15'), end: at('13:45'), title: 'Hip' },
];
const alternatives = [
  { roomId: room9.id, start: at('14:00'), end: at('15:30') },
  { roomId: room1.id, start: at('12:15'), end: at('13:45') },
  { roomId: room9.id, start: at('10:00'), end: at('11:30') },
];

const user = userEvent.setup();
let hospital: ReturnType<typeof openFakeHospital>;
beforeEach(() => {
  signInAs('coordinator');
  hospital = openFakeHospital({ resources: [room1, room9, haddad], cases: [knee, hip] });
  const grid = document.createElement('div');
  grid.setAttribute('role', 'grid');
  grid.tabIndex = 0;
  document.body.replaceChildren(grid);
  grid.focus();
});
const grid = () => document.querySelector('[role="grid"]');

async function refuseHold() {
  renderInKit(<Dialogs />);
  hospital.answers.push(refused('slot_taken', 409, { blockers, alternatives }));
  await holdAt(place);
  const dialog = await screen.findByRole('alertdialog', { name: /Couldn’t hold OR 9 12:15–13:45/ });
  await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
  return dialog;
}
/** The dialog ignores keys at first: they may be meant for the screen before it. */
const untilArmed = () => waitFor(() => expect(document.querySelector('[data-armed="true"]')).not.toBeNull());

test('a refusal lists the blockers and the nearest times', async () => {
  const dialog = await refuseHold();
  const inTheWay = within(dialog).getByRole('list', { name: 'In the way' });
  expect(inTheWay.textContent).toContain('OR 9 is held by M. Kraus (the hold ends at 11:31:20)');
  expect(inTheWay.textContent).toContain('Haddad A is busy until 13:45: Hip');
  const choices = within(dialog).getByRole('region', { name: 'Nearest times' });
  expect(
    within(choices)
      .getAllByRole('button')
      .map(({ textContent }) => textContent),
  ).toEqual([
    '1OR 9 14:00–15:30same room, 1 h 45 min later',
    '2OR 1 12:15–13:45same time',
    '3OR 9 10:00–11:30same room, 2 h 15 min earlier',
  ]);
});

test.each([
  ['1', alternatives[0]],
  ['2', alternatives[1]],
  ['3', alternatives[2]],
])('the key %s takes that alternative', async (key, taken) => {
  await refuseHold();
  await untilArmed();
  await user.keyboard(key);
  await waitFor(() => expect(hospital.sent).toHaveLength(2));
  expect(hospital.sent[1]?.body).toMatchObject({ roomId: taken?.roomId, start: taken?.start, minutes: 90 });
});

test('a digit that was typed before the refusal could be read chooses nothing', async () => {
  await refuseHold();
  await user.keyboard('1');
  await untilArmed();
  expect(hospital.sent).toHaveLength(1);
  expect(screen.queryByRole('alertdialog')).not.toBeNull();
});

test('the refusal of a block repeats the sentence of the server', async () => {
  const detail = "This is Cardiac's block until it is released at Fri, Nov 20, 09:00. Choose open time.";
  const block = {
    kind: 'block',
    resourceId: room9.id,
    start: at('07:00'),
    end: at('12:00'),
    reason: 'Cardiac',
  };
  renderInKit(<Dialogs />);
  hospital.answers.push(refused('slot_taken', 409, { blockers: [block], detail }));
  await holdAt(place);
  const dialog = await screen.findByRole('alertdialog');
  expect(dialog.textContent).toContain(detail);
  // The server did not search for alternatives.
  expect(dialog.textContent).not.toContain('Nothing fits near that time');
});

test('Esc closes the refusal and returns the focus to the board', async () => {
  await refuseHold();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(grid()));
});

test('a refusal leads to each blocking case', async () => {
  const dialog = await refuseHold();
  await user.click(within(dialog).getByRole('button', { name: 'Show Hip' }));
  expect(viewStore.getState().selectedId).toBe(hip.id);
  expect(dialogStore.getState().dialog).toBeNull();
});

test('the refusal of a stale command lists the changes, and repeats the command on request', async () => {
  renderInKit(<Dialogs />);
  hospital.changeByOthers(knee.id, { surgeonId: null, minutes: 100 });
  await moveTo(knee, place);
  const dialog = await screen.findByRole('alertdialog');
  expect(dialog.textContent).toContain('Length: 90 min → 100 min');
  expect(dialog.textContent).toContain('Surgeon: Haddad A → none');
  await user.click(within(dialog).getByRole('button', { name: 'Apply it to the current case' }));
  await waitFor(() => expect(hospital.sent[1]?.body).toMatchObject({ version: 2, roomId: room9.id }));
});

test('a rate-limited command can be repeated after its pause', async () => {
  renderInKit(<Dialogs />);
  hospital.answers.push(refused('rate_limited', 429, { retryAfter: 30 }));
  await moveTo(knee, place);
  const button = await screen.findByRole('button', { name: /Try again in \d+ s/ });
  expect(button).toHaveProperty('disabled', true);
  hospital.advance(31);
  const again = await screen.findByRole('button', { name: 'Try again' });
  await user.click(again);
  await waitFor(() => expect(hospital.sent).toHaveLength(2));
});

test('an internal error shows its number for the IT desk', async () => {
  renderInKit(<Dialogs />);
  hospital.answers.push(refused('internal', 500, { requestId: 'req-42' }));
  await moveTo(knee, place);
  expect((await screen.findByRole('alertdialog')).textContent).toContain('Request req-42');
});

test('a digit chooses a reason, and Enter sends it', async () => {
  renderInKit(<Dialogs />);
  await cancelCase(knee);
  const form = await screen.findByRole('dialog', { name: 'Cancel Knee' });
  await waitFor(() => expect(form.contains(document.activeElement)).toBe(true));
  await user.keyboard('4');
  expect(screen.getByRole('button', { name: 'Medical clearance missing' }).getAttribute('aria-pressed')).toBe(
    'true',
  );
  expect(hospital.sent).toEqual([]);
  await user.keyboard('{Enter}');
  await waitFor(() => expect(hospital.sent).toHaveLength(1));
  expect(hospital.sent[0]).toMatchObject({
    command: 'cancel',
    body: { reason: 'Medical clearance missing', reasonCode: 'medical_clearance_missing' },
  });
});

test('RS4 text adds to a listed reason, and text alone has no code', async () => {
  renderInKit(<Dialogs />);
  await cancelCase(knee);
  await screen.findByRole('dialog', { name: 'Cancel Knee' });
  await user.keyboard('1');
  await user.type(screen.getByLabelText('Reason'), 'Fever{Enter}');
  await waitFor(() => expect(hospital.sent).toHaveLength(1));
  expect(hospital.sent[0]).toMatchObject({ body: { reason: 'Fever', reasonCode: 'patient_unwell' } });

  await cancelCase(hospital.case(hip.id) ?? hip);
  await screen.findByRole('dialog', { name: 'Cancel Hip' });
  // Once more takes the choice back.
  await user.keyboard('11');
  await user.type(screen.getByLabelText('Reason'), 'Power cut{Enter}');
  await waitFor(() => expect(hospital.sent).toHaveLength(2));
  expect(hospital.sent[1]).toMatchObject({ body: { reason: 'Power cut' } });
  expect(hospital.sent[1]?.body).not.toHaveProperty('reasonCode');
});

test('RS4 a delay needs no reason: Enter alone delays', async () => {
  renderInKit(<Dialogs />);
  const after = { ...knee, start: place.start, end: place.end };
  await delayCases({ what: 'OR 9', minutes: 30, later: [{ item: knee, after }] });
  await screen.findByRole('dialog', { name: /^Delay OR 9/ });
  await user.keyboard('{Enter}');
  await waitFor(() => expect(hospital.sent).toHaveLength(1));
  expect(hospital.sent[0]?.body).not.toHaveProperty('delayReason');
});

test('the question for a reason also lists the obstacles that a reason does not override', async () => {
  renderInKit(<Dialogs />);
  const errors = [{ field: 'overrideReason', reason: 'After hours: OR 9 usually closes at 13:00.' }];
  hospital.answers.push(refused('validation', 400, { errors }));
  await moveTo(knee, place);
  const form = await screen.findByRole('dialog', { name: /^Move Knee/ });
  expect(form.textContent).toContain('A reason won’t override this: OR 9 is taken by Hip until');
});

test('typed text goes into the reason field', async () => {
  renderInKit(<Dialogs />);
  await cancelCase(knee);
  const form = await screen.findByRole('dialog', { name: 'Cancel Knee' });
  await waitFor(() => expect(form.contains(document.activeElement)).toBe(true));
  await user.keyboard('Room 4 flooded{Enter}');
  await waitFor(() => expect(hospital.sent[0]?.body).toMatchObject({ reason: 'Room 4 flooded' }));
});

test('a missing reason is an error, and nothing is sent', async () => {
  renderInKit(<Dialogs />);
  await cancelCase(knee);
  const form = await screen.findByRole('dialog', { name: 'Cancel Knee' });
  await waitFor(() => expect(form.contains(document.activeElement)).toBe(true));
  await user.keyboard('{Enter}');
  expect(await screen.findByText('Must not be empty.')).toBeDefined();
  await user.keyboard('{Escape}');
  expect(dialogStore.getState().dialog).toBeNull();
  expect(hospital.sent).toEqual([]);
});
