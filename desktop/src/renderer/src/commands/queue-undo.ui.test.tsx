import {
  held,
  hip,
  knee,
  one,
  two,
  there,
  hospital,
  log,
  setUpQueue,
  openDesk,
  delayAnswer,
  goOffline,
  comeBack,
  undoLast,
  openRequests,
  states,
  saved,
  toasts,
} from '../../../../test/queue-at-desk.ts';
import { waitFor, act } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { refused } from '../../../../test/refused.ts';
import { at } from '../../../../test/small-board.ts';
import { dialogStore } from '../stores/dialogs.ts';
import { forgetPatients } from '../stores/forget.ts';
import { requestsWithUndo, undoStore } from '../stores/undo.ts';
import { choicesFor } from './decide.ts';
import { bookHold, holdAt } from './hold.ts';
import { changeDetails } from './edit.ts';
import { moveTo, swap } from './move.ts';

setUpQueue();

/** Requests a move and sends it. Returns a function that lets its answer arrive. */
async function moveUnderWay(): Promise<() => void> {
  await act(() => moveTo(knee, there));
  const { received, release } = delayAnswer('moveCase');
  comeBack();
  await act(() => received);
  return release;
}

test('QU9 undo takes back a request that was not sent, and says why it cannot take back one that was', async () => {
  await act(() => moveTo(knee, there));
  await undoLast();
  expect(openRequests()).toEqual([]);
  expect(toasts()).toContain('Taken back, not sent: Move Knee to OR 2 14:00');
  expect(saved()).toEqual(['asked', 'closed']);
  await act(() => moveTo(knee, there));
  const [request] = openRequests();
  const id = request?.request.id ?? '';
  openDesk([...log, { type: 'sending', id, n: 1, at: at('06:00') }]);
  await undoLast();
  expect(openRequests()).toHaveLength(1);
  expect(toasts().at(-1)).toMatch(/^Move Knee to OR 2 14:00: this was already sent and may have been done/);
});

test('QU12 a request that may have been done is not taken back: the person can only stop waiting', async () => {
  comeBack();
  hospital.answers.push('unreachable', 'unreachable');
  const moving = moveTo(knee, there);
  await waitFor(() => expect(saved()).toEqual(['asked']));
  goOffline();
  await act(() => moving);
  openDesk(log.filter(({ type }) => type === 'asked'));
  expect(openRequests().map(({ state, n }) => [state, n])).toEqual([['queued', null]]);
  const choices = openRequests().flatMap(choicesFor);
  expect(choices.map(({ kind }) => kind)).toEqual(['stop']);
  await act(() => choices[0]?.run());
  expect(states()).toEqual(['expired']);
});

test('QU19 undo after the answer undoes the effect with an ordinary command', async () => {
  await act(() => moveTo(knee, there));
  await act(() => moveTo(hip, { roomId: two.id, start: at('17:00'), end: at('18:00') }));
  comeBack();
  await waitFor(() => expect(states()).toEqual(['done', 'done']));
  await undoLast();
  await undoLast();
  expect(hospital.case(hip.id)).toMatchObject({ roomId: one.id, start: hip.start });
  expect(hospital.case(knee.id)).toMatchObject({ roomId: one.id, start: knee.start });
  expect(toasts()).toContain('Knee is back at OR 1 10:00');
  expect(undoStore.getState().steps).toEqual([]);
});

test('QU19 several requests on one case are undone one by one, each to the case as the request before left it', async () => {
  await act(() => moveTo(knee, there));
  await act(() => changeDetails(knee, { note: 'Right' }));
  await act(() => moveTo(knee, { ...there, start: at('16:00'), end: at('17:00') }));
  await act(() => swap(knee, hip));
  comeBack();
  await waitFor(() => expect(states()).toEqual(['done', 'done', 'done', 'done']));
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: two.id, start: at('16:00') });
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: two.id, start: at('14:00'), note: 'Right' });
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: two.id, start: at('14:00'), note: 'Left' });
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: one.id, start: knee.start, note: 'Left' });
  expect(hospital.case(hip.id)).toMatchObject({ roomId: one.id, start: hip.start });
  expect(dialogStore.getState().dialog).toBeNull();
});

