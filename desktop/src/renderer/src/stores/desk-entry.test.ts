import { randomBytes, randomUUID } from 'node:crypto';
import type { QueueRecord } from '@slate/shared/queue';
import { defaultSettings } from '@slate/shared/sites';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { requestOf } from '../../../../../shared/test/queue-records.ts';
import { answerToEntry } from '../../../../test/entry-answers.ts';
import { createFakeDesks } from '../../../../test/fake-desks.ts';
import { startFakeServer } from '../../../../test/fake-server.ts';
import type { Answer, ReceivedRequest, FakeServer } from '../../../../test/fake-server.ts';
import { refused } from '../../../../test/refused.ts';
import { stubWindow } from '../../../../test/window.ts';

const email = 'kraus@demo.example';
const password = 'a long password';
const aSite = (name: string) => ({
  id: randomUUID(),
  name,
  timeZone: 'America/Chicago',
  role: 'coordinator',
  surgeonIds: [],
});
const [main, north] = [aSite('Main'), aSite('North')];
const me = { id: randomUUID(), email, name: 'M. Kraus', sites: [main, north] };
const secret = randomBytes(32).toString('base64url');
const refreshToken = 'refresh-token-of-this-test';
const hour = 3_600_000;

let server: FakeServer;
let desks: ReturnType<typeof createFakeDesks>;
let page: Awaited<ReturnType<typeof open>>;
/** Answers that a test replaces. */
let override: (request: ReceivedRequest) => Answer | Promise<Answer> | undefined;

/** Starts the program again at the same workstation. */
async function open(stored: { refreshToken: string; email: string; usedAt: number | null } | null = null) {
  vi.resetModules();
  const { session: storedSession } = stubWindow(stored, desks);
  const [entry, session, client, { pace }, store, lastBoard, toasts] = await Promise.all([
    import('./desk-entry.ts'),
    import('./session.ts'),
    import('../api/client.ts'),
    import('../api/pace.ts'),
    import('./desk.ts'),
    import('./last-board.ts'),
    import('./toasts.ts'),
  ]);
  client.connectClient({ server: server.url, token: session.accessToken, tokenRefused: session.expireToken });
  session.sessionStore.subscribe((now) => entry.keepDeskWith(now));
  const desk = () => store.deskStore.getState().desk;
  return {
    ...entry,
    ...session,
    signIn: entry.signIn,
    changePassword: entry.changePassword,
    stored: storedSession,
    pace,
    desk,
    session: () => session.sessionStore.getState(),
    untilDeskOpens: async () => {
      await expect.poll(desk).not.toBeNull();
    },
    toasts: () => toasts.toastStore.getState().toasts.map(({ text }) => text),
    /** Saves an empty board, as the feed does. */
    saveBoard: () => desks.bridge.saveBoard(lastBoard.textOfLastBoard(me as never, main.id, [])),
  };
}

const deskOnDisk = (site = main) => desks.disk.get(`${me.id} ${site.id}`);
const countRequests = (path: string) => server.received.filter((request) => request.path === path).length;
const cutOff = () => (override = () => 'hang up');
const reconnect = () => (override = () => undefined);

/** A waiting request. */
const waitingRequest = (title: string): QueueRecord => ({
  type: 'asked',
  request: requestOf(0, { id: randomUUID(), title }),
});

/** Signs in, saves a board and locks. */
async function workHere() {
  await page.signIn(email, password);
  await page.untilDeskOpens();
  await page.saveBoard();
  await page.lock();
  await expect.poll(() => desks.isOpen()).toBe(false);
}

beforeEach(async () => {
  override = () => undefined;
  desks = createFakeDesks();
  server = await startFakeServer(
    (request) => override(request) ?? answerToEntry(request, me, secret) ?? { status: 204 },
  );
  page = await open();
});
afterEach(async () => {
  vi.doUnmock('../shell/shell.ts');
  vi.useRealTimers();
  await server.end();
  vi.unstubAllGlobals();
});

