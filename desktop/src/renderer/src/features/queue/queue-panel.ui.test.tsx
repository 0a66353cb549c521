import { act, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { QueueRecord, QueueResult } from '@slate/shared/queue';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as numbered from '../../../../../../shared/test/queue-records.ts';
import { answered, idOf } from '../../../../../../shared/test/queue-records.ts';
import { desks } from '../../../../../test/bridge.ts';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, at, loadBoard, setClock, uuid } from '../../../../../test/small-board.ts';
import { toastQueued } from '../../commands/take-back.ts';
import { summarizeQueue } from '../../services/queue-summary.ts';
import { shell } from '../../shell/shell.ts';
import { announcementStore } from '../../stores/announcements.ts';
import { setConnection } from '../../stores/connection.ts';
import { dropDesk, setDesk } from '../../stores/desk.ts';
import { closeDialog, dialogStore, openDialog } from '../../stores/dialogs.ts';
import { forgetMessages } from '../../stores/forget.ts';
import { appendToQueue, queueNow, setTrouble } from '../../stores/queue.ts';
import { toastStore } from '../../stores/toasts.ts';
import { Dialogs } from '../console/dialogs.tsx';
import { StatusBar } from '../status-bar/status-bar.tsx';

const hours = [{ days: [1, 2, 3, 4, 5], open: '07:00', close: '17:00' }];
const room = aResource('room', 'OR 1', { attributes: { hours } });
const knee = aCase(room, '10:00', 60, { title: 'Knee', setupMinutes: 10, cleanupMinutes: 15 });

/** A request to move the knee to 12:00. */
function moveRequest(n: number, title: string, dependsOn: number[] = []): QueueRecord {
  const place = { roomId: room.id, start: at('12:00'), end: at('13:00') };
  return numbered.asked(n, {
    params: { case: knee.id },
    body: { version: knee.version, roomId: room.id, start: place.start, minutes: 60 },
    title,
    madeAt: at('06:00'),
    boardAt: at('05:58'),
    cases: [{ caseId: knee.id, place, title: 'Knee' }],
    dependsOn: dependsOn.map(idOf),
  });
}
const done: QueueResult = { kind: 'done', cases: [] };
const alternative = { roomId: room.id, start: at('14:00'), end: at('15:00') };
const refusal: QueueResult = {
  kind: 'refused',
  problem: {
    type: 'about:blank',
    title: 'Taken',
    status: 409,
    code: 'slot_taken',
    detail: 'OR 1 is taken from 12:00 to 13:00.',
    alternatives: [alternative],
  },
};

const user = userEvent.setup();
let stop = () => {};
beforeEach(() => {
  signInAs('coordinator');
  loadBoard({ resources: [room], cases: [knee] });
  setClock(at('06:12'));
  setConnection({ status: 'offline', since: Date.parse(at('06:00')) });
  forgetMessages();
  stop = summarizeQueue();
});
afterEach(() => {
  stop();
  act(() => {
    closeDialog();
    dropDesk();
  });
  desks.clear();
});

async function openDesk(...records: QueueRecord[]) {
  const of = { personId: uuid(1), siteId: uuid(2) };
  const names = { email: 'kraus@example.org', name: 'M. Kraus', siteName: 'Mercy General' };
  const device = await shell.deskDevice(of);
  await shell.openDesk({ ...of, ...names, device, secret: 's', password: null, offlineHours: 72 });
  act(() => setDesk({ ...of, device, records, damage: null }));
}
async function openPanel(...records: QueueRecord[]) {
  await openDesk(...records);
  renderInKit(<Dialogs />);
  act(() => openDialog({ kind: 'queue' }));
  const panel = await screen.findByRole('dialog', { name: 'Requests at this desk' });
  // The dialog takes the focus a moment later.
  await waitFor(() => expect(panel.contains(document.activeElement)).toBe(true));
  return panel;
}
const entries = () => screen.getAllByRole('button').filter((each) => each.hasAttribute('aria-expanded'));
const choices = () =>
  within(screen.getByRole('list', { name: /^Decide about/ }))
    .getAllByRole('button')
    .map(({ textContent }) => textContent);
const selectedEntry = () => screen.getByRole('button', { expanded: true }).textContent;
const requests = () => [...queueNow().requests.values()];
const append = (...records: QueueRecord[]) => act(() => appendToQueue(records));
const toasts = () => toastStore.getState().toasts.map(({ text }) => text);

