/** The desks of this workstation in files, and the key of the open one in the system's keyring. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { id } from '@slate/shared/fields';
import { z } from 'zod';
import type { DeskStore } from '../bridge.ts';
import { bindingOf, createDeskStore } from '../desk/desk-store.ts';
import type { Card, Platform } from '../desk/desk-store.ts';
import { Refused } from '../refused.ts';
import { readKeys, writeKeys } from './desk-keys.ts';
import { fileOf, namedCards, placeOf, readCard, withAsides } from './desk-folders.ts';
import { countWaiting, isUnused } from './desk-log-format.ts';
import { createLog, openLog } from './desk-log.ts';
import { diskRefusal, isDiskError, isMissing, replaceFile } from './disk.ts';
import type { Disk } from './disk.ts';
import type { Log } from './log.ts';
import { createCiphers } from './seal.ts';
import type { Cost, Derive } from './seal.ts';
import { isSecure } from './session-vault.ts';
import type { Safe } from './session-vault.ts';
import { writeAtomically } from './write-atomically.ts';

export type DesksDeps = {
  folder: string;
  server: () => string | null;
  safe: Safe;
  derive: Derive;
  disk: Disk;
  /** Makes this program the only user of a folder. False: another program is. */
  own: (folder: string) => Promise<boolean>;
  log: Log;
  /** A clock in milliseconds that counts sleep and cannot be set. */
  upMs?: () => number;
};

export type Desks = DeskStore & {
  /** Records that somebody uses the console. */
  touch(): void;
};

export function createDesks(deps: DesksDeps): Desks {
  const { folder, safe, derive, disk, own, log } = deps;
  const keyring = createKeyring(deps);

  let ownership: Promise<boolean> | undefined;
  async function ownDesks() {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (await (ownership ??= own(folder))) return;
    ownership = undefined;
    throw new Refused(alreadyOwned);
  }
  function server(): string {
    const address = deps.server();
    if (address === null) throw new Refused('No server is chosen yet.');
    return address;
  }
  const cardIn = (place: string) => readCard(place, server());
  const writeCard = (place: string, card: Card) =>
    replaceFile(disk, fileOf(place, 'card'), Buffer.from(JSON.stringify(card)));
  const keysIn = (place: string) => readKeys(fileOf(place, 'keys'), safe);
  const logOf = (place: string, desk: string, key: Buffer) => ({
    path: fileOf(place, 'log'),
    desk,
    key,
    disk,
    log,
  });

  const platform: Platform<Buffer, Cost> = {
    ciphers: createCiphers(derive),
    server,
    placeOf: (address, of) => placeOf(folder, address, of),
    // The program owns the desks of all people until it ends.
    own: async () => {
      await ownDesks();
      return () => {};
    },
    readCard: cardIn,
    findCard: async (place, create) => {
      await ownDesks();
      const existing = cardIn(place);
      if (existing) return existing;
      const created = create(keysIn(place));
      mkdirSync(place, { recursive: true, mode: 0o700 });
      await writeCard(place, created);
      // The folders may be new too.
      for (const parent of [dirname(place), folder, dirname(folder)]) await disk.syncFolder(parent);
      return created;
    },
    readKeys: keysIn,
    writeKeys: (place, keys) => writeKeys(disk, fileOf(place, 'keys'), keys, safe),
    writeKeysAndCard: async (place, keys, card) => {
      await writeKeys(disk, fileOf(place, 'keys'), keys, safe);
      await writeCard(place, card);
    },
    begin: async (place, key, keys, card) => {
      await createLog(logOf(place, bindingOf(card), key));
      await writeKeys(disk, fileOf(place, 'keys'), keys, safe);
      await writeCard(place, card);
    },
    namedCards: (address) => namedCards(folder, address),
    openLog: (place, desk, key) =>
      openLog(logOf(place, desk, key)).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      }),
    isUnused: (place) => {
      const bytes = readOrNull(fileOf(place, 'log'));
      return bytes === null || isUnused(bytes);
    },
    countWaiting: (place) => {
      const bytes = readOrNull(fileOf(place, 'log'));
      return bytes && countWaiting(bytes);
    },
    readBoard: (place) => readOrNull(fileOf(place, 'board')),
    writeBoard: (place, sealed) => replaceFile(disk, fileOf(place, 'board'), Buffer.from(sealed)),
    setAside: async (place, aside) => {
      await rename(place, aside);
      await disk.syncFolder(dirname(place));
    },
    erase: async (place) => {
      // Without the keys, the rest cannot be read any more.
      await rm(fileOf(place, 'keys'), { force: true });
      for (const copy of withAsides(place)) await rm(copy, { recursive: true, force: true });
    },
    nameOf: (place) => place,
    mayVanish: () => false,
    keyring,
    refusalOf: (error) => {
      if (!isDiskError(error)) return error;
      log.error('The desks could not be read or written.', error);
      return diskRefusal(error);
    },
    report: (line, error) => log.error(line, error),
  };
  return { ...createDeskStore(platform), touch: keyring.touch };
}

