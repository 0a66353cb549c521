import { beforeEach, expect, test, vi } from 'vitest';
import { openFakeHospital } from '../../../../test/fake-hospital.ts';
import { refused } from '../../../../test/refused.ts';
import { signInAs } from '../../../../test/signed-in.ts';
import { aCase, aResource, at, typed } from '../../../../test/small-board.ts';
import { asPlaced } from '../preview/as-placed.ts';
import { intentStore, pendingOf } from '../stores/intents.ts';
import { setConnection } from '../stores/connection.ts';
import { closeDialog, dialogStore } from '../stores/dialogs.ts';
import { toastStore } from '../stores/toasts.ts';
import { undoStore } from '../stores/undo.ts';
import { delayCases } from './delay.ts';
import { holdAt } from './hold.ts';
import { moveTo } from './move.ts';
import { replayQueue } from './queue.ts';

const quick = { attributes: { setupMinutes: 0, cleanupMinutes: 0 } };
const [room1, room2] = [aResource('room', 'OR 1', quick), aResource('room', 'OR 2', quick)] as const;
const knee = aCase(room1, '10:00', 90, { title: 'Knee' });
const hip = aCase(room1, '12:00', 60, { title: 'Hip' });
const requestedPlace = { roomId: room2.id, start: at('14:00'), end: at('15:30') };
const alternative = { roomId: room1.id, start: at('16:00'), end: at('17:30') };
const afterHours = 'After hours: OR 2 usually closes at 15:00.';
const reasonNeeded = refused('validation', 400, {
  errors: [{ field: 'overrideReason', reason: afterHours }],
});

let hospital: ReturnType<typeof openFakeHospital>;
beforeEach(() => {
  signInAs('coordinator');
  hospital = openFakeHospital({ resources: [room1, room2], cases: [knee, hip] });
});

const dialog = () => dialogStore.getState().dialog;

test('a refusal that needs a reason shows the rules, and the command is sent again with the reason', async () => {
  hospital.answers.push(reasonNeeded);
  await moveTo(knee, requestedPlace);
  const question = dialog();
  if (question?.kind !== 'reason') throw new Error('No reason was asked for.');
  expect(question).toMatchObject({
    for: 'override',
    title: 'Move Knee to OR 2 14:00',
    cautions: [afterHours],
  });
  expect(toastStore.getState().toasts).toEqual([]);
  closeDialog();
  question.submit(typed('Patient can’t wait'));
  await expect.poll(() => hospital.sent.length).toBe(2);
  expect(hospital.sent[1]?.body).toMatchObject({ roomId: room2.id, overrideReason: 'Patient can’t wait' });
});

test('a move is a pending intent until the board shows it', async () => {
  const moving = moveTo(knee, requestedPlace);
  expect(intentStore.getState().intents).toMatchObject([
    {
      name: 'moveCase',
      cases: [{ caseId: knee.id, place: requestedPlace, title: 'Knee' }],
      isSettled: false,
    },
  ]);
  await moving;
  await expect.poll(() => intentStore.getState().intents).toEqual([]);
});

test('a delay has a pending intent for every case that it moves', async () => {
  const later = [knee, hip].map((item, index) => ({
    item,
    after: asPlaced(null, item, { roomId: room1.id, start: at(`1${index}:30`), end: at(`1${index}:55`) }),
  }));
  const delaying = delayCases({ what: 'OR 1', minutes: 30, later }, null);
  expect(intentStore.getState().intents).toMatchObject([
    { name: 'moveCases', cases: later.map(({ after }) => pendingOf(after)) },
  ]);
  await delaying;
});

test('the refusal of a taken time names the blockers, and an alternative repeats the command there', async () => {
  const blockers = [
    {
      kind: 'hold',
      resourceId: room2.id,
      start: requestedPlace.start,
      end: requestedPlace.end,
      by: 'J. Diaz',
      expiresAt: at('06:02'),
    },
  ];
  hospital.answers.push(refused('slot_taken', 409, { blockers, alternatives: [alternative] }));
  await holdAt(requestedPlace, { title: 'Hernia' });
  const refusal = dialog();
  if (refusal?.kind !== 'refusal') throw new Error('Nothing was refused.');
  expect(refusal).toMatchObject({
    title: 'Hold OR 2 14:00–15:30',
    requested: requestedPlace,
    problem: { blockers },
  });
  refusal.retryAt?.(alternative);
  await expect.poll(() => dialog()?.kind).toBe('hold');
  expect(hospital.sent[1]?.body).toEqual({
    title: 'Hernia',
    roomId: room1.id,
    start: alternative.start,
    minutes: 90,
  });
});

