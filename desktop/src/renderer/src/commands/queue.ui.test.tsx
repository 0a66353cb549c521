import '../../../../test/bridge.ts';
import { act, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openFakeHospital } from '../../../../test/fake-hospital.ts';
import { renderInKit } from '../../../../test/in-kit.tsx';
import { refused } from '../../../../test/refused.ts';
import { lockNow, me, signInAs } from '../../../../test/signed-in.ts';
import { aCase, aResource, at, uuid } from '../../../../test/small-board.ts';
import type { Case } from '@slate/shared/cases';
import type { QueueRecord } from '@slate/shared/queue';
import * as client from '../api/client.ts';
import { Dialogs } from '../features/console/dialogs.tsx';
import { asPlaced } from '../preview/as-placed.ts';
import { shell } from '../shell/shell.ts';
import { announcementStore } from '../stores/announcements.ts';
import { setConnection } from '../stores/connection.ts';
import { dropDesk, setDesk } from '../stores/desk.ts';
import { dialogStore } from '../stores/dialogs.ts';
import { forgetPatients, forgetPerson } from '../stores/forget.ts';
import { intentStore } from '../stores/intents.ts';
import { queueNow, queueStore } from '../stores/queue.ts';
import { sessionStore } from '../stores/session.ts';
import { toastStore } from '../stores/toasts.ts';
import { undo } from '../stores/undo.ts';
import { cancelCase, voidCase } from './case.ts';
import { closeFor } from './closure.ts';
import { choicesFor, fittingNow, retryAllThatFit } from './decide.ts';
import { delayCases } from './delay.ts';
import { addToDepot, bumpCase, placeFromDepot } from './depot.ts';
import { changeDetails } from './edit.ts';
import { bookHold, extendHold, holdAt, releaseHold, takeOver } from './hold.ts';
import { recordMilestone } from './milestone.ts';
import { moveTo, swap } from './move.ts';
import { replayQueue } from './queue.ts';
import { followRequestedHolds } from './requested-hold.ts';

const quick = { attributes: { setupMinutes: 0, cleanupMinutes: 0 } };
const [one, two] = [aResource('room', 'OR 1', quick), aResource('room', 'OR 2', quick)] as const;
const surgeon = aResource('surgeon', 'Dr Haddad');
const knee = aCase(one, '10:00', 60, { title: 'Knee', note: 'Left' });
const hip = aCase(one, '12:00', 60, { title: 'Hip' });
const hernia = aCase(two, '08:00', 60, { title: 'Hernia' });
const held = aCase(two, '11:00', 45, {
  title: 'Shoulder',
  state: 'held',
  holder: me,
  expiresAt: at('06:04'),
});
const waiting: Case = {
  ...aCase(one, '08:00', 60, { title: 'Wrist' }),
  state: 'depot',
  roomId: null,
  start: null,
  end: null,
};
const there = { roomId: two.id, start: at('14:00'), end: at('15:00') };

vi.setConfig({ testTimeout: 30_000 });
const user = userEvent.setup();
const device = uuid(8);
let hospital: ReturnType<typeof openFakeHospital>;
let stops: (() => void)[];

/** The log on the disk. */
let log: QueueRecord[];
const openDesk = (records: readonly QueueRecord[] = []) => {
  log = [...records];
  vi.spyOn(shell, 'appendToLog').mockImplementation((more) => {
    log = [...log, ...more];
    return Promise.resolve();
  });
  act(() => setDesk({ personId: me.id, siteId: uuid(2), device, records: log, damage: null }));
};
const noDeviceProblem = {
  type: 'about:blank',
  title: 'In use',
  status: 409,
  code: 'in_use',
  detail: 'Too many devices.',
} as const;
const undoLast = () => act(async () => void (await undo()));
const goOffline = () => act(() => setConnection({ status: 'offline', since: Date.parse(at('05:58')) }));
const comeBack = () => act(() => setConnection({ status: 'live', lagMs: 0 }));
const open = () => queueNow().open();
const states = () => open().map(({ state }) => state);
const saved = () => log.map(({ type }) => type);
const texts = () => toastStore.getState().toasts.map(({ text }) => text);

