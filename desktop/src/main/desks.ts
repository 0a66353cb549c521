/** The desks of this workstation: who has one, and the one that is open. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
import { Refused } from '../bridge.ts';
import type {
  Desk,
  DeskStore,
  DeskSummary,
  OpenDeskInput,
  OpenDeskResult,
  UnlockDeskResult,
} from '../bridge.ts';
import {
  areLimitsGenuine,
  newKey,
  openOffline,
  openOnline,
  readKeys,
  wrapKey,
  writeKeys,
} from './desk-keys.ts';
import type { DeskKeys, Derive } from './desk-keys.ts';
import {
  asideOf,
  bindingOf,
  desksIn,
  fileOf,
  isNamed,
  placeOf,
  readCard,
  withAsides,
} from './desk-folders.ts';
import type { Card, Named } from './desk-folders.ts';
import { countWaiting, isUnused } from './desk-log-format.ts';
import { createLog, openLog } from './desk-log.ts';
import type { DeskLog } from './desk-log.ts';
import { diskRefusal, isDiskError, isMissing, replaceFile } from './disk.ts';
import type { Disk } from './disk.ts';
import type { Log } from './log.ts';
import { seal, unseal } from './seal.ts';
import { isSecure } from './session-vault.ts';
import type { Safe } from './session-vault.ts';
import { writeAtomically } from './write-atomically.ts';

export type DesksDeps = {
  folder: string;
  server: () => string | null;
  safe: Safe;
  derive: Derive;
  disk: Disk;
  /** Whether this program alone uses a folder, from now on. */
  own: (folder: string) => Promise<boolean>;
  log: Log;
};

export type Desks = DeskStore & {
  /** Somebody uses the console. */
  touch(): void;
};

/** The key of the open desk, in the system's keyring. */
const inSafe = z.strictObject({
  server: z.string(),
  personId: id,
  siteId: id,
  key: z.base64(),
  usedAt: z.int(),
});

type Open = {
  card: Named;
  place: string;
  key: Buffer;
  log: DeskLog;
  board: string | null;
  usedAt: number;
  keyInSafe: boolean;
};

/** The time of the last use is written at most this often, so a restart may ask for the password this much too early. */
const touchMs = 15_000;