describe('with the server', () => {
  test('DK1 signing in registers this desk and opens it with the secret and the password', async () => {
    await page.signIn(email, password);
    await page.untilDeskOpens();
    expect(server.received.find(({ path }) => path.endsWith('/devices'))?.body).toEqual({
      id: deskOnDisk()?.device,
      name: 'OR desk 1',
    });
    expect(page.desk()).toMatchObject({ personId: me.id, siteId: main.id, device: deskOnDisk()?.device });
    expect(deskOnDisk()).toMatchObject({
      secret,
      names: { email, name: me.name, siteName: 'Main' },
      offline: { password, hours: defaultSettings.offlineHours },
    });
  });

  test('DK1 a resumed session opens the desk with the secret, and keeps its password', async () => {
    await workHere();
    page = await open({ refreshToken, email, usedAt: Date.now() });
    await page.resume();
    await page.untilDeskOpens();
    expect(deskOnDisk()?.offline?.password).toBe(password);
  });

  test('DK1 a new password unlocks the desk', async () => {
    await page.signIn(email, password);
    await page.untilDeskOpens();
    await page.changePassword(email, password, 'another long password');
    await expect.poll(() => deskOnDisk()?.offline?.password).toBe('another long password');
  });

  test('DK1 each site has its own desk, and changing the site closes the other desk', async () => {
    await page.signIn(email, password);
    await page.untilDeskOpens();
    page.goToSite(north.id);
    expect(page.desk()).toBeNull();
    await page.untilDeskOpens();
    expect(page.desk()?.siteId).toBe(north.id);
    expect(deskOnDisk(north)?.device).not.toBe(deskOnDisk()?.device);
  });

  test('DK1 a wall board has no desk', async () => {
    override = ({ path }) =>
      path === '/me' ? { status: 200, body: { ...me, sites: [{ ...main, role: 'wall' }] } } : undefined;
    await page.signIn(email, password);
    expect(page.session().status).toBe('signed_in');
    expect(countRequests(`/sites/${main.id}/devices`)).toBe(0);
  });

  test.each([
    ['locking', () => page.lock()],
    ['signing out', () => page.signOut()],
  ])('DK2 %s closes the desk', async (_what, leave) => {
    await page.signIn(email, password);
    await page.untilDeskOpens();
    await leave();
    expect(page.desk()).toBeNull();
    await expect.poll(() => desks.isOpen()).toBe(false);
    desks.restart();
    expect(await desks.bridge.resumeDesk(hour)).toBeNull();
  });

  test('DK2 locking while the desk is being opened leaves nothing open', async () => {
    void page.signIn(email, password);
    await expect.poll(() => countRequests(`/sites/${main.id}/devices`)).toBe(1);
    await page.lock();
    await expect.poll(() => countRequests('/auth/logout')).toBe(1);
    await expect.poll(() => desks.isOpen()).toBe(false);
    expect(page.desk()).toBeNull();
  });

  test('BQ4 a desk that the browser may delete is announced when it begins', async () => {
    desks.vanish();
    await page.signIn(email, password);
    await page.untilDeskOpens();
    await expect
      .poll(() => page.toasts())
      .toEqual([expect.stringContaining('a private window deletes them')]);
  });

  test('BQ4 a desk that the browser promises to keep is not announced', async () => {
    await page.signIn(email, password);
    await page.untilDeskOpens();
    expect(page.toasts()).toEqual([]);
  });

  test('BQ8 a deleted database is announced once to each person who signs in', async () => {
    vi.doMock(import('../shell/shell.ts'), async (original) => ({
      ...(await original()),
      isDeskLost: () => true,
    }));
    page = await open();
    const announcements = () => page.toasts().filter((text) => text.includes('deleted it'));
    await page.signIn(email, password);
    await page.untilDeskOpens();
    await expect.poll(announcements).toHaveLength(1);
    await page.lock();
    await page.signIn(email, password);
    await page.untilDeskOpens();
    expect(announcements()).toHaveLength(1);
    const colleague = { ...me, id: randomUUID() };
    override = ({ path }) => (path === '/me' ? { status: 200, body: colleague } : undefined);
    await page.signOut();
    await page.signIn(email, password);
    await page.untilDeskOpens();
    await expect.poll(announcements).toHaveLength(2);
  });

  test('DK1 a person whose desk cannot be opened keeps working, and a toast says why', async () => {
    vi.spyOn(desks.bridge, 'openDesk').mockRejectedValue(new Error('The disk is full.'));
    page = await open();
    await page.signIn(email, password);
    await expect.poll(() => page.toasts().join()).toContain('The disk is full.');
    expect(page.session().status).toBe('signed_in');
  });
});

