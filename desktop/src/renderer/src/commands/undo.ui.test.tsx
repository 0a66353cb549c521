import { isPlaced } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { beforeEach, expect, test } from 'vitest';
import { openFakeHospital } from '../../../../test/fake-hospital.ts';
import { refused } from '../../../../test/refused.ts';
import { signInAs } from '../../../../test/signed-in.ts';
import { aCase, aResource, at, uuid, typed } from '../../../../test/small-board.ts';
import { asPlaced } from '../preview/as-placed.ts';
import { caseNow } from '../stores/board.ts';
import { dialogStore } from '../stores/dialogs.ts';
import { toastStore } from '../stores/toasts.ts';
import { undo, undoStore } from '../stores/undo.ts';
import { bookHold, holdAt, releaseHold } from './hold.ts';
import { cancelCase } from './case.ts';
import { recordMilestone } from './milestone.ts';
import { bumpCase } from './depot.ts';
import { delayCases } from './delay.ts';
import { changeDetails, saveForm } from './edit.ts';
import { moveTo, swap } from './move.ts';

const quick = { attributes: { setupMinutes: 0, cleanupMinutes: 0 } };
const [room1, room2] = [aResource('room', 'OR 1', quick), aResource('room', 'OR 2', quick)] as const;
const knee = aCase(room1, '10:00', 90, { title: 'Knee', overrideReason: 'After hours, agreed' });
const hip = aCase(room2, '12:00', 60, { title: 'Hip' });
const freePlace = { roomId: room2.id, start: at('14:00'), end: at('15:30') };
const laterPlace = { roomId: room1.id, start: at('15:00'), end: at('16:00') };

let hospital: ReturnType<typeof openFakeHospital>;
beforeEach(() => {
  signInAs('coordinator');
  hospital = openFakeHospital({ resources: [room1, room2], cases: [knee, hip] });
});

const texts = () => toastStore.getState().toasts.map(({ text }) => text);
const lastSent = () => hospital.sent.at(-1);
/** The hold whose form is open. */
function holdInForm() {
  const { dialog } = dialogStore.getState();
  const item = dialog?.kind === 'hold' ? hospital.case(dialog.caseId) : undefined;
  if (!item || !isPlaced(item)) throw new Error('Nothing was held.');
  return item;
}

test('BK15, BK17 undo moves a case to its old room and time, with its old minutes and reason', async () => {
  await moveTo(knee, freePlace);
  expect(texts()).toEqual(['Moved Knee to OR 2 14:00']);
  await undo();
  expect(lastSent()).toEqual({
    command: 'change',
    caseId: knee.id,
    body: {
      version: 2,
      roomId: room1.id,
      start: knee.start,
      minutes: 90,
      setupMinutes: knee.setupMinutes,
      cleanupMinutes: knee.cleanupMinutes,
      overrideReason: 'After hours, agreed',
    },
  });
  expect(caseNow(knee.id)).toMatchObject({ roomId: room1.id, start: knee.start });
  // The toast of the undone move, and its undo button, are gone.
  expect(texts()).toEqual(['Knee is back at OR 1 10:00']);
});

test('undo undoes several commands on one case in turn', async () => {
  await moveTo(knee, freePlace);
  await recordMilestone(hospital.case(knee.id) ?? knee, 'in_holding', freePlace.start);
  await changeDetails(hospital.case(knee.id) ?? knee, { note: 'Latex allergy' });
  expect(undoStore.getState().steps).toHaveLength(3);
  await undo();
  expect(hospital.case(knee.id)?.note).toBeNull();
  await undo();
  expect(hospital.case(knee.id)?.milestones).toEqual({});
  await undo();
  expect(caseNow(knee.id)).toMatchObject({ roomId: room1.id, start: knee.start });
  expect(dialogStore.getState().dialog).toBeNull();
});

test('the server refuses an undo if another person has changed the case', async () => {
  await moveTo(knee, freePlace);
  hospital.changeByOthers(knee.id, { surgeonId: null, minutes: 100 });
  await undo();
  expect(dialogStore.getState().dialog).toMatchObject({
    kind: 'refusal',
    title: 'Move Knee back to OR 1 10:00',
    problem: { code: 'stale_version' },
  });
});

test('undoing a resize restores the old length', async () => {
  await moveTo(knee, { roomId: room1.id, start: knee.start, end: at('12:00') });
  expect(texts()).toEqual(['Knee is now 2 hours long']);
  await undo();
  expect(lastSent()?.body).toMatchObject({ start: knee.start, minutes: 90 });
});

test('undoing a hold releases it', async () => {
  await holdAt(laterPlace);
  await undo();
  expect(lastSent()).toMatchObject({ command: 'release' });
});

test('undoing a release places the hold again, with all details', async () => {
  await holdAt(laterPlace, { title: 'Hernia', patientRef: 'DEMO-1' });
  await releaseHold(holdInForm());
  expect(texts().at(-1)).toBe('Released OR 1 15:00–16:00');
  await undo();
  expect(lastSent()).toMatchObject({
    command: 'hold',
    body: { roomId: room1.id, start: laterPlace.start, minutes: 60, title: 'Hernia', patientRef: 'DEMO-1' },
  });
});

