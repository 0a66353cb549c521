/** The file with the keys of a desk, sealed once more by the system's keyring if there is a secure one. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { deskKeys } from '../desk/desk-keys.ts';
import type { Bytes, DeskKeys } from '../desk/desk-keys.ts';
import type { KeysRead } from '../desk/desk-store.ts';
import { isMissing, replaceFile } from './disk.ts';
import type { Disk } from './disk.ts';
import type { Cost } from './seal.ts';
import { isSecure } from './session-vault.ts';
import type { Safe } from './session-vault.ts';

const base64 = z.codec(
  z.base64(),
  z.custom<Bytes>((value) => value instanceof Uint8Array),
  { decode: (text) => Buffer.from(text, 'base64'), encode: (bytes) => Buffer.from(bytes).toString('base64') },
);
const keysInFile = deskKeys(base64, {
  memory: z.int().min(8).max(1_048_576),
  passes: z.int().min(1).max(20),
});
const contents = z.union([z.strictObject({ inSafe: z.base64() }), z.strictObject({ keys: z.unknown() })]);

export function readKeys(file: string, safe: Safe): KeysRead<Cost> {
  try {
    const stored = contents.parse(JSON.parse(readFileSync(file, 'utf8')));
    if ('keys' in stored) return { kind: 'keys', keys: keysInFile.parse(stored.keys) };
    const keys = fromSafe(safe, Buffer.from(stored.inSafe, 'base64'));
    if (keys === null) return { kind: 'unreadable', why: 'safe' };
    return { kind: 'keys', keys: keysInFile.parse(keys) };
  } catch (error) {
    return isMissing(error) ? { kind: 'missing' } : { kind: 'unreadable', why: 'key' };
  }
}

/** Resolves when the keys are on the disk. */
export function writeKeys(disk: Disk, file: string, keys: DeskKeys<Cost>, safe: Safe): Promise<void> {
  const encoded = keysInFile.encode(keys);
  const stored = isSecure(safe)
    ? { inSafe: safe.encryptString(JSON.stringify(encoded)).toString('base64') }
    : { keys: encoded };
  return replaceFile(disk, file, Buffer.from(JSON.stringify(stored)));
}

/** Null: it was sealed with another key. Chromium’s cipher on Linux authenticates nothing, so such a key may also yield some text. */
function fromSafe(safe: Safe, sealed: Buffer): unknown {
  try {
    return isSecure(safe) ? JSON.parse(safe.decryptString(sealed)) : null;
  } catch {
    return null;
  }
}