describe('without the server', () => {
  test('DK3 the password opens the last board for a person who has worked here', async () => {
    await workHere();
    cutOff();
    expect(await page.signIn(email, password)).toEqual({ kind: 'done' });
    expect(page.session()).toEqual({ status: 'signed_in', me, site: main, needs: 'server' });
    expect(page.desk()).toMatchObject({ personId: me.id, device: deskOnDisk()?.device });
    expect(await page.accessToken()).toBeNull();
  });

  test.each([
    ['nobody has worked here', 'nobody', () => desks.disk.clear()],
    ['it was too long ago', 'too_long_ago', () => vi.setSystemTime(Date.now() + 73 * hour)],
    [
      'the site has switched it off',
      'switched_off',
      () => Object.assign(deskOnDisk() ?? {}, { offline: null }),
    ],
    ['the desk cannot be read', 'unreadable', () => Object.assign(deskOnDisk() ?? {}, { broken: 'key' })],
    ['there is no board', 'no_board', () => Object.assign(deskOnDisk() ?? {}, { board: null })],
    ['the board is of another version', 'no_board', () => Object.assign(deskOnDisk() ?? {}, { board: '{}' })],
  ] as const)('DK3 the person cannot enter if %s', async (_why, why, happens) => {
    await workHere();
    cutOff();
    vi.useFakeTimers({ toFake: ['Date'] });
    happens();
    const answer = { result: 'impossible', why };
    expect(await page.signIn(email, password)).toEqual({ kind: 'not_let_in', answer });
    expect(page.session().status).toBe('locked');
    await expect.poll(() => desks.isOpen()).toBe(false);
  });

  test('DK3 a password that the server refuses does not unlock the desk', async () => {
    await workHere();
    override = ({ path }) => (path === '/auth/login' ? refused('unauthenticated', 401) : undefined);
    expect(await page.signIn(email, password)).toMatchObject({ kind: 'refused' });
    expect(desks.isOpen()).toBe(false);
  });

  test('DK4 each wrong password doubles the wait, also after a restart', async () => {
    await workHere();
    cutOff();
    vi.useFakeTimers({ toFake: ['Date'] });
    const attempt = () => page.signIn(email, 'a wrong password');
    expect(await attempt()).toEqual({ kind: 'not_let_in', answer: { result: 'wrong', waitMs: 1000 } });
    vi.setSystemTime(Date.now() + 1000);
    expect(await attempt()).toEqual({ kind: 'not_let_in', answer: { result: 'wrong', waitMs: 2000 } });
    page = await open();
    expect(await page.signIn(email, password)).toMatchObject({ answer: { result: 'wait' } });
    vi.setSystemTime(Date.now() + 2000);
    expect(await page.signIn(email, password)).toEqual({ kind: 'done' });
  });

  test('DK5 a restart within the lock time shows the board, and renews the session later', async () => {
    await page.signIn(email, password);
    await page.untilDeskOpens();
    await page.saveBoard();
    desks.restart();
    cutOff();
    page = await open({ refreshToken, email, usedAt: Date.now() });
    await page.resume();
    expect(page.session()).toMatchObject({ status: 'signed_in', needs: 'server' });
    reconnect();
    expect(await page.accessToken()).toBe('access');
    await page.reloadMe();
    expect(page.session()).toEqual({ status: 'signed_in', me, site: main });
    expect(page.stored.stored?.refreshToken).toBe(refreshToken);
  });

  test('DK5 resuming does not wait for a slow server', async () => {
    await page.signIn(email, password);
    await page.untilDeskOpens();
    await page.saveBoard();
    desks.restart();
    const { promise, resolve } = Promise.withResolvers<Answer>();
    override = () => promise;
    page = await open({ refreshToken, email, usedAt: Date.now() });
    // The desk stops waiting immediately; a request would wait for ten seconds.
    const patience = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    await page.resume();
    expect(patience).toHaveBeenCalledExactlyOnceWith(1_000);
    expect(page.session()).toMatchObject({ status: 'signed_in', needs: 'server' });
    patience.mockRestore();
    resolve('hang up');
  });

  test('DK5 a restart after the lock time asks for the password', async () => {
    await page.signIn(email, password);
    await page.untilDeskOpens();
    await page.saveBoard();
    cutOff();
    vi.useFakeTimers({ toFake: ['Date'] });
    const usedAt = Date.now();
    vi.setSystemTime(usedAt + 10 * 60_000);
    page = await open({ refreshToken, email, usedAt });
    await page.resume();
    expect(page.session()).toEqual({ status: 'signed_out', endReason: 'idle' });
    expect(desks.isOpen()).toBe(false);
  });
});