/** The key of the open desk, as it is in the keyring. `usedAt` is wall-clock time, because it must be valid after a restart. */
const storedKey = z.strictObject({
  server: z.string(),
  personId: id,
  siteId: id,
  key: z.base64(),
  usedAt: z.int(),
});

/** The time of the last use is written at most this often, so a restart may ask for the password this much too early. */
const touchMs = 15_000;

/**
 * Keeps the key of the open desk for a restart, and the time of its last use. While the program runs, idle time is that of the
 * system's uptime: it counts sleep, and setting the clock does not change it.
 */
function createKeyring({ folder, safe, log, upMs = () => uptime() * 1000 }: DesksDeps) {
  const file = join(folder, 'open');
  let open: { card: Card; key: Buffer; usedAt: number; isStored: boolean } | null = null;
  let isMissingReported = false;

  const drop = () => {
    open = null;
    rmSync(file, { force: true });
  };
  /** Returns false if the key could not be stored. */
  function write({ server, personId, siteId }: Card, key: Buffer): boolean {
    if (!isSecure(safe)) {
      if (!isMissingReported) log.warn(noKeyring);
      isMissingReported = true;
      return false;
    }
    const stored = { server, personId, siteId, key: key.toString('base64'), usedAt: Date.now() };
    try {
      writeAtomically(file, safe.encryptString(JSON.stringify(stored)));
      return true;
    } catch (error) {
      log.error('The key of the desk could not be stored for a restart.', error);
      rmSync(file, { force: true });
      return false;
    }
  }
  return {
    keep: (card: Card, key: Buffer) => {
      open = { card, key, usedAt: upMs(), isStored: write(card, key) };
    },
    read: (idleMs: number) => {
      try {
        const sealed = readFileSync(file);
        if (!isSecure(safe)) return null;
        const { server, personId, siteId, key, usedAt } = storedKey.parse(
          JSON.parse(safe.decryptString(sealed)),
        );
        if (Math.abs(Date.now() - usedAt) >= idleMs) return null;
        return { server, of: { personId, siteId }, raw: Buffer.from(key, 'base64') };
      } catch {
        return null;
      }
    },
    isIdle: (idleMs: number) => open !== null && upMs() - open.usedAt >= idleMs,
    drop,
    touch: () => {
      if (!open) return;
      const now = upMs();
      if (now - open.usedAt < touchMs) return;
      open.usedAt = now;
      if (open.isStored) open.isStored = write(open.card, open.key);
    },
  };
}

const noKeyring =
  'The system has no keyring that keeps secrets, or it is locked: it does not seal the keys of desks, and after a restart people enter their password.';
const alreadyOwned = 'Another Slate on this workstation uses the same folder. Close it, then sign in again.';

function readOrNull(file: string): Buffer<ArrayBuffer> | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