test('QU19 an undo that waited in the queue leaves the earlier steps of its case valid', async () => {
  comeBack();
  await act(() => moveTo(knee, there));
  await act(() => changeDetails(hospital.case(knee.id) ?? knee, { title: 'Knee, left' }));
  goOffline();
  await undoLast();
  comeBack();
  await waitFor(() => expect(hospital.case(knee.id)?.title).toBe('Knee'));
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: one.id, start: knee.start });
  expect(dialogStore.getState().dialog).toBeNull();
});

test('QU17 QU19 a request that the person has stopped waiting for can be undone if it was done', async () => {
  const answer = await moveUnderWay();
  const [choice] = openRequests().flatMap(choicesFor);
  await act(() => choice?.run());
  expect(states()).toEqual(['expired']);
  expect(undoStore.getState().steps).toEqual([]);
  act(answer);
  await waitFor(() => expect(states()).toEqual(['done']));
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: one.id, start: knee.start });
});

test('QU9 QU19 a refused request that is sent again can be taken back or undone, to the case as it was then', async () => {
  await act(() => moveTo(knee, there));
  const byOthers = { start: at('09:00'), end: at('10:00') };
  hospital.changeByOthers(knee.id, byOthers);
  comeBack();
  await waitFor(() => expect(states()).toEqual(['conflict']));
  expect(undoStore.getState().steps).toEqual([]);
  const sendAgain = () => act(() => openRequests().flatMap(choicesFor)[0]?.run());
  await sendAgain();
  await waitFor(() => expect(states()).toEqual(['done']));
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: one.id, ...byOthers });
  await act(() => moveTo(hip, there));
  hospital.answers.push(refused('slot_taken', 409));
  goOffline();
  await act(() => moveTo(hip, { ...there, end: at('15:30') }));
  comeBack();
  await waitFor(() => expect(states()).toContain('conflict'));
  goOffline();
  await act(() => openRequests().slice(-1).flatMap(choicesFor)[0]?.run());
  await undoLast();
  expect(states()).toEqual(['done']);
  expect(toasts().at(-1)).toMatch(/^Taken back, not sent: Move Hip/);
});

test('QU19 undo of a hold that was requested releases it; a requested booking says that it cannot be undone', async () => {
  await act(() => holdAt(there, { title: 'Bunion' }));
  comeBack();
  await waitFor(() => expect(states()).toEqual(['done']));
  await undoLast();
  expect(hospital.sent.map(({ what }) => what)).toEqual(['hold', 'release']);
  goOffline();
  await act(() => bookHold(held));
  comeBack();
  await waitFor(() => expect(states()).toEqual(['done', 'done']));
  await undoLast();
  expect(toasts().at(-1)).toMatch(/^Booking .* can’t be undone\./);
  expect(hospital.sent).toHaveLength(3);
});

test('QU19 a refused request leaves no undo step: the key undoes the command before it', async () => {
  comeBack();
  await act(() => moveTo(hip, { roomId: two.id, start: at('17:00'), end: at('18:00') }));
  goOffline();
  await act(() => moveTo(knee, there));
  hospital.answers.push(refused('slot_taken', 409));
  comeBack();
  await waitFor(() => expect(states()).toEqual(['conflict']));
  await undoLast();
  expect(hospital.sent.at(-1)).toMatchObject({ caseId: hip.id, body: { start: hip.start } });
});

test('QU19 a request that is being sent can be undone when it is answered, also if the key was pressed before', async () => {
  const answer = await moveUnderWay();
  await undoLast();
  expect(toasts().at(-1)).toMatch(/You can undo it when the server has answered\.$/);
  act(answer);
  await waitFor(() => expect(states()).toEqual(['done']));
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: one.id, start: knee.start });
});

test('QU19 nothing of the steps of requests stays in memory while the screen is locked', async () => {
  await act(() => moveTo(knee, there));
  act(forgetPatients);
  expect(requestsWithUndo()).toEqual([]);
});
