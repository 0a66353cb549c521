import { email, refresh } from '@slate/shared/contract/identity';
import { id } from '@slate/shared/fields';
import { z } from 'zod';
import type { Bridge, Tiding } from '../../../bridge.ts';

declare global {
  interface ImportMetaEnv {
    /** Of this console, put in when it is built. */
    readonly SLATE_VERSION?: string;
  }
}

/** A screen that was opened as a wall board. */
export const isWallPlace = () => location.hash === '#/wall';

const place = 'slate.session';
const tabPlace = 'slate.tab';
const kept = refresh.extend({ email, usedAt: z.int().nullable() });

/**
 * A browser: the server is where the page came from. A session lasts as long as its tab; only a screen that was
 * opened as a wall board (`/#/wall`) keeps it, so that a corridor screen comes back by itself after a power cut.
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
      await (alone ??= tellCopy());
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
    // The page says it by itself, and a browser has no other place to say it without asking first.
    notify: () => Promise.resolve(),
    print: () => {
      window.print();
      return Promise.resolve();
    },
    showLog: refuse,
    on: (name, listener) =>
      name === 'openCase' ? listenForCases(listener as (told: Tiding<'openCase'>) => void) : () => {},
  };
}

/** How long a tab may take to go once it is loaded again. */
const patienceMs = 1_500;
let isCopy = false;
/** This tab was made from another one that is still open and signed in. */
export const isCopiedTab = () => isCopy;

/**
 * A browser that duplicates a tab copies what the tab has kept. Two that renew the same session would end it for both,
 * and one that locks would lock out the other: the copy forgets the session, and the first keeps it. A tab is told
 * from its copy by a lock that it holds for as long as it is open.
 */
async function tellCopy(): Promise<void> {
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
    const hold = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    navigator.locks
      .request(`${tabPlace} ${tab}`, { signal: AbortSignal.timeout(patienceMs) }, hold)
      .catch(() => resolve(false));
  });

const refuse = () => Promise.reject(new Error('Only the desktop program does that.'));

/** What lies in a storage may be of another version, or somebody's doing. */
function read(text: string | null) {
  try {
    return kept.safeParse(JSON.parse(text ?? 'null')).data ?? null;
  } catch {
    return null;
  }
}

/** `/#/case/<id>`, on arrival and later. It is taken out of the address: the same link works again, and a reload goes nowhere. */
function listenForCases(listener: (told: Tiding<'openCase'>) => void) {
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