describe('a server that answers late', () => {
  /** Makes the server answer a sign-in only when the returned function is called. */
  function delaySignIn() {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    override = ({ path }) => (path === '/auth/login' ? promise : undefined);
    return () => resolve(answerToEntry({ path: '/auth/login', body: {} }, me, secret) ?? 'hang up');
  }
  const isSignedIn = () => expect(page.session()).toEqual({ status: 'signed_in', me, site: main });

  test('DK3 signs in the person who has unlocked the desk meanwhile, without another password', async () => {
    await workHere();
    page.pace.unlockAfterMs = 20;
    const answerNow = delaySignIn();
    expect(await page.signIn(email, password)).toEqual({ kind: 'done' });
    expect(page.session()).toMatchObject({ status: 'signed_in', needs: 'server' });
    // Everything else is answered meanwhile.
    page.expireToken();
    expect(page.session()).toMatchObject({ needs: 'password' });
    answerNow();
    await vi.waitFor(isSignedIn);
    expect(await page.accessToken()).toBe('access');
    await vi.waitFor(() => expect(countRequests(`/sites/${main.id}/devices`)).toBeGreaterThan(1));
    expect(page.desk()).not.toBeNull();
  });

  test.each([
    ['locked', () => page.lock(), 'locked'],
    ['left', () => page.signOut(), 'signed_out'],
  ])('DK3 does not sign in a person who has %s the desk again', async (_what, leave, status) => {
    await workHere();
    page.pace.unlockAfterMs = 20;
    const answerNow = delaySignIn();
    await page.signIn(email, password);
    await leave();
    answerNow();
    await vi.waitFor(() => expect(countRequests('/auth/logout')).toBe(2));
    expect(page.session().status).toBe(status);
    expect(await page.accessToken()).toBeNull();
    await vi.waitFor(() => expect(desks.isOpen()).toBe(false));
  });

  test('DK3 nobody is let in at the desk before the workspace is loaded', async () => {
    await workHere();
    page.pace.unlockAfterMs = 0;
    const answerNow = delaySignIn();
    const { promise, resolve } = Promise.withResolvers<void>();
    page.loadBeforeSignIn(() => promise);
    const entered = page.signIn(email, password);
    await vi.waitFor(() => expect(desks.isOpen()).toBe(true));
    expect(page.session().status).toBe('locked');
    resolve();
    expect(await entered).toEqual({ kind: 'done' });
    expect(page.session()).toMatchObject({ status: 'signed_in', needs: 'server' });
    answerNow();
    await vi.waitFor(isSignedIn);
  });

  test('DK3 a person who leaves before the answer is not let in, neither by the server nor at the desk', async () => {
    await workHere();
    const answerNow = delaySignIn();
    const entered = page.signIn(email, password);
    await vi.waitFor(() => expect(countRequests('/auth/login')).toBe(2));
    await page.signOut();
    answerNow();
    expect(await entered).toEqual({ kind: 'unreachable' });
    expect(page.session().status).toBe('signed_out');
    expect(desks.isOpen()).toBe(false);
  });

  test('DK6 is waited for at a desk that is open', async () => {
    await workHere();
    cutOff();
    await page.signIn(email, password);
    page.pace.unlockAfterMs = 0;
    const answerNow = delaySignIn();
    page.expireToken();
    const entered = page.signIn(email, password);
    await vi.waitFor(() => expect(countRequests('/auth/login')).toBe(3));
    answerNow();
    expect(await entered).toEqual({ kind: 'done' });
    isSignedIn();
  });
});