export function createDesks({ folder, server, safe, derive, disk, own, log }: DesksDeps): Desks {
  let open: Open | null = null;
  /** The desks that could not be opened since the program started. */
  const unreadable = new Set<string>();
  const safeFile = join(folder, 'open');

  let last: Promise<unknown> = Promise.resolve();
  /** One thing after the other: two attempts with a password, say, must not share one count. */
  function inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const next = last.then(act).catch((error: unknown) => {
      if (!isDiskError(error)) throw error;
      log.error('The desks could not be read or written.', error);
      throw diskRefusal(error);
    });
    last = next.catch(() => {});
    return next;
  }

  function currentServer(): string {
    const address = server();
    if (address === null) throw new Refused('No server is chosen yet.');
    return address;
  }

  let owned: Promise<boolean> | undefined;
  async function ownDesks() {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (await (owned ??= own(folder))) return;
    owned = undefined;
    throw new Refused(alreadyOwned);
  }

  const writeCard = (place: string, value: Card) =>
    replaceFile(disk, fileOf(place, 'card'), Buffer.from(JSON.stringify(value)));
  const storeKeys = (place: string, keys: DeskKeys) => writeKeys(disk, fileOf(place, 'keys'), keys, safe);

  let closing: Promise<unknown> = Promise.resolve();
  /** Forgets the key at once. Resolves when the file of the log is closed. */
  async function forget() {
    const forgotten = open;
    open = null;
    if (forgotten) {
      closing = Promise.all([closing, forgotten.log.close()]);
      forgotten.key.fill(0);
    }
    try {
      rmSync(safeFile, { force: true });
    } finally {
      await closing;
    }
  }

  /** False where the system cannot keep secrets. */
  function keepInSafe({ card: { server: address, personId, siteId }, key, usedAt }: Open): boolean {
    if (!isSecure(safe)) return false;
    const text = JSON.stringify({ server: address, personId, siteId, key: key.toString('base64'), usedAt });
    try {
      writeAtomically(safeFile, safe.encryptString(text));
      return true;
    } catch (error) {
      log.error('The key of the desk could not be kept for a restart.', error);
      rmSync(safeFile, { force: true });
      return false;
    }
  }

  function readSafe() {
    try {
      const bytes = readFileSync(safeFile);
      return isSecure(safe) ? inSafe.parse(JSON.parse(safe.decryptString(bytes))) : null;
    } catch {
      return null;
    }
  }

  /** Null: the log is not that of this desk, or is gone. The key belongs to the open desk, or is forgotten. */
  async function openWith(key: Buffer, found: Named, place: string): Promise<Desk | null> {
    const desk = bindingOf(found);
    let opened: DeskLog | null = null;
    try {
      opened = await openLog({ path: fileOf(place, 'log'), desk, key, disk, log });
    } catch (error) {
      if (!isMissing(error)) throw error;
    } finally {
      if (!opened) key.fill(0);
    }
    if (!opened) return null;
    const board = readBoard(place, desk, key);
    open = { card: found, place, key, log: opened, board, usedAt: Date.now(), keyInSafe: false };
    open.keyInSafe = keepInSafe(open);
    return describe(open);
  }

  function readBoard(place: string, desk: string, key: Buffer): string | null {
    const sealed = readOrNull(fileOf(place, 'board'));
    return sealed && (unseal(key, aboutBoard(desk), sealed)?.toString() ?? null);
  }

  function cannotOpen(place: string, why: 'key' | 'safe' | 'damaged') {
    unreadable.add(place);
    log.error(`A desk cannot be opened (${why}). It is kept in ${place}.`);
    return { result: 'unreadable', why, kept: place } as const;
  }

  async function openDesk(input: OpenDeskInput): Promise<OpenDeskResult> {
    await ownDesks();
    const { personId, siteId, email, name, siteName, device } = input;
    const address = currentServer();
    const place = placeOf(folder, address, input);
    if (readCard(place, address)?.device !== device) throw new Refused(registeredAgain);
    const found: Named = { server: address, personId, siteId, device, names: { email, name, siteName } };
    const desk = bindingOf(found);
    const read = readKeys(fileOf(place, 'keys'), safe);

    if (open?.place === place) {
      // It was unlocked without the server, and may be in use: it stays open.
      const opened = open;
      const key = Buffer.from(opened.key);
      await renewKeys(place, found, input, key, read.kind === 'keys' ? read.keys : null);
      key.fill(0);
      return { result: 'opened', desk: describe(opened), mayVanish: false };
    }
    await forget();
    if (read.kind === 'unreadable') return cannotOpen(place, read.why);
    if (read.kind === 'missing') {
      const bytes = readOrNull(fileOf(place, 'log'));
      if (bytes && !isUnused(bytes)) return cannotOpen(place, 'key');
      const key = newKey();
      // The log before the keys: later, keys without a log mean that somebody deleted it.
      await createLog({ path: fileOf(place, 'log'), desk, key, disk, log });
      await storeKeys(place, await wrapFor(input, desk, key, null));
      await writeCard(place, found);
      const begun = await openWith(key, found, place);
      return begun ? { result: 'opened', desk: begun, mayVanish: false } : cannotOpen(place, 'damaged');
    }

    // A server that was set up anew gives another secret; the password still opens the desk.
    const { secret, password } = input;
    const key =
      openOnline(read.keys, desk, secret) ??
      (password === null ? null : (await tryPassword(place, read.keys, desk, password)).key);
    if (!key) return cannotOpen(place, 'key');
    try {
      const opened = await openWith(Buffer.from(key), found, place);
      if (!opened) return cannotOpen(place, 'damaged');
      unreadable.delete(place);
      await renewKeys(place, found, input, key, read.keys);
      return { result: 'opened', desk: opened, mayVanish: false };
    } finally {
      key.fill(0);
    }
  }

  const wrapFor = (
    { device, secret, password, offlineHours }: OpenDeskInput,
    desk: string,
    key: Buffer,
    before: DeskKeys | null,
  ) => wrapKey({ key, desk, device, secret, password, offlineHours, before, now: Date.now(), derive });

  /** With a full disk, the person still sees the desk. `key` is a copy, because the desk may be closed meanwhile. */
  async function renewKeys(
    place: string,
    found: Named,
    input: OpenDeskInput,
    key: Buffer,
    before: DeskKeys | null,
  ) {
    try {
      const keys = await wrapFor(input, bindingOf(found), key, before);
      await storeKeys(place, keys);
      await writeCard(place, found);
    } catch (error) {
      log.error('The keys of a desk could not be renewed: the last password still opens it.', error);
    }
  }

  const tryPassword = (place: string, keys: DeskKeys, desk: string, password: string) =>
    attemptPassword(
      keys.failures,
      (failures) => storeKeys(place, { ...keys, failures }),
      () => openOffline(keys, desk, password, derive),
    );

  async function unlockDesk(email: string, password: string): Promise<UnlockDeskResult> {
    const impossible = (why: 'nobody' | 'too_long_ago' | 'switched_off' | 'unreadable') =>
      ({ result: 'impossible', why }) as const;
    const theirs = desksIn(folder, currentServer()).filter((each) => each.names.email === email);
    if (theirs.length === 0) return impossible('nobody');
    const readable = theirs.flatMap(({ place, ...found }) => {
      const read = readKeys(fileOf(place, 'keys'), safe);
      return read.kind === 'keys' ? [{ place, found, keys: read.keys }] : [];
    });
    // Of several sites, the one of the last sign-in.
    const latest = readable.toSorted((a, b) => signedInAt(b.keys) - signedInAt(a.keys))[0];
    if (!latest) return impossible('unreadable');
    const { place, found, keys } = latest;
    if (keys.offlineHours === 0) return impossible('switched_off');
    if (!keys.offline) return impossible('nobody');
    if (!canUnlock(keys, Date.now())) return impossible('too_long_ago');
    await forget();
    await ownDesks();
    const attempt = await tryPassword(place, keys, bindingOf(found), password);
    if (!attempt.key) return { result: attempt.result, waitMs: attempt.waitMs };
    const isGenuine = areLimitsGenuine(keys, bindingOf(found), attempt.key);
    if (!isGenuine) attempt.key.fill(0);
    const opened = isGenuine ? await openWith(attempt.key, found, place) : null;
    if (opened) return { result: 'opened', desk: opened };
    cannotOpen(place, 'damaged');
    return impossible('unreadable');
  }

  async function resumeDesk(idleMs: number): Promise<Desk | null> {
    const isIdle = (usedAt: number) => Math.abs(Date.now() - usedAt) >= idleMs;
    if (open) {
      if (!isIdle(open.usedAt)) return describe(open);
      await forget();
      return null;
    }
    const kept = readSafe();
    const place = kept && placeOf(folder, kept.server, kept);
    const found = place && readCard(place, kept.server);
    if (found && isNamed(found) && kept.server === server() && !isIdle(kept.usedAt)) {
      await ownDesks();
      const opened = await openWith(Buffer.from(kept.key, 'base64'), found, place);
      if (opened) return opened;
    }
    rmSync(safeFile, { force: true });
    return null;
  }

  function summarize({ place, personId, siteId, names }: Named & { place: string }): DeskSummary {
    const read = readKeys(fileOf(place, 'keys'), safe);
    const bytes = readOrNull(fileOf(place, 'log'));
    const waiting = bytes && countWaiting(bytes);
    const isReadable = read.kind === 'keys' && waiting !== null;
    const until = read.kind === 'keys' ? unlockUntil(read.keys) : null;
    return {
      personId,
      siteId,
      ...names,
      waiting: waiting ?? 0,
      isReadable,
      canUnlock: isReadable && canUnlock(read.keys, Date.now()),
      unlockUntil: until === null ? null : new Date(until).toISOString(),
    };
  }

  let savingBoard: Promise<unknown> = Promise.resolve();

  function current(): Open {
    if (!open) throw new Refused(deskLocked);
    return open;
  }

  return {
    deskDevice: (of) =>
      inTurn(async () => {
        await ownDesks();
        const address = currentServer();
        const place = placeOf(folder, address, of);
        const known = readCard(place, address);
        if (known) return known.device;
        const { personId, siteId } = of;
        const read = readKeys(fileOf(place, 'keys'), safe);
        const device = read.kind === 'keys' ? read.keys.device : crypto.randomUUID();
        mkdirSync(place, { recursive: true, mode: 0o700 });
        await writeCard(place, { server: address, personId, siteId, device, names: null });
        // The new folders too.
        for (const above of [dirname(place), folder, dirname(folder)]) await disk.syncFolder(above);
        return device;
      }),
    openDesk: (input) => inTurn(() => openDesk(input)),
    unlockDesk: ({ email, password }) => inTurn(() => unlockDesk(email, password)),
    resumeDesk: (idleMs) => inTurn(() => resumeDesk(idleMs)),
    closeDesk: async () => {
      await forget();
      // Also what is being opened just now.
      await inTurn(forget);
    },
    appendToLog: async (records) => current().log.append(records),
    saveBoard: async (board) => {
      const { card: saved, place, key } = current();
      const sealed = seal(key, aboutBoard(bindingOf(saved)), Buffer.from(board));
      const saving = savingBoard.then(() => replaceFile(disk, fileOf(place, 'board'), sealed));
      savingBoard = saving.catch(() => {});
      await saving.catch((error: unknown) => {
        log.error('The last known board could not be saved.', error);
        throw diskRefusal(error);
      });
      if (open?.place === place) open.board = board;
    },
    desks: () => inTurn(() => Promise.resolve(desksIn(folder, currentServer()).map(summarize))),
    setDeskAside: (of) =>
      inTurn(async () => {
        const place = placeOf(folder, currentServer(), of);
        if (!unreadable.has(place)) throw new Refused(deskIsReadable);
        const kept = asideOf(place);
        await rename(place, kept);
        await disk.syncFolder(dirname(place));
        unreadable.delete(place);
        log.warn(`An unreadable desk was put aside. It is kept in ${kept}.`);
        return { kept };
      }),
    eraseDesk: (of) =>
      inTurn(async () => {
        const place = placeOf(folder, currentServer(), of);
        if (open?.place === place) await forget();
        await savingBoard;
        // Without the keys, the rest cannot be read any more.
        await rm(fileOf(place, 'keys'), { force: true });
        for (const each of withAsides(place)) await rm(each, { recursive: true, force: true });
        unreadable.delete(place);
      }),
    touch: () => {
      if (!open) return;
      const before = open.usedAt;
      const now = Date.now();
      if (Math.abs(now - before) < touchMs) return;
      open.usedAt = now;
      if (open.keyInSafe) open.keyInSafe = keepInSafe(open);
    },
  };
}

const alreadyOwned = 'Another Slate on this workstation uses the same folder. Close it, then sign in again.';

const aboutBoard = (desk: string) => Buffer.from(`${desk} board`);
const signedInAt = ({ offline }: DeskKeys) => offline?.signedInAt ?? 0;

function describe({ card: { personId, siteId, device, names }, log, board, keyInSafe }: Open): Desk {
  return {
    personId,
    siteId,
    ...names,
    device,
    records: log.records(),
    damage: log.damage,
    board,
    keyInSafe,
  };
}

function readOrNull(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