beforeEach(() => {
  signInAs('coordinator');
  hospital = openFakeHospital({
    resources: [one, two, surgeon],
    cases: [knee, hip, hernia, held],
    depot: [waiting],
  });
  stops = [replayQueue(), followRequestedHolds()];
  openDesk();
  goOffline();
});
afterEach(() => {
  for (const stop of stops) stop();
  act(dropDesk);
  vi.restoreAllMocks();
});

test('QU7 every command waits in the log while the server is out of reach, and is sent in order afterwards', async () => {
  const commands: [string, () => Promise<void>][] = [
    ['hold', () => holdAt(there)],
    ['extend', () => extendHold(held)],
    ['confirm', () => bookHold(held)],
    ['change', () => changeDetails(knee, { note: 'Left side' })],
    ['milestones', () => recordMilestone(hernia, 'in_holding', at('05:59'))],
    ['move', () => moveTo(knee, { roomId: one.id, start: at('15:00'), end: at('16:00') })],
    ['place', () => placeFromDepot(waiting, { roomId: one.id, start: at('17:00'), end: at('18:00') })],
    ['swap', () => swap(hip, hernia)],
    [
      'moves',
      () => delayCases('OR 1', 30, [{ item: hip, after: asPlaced(hip, { ...there, roomId: one.id }) }]),
    ],
    ['bump', () => bumpCase(hernia, 'Room needed')],
    ['cancel', () => cancelCase(knee, 'Fever')],
    ['add', () => addToDepot({ title: 'Elbow' })],
  ];
  for (const [, run] of commands) await act(run);
  expect(hospital.sent).toEqual([]);
  expect(saved()).toEqual(commands.map(() => 'asked'));
  expect(states()).toEqual(commands.map(() => 'queued'));
  expect(texts().at(-1)).toMatch(/^Requested, not done yet: Add Elbow to the depot\. Saved at this desk/);
  expect(announcementStore.getState().polite.at(-1)?.text).toBe(texts().at(-1));
  comeBack();
  await waitFor(() =>
    expect(states().filter((state) => state === 'queued' || state === 'sending')).toEqual([]),
  );
  expect(hospital.sent.map(({ what }) => what).slice(0, 6)).toEqual([
    'hold',
    'extend',
    'confirm',
    'change',
    'milestones',
    'move',
  ]);
  // A note and a milestone are facts: they say what was there before, and when they were said.
  expect(hospital.sent[3]?.body).toEqual({ note: 'Left side', noteBefore: 'Left' });
  expect(hospital.sent[4]?.body).toMatchObject({ milestone: 'in_holding', at: at('05:59') });
  // The version that the note left, not the one that the person saw.
  expect(hospital.sent[5]?.body).toMatchObject({ version: 2 });
  expect(hospital.case(hernia.id)?.state).toBe('depot');
});

test.each([
  ['takeover', () => takeOver(held)],
  ['release', () => releaseHold(held)],
  ['void', () => voidCase(knee, 'Entered twice')],
  [
    'closures',
    () =>
      closeFor(
        { resourceId: two.id, name: 'OR 2', when: '', start: at('20:00'), end: at('21:00') },
        'Cleaning',
      ),
  ],
])('QU7 so do %s', async (_what, run) => {
  await act(run);
  expect(hospital.sent).toEqual([]);
  expect(states()).toEqual(['queued']);
});

test('QU8 what cannot be saved is said at once, and is neither drawn nor sent', async () => {
  vi.spyOn(shell, 'appendToLog').mockRejectedValue(new Error('The disk of this computer is full.'));
  await act(() => holdAt(there));
  expect(texts()).toEqual([
    'Couldn’t hold OR 2 14:00–15:00: it could not be saved at this desk. The disk of this computer is full.',
  ]);
  expect(toastStore.getState().toasts[0]?.stays).toBe(true);
  expect(open()).toEqual([]);
  comeBack();
  expect(hospital.sent).toEqual([]);
});

