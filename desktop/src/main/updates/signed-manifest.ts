import { createPublicKey, verify } from 'node:crypto';
import { updateManifest } from '@slate/shared/updates';
import type { SignedManifest, UpdateManifest } from '@slate/shared/updates';

/** The manifest, if one of these keys has signed it. `keys`: Ed25519 public keys, SPKI in base64. */
export function openSignedManifest(
  { manifest, signature }: SignedManifest,
  keys: readonly string[],
): UpdateManifest | 'malformed' | 'signature' {
  const bytes = Buffer.from(manifest);
  const isSigned = keys.some((key) => {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    return (
      publicKey.asymmetricKeyType === 'ed25519' &&
      verify(null, bytes, publicKey, Buffer.from(signature, 'base64'))
    );
  });
  // Nothing is parsed before its signature is verified.
  if (!isSigned) return 'signature';
  try {
    // Parses the verified bytes: a text with broken Unicode would differ from them.
    return updateManifest.safeParse(JSON.parse(bytes.toString())).data ?? 'malformed';
  } catch {
    return 'malformed';
  }
}