test('QP1 the panel lists requests oldest first, with state, age and reason', async () => {
  const panel = await openPanel(
    moveRequest(1, 'Move Knee to OR 1 11:00'),
    answered(1, done),
    moveRequest(2, 'Move Knee to OR 1 12:00'),
    answered(2, refusal),
    moveRequest(3, 'Confirm Knee', [2]),
    moveRequest(4, 'Move Hip'),
    moveRequest(5, 'Confirm Hip', [4]),
    moveRequest(6, 'Move Hand'),
    answered(6, { kind: 'expired', why: 'past' }),
  );
  expect(entries().map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^✓ DoneMove Knee to OR 1 11:00Requested Fri, Nov 20, 06:00, 12 min ago$/),
    expect.stringMatching(/^✕ RefusedMove Knee .* agoOR 1 is taken from 12:00 to 13:00\.$/),
    expect.stringMatching(/^⊘ BlockedConfirm Knee.* agoNeeds this first: Move Knee to OR 1 12:00$/),
    expect.stringMatching(/^○ WaitingMove Hip.* ago$/),
    expect.stringMatching(/^○ WaitingConfirm Hip.* agoWaits for: Move Hip$/),
    expect.stringMatching(/^▲ Too lateMove Hand.* agoIts time has passed, so it was not sent\.$/),
  ]);
  expect(within(panel).getByText('1 done, 2 waiting, 3 need you')).toBeDefined();
  expect(selectedEntry()).toContain('Move Knee to OR 1 12:00');
  expect(document.activeElement?.textContent).toBe(selectedEntry());
});

test('QP1 the panel says when it is empty, offline, in trouble, or cannot save requests', async () => {
  const panel = await openPanel();
  expect(panel.textContent).toContain('Nothing is waiting.');
  expect(panel.textContent).toContain('The server can’t be reached.');
  act(() => setConnection({ status: 'live', lagMs: 1 }));
  expect(panel.textContent).not.toContain('The server can’t be reached.');
  act(() => setTrouble('not_saved'));
  expect(panel.textContent).toContain('This computer can’t write to its disk');
  act(() => dropDesk());
  expect(panel.textContent).toContain('They are lost when you close this window.');
});

test('QP2 arrows move the selection, a digit decides about the selected request, and each choice says its effect', async () => {
  await openPanel(
    moveRequest(1, 'Move Knee'),
    answered(1, refusal),
    moveRequest(2, 'Confirm Knee', [1]),
    moveRequest(3, 'Move Hip'),
  );
  expect(choices()[0]).toBe('1Send again Sends it again: Move Knee.');
  expect(choices()[1]).toMatch(/^2OR 1 14:00–15:00 Requests this time instead: Move Knee to/);
  expect(choices().at(-1)).toMatch(
    /Discard Nothing is sent, and the board stays as it is\. Also discarded: “Confirm Knee”\./,
  );
  await user.keyboard('{ArrowDown}');
  expect(selectedEntry()).toContain('Confirm Knee');
  await user.keyboard('{End}');
  expect(selectedEntry()).toContain('Move Hip');
  await user.keyboard('{Home}2');
  await waitFor(() => expect(requests().at(-1)?.request.title).toContain('14:00'));
  expect(requests().at(-1)?.request).toMatchObject({
    replaces: idOf(1),
    body: { start: alternative.start, roomId: room.id },
  });
});

test('QP2 the mouse selects and decides too', async () => {
  await openPanel(
    moveRequest(1, 'Move Knee'),
    answered(1, refusal),
    moveRequest(2, 'Move Hip'),
    answered(2, refusal),
  );
  await user.click(screen.getByRole('button', { name: /Refused Move Hip/ }));
  await user.click(screen.getByRole('button', { name: /Discard/ }));
  await waitFor(() => expect(requests()[1]?.closed).toBe('discarded'));
  expect(requests()[0]?.closed).toBeNull();
});

test('QP2 pressing a digit twice decides about one request only', async () => {
  await openPanel(
    moveRequest(1, 'Move Knee'),
    answered(1, refusal),
    moveRequest(2, 'Move Hip'),
    answered(2, refusal),
  );
  const discard = String(choices().length);
  await user.keyboard(discard + discard);
  await waitFor(() => expect(requests()[0]?.closed).toBe('discarded'));
  await waitFor(() => expect(selectedEntry()).toContain('Move Hip'));
  await user.keyboard(discard);
  expect(requests()[1]?.closed).toBeNull();
});

test('QP2 the next request that needs the person is selected when the selected one is closed', async () => {
  await openPanel(
    moveRequest(1, 'Move Knee'),
    answered(1, refusal),
    moveRequest(2, 'Move Hip'),
    moveRequest(3, 'Move Hand'),
    answered(3, refusal),
  );
  await append({ type: 'closed', id: idOf(1), how: 'discarded' });
  await waitFor(() => expect(selectedEntry()).toContain('Move Hand'));
  await waitFor(() => expect(document.activeElement?.textContent).toContain('Move Hand'));
  await append({ type: 'closed', id: idOf(3), how: 'discarded' });
  await waitFor(() => expect(selectedEntry()).toContain('Move Hip'));
  await append({ type: 'closed', id: idOf(2), how: 'removed' });
  await waitFor(() => expect(document.activeElement?.textContent).toContain('Nothing is waiting.'));
});

