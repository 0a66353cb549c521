import {
  room1,
  knee,
  hip,
  hernia,
  freePlace,
  hospital,
  log,
  setUpQueue,
  delayAnswer,
  openDesk,
  reconnect,
  openRequests,
  states,
  recordTypes,
  toasts,
} from '../../../../test/queue-at-desk.ts';
import { waitFor, act } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { lockNow, signInAs } from '../../../../test/signed-in.ts';
import { at, uuid, typed } from '../../../../test/small-board.ts';
import { shell } from '../shell/shell.ts';
import { announcementStore } from '../stores/announcements.ts';
import { setConnection } from '../stores/connection.ts';
import { dropDesk } from '../stores/desk.ts';
import { dialogStore } from '../stores/dialogs.ts';
import { forgetPatients, forgetPerson } from '../stores/forget.ts';
import { intentStore } from '../stores/intents.ts';
import { queueNow } from '../stores/queue.ts';
import { sessionStore } from '../stores/session.ts';
import { toastStore } from '../stores/toasts.ts';
import { cancelCase } from './case.ts';
import { holdAt } from './hold.ts';
import { recordMilestone } from './milestone.ts';
import { moveTo } from './move.ts';

setUpQueue();

const takenRoom = {
  kind: 'case',
  resourceId: room1.id,
  start: at('10:00'),
  end: at('11:00'),
  title: 'Hip',
} as const;

test('QU14 the requests of the log leave memory with a lock, and are sent after the desk opens', async () => {
  await act(() => moveTo(knee, freePlace));
  act(dropDesk);
  expect(queueNow().requests.size).toBe(0);
  reconnect();
  expect(hospital.sent).toEqual([]);
  openDesk(log);
  await waitFor(() => expect(states()).toEqual(['done']));
  expect(hospital.sent).toMatchObject([{ command: 'move', caseId: knee.id }]);
  expect(recordTypes()).toEqual(['asked', 'sending', 'answered']);
});

test('QU14 a command without an answer goes into the log of the desk that opens', async () => {
  act(dropDesk);
  reconnect();
  hospital.answers.push('unreachable');
  const moving = moveTo(knee, freePlace);
  await waitFor(() => expect(states()).toEqual(['queued']));
  openDesk();
  await waitFor(() => expect(recordTypes()).toContain('answered'));
  await moving;
  expect(hospital.sent.map(({ command }) => command)).toEqual(['move', 'move']);
  expect(toasts()).toContain('Moved Knee to OR 2 14:00');
});

test('QU14 a toast reports an unanswered command that cannot be saved', async () => {
  act(dropDesk);
  reconnect();
  hospital.answers.push('unreachable', 'unreachable', 'unreachable');
  const moving = moveTo(knee, freePlace);
  await waitFor(() => expect(states()).toEqual(['queued']));
  openDesk();
  vi.spyOn(shell, 'appendToLog').mockRejectedValue(new Error('The disk of this computer is full.'));
  await act(() => moving);
  expect(toastStore.getState().toasts).toMatchObject([{ about: 'unanswered', stays: true }]);
});

test('QU14 nothing is sent before the board is up to date', async () => {
  await act(() => moveTo(knee, freePlace));
  act(() => setConnection({ status: 'catching_up' }));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(hospital.sent).toEqual([]);
  reconnect();
  await waitFor(() => expect(states()).toEqual(['done']));
  expect(dialogStore.getState().dialog).toBeNull();
});

test('QU14 a request that a person made just before leaving never reaches the log of the next person', async () => {
  let write = () => {};
  vi.spyOn(shell, 'appendToLog').mockImplementationOnce(
    () => new Promise((resolve) => (write = () => resolve(undefined))),
  );
  const requesting = [moveTo(knee, freePlace), cancelCase(hip, typed('Fever'))];
  await waitFor(() => expect(shell.appendToLog).toHaveBeenCalled());
  act(() => {
    lockNow();
    dropDesk();
    forgetPatients();
  });
  write();
  await act(() => Promise.all(requesting));
  expect(queueNow().records).toEqual([]);
  expect(JSON.stringify([toastStore.getState(), announcementStore.getState()])).not.toMatch(/Knee|Hip/);
  signInAs('coordinator');
  openDesk();
  await act(() => Promise.resolve());
  expect(log).toEqual([]);
});

test('QU14 the outcome of a replayed request is not shown after its person has left', async () => {
  hospital.taken.push(takenRoom);
  await act(() => recordMilestone(hernia, 'in_holding', at('05:59')));
  const { received, release } = delayAnswer('recordMilestone');
  reconnect();
  await act(() => received);
  act(() => {
    lockNow();
    dropDesk();
    forgetPatients();
  });
  await act(async () => {
    release();
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
  expect(toastStore.getState().toasts).toEqual([]);
  expect(intentStore.getState().intents).toEqual([]);
});

test('QU14 requests stay at their site when the person changes the site', async () => {
  await act(() => moveTo(knee, freePlace));
  reconnect();
  hospital.answers.push('unreachable', 'unreachable', 'unreachable');
  const holding = holdAt({ ...freePlace, roomId: room1.id });
  await waitFor(() => expect(openRequests()).toHaveLength(2));
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') throw new Error('Nobody is signed in.');
  act(() => {
    sessionStore.setState({ ...session, site: { ...session.site, id: uuid(3) } }, true);
    dropDesk();
    forgetPerson();
  });
  await act(() => holding);
  expect(dialogStore.getState().dialog).toBeNull();
  expect(toastStore.getState().toasts).toEqual([]);
});

test('QU12 a milestone of the queue reports the resources that other cases have claimed', async () => {
  hospital.taken.push(takenRoom);
  await act(() => recordMilestone(hernia, 'in_holding', at('05:59')));
  reconnect();
  await waitFor(() => expect(toasts().at(-1)).toMatch(/^Hernia uses resources claimed by others: OR 1/));
});
