import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { listeningLog, ownFolder } from '../../test/on-disk.ts';
import { createSessionVault } from './session-vault.ts';
import type { Safe } from './session-vault.ts';

const session = {
  refreshToken: 'refresh-5b9e0c7a41f84d3e',
  email: 'kraus@example.org',
  usedAt: 1_796_000_000_000,
};
const server = 'https://slate.example.org';

/** Turns every byte round: enough to tell whether what lies on the disk went through it. */
const turned = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
const safe = {
  isThere: () => true,
  encrypt: (text: string) => turned(Buffer.from(text)),
  decrypt: (bytes: Buffer) => turned(bytes).toString(),
} satisfies Safe;

describe('DT8 a session', () => {
  const folder = ownFolder();
  const log = listeningLog();
  let file: string;
  beforeEach(() => {
    file = join(folder.path, 'session');
    vi.clearAllMocks();
  });
  const vault = (kept: Partial<Safe> = {}) => createSessionVault(file, { ...safe, ...kept }, log);

  test('is kept encrypted, and read again', () => {
    expect(vault().keep(server, session)).toBe(true);
    expect(vault().read(server)).toEqual(session);
    expect(readFileSync(file).includes(session.refreshToken)).toBe(false);
  });

  test('is not kept where nothing encrypts, and an older one does not stay either', () => {
    vault().keep(server, session);
    expect(vault({ isThere: () => false }).keep(server, session)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  test('of one server is not shown to another, and forgotten', () => {
    vault().keep(server, session);
    expect(vault().read('https://slate.other.example')).toBeNull();
    expect(existsSync(file)).toBe(false);
  });

  test.each<[string, Partial<Safe>, Buffer]>([
    ['damaged', {}, Buffer.from('damaged')],
    ['not ours', {}, safe.encrypt('{"refreshToken":"x"}')],
    [
      'locked away',
      {
        decrypt: () => {
          throw new Error(`no key for ${session.refreshToken}`);
        },
      },
      safe.encrypt(JSON.stringify({ server, session })),
    ],
    ['without a safe', { isThere: () => false }, safe.encrypt(JSON.stringify({ server, session }))],
  ])('that is %s is forgotten, and the log does not tell what it was', (_how, kept, bytes) => {
    writeFileSync(file, bytes);
    expect(vault(kept).read(server)).toBeNull();
    expect(existsSync(file)).toBe(false);
    expect(log.warn).toHaveBeenCalledOnce();
    expect(JSON.stringify(log.warn.mock.calls)).not.toContain(session.refreshToken);
  });

  test('that cannot be written lasts as long as the window', () => {
    const nowhere = createSessionVault(join(file, 'session'), safe, log);
    writeFileSync(file, 'in the way');
    expect(nowhere.keep(server, session)).toBe(false);
    expect(log.error).toHaveBeenCalledOnce();
  });

  test('is gone when it is dropped, also twice', () => {
    vault().keep(server, session);
    vault().drop();
    vault().drop();
    expect(vault().read(server)).toBeNull();
  });
});
