/**
 * The desks of a browser, in its database. The key of the open desk is only in memory: a reload needs the server anyway, and the
 * server has the secret. A stored `CryptoKey` would be readable on the disk.
 */
import type { DeskOf, DeskStore } from '../../../bridge.ts';
import { deskKeys } from '../../../desk/desk-keys.ts';
import { bindingOf, card, createDeskStore, isNamed } from '../../../desk/desk-store.ts';
import type { KeysRead, Platform } from '../../../desk/desk-store.ts';
import { Refused } from '../../../refused.ts';
import { z } from 'zod';
import { answerOf, isDatabaseDeleted, transact } from './browser-database.ts';
import type { Stores } from './browser-database.ts';
import { takeLock } from './browser-locks.ts';
import { copyLog, countWaiting, deleteLogs, emptyLog, isUnused, openLog } from './browser-log.ts';
import { bytes, ciphers } from './browser-seal.ts';
import type { Cost } from './browser-seal.ts';

const placeOf = ({ personId, siteId }: DeskOf) => `${siteId}_${personId}`;

const storedKeys = deskKeys(bytes, { rounds: z.int().min(1).max(10_000_000) });

const readCard = async ({ cards }: Stores, place: string) => {
  const stored = card.safeParse(await answerOf<unknown>(cards.get(place))).data;
  return stored?.server === location.origin ? stored : null;
};
async function readKeys({ keys }: Stores, place: string): Promise<KeysRead<Cost>> {
  const stored = await answerOf<unknown>(keys.get(place));
  if (stored === undefined) return { kind: 'missing' };
  const read = storedKeys.safeParse(stored);
  return read.success ? { kind: 'keys', keys: read.data } : { kind: 'unreadable', why: 'key' };
}
/** The stores with one entry per desk. The log has its own. */
const single = ({ cards, keys, boards }: Stores) => [cards, keys, boards];

const read = <Result>(work: (stores: Stores) => Result | Promise<Result>) => transact('readonly', work);
const write = <Result>(work: (stores: Stores) => Result | Promise<Result>) => transact('readwrite', work);

const platform: Platform<CryptoKey, Cost> = {
  ciphers,
  server: () => location.origin,
  placeOf: (_server, of) => placeOf(of),
  own: async (place) => {
    const name = `slate.desk ${place}`;
    const release = await takeLock(name);
    if (release) return release;
    void waitForDesk(name);
    throw new Refused(alreadyOpen);
  },
  readCard: (place) => read((stores) => readCard(stores, place)),
  findCard: (place, create) =>
    write(async (stores) => {
      const existing = await readCard(stores, place);
      if (existing) return existing;
      const created = create(await readKeys(stores, place));
      stores.cards.put(created, place);
      return created;
    }),
  readKeys: (place) => read((stores) => readKeys(stores, place)),
  writeKeys: (place, keys) => write((stores) => void stores.keys.put(keys, place)),
  writeKeysAndCard: (place, keys, newCard) =>
    write((stores) => {
      stores.keys.put(keys, place);
      stores.cards.put(newCard, place);
    }),
  begin: async (place, key, keys, newCard) => {
    const writeEmptyLog = await emptyLog({ place, desk: bindingOf(newCard), key });
    await write((stores) => {
      writeEmptyLog(stores);
      stores.keys.put(keys, place);
      stores.cards.put(newCard, place);
    });
  },
  namedCards: () =>
    read(async ({ cards }) => {
      const [places, values] = await Promise.all([
        answerOf(cards.getAllKeys()),
        answerOf<unknown[]>(cards.getAll()),
      ]);
      return values.flatMap((value, at) => {
        const stored = card.safeParse(value).data;
        // A desk that was set aside has another place.
        return stored && isNamed(stored) && placeOf(stored) === places[at] ? [stored] : [];
      });
    }),
  openLog: (place, desk, key) => openLog({ place, desk, key }),
  isUnused: (place) => read((stores) => isUnused(stores, place)),
  countWaiting: (place) => read((stores) => countWaiting(stores, place)),
  readBoard: async (place) =>
    bytes.safeParse(await read(({ boards }) => answerOf<unknown>(boards.get(place)))).data ?? null,
  writeBoard: (place, sealed) => write(({ boards }) => void boards.put(sealed, place)),
  setAside: (place, aside) =>
    write(async (stores) => {
      for (const store of single(stores)) {
        const value = await answerOf<unknown>(store.get(place));
        if (value !== undefined) store.put(value, aside);
        store.delete(place);
      }
      await copyLog(stores, place, aside);
      deleteLogs(stores, place, place);
    }),
  erase: (place) =>
    write((stores) => {
      // The places of the desk and of its copies that were set aside are between `place` and this.
      const end = `${place}.\uffff`;
      for (const store of single(stores)) store.delete(IDBKeyRange.bound(place, end));
      deleteLogs(stores, place, end);
    }),
  nameOf: (place) => `the data of this browser (slate.desks, ${place})`,
  mayVanish: async () => !(await isPersistent()),
  keyring: {
    keep: () => {},
    read: () => null,
    // The page locks by itself when idle.
    isIdle: () => false,
    drop: () => {},
  },
  // The errors of the database are sentences already.
  refusalOf: (error) => error,
  report: (line, error) => console.info(line, error ?? ''),
};

export function createBrowserDesks(): DeskStore {
  const desks = createDeskStore(platform);
  return {
    ...desks,
    openDesk: (input) => {
      void isPersistent();
      return desks.openDesk(input);
    },
  };
}

/** Whether the browser has deleted all desks because it found them damaged. */
export const hasLostDesks = (): boolean => isDatabaseDeleted();

let onFree = () => {};
/** Calls back when another tab has released a desk that this tab wanted: it was closed or locked. */
export const listenForFreeDesk = (listener: () => void): (() => void) => {
  onFree = listener;
  return () => (onFree = () => {});
};

/** The locks that this tab waits for. */
const awaitedLocks = new Set<string>();
async function waitForDesk(name: string) {
  if (awaitedLocks.has(name)) return;
  awaitedLocks.add(name);
  await navigator.locks.request(name, () => {});
  awaitedLocks.delete(name);
  onFree();
}

/** Some browsers ask the person first. After this time, the answer counts as no. */
const patienceMs = 2_000;
let persistence: Promise<boolean> | undefined;
/** Whether the browser promises not to delete the desks by itself. Asks it once. */
const isPersistent = (): Promise<boolean> => (persistence ??= askForPersistence());

function askForPersistence(): Promise<boolean> {
  const timeout = new Promise<boolean>((resolve) => {
    setTimeout(resolve, patienceMs, false);
  });
  return Promise.race([navigator.storage.persist(), timeout]).catch(() => false);
}

const alreadyOpen =
  'Your desk is open in another tab of this browser. Work there, or close or lock that tab: then this one takes over.';
