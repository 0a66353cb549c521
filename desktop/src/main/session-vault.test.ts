import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { recordingLog, ownFolder } from '../../test/on-disk.ts';
import { createSessionVault } from './session-vault.ts';
import type { Safe } from './session-vault.ts';

const session = {
  refreshToken: 'refresh-5b9e0c7a41f84d3e',
  email: 'kraus@example.org',
  usedAt: 1_796_000_000_000,
};
const server = 'https://slate.example.org';

/** A fake encryption: inverts every byte. */
const inverted = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
const safe = {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptString: (text) => inverted(Buffer.from(text)),
  decryptString: (bytes) => inverted(bytes).toString(),
} satisfies Safe;

describe('DT8 a session', () => {
  const folder = ownFolder();
  const log = recordingLog();
  let file: string;
  beforeEach(() => {
    file = join(folder.path, 'session');
    vi.clearAllMocks();
  });
  const vault = (change: Partial<Safe> = {}) =>
    createSessionVault(file, { ...safe, ...change }, log, 'linux');

  test('is stored encrypted and read again', () => {
    expect(vault().save(server, session)).toBe(true);
    expect(vault().read(server)).toEqual(session);
    expect(readFileSync(file).includes(session.refreshToken)).toBe(false);
  });

  test.each<[string, Partial<Safe>]>([
    ['without encryption', { isEncryptionAvailable: () => false }],
    ['without a keyring', { getSelectedStorageBackend: () => 'basic_text' }],
  ])('is not stored %s, and an older one is deleted', (_why, change) => {
    vault().save(server, session);
    expect(vault(change).save(server, session)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  test('of one server is not returned for another, and is deleted', () => {
    vault().save(server, session);
    expect(vault().read('https://slate.other.example')).toBeNull();
    expect(existsSync(file)).toBe(false);
  });

  test.each<[string, Partial<Safe>, Buffer]>([
    ['damaged', {}, Buffer.from('damaged')],
    ['of another format', {}, safe.encryptString('{"refreshToken":"x"}')],
    [
      'locked in the keyring',
      {
        decryptString: () => {
          throw new Error(`no key for ${session.refreshToken}`);
        },
      },
      safe.encryptString(JSON.stringify({ server, session })),
    ],
    [
      'without encryption',
      { isEncryptionAvailable: () => false },
      safe.encryptString(JSON.stringify({ server, session })),
    ],
  ])('that is %s is deleted, and the log does not contain it', (_how, change, bytes) => {
    writeFileSync(file, bytes);
    expect(vault(change).read(server)).toBeNull();
    expect(existsSync(file)).toBe(false);
    expect(log.warn).toHaveBeenCalledOnce();
    expect(JSON.stringify(log.warn.mock.calls)).not.toContain(session.refreshToken);
  });

  test('that cannot be stored is logged and refused', () => {
    const nowhere = createSessionVault(join(file, 'session'), safe, log);
    writeFileSync(file, 'in the way');
    expect(nowhere.save(server, session)).toBe(false);
    expect(log.error).toHaveBeenCalledOnce();
  });

  test('can be deleted, also twice', () => {
    vault().save(server, session);
    vault().delete();
    vault().delete();
    expect(vault().read(server)).toBeNull();
  });
});
