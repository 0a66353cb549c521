import {
  room1,
  room2,
  surgeon,
  knee,
  hip,
  hernia,
  shoulder,
  wrist,
  freePlace,
  hospital,
  setUpQueue,
  goOffline,
  reconnect,
  openRequests,
  states,
  recordTypes,
  toasts,
} from '../../../../test/queue-at-desk.ts';
import { screen, waitFor, act } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../test/in-kit.tsx';
import { refused } from '../../../../test/refused.ts';
import { addDays } from '@slate/shared/time';
import { at, date, typed } from '../../../../test/small-board.ts';
import { Toasts } from '../features/toasts/toasts.tsx';
import { goToDate, viewStore } from '../stores/view.ts';
import { Dialogs } from '../features/console/dialogs.tsx';
import * as client from '../api/client.ts';
import { asPlaced } from '../preview/as-placed.ts';
import { shell } from '../shell/shell.ts';
import { announcementStore } from '../stores/announcements.ts';
import { setConnection } from '../stores/connection.ts';
import { dialogStore } from '../stores/dialogs.ts';
import { queueStore } from '../stores/queue.ts';
import { sessionStore } from '../stores/session.ts';
import { toastStore } from '../stores/toasts.ts';
import { cancelCase, voidCase } from './case.ts';
import { closeFor } from './closure.ts';
import { delayCases } from './delay.ts';
import { addToDepot, bumpCase, placeFromDepot } from './depot.ts';
import { changeDetails } from './edit.ts';
import { bookHold, extendHold, holdAt, releaseHold, takeOver } from './hold.ts';
import { recordMilestone } from './milestone.ts';
import { moveTo, swap } from './move.ts';

const user = userEvent.setup();

setUpQueue();

const noDeviceProblem = {
  type: 'about:blank',
  title: 'In use',
  status: 409,
  code: 'in_use',
  detail: 'Too many devices.',
} as const;

test('QU7 every command waits in the log while the server is out of reach, and is sent in order afterwards', async () => {
  const commands: [string, () => Promise<void>][] = [
    ['hold', () => holdAt(freePlace)],
    ['extend', () => extendHold(shoulder)],
    ['confirm', () => bookHold(shoulder)],
    ['change', () => changeDetails(knee, { note: 'Left side' })],
    ['milestones', () => recordMilestone(hernia, 'in_holding', at('05:59'))],
    ['move', () => moveTo(knee, { roomId: room1.id, start: at('15:00'), end: at('16:00') })],
    ['place', () => placeFromDepot(wrist, { roomId: room1.id, start: at('17:00'), end: at('18:00') })],
    ['swap', () => swap(hip, hernia)],
    [
      'moves',
      () =>
        delayCases(
          {
            what: 'OR 1',
            minutes: 30,
            later: [{ item: hip, after: asPlaced(null, hip, { ...freePlace, roomId: room1.id }) }],
          },
          { text: 'Surgeon late', code: 'surgeon_late' },
        ),
    ],
    ['bump', () => bumpCase(hernia, typed('Room needed'))],
    ['cancel', () => cancelCase(knee, typed('Fever'))],
    ['add', () => addToDepot({ title: 'Elbow' })],
  ];
  for (const [, run] of commands) await act(run);
  expect(hospital.sent).toEqual([]);
  expect(recordTypes()).toEqual(commands.map(() => 'asked'));
  expect(states()).toEqual(commands.map(() => 'queued'));
  expect(toasts().at(-1)).toMatch(/^Requested, not done yet: Add Elbow to the depot\. Saved at this desk/);
  expect(announcementStore.getState().polite.at(-1)?.text).toBe(toasts().at(-1));
  reconnect();
  await waitFor(() =>
    expect(states().filter((state) => state === 'queued' || state === 'sending')).toEqual([]),
  );
  expect(hospital.sent.map(({ command }) => command).slice(0, 6)).toEqual([
    'hold',
    'extend',
    'confirm',
    'change',
    'milestones',
    'move',
  ]);
  // Facts carry the values before them, and the time at which they were recorded.
  expect(hospital.sent[3]?.body).toEqual({ note: 'Left side', noteBefore: 'Left' });
  expect(hospital.sent[4]?.body).toMatchObject({ milestone: 'in_holding', at: at('05:59') });
  // The version after the note, not the version that the person saw.
  expect(hospital.sent[5]?.body).toMatchObject({ version: 2 });
  expect(hospital.case(hernia.id)?.state).toBe('depot');
});