test('BK15 undoing a bump places the case at its old time and books it, in one command', async () => {
  await bumpCase(knee, typed('Emergency needs the room'));
  await undo();
  expect(hospital.sent.slice(1)).toMatchObject([
    {
      command: 'place',
      body: { version: 2, roomId: room1.id, start: knee.start, minutes: 90, to: 'scheduled' },
    },
  ]);
  expect(caseNow(knee.id)).toMatchObject({ state: 'scheduled', roomId: room1.id });
});

test('undoing a bump of a confirmed case confirms it again', async () => {
  hospital.changeByOthers(knee.id, { state: 'confirmed' });
  await bumpCase(hospital.case(knee.id) ?? knee, typed('Staff unavailable'));
  await undo();
  expect(hospital.sent.map(({ command, body }) => body.to ?? command)).toEqual(['bump', 'confirmed']);
});

test('undoing a swap swaps again', async () => {
  await swap(knee, hip);
  expect(caseNow(knee.id)).toMatchObject({ roomId: room2.id });
  await undo();
  expect(caseNow(knee.id)).toMatchObject({ roomId: room1.id, start: knee.start });
  expect(caseNow(hip.id)).toMatchObject({ roomId: room2.id, start: hip.start });
});

test('undoing an edit restores every field', async () => {
  await changeDetails(knee, { title: 'Knee, left' });
  await undo();
  expect(lastSent()?.body).toMatchObject({
    version: 2,
    title: 'Knee',
    minutes: 90,
    equipment: [],
    bed: null,
  });
});

test('BK7 undoing an edit removes the reason that was given for it', async () => {
  await changeDetails(hip, { minutes: 240 }, typed('Agreed by phone'));
  await undo();
  expect(lastSent()?.body).toMatchObject({ minutes: hip.minutes, overrideReason: null });
});

test('BK15 FM3 undoing a save that moved and changed a case is one command', async () => {
  const list = { resourceId: uuid(70), blockId: uuid(71), start: at('07:00'), end: at('15:00') };
  hospital.changeByOthers(knee.id, { list });
  const item = hospital.case(knee.id) ?? knee;
  const start = { roomId: room2.id, start: freePlace.start };
  await saveForm(item, { details: { title: 'Knee, left' }, start, place: freePlace }, 'keep');
  expect(hospital.sent).toMatchObject([
    { command: 'change', body: { version: 2, title: 'Knee, left', ...start } },
  ]);
  await undo();
  expect(hospital.sent).toHaveLength(2);
  expect(lastSent()).toMatchObject({
    command: 'change',
    body: { version: 3, title: 'Knee', blockId: list.blockId, start: knee.start, minutes: 90 },
  });
  expect(texts()).toEqual(['Knee is as it was before']);
});

test('BK16 undoing a delay is one command, with the earlier reason of each case', async () => {
  const later = [knee, hip].map((item) => {
    const to = { roomId: item.roomId, start: addMinutes(item.start, 30), end: addMinutes(item.end, 30) };
    return { item, after: asPlaced(null, item, to) };
  });
  await delayCases({ what: 'OR 1', minutes: 30, later }, null);
  await undo();
  expect(hospital.sent).toMatchObject([
    {
      command: 'moves',
      body: {
        moves: [
          { caseId: knee.id, version: 1 },
          { caseId: hip.id, version: 1 },
        ],
      },
    },
    {
      command: 'moves',
      body: {
        moves: [
          { caseId: knee.id, version: 2, start: knee.start, overrideReason: 'After hours, agreed' },
          { caseId: hip.id, version: 2, start: hip.start },
        ],
      },
    },
  ]);
  expect(caseNow(hip.id)).toMatchObject({ start: hip.start });
});

test('undo says that a booking cannot be undone, and undoes nothing earlier', async () => {
  await moveTo(hip, { roomId: room2.id, start: at('16:00'), end: at('17:00') });
  await holdAt(laterPlace);
  await bookHold(holdInForm());
  expect(toastStore.getState().toasts.at(-1)).toMatchObject({ undo: null });
  const sent = hospital.sent.length;
  await undo();
  expect(texts().at(-1)).toMatch(/can’t be undone\. Bump it to the depot, or cancel it\.$/);
  expect(hospital.sent).toHaveLength(sent);
  await undo();
  expect(lastSent()).toMatchObject({ command: 'change', caseId: hip.id, body: { start: hip.start } });
});

test('a cancellation asks for a reason, and cannot be undone', async () => {
  await cancelCase(knee);
  expect(hospital.sent).toEqual([]);
  const { dialog } = dialogStore.getState();
  if (dialog?.kind !== 'reason') throw new Error('No reason was asked for.');
  expect(dialog).toMatchObject({ for: 'cancel', title: 'Cancel Knee' });
  await cancelCase(knee, typed('Patient unwell'));
  expect(lastSent()).toMatchObject({ command: 'cancel', body: { version: 1, reason: 'Patient unwell' } });
  expect(toastStore.getState().toasts.at(-1)).toMatchObject({ text: 'Cancelled Knee', undo: null });
});

test('the undo button of an outdated toast says that the case has changed', async () => {
  await holdAt(laterPlace);
  const item = holdInForm();
  await moveTo(item, freePlace);
  const moved = toastStore.getState().toasts.at(-1);
  await bookHold(hospital.case(item.id) ?? item);
  moved?.undo?.();
  await expect.poll(texts).toContain('You can’t undo this anymore: the case has changed since.');
});

test('a refused undo is not offered again', async () => {
  await moveTo(knee, freePlace);
  hospital.answers.push(refused('slot_taken', 409));
  await undo();
  expect(undoStore.getState().steps).toEqual([]);
});
