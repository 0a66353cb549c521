import { randomUUID } from 'node:crypto';
import { desks, program } from '../../../../../test/bridge.ts';
import { requestOf } from '../../../../../../shared/test/queue-records.ts';
import { answerToEntry } from '../../../../../test/entry-answers.ts';
import { answerWith } from '../../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../../test/answering.ts';
import type { QueueRecord } from '@slate/shared/queue';
import { act, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openConsole } from '../../../../../test/open-console.tsx';
import { refused } from '../../../../../test/refused.ts';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { me as person, signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, uuid, zone } from '../../../../../test/small-board.ts';
import { pace } from '../../api/pace.ts';
import { startServices } from '../../services/start.ts';
import { boardStore } from '../../stores/board.ts';
import { entryStore, keepDeskWith, refuseDesk } from '../../stores/desk-entry.ts';
import { deskStore } from '../../stores/desk.ts';
import { closeAllDialogs, openDialog } from '../../stores/dialogs.ts';
import { showLastBoard, textOfLastBoard } from '../../stores/last-board.ts';
import { setPreferences } from '../../stores/preferences.ts';
import { enterWithoutServer, lock, sessionStore, expireToken } from '../../stores/session.ts';
import { toastStore } from '../../stores/toasts.ts';
import { AboutDialog } from '../about/about.tsx';
import { App } from '../console/app.tsx';
import * as workspace from '../console/workspace.ts';
import { SignIn } from '../sign-in/sign-in.tsx';

vi.mock('../../realtime/feed.ts', () => import('../../../../../test/silent-feed.ts'));

const user = userEvent.setup();
const password = 'correct horse battery staple';
const site = {
  id: uuid(2),
  name: 'Mercy General',
  timeZone: zone,
  role: 'coordinator',
  surgeonIds: [],
} as const;
const me = { ...person, email: 'kraus@example.org', sites: [{ ...site, surgeonIds: [] }] };
const room = aResource('room', 'OR 1');
const knee = aCase(room, '10:00', 90, { title: 'Total knee' });
const secret = 'c2VjcmV0';

let sent: SentRequest[];
/** Answers that a test replaces. */
let override: (request: SentRequest) => Answer | undefined;
let close: () => void;

/** A waiting request. */
const waitingRequest = (title: string): QueueRecord => ({
  type: 'asked',
  request: requestOf(0, { id: randomUUID(), title, madeAt: '2026-11-20T15:42:00.000Z' }),
});

/** Creates a desk of this workstation, as if its person had worked here. */
async function createDesk(of: { id: string; name: string; email: string }, records: QueueRecord[] = []) {
  const place = { personId: of.id, siteId: site.id };
  const device = await desks.bridge.deskDevice(place);
  const names = { email: of.email, name: of.name, siteName: site.name };
  const input = { ...place, ...names, device, secret, password, offlineHours: 72 };
  await desks.bridge.openDesk(input);
  if (records.length > 0) await desks.bridge.appendToLog(records);
  await desks.bridge.saveBoard(textOfLastBoard(me, site.id, []));
  await desks.bridge.closeDesk();
}
const maria = { id: uuid(9), name: 'Maria Lopez', email: 'lopez@example.org' };
const threeRequests = ['one', 'two', 'three'].map((title) => waitingRequest(title));

beforeEach(() => {
  override = () => 'unreachable';
  sent = answerWith(
    (request) => override(request) ?? answerToEntry(request, me, secret) ?? { status: 204, body: '' },
  );
  desks.clear();
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
  setPreferences({ people: [{ email: me.email, name: me.name }, maria] });
});
afterEach(() => {
  keepDeskWith({ status: 'signed_out', endReason: null });
  close?.();
  closeAllDialogs();
  desks.clear();
  toastStore.setState({ toasts: [] });
  entryStore.setState(entryStore.getInitialState(), true);
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
  vi.useRealTimers();
});

const pageText = () => document.body.textContent ?? '';
const session = () => sessionStore.getState();
const openApp = () => {
  close = openConsole(
    <App server="https://slate.example.org" workspace={workspace} />,
    { resources: [room], cases: [knee] },
    startServices,
  );
};
const typePassword = (typed: string) => user.type(screen.getByLabelText('Password'), typed);