test.each([
  ['takeover', () => takeOver(shoulder)],
  ['release', () => releaseHold(shoulder)],
  ['void', () => voidCase(knee, typed('Entered twice'))],
  [
    'closures',
    () =>
      closeFor(
        { resourceId: room2.id, name: 'OR 2', when: '', start: at('20:00'), end: at('21:00') },
        'Cleaning',
      ),
  ],
])('QU7 the command %s waits in the log too', async (_what, run) => {
  await act(run);
  expect(hospital.sent).toEqual([]);
  expect(states()).toEqual(['queued']);
});

test('QU8 a command that cannot be saved is refused at once, and is neither drawn nor sent', async () => {
  vi.spyOn(shell, 'appendToLog').mockRejectedValue(new Error('The disk of this computer is full.'));
  await act(() => holdAt(freePlace));
  expect(toasts()).toEqual([
    'Couldn’t hold OR 2 14:00–15:00: it could not be saved at this desk. The disk of this computer is full.',
  ]);
  expect(toastStore.getState().toasts[0]?.stays).toBe(true);
  expect(openRequests()).toEqual([]);
  reconnect();
  expect(hospital.sent).toEqual([]);
});

test('QU7 a request for another day leaves the board, and its message leads to that day', async () => {
  const tomorrow = addDays(date, 1);
  renderInKit(<Toasts />);
  await act(() =>
    moveTo(knee, { roomId: room2.id, start: at('14:00', tomorrow), end: at('15:00', tomorrow) }),
  );
  expect(viewStore.getState().date).toBe(date);
  await user.click(screen.getByRole('button', { name: /^Go to Sat, Nov 21$/ }));
  expect(viewStore.getState().date).toBe(tomorrow);
  act(() => goToDate(date));
  await act(() => moveTo(hip, freePlace));
  expect(screen.getAllByRole('button', { name: /^Go to/ })).toHaveLength(1);
});

test('QU10 a toast says that a request will probably be refused', async () => {
  await act(() => moveTo(knee, { roomId: room1.id, start: at('12:15'), end: at('13:15') }));
  expect(toasts()[0]).toMatch(
    /It will probably be refused: OR 1 is .*Hip.*, as far as this desk knows \(as of 05:58\)\.$/,
  );
  expect(states()).toEqual(['queued']);
});

test('QU10 a toast says that booking a requested hold will probably be refused', async () => {
  renderInKit(<Dialogs />);
  await act(() =>
    holdAt(
      { roomId: room1.id, start: at('12:15'), end: at('13:15') },
      { title: 'Bunion', surgeonId: surgeon.id },
    ),
  );
  await screen.findByRole('dialog', { name: 'Requested hold OR 1' });
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  expect(toasts().at(-1)).toMatch(/Book Bunion\. .* It will probably be refused: OR 1 is .*Hip/);
});

test('QU11 a requested hold has a form: it can be filled in and booked before it is granted, and has no countdown', async () => {
  renderInKit(<Dialogs />);
  await act(() => holdAt(freePlace, { title: 'Bunion', surgeonId: surgeon.id }));
  const form = await screen.findByRole('dialog', { name: 'Requested hold OR 2' });
  expect(form.textContent).toContain('Requested, not held');
  expect(screen.queryByRole('timer')).toBeNull();
  await user.type(screen.getByLabelText('Note'), 'Right');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  // The request itself has changed; the booking waits for it.
  expect(openRequests().map(({ request: { command, title, body } }) => [command, title, body])).toEqual([
    ['placeHold', 'Hold OR 2 14:00–15:00', expect.objectContaining({ title: 'Bunion', note: 'Right' })],
    ['confirmCase', 'Book Bunion', { to: 'scheduled' }],
  ]);
  reconnect();
  await waitFor(() => expect(states()).toEqual(['done', 'done']));
  expect(hospital.sent.map(({ command }) => command)).toEqual(['hold', 'confirm']);
  expect(hospital.case(hospital.sent[1]?.caseId ?? '')).toMatchObject({ state: 'scheduled', note: 'Right' });
});

test('QU11 the form of a requested hold becomes the form of the granted hold, or says that it was not granted', async () => {
  renderInKit(<Dialogs />);
  await act(() => holdAt(freePlace, { title: 'Bunion' }));
  await user.type(await screen.findByLabelText('Note'), 'Right');
  reconnect();
  await screen.findByRole('dialog', { name: 'Hold OR 2' });
  expect(screen.getByLabelText<HTMLInputElement>('Note').value).toBe('Right');
  expect(screen.getByRole('timer')).toBeDefined();
  goOffline();
  await act(() => holdAt({ ...freePlace, roomId: room1.id }));
  await screen.findByRole('dialog', { name: 'Requested hold OR 1' });
  hospital.answers.push(refused('slot_taken', 409));
  reconnect();
  expect(await screen.findByText(/^This hold was not granted/)).toBeDefined();
});

