import { protocolHeader, protocols, formatProtocols } from '@slate/shared/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bridge } from '../../../bridge.ts';
import { createBrowserShell, isCopiedTab } from './browser-shell.ts';

const session = { refreshToken: 'r'.repeat(43), email: 'kraus@demo.example', usedAt: 1_796_000_000_000 };
const goTo = (hash: string) => {
  location.hash = hash;
  window.dispatchEvent(new Event('hashchange'));
};

/** A fake of the Web Locks that detect copies: a tab has its lock until it closes. */
const locked = new Set<string>();
const locks = {
  request: (name: string, { signal }: { signal: AbortSignal }, untilReleased: () => Promise<never>) => {
    if (!locked.has(name)) {
      locked.add(name);
      return untilReleased();
    }
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  },
};
Object.defineProperty(navigator, 'locks', { value: locks });

const stops: (() => void)[] = [];
function listen(shell: Bridge, listener: (event: { caseId: string }) => void) {
  const stop = shell.on('openCase', listener);
  stops.push(stop);
  return stop;
}

beforeEach(() => {
  locked.clear();
  sessionStorage.clear();
  localStorage.clear();
  history.replaceState(null, '', '/');
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('the server of a browser is the origin of the page', async () => {
  vi.stubEnv('SLATE_VERSION', '1.2.3');
  expect(await createBrowserShell().start()).toEqual({
    server: location.origin,
    version: '1.2.3',
    workstation: 'Browser',
    restarted: false,
    policy: { isServerLocked: false, isWallBoard: false, site: null, idleMinutes: null, holdTime: null },
  });
  expect(await createBrowserShell().facts()).toMatchObject({
    version: '1.2.3',
    build: 'browser',
    electron: null,
    policy: { source: null, settings: [], refused: [] },
  });
});

describe('a session', () => {
  test('is not copied into a duplicated tab, and the first tab keeps it', async () => {
    const first = createBrowserShell();
    expect(await first.readSession()).toBeNull();
    await first.saveSession(session);
    expect(isCopiedTab()).toBe(false);
    // The first tab still has its lock.
    expect(await createBrowserShell().readSession()).toBeNull();
    expect(isCopiedTab()).toBe(true);
    expect(sessionStorage.getItem('slate.session')).toBeNull();
  });

  test('survives a reload of the tab, and is stored nowhere else', async () => {
    expect(await createBrowserShell().readSession()).toBeNull();
    expect(await createBrowserShell().saveSession(session)).toBe(true);
    locked.clear();
    expect(await createBrowserShell().readSession()).toEqual(session);
    expect(localStorage.length).toBe(0);
    sessionStorage.clear();
    expect(await createBrowserShell().readSession()).toBeNull();
  });

  test('can be deleted', async () => {
    const shell = createBrowserShell();
    await shell.saveSession(session);
    await shell.deleteSession();
    expect(await shell.readSession()).toBeNull();
    expect(sessionStorage.getItem('slate.session')).toBeNull();
  });

  test('of a wall board survives its tab, and is not used on other screens', async () => {
    goTo('#/wall');
    await createBrowserShell().saveSession(session);
    sessionStorage.clear();
    expect(await createBrowserShell().readSession()).toEqual(session);
    goTo('');
    expect(await createBrowserShell().readSession()).toBeNull();
    goTo('#/wall');
    await createBrowserShell().deleteSession();
    expect(localStorage.length).toBe(0);
  });

  test.each(['', 'null', '{', '{}', '{"refreshToken":"short","email":"a@b.example"}', '["a"]'])(
    'that is stored as %j is ignored',
    async (text) => {
      sessionStorage.setItem('slate.session', text);
      expect(await createBrowserShell().readSession()).toBeNull();
    },
  );
});

describe('a link to a case', () => {
  test('is reported on load, once', async () => {
    const caseId = crypto.randomUUID();
    goTo(`#/case/${caseId}`);
    const listener = vi.fn<(event: { caseId: string }) => void>();
    listen(createBrowserShell(), listener);
    await expect.poll(() => listener).toHaveBeenCalled();
    expect(listener.mock.calls).toEqual([[{ caseId }]]);
    expect(location.hash).toBe('');
  });

  test('is reported each time it is followed', () => {
    const listener = vi.fn<(event: { caseId: string }) => void>();
    const stop = listen(createBrowserShell(), listener);
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const caseId of [first, first, second]) goTo(`#/case/${caseId}`);
    expect(listener.mock.calls.map(([{ caseId }]) => caseId)).toEqual([first, first, second]);
    stop();
    goTo(`#/case/${first}`);
    expect(listener).toHaveBeenCalledTimes(3);
  });

  test('waits for a listener', async () => {
    const caseId = crypto.randomUUID();
    goTo(`#/case/${caseId}`);
    const stopped = vi.fn<() => void>();
    const listener = vi.fn<() => void>();
    const shell = createBrowserShell();
    shell.on('openCase', stopped)();
    await Promise.resolve();
    listen(shell, listener);
    await expect.poll(() => listener).toHaveBeenCalledWith({ caseId });
    expect(stopped).not.toHaveBeenCalled();
  });

  test.each(['#/case/', '#/case/../etc', `#/case/${crypto.randomUUID()}/x`, '#/wall', '#x', '#/case/%00'])(
    'that is malformed (%s) is ignored',
    async (hash) => {
      const listener = vi.fn<() => void>();
      listen(createBrowserShell(), listener);
      goTo(hash);
      await Promise.resolve();
      expect(listener).not.toHaveBeenCalled();
      expect(location.hash).toBe(hash);
    },
  );
});

test('the shell prints with the browser', async () => {
  const print = vi.fn<() => void>();
  vi.stubGlobal('print', print);
  await createBrowserShell().print();
  expect(print).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});

describe('NW4 a browser finds the cause of an outage', () => {
  const answer = (status: number, headers: Record<string, string>) => () =>
    Promise.resolve(new Response(status === 204 ? null : '<html>', { status, headers }));
  const slate = (lowest: number, highest: number) => ({
    [protocolHeader]: formatProtocols({ lowest, highest }),
  });
  const { highest } = protocols;
  const timeout = () => Promise.reject(new DOMException('Too late.', 'TimeoutError'));

  test.each<[string, () => Promise<Response>, object]>([
    ['Slate answers', answer(401, slate(highest, highest)), { result: 'ok' }],
    ['a newer Slate that speaks our version', answer(401, slate(highest, highest + 1)), { result: 'ok' }],
    [
      'a newer Slate without our version',
      answer(401, slate(highest + 1, highest + 1)),
      { result: 'other_version', console: highest, server: highest + 1 },
    ],
    ['a guest network', answer(200, { 'Content-Type': 'text/html' }), { why: 'other' }],
    ['a portal without a body', answer(204, {}), { why: 'other' }],
    ['a proxy whose server is down', answer(502, { 'Content-Type': 'text/html' }), { why: 'bad_gateway' }],
    ['a proxy whose server is silent', answer(504, {}), { why: 'bad_gateway' }],
    ['silence', timeout, { why: 'timeout' }],
    ['no connection', () => Promise.reject(new TypeError('Failed to fetch')), { why: 'unreachable' }],
  ])('%s', async (_, reply, trial) => {
    const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation(reply);
    expect(await createBrowserShell().tryServer(location.origin)).toMatchObject(trial);
    // A redirect to a sign-in page is not followed: it is an answer that is not from Slate.
    expect(fetching.mock.calls[0]?.[1]).toMatchObject({ redirect: 'manual', credentials: 'omit' });
  });
});

test('the shell of a browser cannot change the server', async () => {
  const shell = createBrowserShell();
  await expect(shell.useServer('https://slate.example')).rejects.toThrow('Only the desktop program');
});