describe('without the server', () => {
  const signIn = async (typed = password) => {
    renderInKit(<SignIn endReason={null} />);
    await user.click(await screen.findByRole('button', { name: /M. Kraus/ }));
    await typePassword(typed);
    await user.keyboard('{Enter}');
  };
  const alert = async () => (await screen.findByRole('alert')).textContent;

  test.each([
    ['nobody', () => desks.clear(), /You haven’t worked at this workstation before/],
    [
      'too_long_ago',
      (offline: { hours: number }) => (offline.hours = 0),
      /sign-in at this workstation was too long ago/,
    ],
    ['switched_off', () => null, /Your site doesn’t allow working without the network/],
    ['unreadable', () => 'damaged', /can’t be read. Nothing was deleted/],
    ['no_board', () => 'no board', /has no board of yours to show/],
  ] as const)('DK3 one sentence says why the person cannot enter: %s', async (why, happens, words) => {
    await createDesk(me);
    const desk = desks.disk.get(`${me.id} ${site.id}`);
    const change = happens(desk?.offline ?? { hours: 0 });
    if (desk && why === 'switched_off') desk.offline = null;
    if (desk && change === 'damaged') desk.broken = 'damaged';
    if (desk && change === 'no board') desk.board = null;
    await signIn();
    expect(await alert()).toMatch(words);
    expect(await alert()).toMatch(/^.+No reply from the server/);
    expect(screen.getByLabelText<HTMLInputElement>('Password').value).toBe(password);
    expect(session().status).toBe('signed_out');
  });

  test('DK4 after a wrong password, a countdown leads to the next attempt', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] });
    await createDesk(me);
    const desk = desks.disk.get(`${me.id} ${site.id}`);
    Object.assign(desk?.offline ?? {}, { wrong: 3, wrongAt: 0 });
    await signIn('a wrong password');
    const alerted = await screen.findByRole('alert');
    expect(alerted.textContent).toMatch(/Wrong password\. The next try is possible in a moment\. 8 s/);
    expect(alerted.querySelector('[aria-hidden] ~ * b, b[aria-hidden]')?.textContent).toBe('8 s');
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Sign in' });
    expect(button.disabled).toBe(true);
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(screen.getByRole('alert').textContent).toContain('3 s');
    await act(() => vi.advanceTimersByTimeAsync(3_500));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(button.disabled).toBe(false);
  });

  test('DK3 NW4 a locked screen says that the password opens this desk, and it does', async () => {
    await createDesk(me);
    program.trial = { result: 'failed', why: 'timeout', detail: '' };
    openApp();
    await act(() => lock());
    await screen.findByText(
      'There’s no reply from slate.example.org. Your password still opens this desk, with the last board.',
    );
    await typePassword(password);
    await user.click(screen.getByRole('button', { name: 'Unlock' }));
    await expect.poll(session).toMatchObject({ status: 'signed_in', needs: 'server' });
    expect(screen.getByRole('main')).toBeTruthy();
  });
});

