/**
 * The desks of a workstation, one of which can be open: the rules of opening, unlocking, setting aside and erasing them. The
 * desktop program and the browser each provide a `Platform`: files or a database, ciphers, locks and a keyring.
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
import type { QueueRecord } from '@slate/shared/queue';
import { z } from 'zod';
import type {
  Damage,
  Desk,
  DeskOf,
  DeskStore,
  DeskSummary,
  OpenDeskInput,
  OpenDeskResult,
  UnlockDeskResult,
} from '../bridge.ts';
import { Refused } from '../refused.ts';
import {
  areLimitsGenuine,
  newKey,
  openOffline,
  openOnline,
  textBytes,
  textOf,
  wrapKey,
} from './desk-keys.ts';
import type { Bytes, Ciphers, DeskKeys } from './desk-keys.ts';

/** The part of a desk that can be read without its key. The names are missing until it is first opened. */
export const card = z.strictObject({
  server: z.string(),
  personId: id,
  siteId: id,
  device: id,
  names: z.strictObject({ email: z.string(), name: z.string(), siteName: z.string() }).nullable(),
});
export type Card = z.infer<typeof card>;
/** A desk that was opened at least once. */
export type NamedCard = Card & { names: NonNullable<Card['names']> };

/** Binds everything that is encrypted at a desk to this desk. */
export const bindingOf = ({ server, personId, siteId, device }: Card): string =>
  `slate desk 1 ${server} ${personId} ${siteId} ${device}`;

export type DeskLog = {
  records(): readonly QueueRecord[];
  readonly damage: Damage | null;
  /** Resolves when the records are on the disk. Otherwise it throws `Refused`, and none of them counts. */
  append(records: readonly QueueRecord[]): Promise<void>;
  /** Refuses appends that have not begun, and resolves when the others are done. Then the key is no longer used. */
  close(): Promise<void>;
};

export type KeysRead<Cost> =
  | { kind: 'keys'; keys: DeskKeys<Cost> }
  | { kind: 'missing' }
  | { kind: 'unreadable'; why: 'key' | 'safe' };

type Awaitable<Value> = Promise<Value> | Value;

/** A `place` is the name of a desk's folder, or of its entries in the database. */
export type Platform<Key, Cost> = {
  ciphers: Ciphers<Key, Cost>;
  /** The server whose desks these are. */
  server(): string;
  placeOf(server: string, of: DeskOf): string;
  /** Makes this program or tab the only user of the desk, or refuses. Returns a function that ends that. */
  own(place: string): Promise<() => void>;

  readCard(place: string): Awaitable<Card | null>;
  /** The card of this desk, created if there is none. */
  findCard(place: string, create: (keys: KeysRead<Cost>) => Card): Promise<Card>;
  readKeys(place: string): Awaitable<KeysRead<Cost>>;
  writeKeys(place: string, keys: DeskKeys<Cost>): Promise<void>;
  writeKeysAndCard(place: string, keys: DeskKeys<Cost>, card: Card): Promise<void>;
  /** Writes an empty log, then keys and card: later, keys without a log mean that somebody deleted it. */
  begin(place: string, key: Key, keys: DeskKeys<Cost>, card: Card): Promise<void>;
  namedCards(server: string): Awaitable<NamedCard[]>;

  /** Null: the log belongs to another desk, or is missing. */
  openLog(place: string, desk: string, key: Key): Promise<DeskLog | null>;
  /** Whether nothing was ever written to its log. */
  isUnused(place: string): Awaitable<boolean>;
  /** How many requests wait, without the key; null: there is no log. */
  countWaiting(place: string): Awaitable<number | null>;
  readBoard(place: string): Awaitable<Bytes | null>;
  writeBoard(place: string, sealed: Bytes): Promise<void>;

  setAside(place: string, aside: string): Promise<void>;
  /** Deletes the desk and its copies that were set aside. */
  erase(place: string): Promise<void>;
  /** Describes the place to people. */
  nameOf(place: string): string;
  /** Whether the browser may delete a new desk by itself. */
  mayVanish(): Awaitable<boolean>;

  /** Stores the key of the open desk for a restart within the lock time. */
  keyring: {
    keep(card: Card, key: Key): void;
    /** Null: there is none, or nobody has used the desk for this long. */
    read(idleMs: number): { server: string; of: DeskOf; raw: Bytes } | null;
    /** Whether nobody has used the open desk for this long. */
    isIdle(idleMs: number): boolean;
    drop(): void;
  };
  /** Turns an error of the disk into a sentence, and returns other errors unchanged. */
  refusalOf(error: unknown): unknown;
  report(line: string, error?: unknown): void;
};

