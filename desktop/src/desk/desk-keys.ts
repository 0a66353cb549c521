/** The key of a desk and its two wraps: the server's secret opens one, the person's password the other. */
import { textOfLimits } from '@slate/shared/desk-rules';
import { id } from '@slate/shared/fields';
import { z } from 'zod';

export type Bytes = Uint8Array<ArrayBuffer>;
export const textBytes = (text: string): Bytes => new TextEncoder().encode(text);
export const textOf = (bytes: Bytes): string => new TextDecoder().decode(bytes);

/** AES-256-GCM, and the keys for it. `Cost` is the work to derive a key from a password. */
export type Ciphers<Key, Cost> = {
  /** Encrypts. `about` is authenticated and must be the same to decrypt. */
  seal(key: Key, about: Bytes, plain: Bytes): Promise<Bytes> | Bytes;
  /** Null: it was not sealed with this key about this, or was changed since. */
  unseal(key: Key, about: Bytes, sealed: Bytes): Promise<Bytes | null> | Bytes | null;
  importKey(raw: Bytes): Promise<Key> | Key;
  /** A copy of the bytes; null: the platform does not let anyone read them. */
  exportKey(key: Key): Bytes | null;
  /** The key of a secret that cannot be guessed. */
  keyOfSecret(secret: Bytes, about: Bytes): Promise<Key> | Key;
  keyOfPassword(password: string, salt: Bytes, cost: Cost): Promise<Key>;
  cost: Cost;
  /** Removes the key from memory, as far as that is possible. */
  wipe(key: Key): void;
};

/** The keys as they are stored. `Cost` is that of the password's wrap. */
export type DeskKeys<Cost> = {
  /** Stored here too, because nothing of the desk can be read without it. */
  device: string;
  online: Bytes;
  /** Null: the person has not signed in here with the password, or the site does not allow unlocking. */
  offline: ({ salt: Bytes; sealed: Bytes; signedInAt: number } & Cost) | null;
  offlineHours: number;
  /** A seal of the time and the hours, which cannot be changed without the key. */
  proof: Bytes;
  /** Wrong passwords since the last right one. An attempt is counted before it is made. */
  failures: { count: number; at: number };
};

const instantMs = z.int().min(0);
export const deskKeys = <Stored extends z.ZodType<Bytes>, Cost extends z.core.$ZodShape>(
  bytes: Stored,
  cost: Cost,
) =>
  z.strictObject({
    device: id,
    online: bytes,
    offline: z.strictObject({ salt: bytes, sealed: bytes, signedInAt: instantMs, ...cost }).nullable(),
    offlineHours: z.int().min(0),
    proof: bytes,
    failures: z.strictObject({ count: z.int().min(0), at: instantMs }),
  });

const about = (desk: string, part: string) => textBytes(`${desk} ${part}`);
const aboutLimits = (desk: string, limits: Parameters<typeof textOfLimits>[0]) =>
  about(desk, textOfLimits(limits));

export const newKey = (): Bytes => crypto.getRandomValues(new Uint8Array(32));

function keyOfSecret<Key, Cost>(ciphers: Ciphers<Key, Cost>, desk: string, secret: string) {
  const base64 = atob(secret.replaceAll('-', '+').replaceAll('_', '/'));
  return ciphers.keyOfSecret(
    Uint8Array.from(base64, (char) => char.charCodeAt(0)),
    about(desk, 'online'),
  );
}

/** The key of the desk, if the secret is right. */
export async function openOnline<Key, Cost>(
  ciphers: Ciphers<Key, Cost>,
  keys: DeskKeys<Cost>,
  desk: string,
  secret: string,
): Promise<Bytes | null> {
  const wrapping = await keyOfSecret(ciphers, desk, secret);
  const raw = await ciphers.unseal(wrapping, about(desk, 'online'), keys.online);
  ciphers.wipe(wrapping);
  return raw;
}

/** The key of the desk, if the password is right. Count the attempt first. */
export async function openOffline<Key, Cost>(
  ciphers: Ciphers<Key, Cost>,
  { offline }: DeskKeys<Cost>,
  desk: string,
  password: string,
): Promise<Bytes | null> {
  if (!offline) return null;
  const wrapping = await ciphers.keyOfPassword(password, offline.salt, offline);
  const raw = await ciphers.unseal(wrapping, about(desk, 'offline'), offline.sealed);
  ciphers.wipe(wrapping);
  return raw;
}

export type Wrapping<Key, Cost> = {
  /** The bytes of the key, and the same ready for use. */
  raw: Bytes;
  key: Key;
  desk: string;
  device: string;
  secret: string;
  /** Null: keep the wrap of the last password. */
  password: string | null;
  offlineHours: number;
  before: DeskKeys<Cost> | null;
};

/** New wraps of the key: with the secret, and with the password that the server has just accepted. */
export async function wrapKey<Key, Cost>(
  ciphers: Ciphers<Key, Cost>,
  { raw, key, desk, device, secret, password, offlineHours, before }: Wrapping<Key, Cost>,
): Promise<DeskKeys<Cost>> {
  const secretKey = await keyOfSecret(ciphers, desk, secret);
  const online = await ciphers.seal(secretKey, about(desk, 'online'), raw);
  ciphers.wipe(secretKey);
  let offline = before?.offline ?? null;
  if (offlineHours === 0) offline = null;
  else if (password !== null) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const passwordKey = await ciphers.keyOfPassword(password, salt, ciphers.cost);
    const sealed = await ciphers.seal(passwordKey, about(desk, 'offline'), raw);
    ciphers.wipe(passwordKey);
    offline = { salt, ...ciphers.cost, sealed, signedInAt: Date.now() };
  }
  const limits = { offline, offlineHours };
  return {
    device,
    online,
    ...limits,
    proof: await ciphers.seal(key, aboutLimits(desk, limits), new Uint8Array()),
    failures: password === null && before ? before.failures : { count: 0, at: 0 },
  };
}

/** Whether the time and the hours are those that were written with this key. */
export const areLimitsGenuine = async <Key, Cost>(
  ciphers: Ciphers<Key, Cost>,
  keys: DeskKeys<Cost>,
  desk: string,
  key: Key,
): Promise<boolean> => (await ciphers.unseal(key, aboutLimits(desk, keys), keys.proof)) !== null;
