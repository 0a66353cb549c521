import {
  shoulder,
  hip,
  knee,
  room1,
  room2,
  freePlace,
  hospital,
  log,
  setUpQueue,
  openDesk,
  delayAnswer,
  goOffline,
  reconnect,
  undoLast,
  openRequests,
  states,
  recordTypes,
  toasts,
} from '../../../../test/queue-at-desk.ts';
import { waitFor, act } from '@testing-library/react';
import { expect, test } from 'vitest';
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
  await act(() => moveTo(knee, freePlace));
  const { received, release } = delayAnswer('moveCase');
  reconnect();
  await act(() => received);
  return release;
}

test('QU9 undo takes back an unsent request, and says why it cannot take back a sent one', async () => {
  await act(() => moveTo(knee, freePlace));
  await undoLast();
  expect(openRequests()).toEqual([]);
  expect(toasts()).toContain('Taken back, not sent: Move Knee to OR 2 14:00');
  expect(recordTypes()).toEqual(['asked', 'closed']);
  await act(() => moveTo(knee, freePlace));
  const [request] = openRequests();
  const id = request?.request.id ?? '';
  openDesk([...log, { type: 'sending', id, n: 1, at: at('06:00') }]);
  await undoLast();
  expect(openRequests()).toHaveLength(1);
  expect(toasts().at(-1)).toMatch(/^Move Knee to OR 2 14:00: this was already sent and may have been done/);
});

test('QU12 the person can only stop waiting for a request that may have been done', async () => {
  reconnect();
  hospital.answers.push('unreachable', 'unreachable');
  const moving = moveTo(knee, freePlace);
  await waitFor(() => expect(recordTypes()).toEqual(['asked']));
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
  await act(() => moveTo(knee, freePlace));
  await act(() => moveTo(hip, { roomId: room2.id, start: at('17:00'), end: at('18:00') }));
  reconnect();
  await waitFor(() => expect(states()).toEqual(['done', 'done']));
  await undoLast();
  await undoLast();
  expect(hospital.case(hip.id)).toMatchObject({ roomId: room1.id, start: hip.start });
  expect(hospital.case(knee.id)).toMatchObject({ roomId: room1.id, start: knee.start });
  expect(toasts()).toContain('Knee is back at OR 1 10:00');
  expect(undoStore.getState().steps).toEqual([]);
});

test('QU19 several requests on one case are undone one by one', async () => {
  await act(() => moveTo(knee, freePlace));
  await act(() => changeDetails(knee, { note: 'Right' }));
  await act(() => moveTo(knee, { ...freePlace, start: at('16:00'), end: at('17:00') }));
  await act(() => swap(knee, hip));
  reconnect();
  await waitFor(() => expect(states()).toEqual(['done', 'done', 'done', 'done']));
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: room2.id, start: at('16:00') });
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: room2.id, start: at('14:00'), note: 'Right' });
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: room2.id, start: at('14:00'), note: 'Left' });
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: room1.id, start: knee.start, note: 'Left' });
  expect(hospital.case(hip.id)).toMatchObject({ roomId: room1.id, start: hip.start });
  expect(dialogStore.getState().dialog).toBeNull();
});

/** Decides about the refused request. */
const toDepot = () =>
  act(async () => {
    const choices = openRequests().flatMap(choicesFor);
    await choices.find(({ kind }) => kind === 'depot')?.run();
  });

test('QU19 a refused move that went to the depot instead is undone by booking the case at its time', async () => {
  await act(() => moveTo(knee, freePlace));
  hospital.answers.push(refused('slot_taken', 409));
  reconnect();
  await waitFor(() => expect(states()).toEqual(['conflict']));
  await toDepot();
  await waitFor(() => expect(hospital.case(knee.id)?.state).toBe('depot'));
  await waitFor(() => expect(undoStore.getState().steps.at(-1)?.label).toMatch(/Knee again/));
  await undoLast();
  await waitFor(() =>
    expect(hospital.case(knee.id)).toMatchObject({ state: 'scheduled', roomId: room1.id, start: knee.start }),
  );
});