test('QU11 a form that is saved at the moment in which its hold is sent changes and books the hold afterwards', async () => {
  renderInKit(<Dialogs />);
  await act(() => holdAt(freePlace, { title: 'Bunion', surgeonId: surgeon.id }));
  await user.type(await screen.findByLabelText('Note'), 'Right');
  const { appendToLog } = shell;
  const { promise: written, resolve: write } = Promise.withResolvers<void>();
  const append = vi.spyOn(shell, 'appendToLog').mockImplementationOnce(async (records) => {
    await written;
    return appendToLog(records);
  });
  reconnect();
  await waitFor(() => expect(append).toHaveBeenCalledWith([expect.objectContaining({ type: 'sending' })]));
  await user.keyboard('{Control>}{Enter}{/Control}');
  write();
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  await waitFor(() => expect(states()).toEqual(['done', 'done', 'done']));
  expect(hospital.sent.map(({ command }) => command)).toEqual(['hold', 'change', 'confirm']);
  expect(hospital.case(hospital.sent[2]?.caseId ?? '')).toMatchObject({ state: 'scheduled', note: 'Right' });
});

test('QU7 a command waits behind a request that is not answered yet', async () => {
  reconnect();
  hospital.answers.push('unreachable');
  const moving = moveTo(knee, freePlace);
  await waitFor(() => expect(states()).toEqual(['queued']));
  await Promise.all([moving, cancelCase(hip, typed('Fever'))]);
  expect(hospital.sent.map(({ command }) => command)).toEqual(['move', 'move', 'cancel']);
  // The screen shows both outcomes.
  expect(toasts()).toEqual(['Moved Knee to OR 2 14:00', 'Cancelled Hip']);
  expect(openRequests()).toEqual([]);
});

test('QU7 an unanswered command is saved when the connection is lost, and says that it may have been done', async () => {
  reconnect();
  hospital.answers.push('unreachable', 'unreachable');
  const moving = moveTo(knee, freePlace);
  await waitFor(() => expect(recordTypes()).toEqual(['asked']));
  goOffline();
  await act(() => moving);
  expect(toasts().at(-1)).toMatch(
    /^No reply yet: Move Knee to OR 2 14:00\. It may have been done\. Saved at this desk/,
  );
  reconnect();
  await waitFor(() => expect(states()).toEqual(['done']));
});

test('QU7 a command waits in the queue until the server has accepted the session', async () => {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') throw new Error('Nobody is signed in.');
  act(() => {
    sessionStore.setState({ ...session, needs: 'password' }, true);
    setConnection({ status: 'reconnecting', since: Date.parse(at('05:58')) });
  });
  await act(() => moveTo(knee, freePlace));
  expect(hospital.sent).toEqual([]);
  expect(toasts()).toEqual([expect.stringMatching(/^Requested, not done yet: Move Knee/)]);
  act(() => sessionStore.setState(session, true));
  reconnect();
  await waitFor(() => expect(states()).toEqual(['done']));
});

/** The queue is stuck: the server answers, but does not register this desk. */
async function withoutDevice() {
  await act(() => moveTo(knee, freePlace));
  const { call } = client;
  vi.spyOn(client, 'call').mockImplementation(async (...request) =>
    request[0] === 'registerDevice' ? { kind: 'refused', problem: noDeviceProblem } : call(...request),
  );
  reconnect();
  await waitFor(() => expect(queueStore.getState().trouble).toBe('no_device'));
}

test('QU7 while the queue is stuck, a command on a case of the queue waits behind it', async () => {
  await withoutDevice();
  await act(() => cancelCase(knee, typed('Fever')));
  expect(toasts().at(-1)).toMatch(
    /^Requested, not done yet: Cancel Knee\. Saved at this desk\. It waits for your earlier requests,/,
  );
  expect(hospital.sent).toEqual([]);
});

test('QU18 while the queue is stuck, every other command is sent immediately', async () => {
  await withoutDevice();
  await act(() => cancelCase(hip, typed('Fever')));
  expect(hospital.sent).toMatchObject([{ command: 'cancel', caseId: hip.id }]);
  expect(toasts()).toContain('Cancelled Hip');
  expect(states()).toEqual(['queued']);
});

test('QU18 if the disk is full, only a command that must wait is refused', async () => {
  await act(() => moveTo(knee, freePlace));
  vi.spyOn(shell, 'appendToLog').mockRejectedValue(new Error('The disk of this computer is full.'));
  reconnect();
  await waitFor(() => expect(queueStore.getState().trouble).toBe('not_saved'));
  await act(() => cancelCase(hip, typed('Fever')));
  await act(() => cancelCase(knee, typed('Fever')));
  expect(hospital.sent).toMatchObject([{ command: 'cancel', caseId: hip.id }]);
  expect(toasts().at(-1)).toMatch(/^Couldn’t cancel Knee: it could not be saved at this desk\./);
});