test('QU9 undo takes back a request that was not sent, and says why it cannot take back one that was', async () => {
  await act(() => moveTo(knee, there));
  await undoLast();
  expect(open()).toEqual([]);
  expect(texts()).toContain('Taken back, not sent: Move Knee to OR 2 14:00');
  expect(saved()).toEqual(['asked', 'closed']);
  await act(() => moveTo(knee, there));
  const [request] = open();
  const id = request?.request.id ?? '';
  openDesk([...log, { type: 'sending', id, n: 1, at: at('06:00') }]);
  await undoLast();
  expect(open()).toHaveLength(1);
  expect(texts().at(-1)).toMatch(/^Move Knee to OR 2 14:00: this was already sent and may have been done/);
});

test('QU10 the board of this desk says at once that a request will probably be refused', async () => {
  await act(() => moveTo(knee, { roomId: one.id, start: at('12:15'), end: at('13:15') }));
  expect(texts()[0]).toMatch(
    /It will probably be refused: OR 1 is .*Hip.*, as far as this desk knows \(as of 05:58\)\.$/,
  );
  expect(states()).toEqual(['queued']);
});

test('QU10 so it does when a requested hold is booked at a time that is taken', async () => {
  renderInKit(<Dialogs />);
  await act(() =>
    holdAt(
      { roomId: one.id, start: at('12:15'), end: at('13:15') },
      { title: 'Bunion', surgeonId: surgeon.id },
    ),
  );
  await screen.findByRole('dialog', { name: 'Requested hold OR 1' });
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  expect(texts().at(-1)).toMatch(/Book Bunion\. .* It will probably be refused: OR 1 is .*Hip/);
});

test('QU11 a requested hold has a form: it can be filled in and booked before it is granted, and has no countdown', async () => {
  renderInKit(<Dialogs />);
  await act(() => holdAt(there, { title: 'Bunion', surgeonId: surgeon.id }));
  const form = await screen.findByRole('dialog', { name: 'Requested hold OR 2' });
  expect(form.textContent).toContain('Requested, not held');
  expect(screen.queryByRole('timer')).toBeNull();
  await user.type(screen.getByLabelText('Note'), 'Right');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(dialogStore.getState().dialog).toBeNull());
  // The request itself has changed; the booking waits for it.
  expect(open().map(({ request: { command, title, body } }) => [command, title, body])).toEqual([
    ['placeHold', 'Hold OR 2 14:00–15:00', expect.objectContaining({ title: 'Bunion', note: 'Right' })],
    ['confirmCase', 'Book Bunion', { to: 'scheduled' }],
  ]);
  comeBack();
  await waitFor(() => expect(states()).toEqual(['done', 'done']));
  expect(hospital.sent.map(({ what }) => what)).toEqual(['hold', 'confirm']);
  expect(hospital.case(hospital.sent[1]?.caseId ?? '')).toMatchObject({ state: 'scheduled', note: 'Right' });
});

test('QU11 the form of a requested hold goes on as the form of the hold when it is granted, and says if it is not', async () => {
  renderInKit(<Dialogs />);
  await act(() => holdAt(there, { title: 'Bunion' }));
  await user.type(await screen.findByLabelText('Note'), 'Right');
  comeBack();
  await screen.findByRole('dialog', { name: 'Hold OR 2' });
  expect(screen.getByLabelText<HTMLInputElement>('Note').value).toBe('Right');
  expect(screen.getByRole('timer')).toBeDefined();
  goOffline();
  await act(() => holdAt({ ...there, roomId: one.id }));
  await screen.findByRole('dialog', { name: 'Requested hold OR 1' });
  hospital.answers.push(refused('slot_taken', 409));
  comeBack();
  expect(await screen.findByText(/^This hold was not granted/)).toBeDefined();
});

