/**
 * The desks of a browser for the server of its page: who has one, and the one that is open in this tab. The page behaves as
 * with the desktop program. The key is in memory only: a reload needs the server anyway, and that has the secret. (What a
 * browser stores as a key is readable on its disk.)
 */
import {
  attemptPassword,
  canUnlock,
  deskIsReadable,
  deskLocked,
  registeredAgain,
  unlockUntil,
} from '@slate/shared/desk-rules';
import { id } from '@slate/shared/fields';
import { z } from 'zod';
import type {
  Desk,
  DeskOf,
  DeskStore,
  DeskSummary,
  OpenDeskInput,
  OpenDeskResult,
  UnlockDeskResult,
} from '../../../bridge.ts';
import { answerOf, Refused, transact } from './browser-database.ts';
import type { Stores } from './browser-database.ts';
import {
  areLimitsGenuine,
  bytes,
  deskKeys,
  newKey,
  openOffline,
  openOnline,
  wrapKey,
} from './browser-keys.ts';
import type { DeskKeys } from './browser-keys.ts';
import { takeLock } from './browser-locks.ts';
import { copyLog, countWaiting, deleteLogs, emptyLog, isUnused, openLog, timeNow } from './browser-log.ts';
import type { DeskLog } from './browser-log.ts';
import { importKey, seal, textBytes, textOf, unseal } from './browser-seal.ts';
import type { Bytes } from './browser-seal.ts';

/** The part of a desk that can be read without its key. The names are missing until it is first opened. */
const card = z.strictObject({
  personId: id,
  siteId: id,
  device: id,
  names: z.strictObject({ email: z.string(), name: z.string(), siteName: z.string() }).nullable(),
});
type Card = z.infer<typeof card>;
type Named = Card & { names: NonNullable<Card['names']> };
const isNamed = (found: Card): found is Named => found.names !== null;

type Open = { card: Named; place: string; key: CryptoKey; log: DeskLog; release: () => void };

const placeOf = ({ personId, siteId }: DeskOf) => `${siteId}_${personId}`;
/** Everything of a desk, also what was put aside, is from its place to here. */
const lastOf = (place: string) => `${place}.\uffff`;
const bindingOf = ({ personId, siteId, device }: Card) =>
  `slate desk 1 ${location.origin} ${personId} ${siteId} ${device}`;
const aboutBoard = (desk: string) => textBytes(`${desk} board`);
const keptAs = (name: string) => `the data of this browser (slate.desks, ${name})`;

const readCard = async ({ cards }: Stores, place: string) =>
  card.safeParse(await answerOf<unknown>(cards.get(place))).data ?? null;

type KeysRead = { kind: 'keys'; keys: DeskKeys } | { kind: 'missing' } | { kind: 'unreadable' };
async function readKeys({ keys }: Stores, place: string): Promise<KeysRead> {
  const stored = await answerOf<unknown>(keys.get(place));
  if (stored === undefined) return { kind: 'missing' };
  const read = deskKeys.safeParse(stored);
  return read.success ? { kind: 'keys', keys: read.data } : { kind: 'unreadable' };
}
const storeKeys = (place: string, value: DeskKeys) =>
  transact('readwrite', ({ keys }) => void keys.put(value, place));

