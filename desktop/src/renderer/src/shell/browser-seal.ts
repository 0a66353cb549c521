/** AES-256-GCM by WebCrypto, and the keys for it. */
import { z } from 'zod';
import { textBytes } from '../../../desk/desk-keys.ts';
import type { Bytes, Ciphers } from '../../../desk/desk-keys.ts';

export const bytes = z.custom<Bytes>((value) => value instanceof Uint8Array);

const nonceBytes = 12;
const tagBytes = 16;
const aes = 'AES-GCM';

export const isSame = (a: Bytes, b: Bytes): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

export function concat(...parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Encrypts: nonce, ciphertext, tag. `about` is authenticated and must be the same to open it. */
export async function seal(key: CryptoKey, about: Bytes, plain: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const sealed = await crypto.subtle.encrypt({ name: aes, iv, additionalData: about }, key, plain);
  return concat(iv, new Uint8Array(sealed));
}

/** Null: it was not sealed with this key about this, or was changed since. */
export async function unseal(key: CryptoKey, about: Bytes, sealed: Bytes): Promise<Bytes | null> {
  const iv = sealed.subarray(0, nonceBytes);
  const how = { name: aes, iv, additionalData: about };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.subarray(nonceBytes)));
  } catch {
    return null;
  }
}

export const tagOf = (sealed: Bytes): Bytes => sealed.subarray(-tagBytes);

const uses: KeyUsage[] = ['encrypt', 'decrypt'];

/** Of a key from a password: rounds of PBKDF2. */
export type Cost = { rounds: number };

export const ciphers: Ciphers<CryptoKey, Cost> = {
  seal,
  unseal,
  // Nothing can read it out again.
  importKey: (raw) => crypto.subtle.importKey('raw', raw, aes, false, uses),
  exportKey: () => null,
  keyOfSecret: async (secret, about) => {
    const from = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
    const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: about };
    return crypto.subtle.deriveKey(how, from, { name: aes, length: 256 }, false, uses);
  },
  // Argon2 would be WebAssembly, which the page's policy forbids.
  keyOfPassword: async (password, salt, { rounds }) => {
    const from = await crypto.subtle.importKey('raw', textBytes(password), 'PBKDF2', false, ['deriveKey']);
    const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
    return crypto.subtle.deriveKey(how, from, { name: aes, length: 256 }, false, uses);
  },
  // A thief of the disk guesses without any delay. More rounds than the usual 600,000, and still well below a second.
  cost: { rounds: 1_000_000 },
  // The browser removes it with its last reference.
  wipe: () => {},
};
