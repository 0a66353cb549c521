/** The key of a desk and its two wraps: the server's secret opens the one, the person's password the other. */
import { textOfLimits } from '@slate/shared/desk-rules';
import { id } from '@slate/shared/fields';
import { z } from 'zod';
import { keyOfPassword, keyOfSecret, seal, textBytes, unseal } from './browser-seal.ts';
import type { Bytes } from './browser-seal.ts';

/** A thief of the disk guesses without any delay. More rounds than the usual 600,000, and still well below a second. */
const rounds = 1_000_000;

export const bytes = z.custom<Bytes>((value) => value instanceof Uint8Array);
const instantMs = z.int().min(0);

export const deskKeys = z.strictObject({
  /** Also here, because nothing of the desk can be read without it. */
  device: id,
  online: bytes,
  /** Null: the person has not signed in here with the password, or the site does not allow unlocking. */
  offline: z
    .strictObject({
      salt: bytes,
      rounds: z.int().min(1).max(10_000_000),
      sealed: bytes,
      signedInAt: instantMs,
    })
    .nullable(),
  offlineHours: z.int().min(0),
  /** Made with the key over the time and the hours: they cannot be changed without it. */
  proof: bytes,
  /** Attempts with a password since it was last right. Counted before each of them. */
  failures: z.strictObject({ count: z.int().min(0), at: instantMs }),
});
export type DeskKeys = z.infer<typeof deskKeys>;

const about = (desk: string, what: string) => textBytes(`${desk} ${what}`);
const aboutLimits = (desk: string, limits: Pick<DeskKeys, 'offline' | 'offlineHours'>) =>
  about(desk, textOfLimits(limits));

export const newKey = (): Bytes => crypto.getRandomValues(new Uint8Array(32));

const fromBase64Url = (text: string): Bytes =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
const keyOfServer = (desk: string, secret: string) =>
  keyOfSecret(fromBase64Url(secret), about(desk, 'online'));

/** The key of the desk, if the secret is right. */
export const openOnline = async (keys: DeskKeys, desk: string, secret: string): Promise<Bytes | null> =>
  unseal(await keyOfServer(desk, secret), about(desk, 'online'), keys.online);

/** The key of the desk, if the password is right. Count the attempt before. */
export async function openOffline(
  { offline }: DeskKeys,
  desk: string,
  password: string,
): Promise<Bytes | null> {
  if (!offline) return null;
  const wrapping = await keyOfPassword(password, offline.salt, offline.rounds);
  return unseal(wrapping, about(desk, 'offline'), offline.sealed);
}

export type Wrapping = {
  /** Its bytes, and the same ready for use. */
  raw: Bytes;
  key: CryptoKey;
  desk: string;
  device: string;
  secret: string;
  /** Null: keep the wrap of the last password. */
  password: string | null;
  offlineHours: number;
  before: DeskKeys | null;
};

/** New wraps of the key: with the secret, and with the password that the server has just accepted. */
export async function wrapKey(wrapping: Wrapping): Promise<DeskKeys> {
  const { raw, key, desk, device, secret, password, offlineHours, before } = wrapping;
  const online = await seal(await keyOfServer(desk, secret), about(desk, 'online'), raw);
  let offline = before?.offline ?? null;
  if (offlineHours === 0) offline = null;
  else if (password !== null) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const sealed = await seal(await keyOfPassword(password, salt, rounds), about(desk, 'offline'), raw);
    offline = { salt, rounds, sealed, signedInAt: Date.now() };
  }
  const limits = { offline, offlineHours };
  return {
    device,
    online,
    ...limits,
    proof: await seal(key, aboutLimits(desk, limits), new Uint8Array()),
    failures: password === null && before ? before.failures : { count: 0, at: 0 },
  };
}

/** Whether the time and the hours are those that were written with this key. */
export const areLimitsGenuine = async (keys: DeskKeys, desk: string, key: CryptoKey): Promise<boolean> =>
  (await unseal(key, aboutLimits(desk, keys), keys.proof)) !== null;
