/**
 * The key of a desk and its two wraps. The server's secret opens the one, the person's password the other. Both are
 * sealed once more by the system's keyring, if there is a secure one.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { textOfLimits } from '@slate/shared/desk-rules';
import { id } from '@slate/shared/fields';
import { z } from 'zod';
import type { Derivation } from './derive-key-worker.ts';
import { isMissing, replaceFile } from './disk.ts';
import type { Disk } from './disk.ts';
import { seal, unseal } from './seal.ts';
import { isSecure } from './session-vault.ts';
import type { Safe } from './session-vault.ts';

/** Stronger than the server's (ID1), because a thief of the disk guesses without any delay: the second choice of RFC 9106. */
const cost = { memory: 65_536, passes: 3 };
const keyBytes = 32;

export type Derive = (derivation: Derivation) => Promise<Buffer>;

const instantMs = z.int().min(0);
const deskKeys = z.strictObject({
  /** Also here, because nothing of the desk can be read without it. */
  device: id,
  online: z.base64(),
  /** Null: the person has not signed in here with the password, or the site does not allow unlocking. */
  offline: z
    .strictObject({
      salt: z.base64(),
      memory: z.int().min(8).max(1_048_576),
      passes: z.int().min(1).max(20),
      sealed: z.base64(),
      signedInAt: instantMs,
    })
    .nullable(),
  offlineHours: z.int().min(0),
  /** Made with the key over the time and the hours: they cannot be changed without it. */
  proof: z.base64(),
  /** Attempts with a password since it was last right. Counted before each of them. */
  failures: z.strictObject({ count: z.int().min(0), at: instantMs }),
});
export type DeskKeys = z.infer<typeof deskKeys>;

const contents = z.union([z.strictObject({ inSafe: z.base64() }), z.strictObject({ keys: deskKeys })]);

export type Read =
  | { kind: 'keys'; keys: DeskKeys }
  | { kind: 'missing' }
  | { kind: 'unreadable'; why: 'key' | 'safe' };

/** The keys of a desk in its folder. */
export function readKeys(file: string, safe: Safe): Read {
  try {
    const found = contents.parse(JSON.parse(readFileSync(file, 'utf8')));
    if ('keys' in found) return { kind: 'keys', keys: found.keys };
    const opened = openSafe(safe, Buffer.from(found.inSafe, 'base64'));
    if (opened === null) return { kind: 'unreadable', why: 'safe' };
    return { kind: 'keys', keys: deskKeys.parse(JSON.parse(opened)) };
  } catch (error) {
    return isMissing(error) ? { kind: 'missing' } : { kind: 'unreadable', why: 'key' };
  }
}

/** Once this has returned, the keys are on the disk. */
export function writeKeys(disk: Disk, file: string, keys: DeskKeys, safe: Safe): Promise<void> {
  const text = JSON.stringify(keys);
  const written = isSecure(safe) ? { inSafe: safe.encryptString(text).toString('base64') } : { keys };
  return replaceFile(disk, file, Buffer.from(JSON.stringify(written)));
}

function openSafe(safe: Safe, sealed: Buffer): string | null {
  try {
    return isSecure(safe) ? safe.decryptString(sealed) : null;
  } catch {
    return null;
  }
}

const base64 = (bytes: Buffer) => bytes.toString('base64');
const about = (desk: string, what: string) => Buffer.from(`${desk} ${what}`);

export const newKey = () => randomBytes(keyBytes);

function keyOfSecret(desk: string, secret: string): Buffer {
  return Buffer.from(
    hkdfSync('sha256', Buffer.from(secret, 'base64url'), '', about(desk, 'online'), keyBytes),
  );
}

/** The key of the desk, if the secret is right. */
export function openOnline(keys: DeskKeys, desk: string, secret: string): Buffer | null {
  const wrapping = keyOfSecret(desk, secret);
  const key = unseal(wrapping, about(desk, 'online'), Buffer.from(keys.online, 'base64'));
  wrapping.fill(0);
  return key;
}

/** The key of the desk, if the password is right. Count the attempt before. */
export async function openOffline(
  { offline }: DeskKeys,
  desk: string,
  password: string,
  derive: Derive,
): Promise<Buffer | null> {
  if (!offline) return null;
  const { salt, memory, passes, sealed } = offline;
  const wrapping = await derive({ password, salt: Buffer.from(salt, 'base64'), memory, passes });
  const key = unseal(wrapping, about(desk, 'offline'), Buffer.from(sealed, 'base64'));
  wrapping.fill(0);
  return key;
}

export type Wrapping = {
  key: Buffer;
  desk: string;
  device: string;
  secret: string;
  /** Null: keep the wrap of the last password. */
  password: string | null;
  offlineHours: number;
  before: DeskKeys | null;
  now: number;
  derive: Derive;
};

/** New wraps of the key: with the secret, and with the password that the server has just accepted. */
export async function wrapKey(wrapping: Wrapping): Promise<DeskKeys> {
  const { key, desk, device, secret, password, offlineHours, before, now, derive } = wrapping;
  const ofSecret = keyOfSecret(desk, secret);
  const online = base64(seal(ofSecret, about(desk, 'online'), key));
  ofSecret.fill(0);
  let offline = before?.offline ?? null;
  if (offlineHours === 0) offline = null;
  else if (password !== null) {
    const salt = randomBytes(16);
    const ofPassword = await derive({ password, salt, ...cost });
    const sealed = base64(seal(ofPassword, about(desk, 'offline'), key));
    ofPassword.fill(0);
    offline = { salt: base64(salt), ...cost, sealed, signedInAt: now };
  }
  const limits = { offline, offlineHours };
  return {
    device,
    online,
    ...limits,
    proof: base64(seal(key, aboutLimits(desk, limits), Buffer.alloc(0))),
    failures: password === null && before ? before.failures : { count: 0, at: 0 },
  };
}

const aboutLimits = (desk: string, limits: Pick<DeskKeys, 'offline' | 'offlineHours'>) =>
  about(desk, textOfLimits(limits));

/** Whether the time and the hours are those that were written with this key. */
export const areLimitsGenuine = (keys: DeskKeys, desk: string, key: Buffer): boolean =>
  unseal(key, aboutLimits(desk, keys), Buffer.from(keys.proof, 'base64')) !== null;
