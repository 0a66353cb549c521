import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refused } from '../../../../test/refused.ts';
import { startFakeServer } from '../../../../test/fake-server.ts';
import type { Answer, ReceivedRequest, FakeServer } from '../../../../test/fake-server.ts';
import { stubWindow } from '../../../../test/window.ts';
import type { ConsolePolicy } from '../shell/shell.ts';
import type { Session } from './session.ts';

const email = 'kraus@demo.example';
const me = {
  id: randomUUID(),
  email,
  name: 'M. Kraus',
  sites: [
    { id: randomUUID(), name: 'Main', timeZone: 'America/Chicago', role: 'coordinator', surgeonIds: [] },
  ],
};
const refreshToken = (n: number) => `refresh-token-number-${n}`;

let server: FakeServer;
let issued: number;
let expiresIn: number;
/** Answers that a test replaces. */
let override: (request: ReceivedRequest) => Answer | Promise<Answer> | undefined;
let stub: ReturnType<typeof stubWindow>;

const countRequests = (path: string) => server.received.filter((request) => request.path === path).length;

async function open(stored: number | null = null, usedAt: number | null = Date.now()) {
  stub = stubWindow(stored === null ? null : { refreshToken: refreshToken(stored), email, usedAt });
  const [session, { resume }, client] = await Promise.all([
    import('./session.ts'),
    import('./desk-entry.ts'),
    import('../api/client.ts'),
  ]);
  client.connectClient({ server: server.url, token: session.accessToken, tokenRefused: session.expireToken });
  return {
    ...session,
    resume,
    call: client.call,
    status: () => session.sessionStore.getState().status,
  };
}