describe('when the server is back', () => {
  async function workWithoutServer() {
    await workHere();
    cutOff();
    await page.signIn(email, password);
    await desks.bridge.appendToLog([waitingRequest('Move Hip replacement to OR 2 10:00')]);
    reconnect();
    // The socket is refused.
    page.expireToken();
  }
  const login = (answer: Answer) => {
    override = ({ path }) => (path === '/auth/login' ? answer : undefined);
  };

  test('DK6 the session asks for the password, and keeps everything until then', async () => {
    await workWithoutServer();
    expect(page.session()).toEqual({ status: 'signed_in', me, site: main, needs: 'password' });
    expect(page.desk()).not.toBeNull();
    expect(await page.signIn(email, password)).toEqual({ kind: 'done' });
    expect(page.session()).toEqual({ status: 'signed_in', me, site: main });
    await expect.poll(() => countRequests(`/sites/${main.id}/devices`)).toBe(2);
    expect(deskOnDisk()?.records).toHaveLength(1);
  });

  test('DK6 a refused request for the person does not end the session', async () => {
    await workWithoutServer();
    override = ({ path }) => (path === '/me' ? refused('unauthenticated', 401) : undefined);
    expect(await page.reloadMe()).toBe(false);
    expect(page.session()).toMatchObject({ status: 'signed_in', needs: 'password' });
    expect(page.desk()).not.toBeNull();
  });

  test('DK6 an answer over HTTP also shows that the server is back', async () => {
    await workHere();
    cutOff();
    await page.signIn(email, password);
    override = ({ path }) => (path === '/me' ? refused('unauthenticated', 401) : undefined);
    expect(await page.reloadMe()).toBe(false);
    expect(page.session()).toMatchObject({ status: 'signed_in', needs: 'password' });
  });

  test('DK6 a session that ended meanwhile also asks for the password', async () => {
    await page.signIn(email, password);
    await page.untilDeskOpens();
    await page.saveBoard();
    cutOff();
    page = await open({ refreshToken, email, usedAt: Date.now() });
    await page.resume();
    override = ({ path }) => (path === '/auth/refresh' ? refused('unauthenticated', 401) : undefined);
    expect(await page.accessToken()).toBeNull();
    expect(page.session()).toMatchObject({ status: 'signed_in', needs: 'password' });
  });

  test('DK7 a refused password sends and deletes nothing; a new one opens the same desk', async () => {
    await workWithoutServer();
    login(refused('unauthenticated', 401));
    expect(await page.signIn(email, password)).toMatchObject({ kind: 'refused' });
    expect(page.session()).toMatchObject({ needs: 'password' });
    expect(page.desk()).not.toBeNull();
    override = () => undefined;
    await page.signIn(email, 'the new password');
    await expect.poll(() => deskOnDisk()?.offline?.password).toBe('the new password');
    expect(deskOnDisk()?.records).toHaveLength(1);
  });

  test('DK7 a person without a valid account sees the list before everything is deleted', async () => {
    await workWithoutServer();
    page.refuseDesk('account');
    await expect.poll(() => page.entryStore.getState().refused).toMatchObject({ why: 'account' });
    const { refused: list } = page.entryStore.getState();
    expect(list && page.unsentOf(list.desk).map(({ request }) => request.title)).toEqual([
      'Move Hip replacement to OR 2 10:00',
    ]);
    expect(desks.isOpen()).toBe(false);
    expect(deskOnDisk()).toBeDefined();
    await page.eraseRefused();
    expect(deskOnDisk()).toBeUndefined();
    expect(page.session().status).toBe('signed_out');
  });

  test('DK7 leaving the list deletes nothing', async () => {
    await workWithoutServer();
    page.refuseDesk('account');
    await expect.poll(() => page.entryStore.getState().refused).not.toBeNull();
    await page.keepRefused();
    expect(deskOnDisk()?.records).toHaveLength(1);
    expect(page.entryStore.getState().refused).toBeNull();
  });

  test.each([
    ['has lost the role at the site', [north], 'signed_in'],
    ['has lost all roles', [], 'signed_out'],
    ['has become a wall board there', [{ ...main, role: 'wall' }], 'signed_in'],
  ])('DK7 nothing is sent for a person who %s', async (_who, sites, status) => {
    await workWithoutServer();
    override = ({ path }) => (path === '/me' ? { status: 200, body: { ...me, sites } } : undefined);
    await page.signIn(email, password);
    await expect.poll(() => page.entryStore.getState().refused).toMatchObject({ why: 'role' });
    expect(page.session().status).toBe(status);
    await page.eraseRefused();
    expect(deskOnDisk()).toBeUndefined();
  });

  /** The server refuses the device of this desk from now on. */
  function retireDevice(): string | undefined {
    const device = deskOnDisk()?.device;
    override = ({ path, body }) =>
      path.endsWith('/devices') && (body as { id: string }).id === device
        ? refused('device_retired', 410)
        : undefined;
    return device;
  }

  test('DK7 a retired device shows its list, and a new desk begins', async () => {
    await workWithoutServer();
    const before = retireDevice();
    await page.signIn(email, password);
    await expect.poll(() => page.entryStore.getState().refused).toMatchObject({ why: 'retired' });
    await page.eraseRefused();
    await page.untilDeskOpens();
    expect(page.desk()?.device).not.toBe(before);
    expect(deskOnDisk()?.records).toEqual([]);
  });

  test('DK7 a retired device without requests is replaced silently', async () => {
    await page.signIn(email, password);
    await page.untilDeskOpens();
    await page.signOut();
    const before = retireDevice();
    await page.signIn(email, password);
    await expect.poll(() => page.desk()?.device).not.toBe(before);
    await page.untilDeskOpens();
    expect(page.toasts()).toEqual([]);
  });
});

test('DK9 an unreadable desk is replaced by a new one after it is set aside', async () => {
  await workHere();
  const before = deskOnDisk();
  Object.assign(before ?? {}, { broken: 'damaged' });
  await page.signIn(email, password);
  await expect.poll(() => page.entryStore.getState().unreadable).toMatchObject({ why: 'damaged' });
  expect(page.desk()).toBeNull();
  await page.setAside();
  await page.untilDeskOpens();
  expect(deskOnDisk()?.device).not.toBe(before?.device);
  expect([...desks.aside.values()]).toEqual([before]);
});
