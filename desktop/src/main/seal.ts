/** AES-256-GCM by Node, and the keys for it. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Ciphers } from '../desk/desk-keys.ts';
import type { Derivation } from './derive-key-worker.ts';

const nonceBytes = 12;
export const tagBytes = 16;
export const sealBytes = nonceBytes + tagBytes;

/** Encrypts: nonce, ciphertext, tag. `about` is authenticated and must be the same to decrypt. */
export function seal(key: Buffer, about: Uint8Array, plain: Uint8Array): Buffer<ArrayBuffer> {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(about);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Null: it was not sealed with this key about this, or was changed since. */
export function unseal(key: Buffer, about: Uint8Array, sealed: Uint8Array): Buffer<ArrayBuffer> | null {
  if (sealed.length < sealBytes) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(about).setAuthTag(sealed.subarray(-tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    return null;
  }
}

export type Derive = (derivation: Derivation) => Promise<Buffer>;
/** Of a key from a password: KiB and passes of argon2id. */
export type Cost = { memory: number; passes: number };

export const createCiphers = (derive: Derive): Ciphers<Buffer, Cost> => ({
  seal,
  unseal,
  importKey: (raw) => Buffer.from(raw),
  exportKey: (key) => Buffer.from(key),
  keyOfSecret: (secret, about) => Buffer.from(hkdfSync('sha256', secret, '', about, 32)),
  keyOfPassword: (password, salt, { memory, passes }) => derive({ password, salt, memory, passes }),
  // Stronger than the server's (ID1), because a thief of the disk guesses without any delay: the second choice of RFC 9106.
  cost: { memory: 65_536, passes: 3 },
  wipe: (key) => void key.fill(0),
});