beforeEach(async () => {
  vi.resetModules();
  // The clock stands still.
  vi.useFakeTimers({ toFake: ['Date'] });
  issued = 0;
  expiresIn = 600;
  override = () => undefined;
  server = await startFakeServer((request) => {
    const other = override(request);
    if (other) return other;
    if (request.path === '/auth/login' || request.path === '/auth/refresh') {
      issued++;
      return {
        status: 200,
        body: { accessToken: `access-${issued}`, expiresIn, refreshToken: refreshToken(issued) },
      };
    }
    return request.path === '/me' ? { status: 200, body: me } : { status: 204 };
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await server.end();
  vi.unstubAllGlobals();
});

describe('a session', () => {
  test('begins with a password, and the shell stores its token', async () => {
    const { signIn, sessionStore } = await open();
    expect(await signIn(email, 'a long password')).toEqual({ kind: 'done' });
    expect(sessionStore.getState()).toMatchObject({ status: 'signed_in', site: { name: 'Main' } });
    expect(stub.session.stored).toMatchObject({ refreshToken: refreshToken(1), email });
  });

  test('resumes at the start, and stores the next token', async () => {
    const { resume, status } = await open(41);
    await resume();
    expect(status()).toBe('signed_in');
    expect(server.received[0]?.body).toEqual({ refreshToken: refreshToken(41) });
    expect(stub.session.stored?.refreshToken).toBe(refreshToken(1));
  });

  test('PK9 begins only when the workspace is loaded', async () => {
    const { signIn, resume, lock, status, loadBeforeSignIn } = await open(41);
    for (const enter of [resume, () => signIn(email, 'a long password')]) {
      const { promise, resolve } = Promise.withResolvers<void>();
      loadBeforeSignIn(() => promise);
      const before = status();
      const entered = enter();
      await expect
        .poll(() => countRequests('/auth/refresh') + countRequests('/auth/login'))
        .toBeGreaterThan(0);
      expect(status()).toBe(before);
      resolve();
      await entered;
      expect(status()).toBe('signed_in');
      await lock();
      server.received.length = 0;
    }
  });

  test('PK9 that cannot be resumed does not wait for the workspace', async () => {
    const { resume, status, loadBeforeSignIn } = await open();
    loadBeforeSignIn(() => new Promise(() => {}));
    await resume();
    expect(status()).toBe('signed_out');
  });

  const minutes = 60_000;
  test.each([
    ['just before it would have been locked', -10 * minutes + 1, 'signed_in'],
    ['when it would have been locked', -10 * minutes, 'signed_out'],
    ['a month later', -30 * 1440 * minutes, 'signed_out'],
    ['by a clock that was set back', 11 * minutes, 'signed_out'],
  ])('DT17 that is resumed %s', async (_, ago, expected) => {
    const { resume, sessionStore } = await open(41, Date.now() + ago);
    await resume();
    expect(sessionStore.getState()).toMatchObject({
      status: expected,
      ...(expected === 'signed_out' && { endReason: 'idle' }),
    });
    const isEnded = expected === 'signed_out';
    await expect.poll(() => countRequests('/auth/logout')).toBe(isEnded ? 1 : 0);
    expect(countRequests('/auth/refresh')).toBe(isEnded ? 0 : 1);
    expect(stub.session.stored === null).toBe(isEnded);
  });

  test('DT17 counts as used when a person acts, not when it is renewed', async () => {
    expiresIn = 0;
    const earlier = Date.now() - 5 * minutes;
    const { resume, call, touch } = await open(41, earlier);
    await resume();
    await call('me', {});
    expect(stub.session.stored).toEqual({ refreshToken: refreshToken(issued), email, usedAt: earlier });
    touch();
    expect(stub.session.stored?.usedAt).toBe(Date.now());
    expect(stub.session.stored?.refreshToken).toBe(refreshToken(issued));
  });

  test('DT17 of a wall board resumes at any time', async () => {
    override = ({ path }) => {
      const sites = me.sites.map((site) => ({ ...site, role: 'wall' }));
      return path === '/me' ? { status: 200, body: { ...me, sites } } : undefined;
    };
    const { signIn, resume, status } = await open();
    await signIn(email, 'a long password');
    expect(stub.session.stored?.usedAt).toBeNull();
    vi.setSystemTime(Date.now() + 30 * 1440 * minutes);
    await resume();
    expect(status()).toBe('signed_in');
  });

  test('is renewed with the stored token, which another screen may have renewed', async () => {
    expiresIn = 0;
    const { resume, call } = await open(41);
    await resume();
    stub.session.stored = { refreshToken: refreshToken(77), email, usedAt: null };
    await call('me', {});
    expect(server.received.findLast(({ path }) => path === '/auth/refresh')?.body).toEqual({
      refreshToken: refreshToken(77),
    });
    // The stored session belongs to another person.
    stub.session.stored = { refreshToken: refreshToken(99), email: 'wall@demo.example', usedAt: null };
    await call('me', {});
    expect(server.received.findLast(({ path }) => path === '/auth/refresh')?.body).not.toEqual({
      refreshToken: refreshToken(99),
    });
  });

  test('waits if the server is unreachable at the start, and keeps its token', async () => {
    const { resume, sessionStore } = await open(41);
    override = () => 'hang up';
    await resume();
    expect(sessionStore.getState()).toEqual({ status: 'starting', unreachable: true });
    expect(stub.session.stored?.refreshToken).toBe(refreshToken(41));
  });

  test('ends at the start if its token is refused', async () => {
    const { resume, sessionStore } = await open(41);
    override = () => refused('unauthenticated', 401);
    await resume();
    expect(sessionStore.getState()).toEqual({ status: 'signed_out', endReason: null });
    expect(stub.session.stored).toBeNull();
  });

  test('renews its token once for many requests at the same time', async () => {
    expiresIn = 30;
    const { signIn, call } = await open();
    await signIn(email, 'a long password');
    expiresIn = 600;
    const before = countRequests('/auth/refresh');
    await Promise.all([1, 2, 3].map(() => call('sites', {})));
    expect(countRequests('/auth/refresh')).toBe(before + 1);
    expect(server.received.filter(({ path }) => path === '/sites').map(({ token }) => token)).toEqual(
      Array.from({ length: 3 }, () => `access-${issued}`),
    );
  });

  test('renews a token that the server refuses, and repeats the request', async () => {
    const { signIn, call } = await open();
    await signIn(email, 'a long password');
    override = ({ token }) => (token === 'access-1' ? refused('unauthenticated', 401) : undefined);
    expect((await call('sites', {})).kind).toBe('done');
    expect(server.received.filter(({ path }) => path === '/sites').map(({ token }) => token)).toEqual([
      'access-1',
      'access-2',
    ]);
  });

  test('renews a refused token once, also if a refusal arrives late', async () => {
    const { signIn, call } = await open();
    await signIn(email, 'a long password');
    const { promise: delay, resolve: refuseNow } = Promise.withResolvers<void>();
    const refusal = refused('unauthenticated', 401);
    override = ({ path, token }) => {
      if (token !== 'access-1') return undefined;
      return path === '/me' ? delay.then(() => refusal) : refusal;
    };
    const late = call('me', {});
    await expect.poll(() => countRequests('/me')).toBe(2);
    expect((await call('sites', {})).kind).toBe('done');
    refuseNow();
    expect((await late).kind).toBe('done');
    expect(countRequests('/auth/refresh')).toBe(1);
  });

  test('resumes once, also if it is tried twice', async () => {
    const { resume, status } = await open(41);
    await Promise.all([resume(), resume()]);
    expect(status()).toBe('signed_in');
    expect(countRequests('/auth/refresh')).toBe(1);
  });

  test('ends with a reason when it is revoked', async () => {
    expiresIn = 30;
    const { signIn, call, sessionStore } = await open();
    override = ({ path }) => (path === '/auth/refresh' ? refused('unauthenticated', 401) : undefined);
    expiresIn = 600;
    await signIn(email, 'a long password');
    const { expireToken } = await import('./session.ts');
    expireToken();
    await call('sites', {});
    expect(sessionStore.getState()).toEqual({ status: 'signed_out', endReason: 'revoked' });
    expect(stub.session.stored).toBeNull();
  });

  test('continues only with the password after a lock', async () => {
    const { signIn, lock, accessToken, sessionStore } = await open();
    await signIn(email, 'a long password');
    await lock();
    expect(sessionStore.getState()).toEqual({ status: 'locked', person: { email, name: 'M. Kraus' } });
    expect(await accessToken()).toBeNull();
    expect(stub.session.stored).toBeNull();
    await expect.poll(() => countRequests('/auth/logout')).toBe(1);
  });

  test('continues as a new session while its password changes', async () => {
    const { signIn, changePassword, expireToken, accessToken, status } = await open();
    await signIn(email, 'a long password');
    let end = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const tokens = { accessToken: 'access-new', expiresIn: 600, refreshToken: refreshToken(77) };
    override = ({ path }) => {
      // The server has ended the old session already.
      if (path === '/auth/refresh') return refused('unauthenticated', 401);
      return path === '/auth/password' ? ended.then(() => ({ status: 200, body: tokens })) : undefined;
    };
    const changing = changePassword(email, 'a long password', 'another long password');
    await expect.poll(() => countRequests('/auth/password')).toBe(1);
    expireToken();
    const token = accessToken();
    end();
    expect(await changing).toEqual({ kind: 'done' });
    expect(await token).toBe('access-new');
    expect(status()).toBe('signed_in');
    expect(stub.session.stored?.refreshToken).toBe(refreshToken(77));
  });

  test('stays locked if it is locked while its password changes', async () => {
    const { signIn, changePassword, lock, accessToken, status } = await open();
    await signIn(email, 'a long password');
    let end = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const tokens = { accessToken: 'access-new', expiresIn: 600, refreshToken: refreshToken(77) };
    override = ({ path }) =>
      path === '/auth/password' ? ended.then(() => ({ status: 200, body: tokens })) : undefined;
    const changing = changePassword(email, 'a long password', 'another long password');
    await expect.poll(() => countRequests('/auth/password')).toBe(1);
    await lock();
    end();
    await changing;
    expect(status()).toBe('locked');
    expect(await accessToken()).toBeNull();
    expect(stub.session.stored).toBeNull();
    await expect
      .poll(() => server.received.filter(({ path }) => path === '/auth/logout').map((one) => one.body))
      .toContainEqual({ refreshToken: refreshToken(77) });
  });

  test('stays locked if it is locked while permissions are loaded', async () => {
    const { signIn, reloadMe, lock, status } = await open();
    await signIn(email, 'a long password');
    const { promise: answered, resolve: answerNow } = Promise.withResolvers<Answer>();
    override = ({ path }) => (path === '/me' ? answered : undefined);
    const reloading = reloadMe();
    await expect.poll(() => countRequests('/me')).toBe(2);
    await lock();
    answerNow({ status: 200, body: me });
    await reloading;
    expect(status()).toBe('locked');
  });

  test('is ignored if it cannot be read at the start', async () => {
    const { resume, sessionStore } = await open(41);
    vi.spyOn(window.slate ?? ({} as never), 'readSession').mockRejectedValue(new Error('disk broken'));
    await resume();
    expect(sessionStore.getState()).toEqual({ status: 'signed_out', endReason: null });
  });

  test('ends even if it cannot be deleted', async () => {
    const { signIn, signOut, status } = await open();
    await signIn(email, 'a long password');
    vi.spyOn(window.slate ?? ({} as never), 'deleteSession').mockRejectedValue(new Error('disk broken'));
    await signOut();
    expect(status()).toBe('signed_out');
    await expect.poll(() => countRequests('/auth/logout')).toBe(1);
  });

  test('lasts as long as the window if nothing can be stored', async () => {
    const { signIn, status } = await open();
    vi.spyOn(window.slate ?? ({} as never), 'saveSession').mockRejectedValue(new Error('disk full'));
    expect(await signIn(email, 'a long password')).toEqual({ kind: 'done' });
    expect(status()).toBe('signed_in');
  });

  test('does not begin without a role', async () => {
    const { signIn, sessionStore } = await open();
    override = ({ path }) => (path === '/me' ? { status: 200, body: { ...me, sites: [] } } : undefined);
    await signIn(email, 'a long password');
    expect(sessionStore.getState()).toEqual({ status: 'signed_out', endReason: 'no_site' });
  });
});

describe('FP12 a policy', () => {
  const main = { ...me.sites[0], id: randomUUID(), name: 'Main' };
  const north = { ...main, id: randomUUID(), name: 'North' };
  const openWith = async (policy: Partial<ConsolePolicy>, sites: unknown[] = [main, north]) => {
    override = ({ path }) => (path === '/me' ? { status: 200, body: { ...me, sites } } : undefined);
    const opened = await open();
    const { policyStore } = await import('./policy.ts');
    policyStore.setState(policy);
    await opened.signIn(email, 'a long password');
    return opened;
  };
  const nameOf = (session: Session) => (session.status === 'signed_in' ? session.site.name : session.status);

  test('that recommends a site opens it until a person has chosen another one', async () => {
    const policy = { site: { value: north.id, isLocked: false } };
    const { sessionStore, goToSite, signOut, signIn } = await openWith(policy);
    expect(nameOf(sessionStore.getState())).toBe('North');
    goToSite(main.id);
    await signOut();
    await signIn(email, 'a long password');
    expect(nameOf(sessionStore.getState())).toBe('Main');
  });

  test('that locks a site offers no other site', async () => {
    const { sessionStore, goToSite, isOpenHere } = await openWith({
      site: { value: north.id, isLocked: true },
    });
    expect(sessionStore.getState()).toMatchObject({ me: { sites: [{ name: 'North' }] } });
    goToSite(main.id);
    expect(nameOf(sessionStore.getState())).toBe('North');
    expect([isOpenHere(main.id), isOpenHere(north.id)]).toEqual([false, true]);
  });

  test('that locks a site refuses people without a role there', async () => {
    const { sessionStore } = await openWith({ site: { value: north.id, isLocked: true } }, [main]);
    expect(sessionStore.getState()).toEqual({ status: 'signed_out', endReason: 'other_site' });
    expect(stub.session.stored).toBeNull();
  });

  test.each([
    ['coordinator', { status: 'signed_out', endReason: 'wall_workstation' }],
    ['wall', { status: 'signed_in' }],
  ])('that makes the workstation a wall board decides about the role %s', async (role, session) => {
    const { sessionStore } = await openWith({ isWallBoard: true }, [{ ...main, role }]);
    expect(sessionStore.getState()).toMatchObject(session);
  });
});