test('QU12 a request that needs a reason asks for it', async () => {
  await act(() => moveTo(knee, there));
  const errors = [{ field: 'overrideReason', reason: 'After hours.' }];
  hospital.answers.push(refused('validation', 400, { errors }));
  comeBack();
  await waitFor(() => expect(states()).toEqual(['conflict']));
  const [choice] = open().flatMap(choicesFor);
  expect(choice).toMatchObject({ kind: 'retry', label: 'Give a reason' });
  await act(() => choice?.run());
  const { dialog } = dialogStore.getState();
  if (dialog?.kind !== 'reason') throw new Error('No reason is asked for.');
  expect(dialog.cautions).toEqual(['After hours.']);
  act(() => dialog.submit('It cannot wait'));
  await waitFor(() => expect(states()).toEqual(['done']));
  expect(hospital.sent.at(-1)?.body).toMatchObject({ overrideReason: 'It cannot wait' });
});

test('QU12 a refusal is a decision: at another time, in the depot, again, or not at all, and it says what will happen', async () => {
  await act(() => holdAt(there, { title: 'Bunion' }));
  await act(() => holdAt({ ...there, roomId: one.id }, { title: 'Toe' }));
  const elsewhere = { roomId: one.id, start: at('16:00'), end: at('17:00') };
  hospital.answers.push(
    refused('slot_taken', 409, { alternatives: [elsewhere] }),
    refused('slot_taken', 409),
  );
  comeBack();
  await waitFor(() => expect(states()).toEqual(['conflict', 'conflict']));
  const [first, second] = open();
  if (!first || !second) throw new Error('Nothing is to be decided.');
  expect(choicesFor(first).map(({ kind, label }) => [kind, label])).toEqual([
    ['retry', 'Send again'],
    ['alternative', 'OR 1 16:00–17:00'],
    ['depot', 'To the depot'],
    ['discard', 'Discard'],
  ]);
  expect(choicesFor(first)[1]?.does).toBe('Asks for this time instead: Hold OR 1 16:00–17:00.');
  await act(() => choicesFor(first)[1]?.run());
  await waitFor(() => expect(hospital.sent).toHaveLength(3));
  expect(hospital.sent[2]).toMatchObject({
    what: 'hold',
    body: { roomId: one.id, start: at('16:00'), title: 'Bunion' },
  });
  await act(() => choicesFor(second)[1]?.run());
  await waitFor(() => expect(hospital.sent).toHaveLength(4));
  expect(hospital.sent[3]).toMatchObject({ what: 'add', body: { title: 'Toe' } });
  // Decided twice, it is done once.
  await act(() => choicesFor(first)[0]?.run());
  expect(hospital.sent).toHaveLength(4);
});

test('QU12 what depends on a refused request is discarded with it, and sent if it is retried', async () => {
  await act(() => moveTo(knee, there));
  await act(() => cancelCase(knee, 'Fever'));
  hospital.answers.push(refused('slot_taken', 409));
  comeBack();
  await waitFor(() => expect(states()).toEqual(['conflict', 'blocked']));
  const [move] = open();
  if (!move) throw new Error('Nothing is to be decided.');
  expect(choicesFor(move).at(-1)?.does).toBe(
    'Nothing is sent, and the board stays as it is. Also discarded: “Cancel Knee”.',
  );
  expect(hospital.sent).toHaveLength(1);
  await act(() => choicesFor(move)[0]?.run());
  await waitFor(() => expect(states()).toEqual(['done', 'done']));
  expect(hospital.sent.map(({ what }) => what)).toEqual(['move', 'move', 'cancel']);
});

test('QU13 all requests that fit now are sent again together; those that collide with each other are not', async () => {
  const same = { roomId: two.id, start: at('14:30'), end: at('15:30') };
  await act(() => moveTo(knee, there));
  await act(() => moveTo(hip, same));
  hospital.answers.push(refused('slot_taken', 409), refused('slot_taken', 409));
  comeBack();
  await waitFor(() => expect(states()).toEqual(['conflict', 'conflict']));
  expect(fittingNow().map(({ request }) => request.title)).toEqual(['Move Knee to OR 2 14:00']);
  await act(async () => void (await retryAllThatFit()));
  await waitFor(() => expect(states()).toEqual(['conflict', 'done']));
});

