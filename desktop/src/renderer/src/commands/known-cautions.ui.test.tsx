import { beforeEach, expect, test } from 'vitest';
import { openFakeHospital } from '../../../../test/fake-hospital.ts';
import { refused } from '../../../../test/refused.ts';
import { signInAs } from '../../../../test/signed-in.ts';
import { aCase, aProcedure, aResource, at, typed } from '../../../../test/small-board.ts';
import { closeDialog, dialogStore } from '../stores/dialogs.ts';
import { placingStore } from '../stores/placing.ts';
import { drop } from '../actions/drop.ts';
import { placeFromDepot } from './depot.ts';
import { holdAt } from './hold.ts';
import { moveTo, swap } from './move.ts';

const hours = [{ days: [1, 2, 3, 4, 5], open: '07:00', close: '15:00' }];
const [room1, room2] = [
  aResource('room', 'OR 1'),
  aResource('room', 'OR 2', { attributes: { hours } }),
] as const;
const procedure = { ...aProcedure('Knee', 90), capabilities: ['robot'] };
const knee = aCase(room1, '10:00', 90, { title: 'Knee', setupMinutes: 10, cleanupMinutes: 15 });
const hip = aCase(room1, '16:00', 60, { title: 'Hip', setupMinutes: 10, cleanupMinutes: 15 });
const depotCase = {
  ...knee,
  id: '00000000-0000-4000-8000-000000000077',
  state: 'depot' as const,
  roomId: null,
  start: null,
  end: null,
};
const latePlace = { roomId: room2.id, start: at('14:00'), end: at('15:30') };
const afterHours = 'After hours: OR 2 usually closes at 15:00.';

let hospital: ReturnType<typeof openFakeHospital>;
beforeEach(() => {
  signInAs('coordinator');
  hospital = openFakeHospital({
    resources: [room1, room2],
    procedures: [procedure],
    cases: [knee, hip],
    depot: [depotCase],
  });
});

function reasonDialog() {
  const { dialog } = dialogStore.getState();
  if (dialog?.kind !== 'reason') throw new Error('No reason was asked for.');
  return dialog;
}

test('BK7 a broken soft rule asks for a reason, and the command is then sent once', async () => {
  placingStore.setState({ placing: { kind: 'move', caseId: knee.id, item: knee, place: latePlace } });
  drop();
  expect(hospital.sent).toEqual([]);
  expect(reasonDialog()).toMatchObject({
    title: 'Move Knee (OR 1 10:00) to OR 2 14:00',
    cautions: [afterHours],
  });
  // The dialog shows the case where it was dropped.
  expect(reasonDialog().placed).toMatchObject([{ id: knee.id, ...latePlace }]);
  const { submit } = reasonDialog();
  closeDialog();
  submit(typed('Patient can’t wait'));
  await expect.poll(() => hospital.sent.length).toBe(1);
  expect(hospital.sent[0]?.body).toMatchObject({ roomId: room2.id, overrideReason: 'Patient can’t wait' });
  await expect.poll(() => hospital.case(knee.id)?.roomId).toBe(room2.id);
  expect(dialogStore.getState().dialog).toBeNull();
});

test('closing the question sends nothing', () => {
  void moveTo(knee, latePlace);
  reasonDialog();
  closeDialog();
  expect(hospital.sent).toEqual([]);
});

test.each([
  ['a hold', () => holdAt(latePlace), [afterHours]],
  [
    'a hold with a procedure',
    () => holdAt(latePlace, { procedureId: procedure.id }),
    ['OR 2 is not equipped for this procedure, which needs robot.', afterHours],
  ],
  ['a case of the depot', () => placeFromDepot(depotCase, latePlace), [afterHours]],
  ['a case', () => moveTo(knee, latePlace), [afterHours]],
])('BK7 %s that breaks a soft rule asks for a reason before it is sent', (_, command, cautions) => {
  void command();
  expect(reasonDialog().cautions).toEqual(cautions);
  expect(hospital.sent).toEqual([]);
});

test('BK7 a case that continues past the last displayed day asks for a reason', () => {
  void holdAt({ roomId: room2.id, start: at('23:30'), end: at('01:00', '2026-11-21') });
  expect(reasonDialog().cautions).toEqual(['After hours: OR 2 is usually closed at 23:30.']);
  expect(hospital.sent).toEqual([]);
});

test('a swap of two cases asks for one reason', () => {
  const evening = { ...hip, roomId: room2.id, overrideReason: 'Agreed' };
  void swap(knee, evening);
  expect(reasonDialog().cautions).toEqual(['After hours: OR 2 is usually closed at 16:00.']);
  expect(reasonDialog().placed).toHaveLength(2);
});

test('a rule that the board cannot know asks for a reason once, after the refusal of the server', async () => {
  const rule = 'This is Cardiac’s block.';
  hospital.answers.push(refused('validation', 400, { errors: [{ field: 'overrideReason', reason: rule }] }));
  void moveTo(knee, { ...latePlace, start: at('12:00'), end: at('13:30') });
  await expect.poll(() => dialogStore.getState().dialog?.kind).toBe('reason');
  expect(reasonDialog().cautions).toEqual([rule]);
  reasonDialog().submit(typed('Agreed with the block owner'));
  await expect.poll(() => hospital.sent.length).toBe(2);
});

test('a command that is also blocked is sent without a reason', async () => {
  hospital.answers.push(refused('slot_taken', 409));
  void moveTo(knee, { roomId: room1.id, start: at('16:30'), end: at('18:00') });
  await expect.poll(() => dialogStore.getState().dialog?.kind).toBe('refusal');
});
