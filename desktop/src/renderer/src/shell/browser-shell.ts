import { email, refresh } from '@slate/shared/contract/identity';
import { id } from '@slate/shared/fields';
import {
  areCompatible,
  isGatewayFailure,
  protocolHeader,
  protocols,
  readProtocols,
} from '@slate/shared/protocol';
import { z } from 'zod';
import type { Bridge, ConsolePolicy, ServerTrial } from '../../../bridge.ts';
import { createBrowserDesks } from './browser-desk.ts';
import { takeLock } from './browser-locks.ts';

declare global {
  interface ImportMetaEnv {
    /** The console's version, inserted by the build. */
    readonly SLATE_VERSION?: string;
  }
}

/** Whether the address is that of a wall board. */
export const isWallAddress = () => location.hash === '#/wall';

/** A link that works once: the set-up (`/#/set-up/…`) or an invitation (`/#/invitation/…`). */
export type EntranceLink = { readonly kind: 'set-up' | 'invitation'; readonly secret: string };

/** The link that opened this page; null: another address. */
export function linkInAddress(): EntranceLink | null {
  const [, kind, secret] = /^#\/(set-up|invitation)\/([\w-]{1,200})$/.exec(location.hash) ?? [];
  return kind === undefined || secret === undefined ? null : { kind: kind as EntranceLink['kind'], secret };
}

const sessionKey = 'slate.session';
const tabKey = 'slate.tab';
const storedSchema = refresh.extend({ email, usedAt: z.int().nullable() });

/** A policy is for the desktop program only. */
const noPolicy: ConsolePolicy = {
  isServerLocked: false,
  isWallBoard: false,
  site: null,
  idleMinutes: null,
  holdTime: null,
};

/**
 * The shell in a browser: the server is the origin of the page. A session lasts as long as its tab; only a wall board
 * (`/#/wall`) stores it longer, so that a corridor screen resumes by itself after a power failure.
 */
export function createBrowserShell(): Bridge {
  const storage = () => (isWallAddress() ? localStorage : sessionStorage);
  let copyCheck: Promise<void> | undefined;
  return {
    start: () =>
      Promise.resolve({
        server: location.origin,
        version: import.meta.env.SLATE_VERSION ?? '',
        workstation: 'Browser',
        restarted: false,
        policy: noPolicy,
      }),
    facts: () =>
      Promise.resolve({
        version: import.meta.env.SLATE_VERSION ?? '',
        build: 'browser',
        electron: null,
        system: navigator.userAgent,
        policy: { source: null, settings: [], refused: [] },
      }),
    copyText: (text) => navigator.clipboard.writeText(text),
    tryServer: tryOwnServer,
    useServer: refuse,
    readSession: async () => {
      await (copyCheck ??= discardCopiedSession());
      return read(storage().getItem(sessionKey));
    },
    saveSession: (session) => {
      storage().setItem(sessionKey, JSON.stringify(session));
      return Promise.resolve(true);
    },
    deleteSession: () => {
      storage().removeItem(sessionKey);
      return Promise.resolve();
    },
    ...createBrowserDesks(),
    // A browser gets the console of its server with every load.
    reportUse: () => Promise.resolve(),
    checkForUpdate: refuse,
    installUpdate: refuse,
    // The page shows its own toasts; a browser notification would need a permission.
    notify: () => Promise.resolve(),
    print: () => {
      window.print();
      return Promise.resolve();
    },
    saveFile: ({ name, text }) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text]));
      link.download = name;
      link.click();
      // The browser has its own reference by then.
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      return Promise.resolve(true);
    },
    showLog: refuse,
    on: (name, listener) => {
      if (name === 'openCase') return listenForLinks(links.openCase, listener as never);
      if (name === 'openPage') return listenForLinks(links.openPage, listener as never);
      return () => {};
    },
  };
}

let isCopy = false;
/** Whether this tab is a copy of one that is still open and signed in. */
export const isCopiedTab = () => isCopy;

/**
 * Duplicating a tab copies its storage. Two tabs that renew the same session would end it for both, and locking one
 * would lock the other, so the copy deletes its session. The original tab keeps a Web Lock while it is open; a tab that
 * cannot get the lock is a copy.
 */
async function discardCopiedSession(): Promise<void> {
  const storedTab = sessionStorage.getItem(tabKey);
  if (storedTab !== null && (await takeTabLock(storedTab))) return;
  isCopy = storedTab !== null && sessionStorage.getItem(sessionKey) !== null;
  if (isCopy) sessionStorage.removeItem(sessionKey);
  const tab = crypto.randomUUID();
  sessionStorage.setItem(tabKey, tab);
  await takeTabLock(tab);
}

const takeTabLock = async (tab: string) => (await takeLock(`${tabKey} ${tab}`)) !== null;

const trialMs = 5_000;

/** Checks whether Slate answers. A browser does not tell why a server cannot be reached. */
export async function tryOwnServer(address: string): Promise<ServerTrial> {
  const failed = (why: 'bad_gateway' | 'other' | 'timeout' | 'unreachable') =>
    ({ result: 'failed', why, detail: '' }) as const;
  try {
    const { headers, status } = await fetch(`${address}/healthz`, {
      // A redirect to the sign-in page of a guest network is an answer that is not from Slate.
      redirect: 'manual',
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(trialMs),
    });
    const serverProtocols = readProtocols(headers.get(protocolHeader) ?? '');
    if (!serverProtocols) return failed(isGatewayFailure(status) ? 'bad_gateway' : 'other');
    if (areCompatible(serverProtocols, protocols)) return { result: 'ok', address };
    return { result: 'other_version', console: protocols.highest, server: serverProtocols.highest };
  } catch (error) {
    return failed(error instanceof DOMException && error.name === 'TimeoutError' ? 'timeout' : 'unreachable');
  }
}

const refuse = () => Promise.reject(new Error('Only the desktop program does that.'));

/** Stored data may come from another version or be tampered with. */
function read(text: string | null) {
  try {
    return storedSchema.safeParse(JSON.parse(text ?? 'null')).data ?? null;
  } catch {
    return null;
  }
}

/** A link of this page: what follows `#/`. */
const links = {
  openCase: (hash: string) => {
    const caseId = id.safeParse(/^#\/case\/([^/]+)$/.exec(hash)?.[1]).data;
    return caseId === undefined ? null : { caseId };
  },
  openPage: (hash: string) => {
    const page = /^#\/administration\/([a-z]{1,40})$/.exec(hash)?.[1];
    return page === undefined ? null : { page };
  },
};

/**
 * Opens `/#/case/<id>` or `/#/administration/<page>`, on load and later. Clears the address, so that the link works again and a
 * reload doesn't reopen it.
 */
function listenForLinks<Data>(dataOf: (hash: string) => Data | null, listener: (data: Data) => void) {
  const check = () => {
    const data = dataOf(location.hash);
    if (data === null) return;
    history.replaceState(history.state, '', `${location.pathname}${location.search}`);
    listener(data);
  };
  window.addEventListener('hashchange', check);
  let isListening = true;
  queueMicrotask(() => isListening && check());
  return () => {
    isListening = false;
    window.removeEventListener('hashchange', check);
  };
}