test('QU14 after a restart the requests of the log are sent; while the screen is locked nothing of them is in memory', async () => {
  await act(() => moveTo(knee, there));
  act(dropDesk);
  expect(queueNow().requests.size).toBe(0);
  comeBack();
  expect(hospital.sent).toEqual([]);
  openDesk(log);
  await waitFor(() => expect(states()).toEqual(['done']));
  expect(hospital.sent).toMatchObject([{ what: 'move', caseId: knee.id }]);
  expect(saved()).toEqual(['asked', 'sending', 'answered']);
});

test('QU14 what is unanswered when the desk is opened goes on in its log', async () => {
  act(dropDesk);
  comeBack();
  hospital.answers.push('unreachable');
  const moving = moveTo(knee, there);
  await waitFor(() => expect(states()).toEqual(['queued']));
  openDesk();
  await waitFor(() => expect(saved()).toContain('answered'));
  await moving;
  expect(hospital.sent.map(({ what }) => what)).toEqual(['move', 'move']);
  expect(texts()).toContain('Moved Knee to OR 2 14:00');
});

test('QU14 what is unanswered and cannot be saved when the desk is opened is said to be unanswered', async () => {
  act(dropDesk);
  comeBack();
  hospital.answers.push('unreachable', 'unreachable', 'unreachable');
  const moving = moveTo(knee, there);
  await waitFor(() => expect(states()).toEqual(['queued']));
  openDesk();
  vi.spyOn(shell, 'appendToLog').mockRejectedValue(new Error('The disk of this computer is full.'));
  await act(() => moving);
  expect(toastStore.getState().toasts).toMatchObject([{ about: 'unanswered', stays: true }]);
});

test('QU7 while something waits, the next command waits behind it', async () => {
  comeBack();
  hospital.answers.push('unreachable');
  const moving = moveTo(knee, there);
  await waitFor(() => expect(states()).toEqual(['queued']));
  await Promise.all([moving, cancelCase(hip, 'Fever')]);
  expect(hospital.sent.map(({ what }) => what)).toEqual(['move', 'move', 'cancel']);
  // Both were told on the screen.
  expect(texts()).toEqual(['Moved Knee to OR 2 14:00', 'Cancelled Hip']);
  expect(open()).toEqual([]);
});

test('QU7 an unanswered command is saved when the connection is lost, and says that it may have been done', async () => {
  comeBack();
  hospital.answers.push('unreachable', 'unreachable');
  const moving = moveTo(knee, there);
  await waitFor(() => expect(saved()).toEqual(['asked']));
  goOffline();
  await act(() => moving);
  expect(texts().at(-1)).toMatch(
    /^No reply yet: Move Knee to OR 2 14:00\. It may have been done\. Saved at this desk/,
  );
  comeBack();
  await waitFor(() => expect(states()).toEqual(['done']));
});

test('QU12 a request that may have been done is not taken back: the person can only stop waiting', async () => {
  comeBack();
  hospital.answers.push('unreachable', 'unreachable');
  const moving = moveTo(knee, there);
  await waitFor(() => expect(saved()).toEqual(['asked']));
  goOffline();
  await act(() => moving);
  openDesk(log.filter(({ type }) => type === 'asked'));
  expect(open().map(({ state, n }) => [state, n])).toEqual([['queued', null]]);
  const choices = open().flatMap(choicesFor);
  expect(choices.map(({ kind }) => kind)).toEqual(['stop']);
  await act(() => choices[0]?.run());
  expect(states()).toEqual(['expired']);
});