type Open<Key> = {
  card: NamedCard;
  place: string;
  key: Key;
  log: DeskLog;
  release: () => void;
};

export function createDeskStore<Key, Cost>(platform: Platform<Key, Cost>): DeskStore {
  const { ciphers, keyring } = platform;
  let open: Open<Key> | null = null;
  /** The desks that could not be opened since the start. */
  const unreadable = new Set<string>();

  let lastOperation: Promise<unknown> = Promise.resolve();
  /** Runs one operation at a time: two attempts with a password, for example, must not share one count. */
  function inTurn<Result>(operation: () => Promise<Result>): Promise<Result> {
    const result = lastOperation.then(operation).catch((error: unknown) => {
      throw platform.refusalOf(error);
    });
    lastOperation = result.catch(() => {});
    return result;
  }

  const placeOf = (of: DeskOf) => platform.placeOf(platform.server(), of);

  let savingBoard: Promise<unknown> = Promise.resolve();
  let closing: Promise<unknown> = Promise.resolve();
  /** Removes the key from memory at once. Resolves when others can open the desk. */
  async function forget() {
    const desk = open;
    open = null;
    if (desk) {
      const writing = [closing, desk.log.close(), savingBoard];
      closing = Promise.allSettled(writing).then(() => desk.release());
      ciphers.wipe(desk.key);
    }
    try {
      keyring.drop();
    } finally {
      await closing;
    }
  }

  /** Runs as the only user of the desk, and stays the only user if the desk is open afterwards. */
  async function asOwner<Result>(place: string, operation: (release: () => void) => Promise<Result>) {
    const release = await platform.own(place);
    try {
      return await operation(release);
    } finally {
      if (open?.release !== release) release();
    }
  }

  /** Null: the log belongs to another desk, or is missing. */
  async function openWith(raw: Bytes, deskCard: NamedCard, place: string, release: () => void) {
    const key = await ciphers.importKey(raw);
    let log: DeskLog | null = null;
    try {
      log = await platform.openLog(place, bindingOf(deskCard), key);
    } finally {
      if (!log) ciphers.wipe(key);
    }
    if (!log) return null;
    keyring.keep(deskCard, key);
    open = { card: deskCard, place, key, log, release };
    unreadable.delete(place);
    return describe(open);
  }

  async function describe({ card: deskCard, place, key, log }: Open<Key>): Promise<Desk> {
    const { personId, siteId, device, names } = deskCard;
    const sealed = await platform.readBoard(place);
    const board = sealed && (await ciphers.unseal(key, aboutBoard(deskCard), sealed));
    return {
      personId,
      siteId,
      ...names,
      device,
      records: log.records(),
      damage: log.damage,
      board: board && textOf(board),
    };
  }

  function cannotOpen(place: string, why: 'key' | 'safe' | 'damaged') {
    const location = platform.nameOf(place);
    unreadable.add(place);
    platform.report(`A desk cannot be opened (${why}). It is in ${location}.`);
    return { result: 'unreadable', why, location } as const;
  }

  async function openDesk(input: OpenDeskInput): Promise<OpenDeskResult> {
    const { personId, siteId, email, name, siteName, device } = input;
    const server = platform.server();
    const place = platform.placeOf(server, input);
    if ((await platform.readCard(place))?.device !== device) throw new Refused(registeredAgain);
    const deskCard: NamedCard = { server, personId, siteId, device, names: { email, name, siteName } };
    if (open?.place === place) {
      // It was unlocked without the server and may be in use, so it stays open.
      const opened = open;
      const read = await platform.readKeys(place);
      const before = read.kind === 'keys' ? read.keys : null;
      const raw = ciphers.exportKey(opened.key) ?? (before && (await keyIn(before, deskCard, input)));
      if (raw) await renewKeys(place, deskCard, input, raw, before).finally(() => raw.fill(0));
      return { result: 'opened', desk: await describe(opened), mayVanish: false };
    }
    await forget();
    return asOwner(place, async (release) => {
      const read = await platform.readKeys(place);
      if (read.kind === 'unreadable') return cannotOpen(place, read.why);
      if (read.kind === 'missing') {
        if (!(await platform.isUnused(place))) return cannotOpen(place, 'key');
        const desk = await begin(place, deskCard, input, release);
        return desk
          ? { result: 'opened', desk, mayVanish: await platform.mayVanish() }
          : cannotOpen(place, 'damaged');
      }
      const raw = await keyIn(read.keys, deskCard, input);
      if (!raw) return cannotOpen(place, 'key');
      try {
        const desk = await openWith(raw, deskCard, place, release);
        if (!desk) return cannotOpen(place, 'damaged');
        await renewKeys(place, deskCard, input, raw, read.keys);
        return { result: 'opened', desk, mayVanish: false };
      } finally {
        raw.fill(0);
      }
    });
  }

  /** A server that was set up anew gives another secret; the password still opens the desk. */
  async function keyIn(keys: DeskKeys<Cost>, deskCard: Card, { secret, password }: OpenDeskInput) {
    const desk = bindingOf(deskCard);
    const raw = await openOnline(ciphers, keys, desk, secret);
    if (raw || password === null) return raw;
    return (await tryPassword(placeOf(deskCard), keys, desk, password)).key;
  }

  async function wrap(
    deskCard: Card,
    { device, secret, password, offlineHours }: OpenDeskInput,
    raw: Bytes,
    before: DeskKeys<Cost> | null,
  ) {
    const key = await ciphers.importKey(raw);
    const of = { device, secret, password, offlineHours };
    try {
      return await wrapKey(ciphers, { ...of, raw, key, desk: bindingOf(deskCard), before });
    } finally {
      ciphers.wipe(key);
    }
  }

  async function begin(place: string, deskCard: NamedCard, input: OpenDeskInput, release: () => void) {
    const raw = newKey();
    try {
      const keys = await wrap(deskCard, input, raw, null);
      const key = await ciphers.importKey(raw);
      await platform.begin(place, key, keys, deskCard).finally(() => ciphers.wipe(key));
      return await openWith(raw, deskCard, place, release);
    } finally {
      raw.fill(0);
    }
  }

  /** If the disk is full, the person still sees the desk, and the last password still opens it. */
  async function renewKeys(
    place: string,
    deskCard: NamedCard,
    input: OpenDeskInput,
    raw: Bytes,
    before: DeskKeys<Cost> | null,
  ) {
    try {
      await platform.writeKeysAndCard(place, await wrap(deskCard, input, raw, before), deskCard);
    } catch (error) {
      platform.report('The keys of a desk could not be renewed: the last password still opens it.', error);
    }
  }

  const tryPassword = (place: string, keys: DeskKeys<Cost>, desk: string, password: string) =>
    attemptPassword(
      keys.failures,
      (failures) => platform.writeKeys(place, { ...keys, failures }),
      () => openOffline(ciphers, keys, desk, password),
    );

  async function unlockDesk(email: string, password: string): Promise<UnlockDeskResult> {
    const impossible = (why: 'nobody' | 'too_long_ago' | 'switched_off' | 'unreadable') =>
      ({ result: 'impossible', why }) as const;
    const cards = await platform.namedCards(platform.server());
    const ofPerson = cards.filter(({ names }) => names.email === email);
    if (ofPerson.length === 0) return impossible('nobody');
    const readable: { deskCard: NamedCard; keys: DeskKeys<Cost> }[] = [];
    for (const deskCard of ofPerson) {
      const read = await platform.readKeys(placeOf(deskCard));
      if (read.kind === 'keys') readable.push({ deskCard, keys: read.keys });
    }
    // A person with several sites gets the one of the last sign-in.
    const latest = readable.toSorted((a, b) => signedInAt(b.keys) - signedInAt(a.keys))[0];
    if (!latest) return impossible('unreadable');
    if (latest.keys.offlineHours === 0) return impossible('switched_off');
    if (!latest.keys.offline) return impossible('nobody');
    if (!canUnlock(latest.keys, Date.now())) return impossible('too_long_ago');
    await forget();
    const { deskCard } = latest;
    const [place, desk] = [placeOf(deskCard), bindingOf(deskCard)];
    return asOwner(place, async (release) => {
      // From here on, no other tab counts attempts.
      const read = await platform.readKeys(place);
      if (read.kind !== 'keys') return impossible('unreadable');
      const attempt = await tryPassword(place, read.keys, desk, password);
      if (!attempt.key) return { result: attempt.result, waitMs: attempt.waitMs };
      const raw = attempt.key;
      try {
        const opened = (await areGenuine(read.keys, desk, raw))
          ? await openWith(raw, deskCard, place, release)
          : null;
        if (opened) return { result: 'opened', desk: opened };
      } finally {
        raw.fill(0);
      }
      cannotOpen(place, 'damaged');
      return impossible('unreadable');
    });
  }

  async function areGenuine(keys: DeskKeys<Cost>, desk: string, raw: Bytes): Promise<boolean> {
    const key = await ciphers.importKey(raw);
    const isGenuine = await areLimitsGenuine(ciphers, keys, desk, key);
    ciphers.wipe(key);
    return isGenuine;
  }

  async function resumeDesk(idleMs: number): Promise<Desk | null> {
    if (open) {
      if (!keyring.isIdle(idleMs)) return describe(open);
      await forget();
      return null;
    }
    const last = keyring.read(idleMs);
    if (last?.server === platform.server()) {
      const place = platform.placeOf(last.server, last.of);
      const deskCard = await platform.readCard(place);
      if (deskCard && isNamed(deskCard)) {
        const opened = await asOwner(place, (release) => openWith(last.raw, deskCard, place, release));
        last.raw.fill(0);
        if (opened) return opened;
      }
    }
    keyring.drop();
    return null;
  }

  async function summarize({ personId, siteId, names }: NamedCard): Promise<DeskSummary> {
    const place = placeOf({ personId, siteId });
    const [read, waiting] = await Promise.all([platform.readKeys(place), platform.countWaiting(place)]);
    const keys = waiting !== null && read.kind === 'keys' ? read.keys : null;
    const until = read.kind === 'keys' ? unlockUntil(read.keys) : null;
    return {
      personId,
      siteId,
      ...names,
      waiting: waiting ?? 0,
      isReadable: keys !== null,
      canUnlock: keys !== null && canUnlock(keys, Date.now()),
      unlockUntil: until === null ? null : new Date(until).toISOString(),
    };
  }

  function current(): Open<Key> {
    if (!open) throw new Refused(deskLocked);
    return open;
  }

  return {
    deskDevice: (of) =>
      inTurn(async () => {
        const server = platform.server();
        const { personId, siteId } = of;
        const { device } = await platform.findCard(platform.placeOf(server, of), (read) => {
          const newDevice = read.kind === 'keys' ? read.keys.device : crypto.randomUUID();
          return { server, personId, siteId, device: newDevice, names: null };
        });
        return device;
      }),
    openDesk: (input) => inTurn(() => openDesk(input)),
    unlockDesk: ({ email, password }) => inTurn(() => unlockDesk(email, password)),
    resumeDesk: (idleMs) => inTurn(() => resumeDesk(idleMs)),
    closeDesk: async () => {
      await forget();
      // A desk that is being opened now is closed too.
      await inTurn(forget);
    },
    appendToLog: async (records) => current().log.append(records),
    saveBoard: async (board) => {
      const { card: deskCard, place, key } = current();
      const sealing = ciphers.seal(key, aboutBoard(deskCard), textBytes(board));
      const saving = savingBoard.then(async () => platform.writeBoard(place, await sealing));
      savingBoard = saving.catch(() => {});
      await saving.catch((error: unknown) => {
        throw platform.refusalOf(error);
      });
    },
    desks: () =>
      inTurn(async () => Promise.all((await platform.namedCards(platform.server())).map(summarize))),
    setDeskAside: (of) =>
      inTurn(async () => {
        const place = placeOf(of);
        if (!unreadable.has(place)) throw new Refused(deskIsReadable);
        const aside = `${place}${asideMark}${timeNow()}`;
        await asOwner(place, () => platform.setAside(place, aside));
        unreadable.delete(place);
        const location = platform.nameOf(aside);
        platform.report(`An unreadable desk was set aside. It is in ${location}.`);
        return { location };
      }),
    eraseDesk: (of) =>
      inTurn(async () => {
        const place = placeOf(of);
        if (open?.place === place) await forget();
        await asOwner(place, () => platform.erase(place));
        unreadable.delete(place);
      }),
  };
}

/** Between the place of a desk and the time at which it was set aside. */
export const asideMark = '.aside-';
/** The time now, as a part of a file's name. */
export const timeNow = (): string => new Date().toISOString().replaceAll(/[:.]/g, '');

export const isNamed = (deskCard: Card): deskCard is NamedCard => deskCard.names !== null;
const aboutBoard = (deskCard: Card) => textBytes(`${bindingOf(deskCard)} board`);
const signedInAt = ({ offline }: { offline: { signedInAt: number } | null }) => offline?.signedInAt ?? 0;