describe('when the server is back', () => {
  /** Works without the server until its answer to the socket shows that it is back. */
  async function returnOfServer(records = threeRequests) {
    await createDesk(me, records);
    openApp();
    await act(() => lock());
    const unlocked = await desks.bridge.unlockDesk({ email: me.email, password });
    if (unlocked.result !== 'opened') throw new Error('The desk is not open.');
    const { desk } = unlocked;
    act(() => {
      deskStore.setState({ desk });
      showLastBoard({ me, site: { ...site, surgeonIds: [] }, days: [] });
      enterWithoutServer(me, { ...site, surgeonIds: [] });
    });
    override = () => undefined;
    sent.length = 0;
    act(() => expireToken());
    return within(await screen.findByRole('region', { name: 'Sign in again' }));
  }
  const banner = () => screen.getByText(/The network is back/).closest('[role="status"]')?.textContent;

  test('DK6 the console asks for the password, and moves neither focus nor board', async () => {
    const focus = document.activeElement;
    const asks = await returnOfServer();
    expect(banner()).toContain('The network is back. Enter your password to send 3 requests.');
    expect(document.activeElement).toBe(focus);
    expect(screen.getByRole('main')).toBeTruthy();
    expect(sent).toEqual([]);
    await user.type(asks.getByLabelText('Password'), `${password}{Enter}`);
    await expect.poll(session).toEqual({ status: 'signed_in', me, site: me.sites[0] });
    expect(screen.queryByText(/The network is back/)).toBeNull();
    expect(deskStore.getState().desk).not.toBeNull();
  });

  test('DK6 without an answer it keeps trying with this password, and leaves the focus', async () => {
    const asks = await returnOfServer();
    const { shortestPauseMs } = pace;
    pace.shortestPauseMs = 1;
    override = ({ path }) => (path === '/auth/login' ? 'unreachable' : undefined);
    await user.type(asks.getByLabelText('Password'), `${password}{Enter}`);
    expect((await asks.findByRole('alert')).textContent).toContain('Slate keeps trying with this password.');
    const later = asks.getByRole('button', { name: 'Later' });
    later.focus();
    const attempts = () => sent.filter(({ path }) => path === '/auth/login').length;
    const before = attempts();
    await vi.waitFor(() => expect(attempts()).toBeGreaterThan(before + 1));
    expect(document.activeElement).toBe(later);
    override = () => undefined;
    await vi.waitFor(() => expect(session()).toEqual({ status: 'signed_in', me, site: me.sites[0] }));
    pace.shortestPauseMs = shortestPauseMs;
  });

  test.each([
    ['Later', () => user.click(screen.getByRole('button', { name: 'Later' }))],
    ['another password', () => user.type(screen.getByLabelText('Password'), 'x')],
  ])('DK6 it stops trying after %s', async (_what, stop) => {
    const asks = await returnOfServer();
    override = ({ path }) => (path === '/auth/login' ? 'unreachable' : undefined);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    await user.type(asks.getByLabelText('Password'), `${password}{Enter}`);
    await asks.findByRole('alert');
    await stop();
    sent.length = 0;
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(sent.filter(({ path }) => path === '/auth/login')).toEqual([]);
  });

  test.each([
    ['Esc', () => user.keyboard('{Escape}')],
    ['Later', () => user.click(screen.getByRole('button', { name: 'Later' }))],
  ])('DK6 %s changes nothing, and the password can be entered later', async (_what, leave) => {
    const asks = await returnOfServer();
    await user.click(asks.getByLabelText('Password'));
    await leave();
    expect(banner()).toContain('You’re working without the server. 3 requests wait to be sent.');
    expect(session()).toMatchObject({ needs: 'password' });
    await user.click(asks.getByRole('button', { name: 'Sign in' }));
    expect(asks.getByLabelText('Password')).toBeTruthy();
  });

  test('DK7 a refused password is explained, and the unsent requests are offered as a list', async () => {
    const asks = await returnOfServer();
    override = ({ path }) => (path === '/auth/login' ? refused('unauthenticated', 401) : undefined);
    await user.type(asks.getByLabelText('Password'), `${password}{Enter}`);
    const why = await screen.findByText(/The server didn’t accept this password, so nothing was sent/);
    expect(why.textContent).toContain('enter the new one');
    await user.click(screen.getByRole('button', { name: 'Show what wasn’t sent' }));
    await screen.findByRole('heading', { level: 1, name: 'Not sent' });
    expect(screen.getAllByRole('row').map((row) => row.textContent)).toEqual([
      'RequestedRequest',
      'Fri, Nov 20, 09:42one',
      'Fri, Nov 20, 09:42two',
      'Fri, Nov 20, 09:42three',
    ]);
    expect(boardStore.getState().view === null || !pageText().includes('Total knee')).toBe(true);
    const print = vi.spyOn(window.slate ?? ({} as never), 'print');
    await user.click(screen.getByRole('button', { name: 'Print' }));
    expect(print).toHaveBeenCalledOnce();
    expect(desks.disk.size).toBe(1);
    await user.click(screen.getByRole('button', { name: 'I have seen this. Delete it here.' }));
    await expect.poll(() => desks.disk.size).toBe(0);
    await expect.poll(() => session().status).toBe('signed_out');
  });

  test('DK7 a list that cannot be deleted stays and says why', async () => {
    await returnOfServer();
    const erase = vi
      .spyOn(window.slate ?? ({} as never), 'eraseDesk')
      .mockRejectedValueOnce(new Error('The disk is read-only.'));
    act(() => refuseDesk('retired'));
    await user.click(await screen.findByRole('button', { name: /I have seen this/ }));
    expect((await screen.findByRole('alert')).textContent).toContain('The disk is read-only.');
    erase.mockRestore();
  });

  test('DK7 a temporary password lets the person choose another, and the desk stays', async () => {
    const asks = await returnOfServer();
    override = ({ path }) => (path === '/auth/login' ? refused('forbidden', 403) : undefined);
    await user.type(asks.getByLabelText('Password'), 'a temporary password{Enter}');
    const dialog = within(await screen.findByRole('dialog'));
    override = () => undefined;
    await user.type(dialog.getByLabelText('Choose a password'), `${password} again{Enter}`);
    await expect.poll(session).toEqual({ status: 'signed_in', me, site: me.sites[0] });
    expect(desks.disk.get(`${me.id} ${site.id}`)?.records).toHaveLength(3);
  });

  test('DK2 an open list disappears with a lock, and stays at the desk', async () => {
    await returnOfServer();
    act(() => refuseDesk('retired'));
    await screen.findByRole('heading', { level: 1, name: 'Not sent' });
    await act(() => lock());
    await screen.findByRole('heading', { level: 1, name: 'Locked' });
    expect(pageText()).not.toContain('three');
    expect(desks.disk.size).toBe(1);
  });
});