test('a refused resize is reported as a resize, not as a move', async () => {
  hospital.answers.push(refused('slot_taken', 409));
  await moveTo(knee, { roomId: room1.id, start: knee.start, end: at('12:00') });
  expect(dialog()).toMatchObject({ kind: 'refusal', title: 'Make Knee 2 hours long' });
});

test('a stale edit can be repeated on the current case', async () => {
  hospital.changeByOthers(knee.id, { title: 'Knee, left' });
  await moveTo(knee, requestedPlace);
  const refusal = dialog();
  if (refusal?.kind !== 'refusal') throw new Error('Nothing was refused.');
  expect(refusal).toMatchObject({
    problem: { code: 'stale_version' },
    caseBefore: { title: 'Knee', version: 1 },
  });
  refusal.repeat?.();
  await expect.poll(() => hospital.sent[1]?.body.version).toBe(2);
});

test('a rate limit names the time after which the command can be repeated', async () => {
  hospital.answers.push(refused('rate_limited', 429, { retryAfter: 12 }));
  await moveTo(knee, requestedPlace);
  const refusal = dialog();
  if (refusal?.kind !== 'refusal') throw new Error('Nothing was refused.');
  expect(refusal.problem).toMatchObject({ code: 'rate_limited', retryAfter: 12 });
  refusal.repeat?.();
  await expect.poll(() => hospital.sent.length).toBe(2);
});

test('EX8 a toast reports a missing answer, and then the outcome of a later answer', async () => {
  const texts = () => toastStore.getState().toasts.map(({ text }) => text);
  setConnection({ status: 'live', lagMs: 0 });
  const stopReplay = replayQueue();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    hospital.answers.push(...Array<'unreachable'>(8).fill('unreachable'));
    const moving = moveTo(knee, requestedPlace);
    await vi.advanceTimersByTimeAsync(5_500);
    expect(texts()).toEqual([
      expect.stringMatching(/^Move Knee to OR 2 14:00: no reply from the server yet/),
    ]);
    expect(toastStore.getState().toasts[0]).toMatchObject({ stays: true, undo: null, about: 'unanswered' });
    expect(undoStore.getState().steps).toEqual([]);
    await vi.advanceTimersByTimeAsync(90_000);
    await moving;
  } finally {
    stopReplay();
    vi.useRealTimers();
  }
  expect(hospital.sent).toHaveLength(9);
  expect(texts()).toEqual(['Moved Knee to OR 2 14:00']);
  expect(undoStore.getState().steps).toMatchObject([{ caseIds: [knee.id] }]);
});

test('a second refusal does not hide the first one', async () => {
  hospital.answers.push(refused('slot_taken', 409), refused('pool_exhausted', 409));
  await moveTo(knee, requestedPlace);
  await moveTo(knee, alternative);
  expect(dialog()).toMatchObject({ problem: { code: 'pool_exhausted' } });
  closeDialog();
  expect(dialog()).toMatchObject({ problem: { code: 'slot_taken' } });
  closeDialog();
  expect(dialog()).toBeNull();
});

test('FM3 BK16 a delay is one request with one question, and no partial result', async () => {
  const [first, last] = [
    { item: knee, after: asPlaced(null, knee, { roomId: room1.id, start: at('10:30'), end: at('12:00') }) },
    { item: hip, after: asPlaced(null, hip, { roomId: room1.id, start: at('12:30'), end: at('13:30') }) },
  ];
  const ofMove = (index: number) => ({ field: `moves.${index}.overrideReason`, reason: afterHours });
  hospital.answers.push(
    refused('validation', 400, { errors: [ofMove(0), ofMove(1)] }),
    refused('slot_taken', 409),
  );
  await delayCases({ what: 'OR 1', minutes: 30, later: [first, last] }, null);
  const question = dialog();
  if (question?.kind !== 'reason') throw new Error('No reason was asked for.');
  expect(question.cautions).toEqual([afterHours]);
  closeDialog();
  question.submit(typed('Surgeon is late'));
  await expect.poll(dialog).toMatchObject({ kind: 'refusal' });
  expect(hospital.sent[1]).toMatchObject({
    command: 'moves',
    body: { moves: [knee, hip].map(({ id }) => ({ caseId: id, overrideReason: 'Surgeon is late' })) },
  });
  expect(hospital.sent).toHaveLength(2);
  expect(toastStore.getState().toasts).toEqual([]);
});