test('QU7 so does a command in a session that the server has not accepted yet', async () => {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') throw new Error('Nobody is signed in.');
  act(() => {
    sessionStore.setState({ ...session, needs: 'password' }, true);
    setConnection({ status: 'reconnecting', since: Date.parse(at('05:58')) });
  });
  await act(() => moveTo(knee, there));
  expect(hospital.sent).toEqual([]);
  expect(texts()).toEqual([expect.stringMatching(/^Requested, not done yet: Move Knee/)]);
  act(() => sessionStore.setState(session, true));
  comeBack();
  await waitFor(() => expect(states()).toEqual(['done']));
});

test('QU12 a milestone that is sent later says which resources others have claimed', async () => {
  const taken = {
    kind: 'case',
    resourceId: one.id,
    start: at('10:00'),
    end: at('11:00'),
    title: 'Hip',
  } as const;
  hospital.taken.push(taken);
  await act(() => recordMilestone(hernia, 'in_holding', at('05:59')));
  comeBack();
  await waitFor(() => expect(texts().at(-1)).toMatch(/^Hernia uses resources claimed by others: OR 1/));
});

test('QU14 nothing is sent before the board is up to date', async () => {
  await act(() => moveTo(knee, there));
  act(() => setConnection({ status: 'catching_up' }));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(hospital.sent).toEqual([]);
  comeBack();
  await waitFor(() => expect(states()).toEqual(['done']));
  expect(dialogStore.getState().dialog).toBeNull();
});

test('QU14 what one person asked for just before leaving never reaches the log of the next', async () => {
  let write = () => {};
  vi.spyOn(shell, 'appendToLog').mockImplementationOnce(
    () => new Promise((resolve) => (write = () => resolve(undefined))),
  );
  const asking = [moveTo(knee, there), cancelCase(hip, 'Fever')];
  await waitFor(() => expect(shell.appendToLog).toHaveBeenCalled());
  act(() => {
    lockNow();
    dropDesk();
    forgetPatients();
  });
  write();
  await act(() => Promise.all(asking));
  expect(queueNow().records).toEqual([]);
  expect(JSON.stringify([toastStore.getState(), announcementStore.getState()])).not.toMatch(/Knee|Hip/);
  signInAs('coordinator');
  openDesk();
  await act(() => Promise.resolve());
  expect(log).toEqual([]);
});

test('QU14 the outcome of a replayed request is not shown once its person has left', async () => {
  hospital.taken.push({
    kind: 'case',
    resourceId: one.id,
    start: at('10:00'),
    end: at('11:00'),
    title: 'Hip',
  });
  await act(() => recordMilestone(hernia, 'in_holding', at('05:59')));
  let answer = () => {};
  const call = client.call;
  vi.spyOn(client, 'call').mockImplementation(async (...given) => {
    const outcome = await call(...given);
    if (given[0] === 'recordMilestone') await new Promise<void>((resolve) => (answer = resolve));
    return outcome;
  });
  comeBack();
  await waitFor(() => expect(hospital.sent).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  act(() => {
    lockNow();
    dropDesk();
    forgetPatients();
  });
  await act(async () => {
    answer();
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
  expect(toastStore.getState().toasts).toEqual([]);
  expect(intentStore.getState().intents).toEqual([]);
});

test('QU7 while the queue stands still although the server answers, a command does not wait on the screen', async () => {
  await act(() => moveTo(knee, there));
  const noDevice = vi
    .spyOn(client, 'call')
    .mockImplementation(() => Promise.resolve({ kind: 'refused', problem: noDeviceProblem }));
  comeBack();
  await waitFor(() => expect(queueStore.getState().trouble).toBe('no_device'));
  await act(() => cancelCase(hip, 'Fever'));
  expect(texts().at(-1)).toMatch(/^Requested, not done yet: Cancel Hip\./);
  noDevice.mockRestore();
});

test('QU14 who goes to another site leaves the requests of the first one behind', async () => {
  await act(() => moveTo(knee, there));
  comeBack();
  hospital.answers.push('unreachable', 'unreachable', 'unreachable');
  const holding = holdAt({ ...there, roomId: one.id });
  await waitFor(() => expect(open()).toHaveLength(2));
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
