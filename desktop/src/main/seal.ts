import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const nonceBytes = 12;
export const tagBytes = 16;
export const sealBytes = nonceBytes + tagBytes;

/** Encrypts with AES-256-GCM: nonce, ciphertext, tag. `about` is authenticated and must be the same to open it. */
export function seal(key: Buffer, about: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(about);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Null: it was not sealed with this key about this, or was changed since. */
export function unseal(key: Buffer, about: Buffer, sealed: Buffer): Buffer | null {
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