test('QP3 all requests without a conflict on the board are sent again at once', async () => {
  await openPanel(
    moveRequest(1, 'Move Knee'),
    answered(1, refusal),
    moveRequest(2, 'Move Hip'),
    answered(2, { kind: 'expired', why: 'unknown' }),
  );
  await user.click(screen.getByRole('button', { name: 'Send the one that still fits' }));
  await waitFor(() => expect(requests().at(-1)?.request.replaces).toBe(idOf(1)));
  expect(requests()[1]?.closed).toBeNull();
});

test('QP4 one summary counts the done requests and the requests that need the person', async () => {
  await openDesk(moveRequest(1, 'Move Knee'), moveRequest(2, 'Move Hip'), moveRequest(3, 'Confirm Hip', [2]));
  await append(answered(1, done));
  expect(toasts()).toEqual([]);
  await append(answered(2, refusal));
  expect(toasts()).toEqual(['Your requests were sent: 1 done, 2 need you. Press Ctrl+J to decide.']);
  expect(toastStore.getState().toasts[0]?.stays).toBe(true);
  expect(announcementStore.getState().assertive.map(({ text }) => text)).toEqual(toasts());
  await append({ type: 'closed', id: idOf(2), how: 'discarded' });
  expect(toasts()).toHaveLength(1);
  act(() => openDialog({ kind: 'queue' }));
  expect(toasts()).toEqual([]);
});

test('QP4 the toast of a request closes when the request is answered', async () => {
  await openDesk(moveRequest(1, 'Move Knee'), moveRequest(2, 'Move Hip'));
  act(() => {
    toastQueued(idOf(1), []);
    toastQueued(idOf(2), []);
  });
  expect(toasts()).toHaveLength(2);
  await append(answered(1, done));
  expect(toasts()).toEqual([expect.stringMatching(/^Requested, not done yet: Move Hip/)]);
  await append({ type: 'closed', id: idOf(2), how: 'removed' });
  expect(toasts().filter((text) => /not done yet/.test(text))).toEqual([]);
});

test('QP4 the summary closes when no request needs the person anymore', async () => {
  await openDesk(moveRequest(1, 'Move Knee'));
  await append(answered(1, { kind: 'expired', why: 'unknown' }));
  expect(toasts()).toEqual(['1 request is too late. Press Ctrl+J to decide.']);
  await append(answered(1, done));
  expect(toasts()).toEqual(['Your requests were sent: 1 done.']);
});

test('QP7 a toast says why the queue is stuck, and stays until it moves', async () => {
  await openDesk(moveRequest(1, 'Move Knee'));
  act(() => setTrouble('no_device'));
  act(() => setTrouble('no_device'));
  expect(toasts()).toEqual([
    expect.stringMatching(/^Your earlier requests are not sent\. The server doesn’t accept this desk/),
  ]);
  expect(toastStore.getState().toasts[0]?.stays).toBe(true);
  act(() => setTrouble(null));
  expect(toasts()).toEqual([]);
});

test('QP4 one toast counts the requests that need the person when the desk opens', async () => {
  await openDesk(moveRequest(1, 'Move Knee'), answered(1, refusal));
  expect(toasts()).toEqual(['1 request from before needs you. Press Ctrl+J to decide.']);
  expect(announcementStore.getState().assertive.map(({ text }) => text)).toEqual(toasts());
});

test('QP6 the panel keeps done requests until it is closed', async () => {
  await openDesk(moveRequest(1, 'Move Knee'));
  await append(answered(1, done));
  expect(toasts()).toEqual(['Your requests were sent: 1 done.']);
  await waitFor(() => expect(requests()[0]?.closed).toBe('seen'));
  await append(
    moveRequest(2, 'Move Hip'),
    answered(2, done),
    moveRequest(3, 'Move Hand'),
    answered(3, refusal),
  );
  renderInKit(<Dialogs />);
  act(() => openDialog({ kind: 'queue' }));
  await screen.findByRole('button', { name: /Done Move Hip/ });
  expect(requests()[1]?.closed).toBeNull();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(requests()[1]?.closed).toBe('seen'));
  expect(dialogStore.getState().dialog).toBeNull();
});

test('QP5 the status bar counts the requests and opens the panel', async () => {
  await openDesk(moveRequest(1, 'Move Knee'), moveRequest(2, 'Move Hip'), answered(2, refusal));
  renderInKit(<StatusBar />);
  await user.click(screen.getByRole('button', { name: 'Requests: 1 waiting, 1 needs you' }));
  expect(dialogStore.getState().dialog?.kind).toBe('queue');
  expect(screen.getByRole('contentinfo').textContent).toContain(
    'Offline since 06:00; requests are saved at this desk.',
  );
});

test('QP1 a long queue is drawn in parts', async () => {
  await openPanel(...Array.from({ length: 450 }, (_, n) => moveRequest(n, `Move ${n}`)));
  expect(entries()).toHaveLength(200);
  await user.click(screen.getByRole('button', { name: 'Show 200 more' }));
  expect(entries()).toHaveLength(400);
  await user.click(entries()[0] ?? document.body);
  await user.keyboard('{End}');
  expect(selectedEntry()).toContain('Move 449');
});