export function createBrowserDesks(): DeskStore {
  let open: Open | null = null;
  /** The desks that could not be opened since the page was loaded. */
  const unreadable = new Set<string>();

  let last: Promise<unknown> = Promise.resolve();
  /** One thing after the other: two attempts with a password, say, must not share one count. */
  function inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const next = last.then(act);
    last = next.catch(() => {});
    return next;
  }

  let savingBoard: Promise<unknown> = Promise.resolve();
  /** Forgets the key at once. Resolves when another tab may open the desk. */
  async function forget() {
    const forgotten = open;
    open = null;
    if (!forgotten) return;
    await Promise.all([forgotten.log.close(), savingBoard]);
    forgotten.release();
  }

  /** Runs with the desk as this tab's own. It stays so if the desk is open afterwards. */
  async function asOwner<Result>(place: string, act: (release: () => void) => Promise<Result>) {
    const release = await takeLock(`slate.desk ${place}`);
    if (!release) throw new Refused(alreadyOpen);
    try {
      return await act(release);
    } finally {
      if (open?.release !== release) release();
    }
  }

  /** Null: the log is not that of this desk, or is gone. */
  async function openWith(key: CryptoKey, found: Named, place: string, release: () => void) {
    const log = await openLog({ place, desk: bindingOf(found), key });
    if (!log) return null;
    open = { card: found, place, key, log, release };
    return describe(open);
  }

  async function describe({ card: found, place, key, log }: Open): Promise<Desk> {
    const sealed = await transact('readonly', ({ boards }) => answerOf<unknown>(boards.get(place)));
    const known = bytes.safeParse(sealed).data;
    const board = known ? await unseal(key, aboutBoard(bindingOf(found)), known) : null;
    const { personId, siteId, device, names } = found;
    return {
      personId,
      siteId,
      ...names,
      device,
      records: log.records(),
      damage: log.damage,
      board: board && textOf(board),
      keyInSafe: false,
    };
  }

  function cannotOpen(place: string, why: 'key' | 'damaged') {
    unreadable.add(place);
    return { result: 'unreadable', why, kept: keptAs(place) } as const;
  }

  async function openDesk(input: OpenDeskInput): Promise<OpenDeskResult> {
    const { personId, siteId, email, name, siteName, device } = input;
    const place = placeOf(input);
    const known = await transact('readonly', (stores) => readCard(stores, place));
    const readNow = () => transact('readonly', (stores) => readKeys(stores, place));
    if (known?.device !== device) throw new Refused(registeredAgain);
    const found: Named = { personId, siteId, device, names: { email, name, siteName } };

    if (open?.place === place) {
      // It was unlocked without the server, and may be in use: it stays open.
      const opened = open;
      const read = await readNow();
      const raw = read.kind === 'keys' ? await keyIn(read.keys, found, input) : null;
      if (raw && read.kind === 'keys') await renewKeys(found, input, raw, opened.key, read.keys);
      return { result: 'opened', desk: await describe(opened), mayVanish: false };
    }
    await forget();
    return asOwner(place, async (release) => {
      const read = await readNow();
      if (read.kind === 'unreadable') return cannotOpen(place, 'key');
      if (read.kind === 'missing') {
        if (!(await transact('readonly', (stores) => isUnused(stores, place))))
          return cannotOpen(place, 'key');
        const begun = await begin(found, input, release);
        return begun
          ? { result: 'opened', desk: begun, mayVanish: !(await isPersistent()) }
          : cannotOpen(place, 'damaged');
      }
      const raw = await keyIn(read.keys, found, input);
      if (!raw) return cannotOpen(place, 'key');
      const key = await importKey(raw);
      const opened = await openWith(key, found, place, release);
      if (!opened) return cannotOpen(place, 'damaged');
      unreadable.delete(place);
      await renewKeys(found, input, raw, key, read.keys);
      return { result: 'opened', desk: opened, mayVanish: false };
    });
  }

  /** A server that was set up anew gives another secret; the password still opens the desk. */
  async function keyIn(keys: DeskKeys, found: Card, { secret, password }: OpenDeskInput) {
    const desk = bindingOf(found);
    const raw = await openOnline(keys, desk, secret);
    if (raw || password === null) return raw;
    return (await tryPassword(placeOf(found), keys, desk, password)).key;
  }

  async function begin(found: Named, input: OpenDeskInput, release: () => void) {
    const [desk, place] = [bindingOf(found), placeOf(found)];
    const raw = newKey();
    const key = await importKey(raw);
    const keys = await wrapKey({ ...input, raw, key, desk, before: null });
    raw.fill(0);
    const writeEmptyLog = await emptyLog({ place, desk, key });
    await transact('readwrite', (stores) => {
      writeEmptyLog(stores);
      stores.keys.put(keys, place);
      stores.cards.put(found, place);
    });
    return openWith(key, found, place, release);
  }

  /** With a full disk, the person still sees the desk, and the last password still opens it. */
  async function renewKeys(
    found: Named,
    input: OpenDeskInput,
    raw: Bytes,
    key: CryptoKey,
    before: DeskKeys,
  ): Promise<void> {
    const place = placeOf(found);
    try {
      const keys = await wrapKey({ ...input, raw, key, desk: bindingOf(found), before });
      await transact('readwrite', (stores) => {
        stores.keys.put(keys, place);
        stores.cards.put(found, place);
      });
    } catch {
      // The reason was logged.
    } finally {
      raw.fill(0);
    }
  }

  const tryPassword = (place: string, keys: DeskKeys, desk: string, password: string) =>
    attemptPassword(
      keys.failures,
      (failures) => storeKeys(place, { ...keys, failures }),
      () => openOffline(keys, desk, password),
    );

  /** The desks that were opened at least once. */
  const namedDesks = async (stores: Stores) => {
    const [places, values] = await Promise.all([
      answerOf(stores.cards.getAllKeys()),
      answerOf<unknown[]>(stores.cards.getAll()),
    ]);
    return values.flatMap((value, at) => {
      const found = card.safeParse(value).data;
      // A desk that was set aside has another place.
      return found && isNamed(found) && placeOf(found) === places[at] ? [found] : [];
    });
  };

  async function unlockDesk(email: string, password: string): Promise<UnlockDeskResult> {
    const impossible = (why: 'nobody' | 'too_long_ago' | 'switched_off' | 'unreadable') =>
      ({ result: 'impossible', why }) as const;
    const theirs = await transact('readonly', async (stores) => {
      const named = (await namedDesks(stores)).filter(({ names }) => names.email === email);
      return Promise.all(
        named.map(async (found) => ({ found, read: await readKeys(stores, placeOf(found)) })),
      );
    });
    if (theirs.length === 0) return impossible('nobody');
    const readable = theirs.flatMap(({ found, read }) =>
      read.kind === 'keys' ? [{ found, keys: read.keys }] : [],
    );
    // Of several sites, the one of the last sign-in.
    const latest = readable.toSorted((a, b) => signedInAt(b.keys) - signedInAt(a.keys))[0];
    if (!latest) return impossible('unreadable');
    if (latest.keys.offlineHours === 0) return impossible('switched_off');
    if (!latest.keys.offline) return impossible('nobody');
    if (!canUnlock(latest.keys, Date.now())) return impossible('too_long_ago');
    await forget();
    const place = placeOf(latest.found);
    return asOwner(place, async (release) => {
      const desk = bindingOf(latest.found);
      // Only now nobody else counts attempts.
      const read = await transact('readonly', (stores) => readKeys(stores, place));
      if (read.kind !== 'keys') return impossible('unreadable');
      const attempt = await tryPassword(place, read.keys, desk, password);
      if (!attempt.key) return { result: attempt.result, waitMs: attempt.waitMs };
      const key = await importKey(attempt.key);
      attempt.key.fill(0);
      const isGenuine = await areLimitsGenuine(read.keys, desk, key);
      const opened = isGenuine ? await openWith(key, latest.found, place, release) : null;
      if (opened) return { result: 'opened', desk: opened };
      cannotOpen(place, 'damaged');
      return impossible('unreadable');
    });
  }

  function current(): Open {
    if (!open) throw new Refused(deskLocked);
    return open;
  }

  return {
    deskDevice: (of) =>
      inTurn(() =>
        transact('readwrite', async (stores) => {
          const place = placeOf(of);
          const known = await readCard(stores, place);
          if (known) return known.device;
          const read = await readKeys(stores, place);
          const device = read.kind === 'keys' ? read.keys.device : crypto.randomUUID();
          stores.cards.put({ personId: of.personId, siteId: of.siteId, device, names: null }, place);
          return device;
        }),
      ),
    openDesk: (input) =>
      inTurn(() => {
        void isPersistent();
        return openDesk(input);
      }),
    unlockDesk: ({ email, password }) => inTurn(() => unlockDesk(email, password)),
    // The page itself locks when nobody uses it.
    resumeDesk: () => inTurn(() => Promise.resolve(open && describe(open))),
    closeDesk: async () => {
      await forget();
      // Also what is being opened just now.
      await inTurn(forget);
    },
    appendToLog: async (records) => current().log.append(records),
    saveBoard: async (board) => {
      const { card: saved, place, key } = current();
      const sealing = seal(key, aboutBoard(bindingOf(saved)), textBytes(board));
      const write = async () => {
        const sealed = await sealing;
        await transact('readwrite', ({ boards }) => void boards.put(sealed, place));
      };
      const saving = savingBoard.then(write);
      savingBoard = saving.catch(() => {});
      await saving;
    },
    desks: () =>
      inTurn(() =>
        transact('readonly', async (stores) => {
          const found = await namedDesks(stores);
          return Promise.all(found.map((each) => summarize(stores, each)));
        }),
      ),
    setDeskAside: (of) =>
      inTurn(() => {
        const place = placeOf(of);
        if (!unreadable.has(place)) throw new Refused(deskIsReadable);
        return asOwner(place, async () => {
          const kept = `${place}.aside-${timeNow()}`;
          await transact('readwrite', async (stores) => {
            for (const store of [stores.cards, stores.keys, stores.boards]) {
              const value = await answerOf<unknown>(store.get(place));
              if (value !== undefined) store.put(value, kept);
              store.delete(place);
            }
            await copyLog(stores, place, kept);
            deleteLogs(stores, place, place);
          });
          unreadable.delete(place);
          return { kept: keptAs(kept) };
        });
      }),
    eraseDesk: (of) =>
      inTurn(async () => {
        const place = placeOf(of);
        if (open?.place === place) await forget();
        await asOwner(place, () =>
          transact('readwrite', (stores) => {
            for (const store of [stores.cards, stores.keys, stores.boards])
              store.delete(IDBKeyRange.bound(place, lastOf(place)));
            deleteLogs(stores, place, lastOf(place));
          }),
        );
        unreadable.delete(place);
      }),
  };

  async function summarize(stores: Stores, { personId, siteId, names }: Named): Promise<DeskSummary> {
    const place = placeOf({ personId, siteId });
    const [read, waiting] = await Promise.all([readKeys(stores, place), countWaiting(stores, place)]);
    const isReadable = read.kind === 'keys' && waiting !== null;
    const until = read.kind === 'keys' ? unlockUntil(read.keys) : null;
    return {
      personId,
      siteId,
      ...names,
      waiting: waiting ?? 0,
      canUnlock: isReadable && read.kind === 'keys' && canUnlock(read.keys, Date.now()),
      unlockUntil: until === null ? null : new Date(until).toISOString(),
      isReadable,
    };
  }
}

const signedInAt = ({ offline }: DeskKeys) => offline?.signedInAt ?? 0;

/** Some browsers ask the person, and answer only then. */
const patienceMs = 2_000;
let persistence: Promise<boolean> | undefined;
/** Whether the browser promises not to delete the desks by itself. It is asked for once. */
function isPersistent(): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => {
    setTimeout(resolve, patienceMs, false);
  });
  persistence ??= Promise.race([navigator.storage.persist(), late]).catch(() => false);
  return persistence;
}

const alreadyOpen =
  'Your desk is open in another tab of this browser. Work there, or close that tab and reload this page.';
