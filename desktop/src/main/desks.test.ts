import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createDesks } from './desks.ts';
import { realDisk } from './disk.ts';
import { deriveKey } from './derive-key-worker.ts';
test('smoke', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slate-desks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const safe = {
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => 'gnome_libsecret' as const,
    encryptString: (t: string) => Buffer.from(Buffer.from(t).toReversed()),
    decryptString: (b: Buffer) => Buffer.from(b.toReversed()).toString(),
  };
  const quiet = { file: '', info: () => {}, warn: console.log, error: console.log };
  const desks = createDesks({
    folder,
    server: () => 'https://slate.example.org',
    safe,
    derive: (d) => deriveKey({ ...d, memory: 8, passes: 1 }),
    disk: realDisk,
    log: quiet,
  });
  const of = { personId: crypto.randomUUID(), siteId: crypto.randomUUID() };
  const device = await desks.deskDevice(of);
  const input = {
    ...of,
    email: 'a@b.org',
    name: 'A',
    siteName: 'S',
    device,
    secret: Buffer.alloc(32, 7).toString('base64url'),
    password: 'correct horse',
    offlineHours: 72,
  };
  expect(await desks.openDesk(input)).toMatchObject({
    result: 'opened',
    desk: { records: [], damage: null, board: null, keyInSafe: true },
  });
  const request = {
    id: crypto.randomUUID(),
    command: 'hold',
    params: {},
    title: 'x',
    kind: 'claim' as const,
    madeAt: '2026-11-30T10:00:00.000Z',
    boardAt: null,
    cases: [],
    dependsOn: [],
    wasSent: false,
    replaces: null,
  };
  await desks.appendToLog([{ type: 'asked', request }]);
  await desks.saveBoard('board');
  expect(await desks.desks()).toMatchObject([{ waiting: 1, canUnlock: true, isReadable: true }]);
  await desks.closeDesk();
  expect(await desks.resumeDesk(1000)).toBeNull();
  expect(await desks.unlockDesk({ email: 'a@b.org', password: 'wrong' })).toEqual({
    result: 'wrong',
    waitMs: 1000,
  });
  expect(await desks.unlockDesk({ email: 'a@b.org', password: 'correct horse' })).toMatchObject({
    result: 'wait',
  });
  await new Promise((r) => setTimeout(r, 1000));
  expect(await desks.unlockDesk({ email: 'a@b.org', password: 'correct horse' })).toMatchObject({
    result: 'opened',
    desk: { records: [{ type: 'asked', request }], board: 'board' },
  });
  expect(await desks.resumeDesk(1000)).toMatchObject({ board: 'board' });
  expect(await desks.openDesk({ ...input, password: null })).toMatchObject({
    result: 'opened',
    desk: { records: [{ type: 'asked', request }], board: 'board' },
  });
});