describe('DK8 requests of another person', () => {
  const words = '3 requests of Maria Lopez wait at this desk. They are sent when Maria Lopez signs in here.';

  test('are counted by person at the sign-in, without their contents', async () => {
    await createDesk(maria, threeRequests);
    renderInKit(<SignIn endReason={null} />);
    expect((await screen.findByText(words)).textContent).toBe(words);
    expect(pageText()).not.toMatch(/\bone\b|\btwo\b/);
  });

  test('are counted on the lock screen and in About, unlike one’s own', async () => {
    await createDesk(maria, threeRequests);
    await createDesk(me, threeRequests);
    openApp();
    act(() => openDialog({ kind: 'about' }));
    expect(await screen.findByText(words)).toBeTruthy();
    expect(screen.queryByText(/of M. Kraus/)).toBeNull();
    await act(() => lock());
    expect(await screen.findByText(words)).toBeTruthy();
    expect(screen.queryByText(/of M. Kraus/)).toBeNull();
  });

  test('are not mentioned when there are none', async () => {
    await createDesk(maria, []);
    openDialog({ kind: 'about' });
    renderInKit(<AboutDialog />);
    await act(async () => {});
    expect(screen.queryByText(/Maria Lopez/)).toBeNull();
  });
});

describe('DK7 an administrator', () => {
  const showList = async () => {
    await createDesk(maria, threeRequests);
    override = ({ path }) =>
      path.endsWith('/secret') && !sent.some(({ path: before }) => /\/devices\/[^/]+$/.test(before))
        ? refused('in_use', 409, { detail: 'Maria Lopez still uses this device. Retire it first.' })
        : path.endsWith('/secret')
          ? { status: 200, body: { secret } }
          : undefined;
    openApp();
    act(() => signInAs('administrator'));
    await expect.poll(() => deskStore.getState().desk?.personId).toBe(me.id);
    act(() => openDialog({ kind: 'about' }));
    await user.click(await screen.findByRole('button', { name: 'Show what wasn’t sent' }));
  };

  test('sees the list of another person after retiring the device, deletes it, and keeps working', async () => {
    await showList();
    await screen.findByText('Maria Lopez still uses this device. Retire it first.');
    await user.click(screen.getByRole('button', { name: 'Retire the device and show the list' }));
    await screen.findByRole('heading', { level: 1, name: 'Not sent' });
    expect(screen.getAllByRole('row')).toHaveLength(4);
    expect(pageText()).toContain('Maria Lopez · Mercy General');
    expect(desks.isOpen()).toBe(false);
    await user.click(screen.getByRole('button', { name: 'I have seen this. Delete it here.' }));
    await expect.poll(() => desks.disk.has(`${maria.id} ${site.id}`)).toBe(false);
    await expect.poll(() => deskStore.getState().desk?.personId).toBe(me.id);
    expect(screen.getByRole('main')).toBeTruthy();
  });

  test('sees that a list is unreadable, and keeps working at the own desk', async () => {
    await showList();
    Object.assign(desks.disk.get(`${maria.id} ${site.id}`) ?? {}, { broken: 'key' });
    await user.click(await screen.findByRole('button', { name: 'Retire the device and show the list' }));
    await screen.findByText('The data of this person at this workstation can’t be read.');
    await expect.poll(() => deskStore.getState().desk?.personId).toBe(me.id);
  });

  test('has a button that other people do not see', async () => {
    await createDesk(maria, threeRequests);
    openApp();
    act(() => openDialog({ kind: 'about' }));
    await screen.findByText(/3 requests of Maria Lopez/);
    expect(screen.queryByRole('button', { name: 'Show what wasn’t sent' })).toBeNull();
  });
});

describe('DK9 a desk that cannot be read', () => {
  async function openUnreadableDesk() {
    await createDesk(me, threeRequests);
    Object.assign(desks.disk.get(`${me.id} ${site.id}`) ?? {}, { broken: 'safe' });
    override = () => undefined;
    openApp();
    act(() => keepDeskWith(session()));
    return within(await screen.findByRole('dialog', { name: 'This desk can’t be read' }));
  }

  test('is explained with its place, and closing the dialog changes nothing', async () => {
    const dialog = await openUnreadableDesk();
    expect(dialog.getByText(/system’s keyring/)).toBeTruthy();
    expect(dialog.getByText(/Nothing was deleted or sent. It is in \/desks\//)).toBeTruthy();
    await user.keyboard('{Escape}');
    await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
    expect(desks.disk.size).toBe(1);
    expect(session().status).toBe('signed_in');
  });

  test('is set aside on request, and a new one begins', async () => {
    const dialog = await openUnreadableDesk();
    await user.click(dialog.getByRole('button', { name: 'Set aside and start a new one' }));
    await expect.poll(() => deskStore.getState().desk).not.toBeNull();
    expect(desks.aside.size).toBe(1);
    expect(pageText()).toContain('The old one is in /desks/');
  });
});
