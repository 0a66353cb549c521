import { email, refresh } from '@slate/shared/contract/identity';
import { id } from '@slate/shared/fields';
import { z } from 'zod';
import type { Bridge, EventData } from '../../../bridge.ts';

declare global {
  interface ImportMetaEnv {
    /** The console's version, inserted by the build. */
    readonly SLATE_VERSION?: string;
  }
}

/** Whether the page was opened as a wall board. */
export const isWallPlace = () => location.hash === '#/wall';

const place = 'slate.session';
const tabPlace = 'slate.tab';
const kept = refresh.extend({ email, usedAt: z.int().nullable() });

/**
 * The shell in a browser: the server is the origin of the page. A session lasts as long as its tab; only a wall board
 * (`/#/wall`) stores it longer, so that a corridor screen comes back by itself after a power failure.
 */
export function createBrowserShell(): Bridge {
  const storage = () => (isWallPlace() ? localStorage : sessionStorage);
  let alone: Promise<void> | undefined;
  return {
    start: () =>
      Promise.resolve({
        server: location.origin,
        version: import.meta.env.SLATE_VERSION ?? '',
        restarted: false,
      }),
    tryServer: refuse,
    useServer: refuse,
    readSession: async () => {
      await (alone ??= detectCopy());
      return read(storage().getItem(place));
    },
    keepSession: (session) => {
      storage().setItem(place, JSON.stringify(session));
      return Promise.resolve(true);
    },
    dropSession: () => {
      storage().removeItem(place);
      return Promise.resolve();
    },
    deskDevice: refuse,
    openDesk: refuse,
    unlockDesk: () => Promise.resolve({ result: 'impossible', why: 'nobody' }),
    resumeDesk: () => Promise.resolve(null),
    closeDesk: () => Promise.resolve(),
    appendToLog: refuse,
    saveBoard: refuse,
    desks: () => Promise.resolve([]),
    setDeskAside: refuse,
    eraseDesk: refuse,
    // The page shows its own toasts; a browser notification would need a permission.
    notify: () => Promise.resolve(),
    print: () => {
      window.print();
      return Promise.resolve();
    },
    showLog: refuse,
    on: (name, listener) =>
      name === 'openCase' ? listenForCases(listener as (data: EventData<'openCase'>) => void) : () => {},
  };
}

/** How long an old page of this tab may take to release its lock after a reload. */
const patienceMs = 1_500;
let isCopy = false;
/** Whether this tab is a copy of one that is still open and signed in. */
export const isCopiedTab = () => isCopy;

/**
 * Duplicating a tab copies its storage. Two tabs that renew the same session would end it for both, and locking one
 * would lock the other, so the copy deletes its session. The original tab keeps a Web Lock while it is open, which is
 * how the copy finds out that it is one.
 */
async function detectCopy(): Promise<void> {
  const before = sessionStorage.getItem(tabPlace);
  if (before !== null && (await isMine(before))) return;
  isCopy = before !== null && sessionStorage.getItem(place) !== null;
  if (isCopy) sessionStorage.removeItem(place);
  const tab = crypto.randomUUID();
  sessionStorage.setItem(tabPlace, tab);
  await isMine(tab);
}

const isMine = (tab: string) =>
  new Promise<boolean>((resolve) => {
    const keepLock = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    navigator.locks
      .request(`${tabPlace} ${tab}`, { signal: AbortSignal.timeout(patienceMs) }, keepLock)
      .catch(() => resolve(false));
  });

const refuse = () => Promise.reject(new Error('Only the desktop program does that.'));

/** Stored data may come from another version or be tampered with. */
function read(text: string | null) {
  try {
    return kept.safeParse(JSON.parse(text ?? 'null')).data ?? null;
  } catch {
    return null;
  }
}

/** `/#/case/<id>`, on load and later. Removed from the address, so the same link works again and a reload doesn't reopen it. */
function listenForCases(listener: (data: EventData<'openCase'>) => void) {
  const look = () => {
    const caseId = id.safeParse(/^#\/case\/([^/]+)$/.exec(location.hash)?.[1]).data;
    if (caseId === undefined) return;
    history.replaceState(history.state, '', `${location.pathname}${location.search}`);
    listener({ caseId });
  };
  window.addEventListener('hashchange', look);
  let isListening = true;
  queueMicrotask(() => isListening && look());
  return () => {
    isListening = false;
    window.removeEventListener('hashchange', look);
  };
}