test('QU19 a refused hold that went to the depot instead says that this can’t be undone', async () => {
  await act(() => holdAt(freePlace, { title: 'Bunion' }));
  hospital.answers.push(refused('slot_taken', 409));
  reconnect();
  await waitFor(() => expect(states()).toEqual(['conflict']));
  await toDepot();
  await waitFor(() => expect(hospital.sent.map(({ command }) => command)).toEqual(['hold', 'add']));
  await waitFor(() => expect(undoStore.getState().steps.at(-1)?.isFinal).toBe(true));
  await undoLast();
  expect(toasts().at(-1)).toContain('Bunion');
});

test('QU19 an undo from the queue keeps the earlier undo steps of its case', async () => {
  reconnect();
  await act(() => moveTo(knee, freePlace));
  await act(() => changeDetails(hospital.case(knee.id) ?? knee, { title: 'Knee, left' }));
  goOffline();
  await undoLast();
  reconnect();
  await waitFor(() => expect(hospital.case(knee.id)?.title).toBe('Knee'));
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: room1.id, start: knee.start });
  expect(dialogStore.getState().dialog).toBeNull();
});

test('QU17 QU19 the person can undo a request after having stopped waiting for it', async () => {
  const answer = await moveUnderWay();
  const [choice] = openRequests().flatMap(choicesFor);
  await act(() => choice?.run());
  expect(states()).toEqual(['expired']);
  expect(undoStore.getState().steps).toEqual([]);
  act(answer);
  await waitFor(() => expect(states()).toEqual(['done']));
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: room1.id, start: knee.start });
});

test('QU9 QU19 a refused request that is sent again can be taken back or undone', async () => {
  await act(() => moveTo(knee, freePlace));
  const byOthers = { start: at('09:00'), end: at('10:00') };
  hospital.changeByOthers(knee.id, byOthers);
  reconnect();
  await waitFor(() => expect(states()).toEqual(['conflict']));
  expect(undoStore.getState().steps).toEqual([]);
  const sendAgain = () => act(() => openRequests().flatMap(choicesFor)[0]?.run());
  await sendAgain();
  await waitFor(() => expect(states()).toEqual(['done']));
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: room1.id, ...byOthers });
  await act(() => moveTo(hip, freePlace));
  hospital.answers.push(refused('slot_taken', 409));
  goOffline();
  await act(() => moveTo(hip, { ...freePlace, end: at('15:30') }));
  reconnect();
  await waitFor(() => expect(states()).toContain('conflict'));
  goOffline();
  await act(() => openRequests().slice(-1).flatMap(choicesFor)[0]?.run());
  await undoLast();
  expect(states()).toEqual(['done']);
  expect(toasts().at(-1)).toMatch(/^Taken back, not sent: Move Hip/);
});

test('QU19 undo releases a requested hold, and says that a booking cannot be undone', async () => {
  await act(() => holdAt(freePlace, { title: 'Bunion' }));
  reconnect();
  await waitFor(() => expect(states()).toEqual(['done']));
  await undoLast();
  expect(hospital.sent.map(({ command }) => command)).toEqual(['hold', 'release']);
  goOffline();
  await act(() => bookHold(shoulder));
  reconnect();
  await waitFor(() => expect(states()).toEqual(['done', 'done']));
  await undoLast();
  expect(toasts().at(-1)).toMatch(/^Booking .* can’t be undone\./);
  expect(hospital.sent).toHaveLength(3);
});

test('QU19 a refused request leaves no undo step', async () => {
  reconnect();
  await act(() => moveTo(hip, { roomId: room2.id, start: at('17:00'), end: at('18:00') }));
  goOffline();
  await act(() => moveTo(knee, freePlace));
  hospital.answers.push(refused('slot_taken', 409));
  reconnect();
  await waitFor(() => expect(states()).toEqual(['conflict']));
  await undoLast();
  expect(hospital.sent.at(-1)).toMatchObject({ caseId: hip.id, body: { start: hip.start } });
});

test('QU19 a request can be undone as soon as it is answered', async () => {
  const answer = await moveUnderWay();
  await undoLast();
  expect(toasts().at(-1)).toMatch(/You can undo it when the server has answered\.$/);
  act(answer);
  await waitFor(() => expect(states()).toEqual(['done']));
  await undoLast();
  expect(hospital.case(knee.id)).toMatchObject({ roomId: room1.id, start: knee.start });
});

test('QU19 the undo steps of requests leave memory with a lock', async () => {
  await act(() => moveTo(knee, freePlace));
  act(forgetPatients);
  expect(requestsWithUndo()).toEqual([]);
});
