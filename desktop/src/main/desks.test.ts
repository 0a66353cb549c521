import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { filesWith } from '../../../e2e/helpers/console/files-with.ts';
import { ownFolder, recordingLog } from '../../test/on-disk.ts';
import { asked, closed, done, sending } from '../../../shared/test/queue-records.ts';
import { diskError } from '../../test/simulated-disk.ts';
import type { OpenDeskInput } from '../bridge.ts';
import { deriveKey } from './derive-key-worker.ts';
import { createDesks } from './desks.ts';
import type { Desks, DesksDeps } from './desks.ts';
import { realDisk } from './disk.ts';
import { seal } from './seal.ts';
import type { Safe } from './session-vault.ts';

/** Every key that was used. */
const keys = vi.hoisted(() => new Set<Buffer>());
vi.mock(import('./seal.ts'), async (original) => {
  const real = await original();
  return {
    ...real,
    seal: (key, about, plain) => {
      keys.add(key);
      return real.seal(key, about, plain);
    },
    unseal: (key, about, sealed) => {
      keys.add(key);
      return real.unseal(key, about, sealed);
    },
  };
});

const inverted = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
/** The system's keyring of this computer. */
const keyring = {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptString: (text) => inverted(Buffer.from(`sealed ${text}`)),
  decryptString: (bytes) => {
    const text = inverted(bytes).toString();
    if (!text.startsWith('sealed ')) throw new Error('It was sealed by another keyring.');
    return text.slice('sealed '.length);
  },
} satisfies Safe;
const otherKeyring: Safe = {
  ...keyring,
  decryptString: () => {
    throw new Error('It was sealed by another keyring.');
  },
};
const noKeyring: Safe = { ...keyring, getSelectedStorageBackend: () => 'basic_text' };

const idOf = (letter: string) => `${letter.repeat(8)}-0000-4000-8000-000000000000`;
const kraus = {
  personId: idOf('a'),
  siteId: idOf('1'),
  email: 'kraus@example.org',
  name: 'M. Kraus',
  siteName: 'North',
};
const smith = {
  personId: idOf('b'),
  siteId: idOf('1'),
  email: 'smith@example.org',
  name: 'J. Smith',
  siteName: 'North',
};
const secret = Buffer.alloc(32, 7).toString('base64url');
const password = 'correct horse battery';
const hour = 3_600_000;

const folder = ownFolder();
const log = recordingLog();
let server: string | null;
/** How long the computer has been up. */
let upMs: number;
beforeEach(() => {
  upMs = hour;
  server = 'https://slate.example.org';
  keys.clear();
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-30T09:42:00Z') });
  onTestFinished(() => void vi.useRealTimers());
});

/** The program, as it is after a start. Each has a folder of its own to own, but they use the same desks. */
function start(change: Partial<DesksDeps> = {}): Desks {
  const desks = createDesks({
    folder: join(folder.path, 'desks'),
    server: () => server,
    safe: keyring,
    // The cost of a test.
    derive: (derivation) => deriveKey({ ...derivation, memory: 8, passes: 1 }),
    disk: realDisk,
    own: () => Promise.resolve(true),
    log,
    upMs: () => upMs,
    ...change,
  });
  onTestFinished(() => desks.closeDesk());
  return desks;
}

async function inputOf(desks: Desks, change: Partial<OpenDeskInput> = {}): Promise<OpenDeskInput> {
  const who = { ...kraus, ...change };
  const device = await desks.deskDevice({ personId: who.personId, siteId: who.siteId });
  return { ...who, device, secret, password, offlineHours: 72, ...change };
}
const open = async (desks: Desks, change: Partial<OpenDeskInput> = {}) =>
  desks.openDesk(await inputOf(desks, change));

/** A desk with one request and a board, closed. */
async function leftDesk(change: Partial<DesksDeps> = {}, input: Partial<OpenDeskInput> = {}) {
  const desks = start(change);
  await open(desks, input);
  await desks.appendToLog([asked(1)]);
  await desks.saveBoard('the board');
  await desks.closeDesk();
  return desks;
}
const opened = { result: 'opened', desk: { records: [asked(1)], board: 'the board', damage: null } };

const unlock = (desks: Desks, typed = password, email = kraus.email) =>
  desks.unlockDesk({ email, password: typed });
const setClock = (ms: number) => void vi.setSystemTime(Date.now() + ms);
function later(ms: number) {
  upMs += ms;
  setClock(ms);
}

/** The folder of Kraus's desk. */
const place = () =>
  join(folder.path, 'desks', 'https+slate.example.org', `${kraus.siteId}_${kraus.personId}`);
const file = (name: string) => join(place(), name);

describe('LG4 a desk that cannot be read', () => {
  const unreadable: [string, 'key' | 'safe' | 'damaged', () => void, Partial<DesksDeps>][] = [
    ['whose keys were deleted', 'key', () => rmSync(file('keys')), {}],
    ['whose keys are damaged', 'key', () => writeFileSync(file('keys'), '{"keys":'), {}],
    ['whose keyring has changed', 'safe', () => {}, { safe: otherKeyring }],
    ['whose keyring is gone', 'safe', () => {}, { safe: noKeyring }],
    ['whose log was deleted', 'damaged', () => rmSync(file('log')), {}],
    ['whose log was emptied', 'damaged', () => writeFileSync(file('log'), ''), {}],
    ['whose log has another header', 'damaged', () => edit('log', (bytes) => void (bytes[8] = 9)), {}],
  ];
  const edit = (name: string, change: (bytes: Buffer) => void) => {
    const bytes = readFileSync(file(name));
    change(bytes);
    writeFileSync(file(name), bytes);
  };

  test.each(unreadable)('%s is reported and kept', async (_what, why, damage, change) => {
    await leftDesk();
    damage();
    const before = contentsOf(place());
    const desks = start(change);
    expect(await open(desks)).toEqual({ result: 'unreadable', why, kept: place() });
    expect(contentsOf(place())).toEqual(before);
    // It stays unreadable, and nothing is written to it.
    await expect(desks.appendToLog([asked(2)])).rejects.toThrow(/the desk is locked/);
    expect(await open(desks, { password: null })).toMatchObject({ result: 'unreadable', why });

    const device = await desks.deskDevice(kraus);
    const { kept } = await desks.setDeskAside(kraus);
    expect(contentsOf(kept)).toEqual(before);
    expect(await open(desks)).toMatchObject({ result: 'opened', desk: { records: [], board: null } });
    expect(await desks.deskDevice(kraus)).not.toBe(device);
  });

  test('because its files are those of another desk or workstation is reported', async () => {
    await leftDesk();
    renameSync(place(), `${place()}-other`);
    await leftDesk();
    const original = contentsOf(place());
    for (const names of [['log'], ['keys'], ['keys', 'log'], ['keys', 'log', 'board']]) {
      for (const name of names) writeFileSync(file(name), readFileSync(join(`${place()}-other`, name)));
      expect(await open(start())).toMatchObject({ result: 'unreadable' });
      for (const [name, bytes] of Object.entries(original)) writeFileSync(file(name), bytes);
    }
    expect(await open(start())).toMatchObject(opened);
  });

  test('is listed as such', async () => {
    await leftDesk();
    expect(await start({ safe: otherKeyring }).desks()).toMatchObject([
      { name: 'M. Kraus', waiting: 1, isReadable: false, canUnlock: false },
    ]);
  });

  test('is the only kind that can be put aside', async () => {
    const desks = await leftDesk();
    await expect(desks.setDeskAside(kraus)).rejects.toThrow(/can be read/);
    expect(await open(desks)).toMatchObject(opened);
  });

  test('with a wrong secret opens with the password, and then with the new secret', async () => {
    const other = Buffer.alloc(32, 8).toString('base64url');
    const desks = await leftDesk();
    expect(await open(desks, { secret: other, password: null })).toMatchObject({ why: 'key' });
    expect(await open(desks, { secret: other })).toMatchObject(opened);
    await desks.closeDesk();
    expect(await open(desks, { secret: other, password: null })).toMatchObject(opened);
  });

  test('after a crash between the log and its keys begins again', async () => {
    const failing = {
      ...realDisk,
      create: (path: string) =>
        path.endsWith('keys.new') ? Promise.reject(diskError('EIO')) : realDisk.create(path),
    };
    await expect(open(start({ disk: failing }))).rejects.toThrow(/reported an error/);
    expect(existsSync(file('log'))).toBe(true);
    expect(await open(start())).toMatchObject({ result: 'opened' });
  });
});

describe('LG9 a desk', () => {
  test('is opened by the secret of its device', async () => {
    await leftDesk();
    expect(await open(start(), { password: null })).toMatchObject(opened);
  });

  test('loses nothing when the password was changed', async () => {
    await leftDesk();
    const desks = start();
    expect(await open(desks, { password: 'a new password' })).toMatchObject(opened);
    await desks.closeDesk();
    expect(await unlock(desks)).toMatchObject({ result: 'wrong' });
    later(1000);
    expect(await unlock(desks, 'a new password')).toMatchObject(opened);
  });

  test('that was unlocked without the server stays open while it gets its new keys', async () => {
    await leftDesk();
    const appended: Promise<void>[] = [];
    let isUnlocked = false;
    const desks = start({
      derive: (derivation) => {
        if (isUnlocked) appended.push(desks.appendToLog([asked(2)]));
        return deriveKey({ ...derivation, memory: 8, passes: 1 });
      },
    });
    await unlock(desks);
    isUnlocked = true;
    expect(await open(desks, { password: 'a new password' })).toMatchObject({ result: 'opened' });
    expect(appended).toHaveLength(1);
    await Promise.all(appended);
    await desks.closeDesk();
    const both = { desk: { records: [asked(1), asked(2)] } };
    expect(await unlock(start(), 'a new password')).toMatchObject(both);
    expect(await open(start(), { password: null })).toMatchObject(both);
  });

  test('that is open gets its keys again if they were deleted', async () => {
    const desks = await leftDesk();
    await unlock(desks);
    rmSync(file('keys'));
    await open(desks);
    expect(await open(start(), { password: null })).toMatchObject(opened);
  });

  test('belongs to one person, site and server', async () => {
    const desks = await leftDesk();
    for (const other of [smith, { ...kraus, siteId: idOf('2') }])
      expect(await open(desks, other)).toMatchObject({ desk: { records: [], board: null } });
    server = 'https://other.example.org';
    expect(await desks.desks()).toEqual([]);
    expect(await unlock(desks)).toEqual({ result: 'impossible', why: 'nobody' });
    expect(await open(desks)).toMatchObject({ desk: { records: [], board: null } });
  });

  test('does not open for another server, even if its files are moved there', async () => {
    await leftDesk();
    server = 'https://other.example.org';
    const desks = start();
    await desks.deskDevice(kraus);
    const there = join(folder.path, 'desks', 'https+other.example.org', `${kraus.siteId}_${kraus.personId}`);
    cpSync(place(), there, { recursive: true });
    expect(await desks.desks()).toEqual([]);
    expect(await unlock(desks)).toEqual({ result: 'impossible', why: 'nobody' });
    for (const [name, bytes] of Object.entries(contentsOf(place()))) {
      const moved = bytes.toString('latin1').replace('slate.example', 'other.example');
      writeFileSync(join(there, name), Buffer.from(moved, 'latin1'));
    }
    expect(await open(desks)).toMatchObject({ result: 'unreadable', why: 'key' });
    later(1000);
    expect(await unlock(desks)).toMatchObject({ result: 'wrong' });
  });

  test('keeps its device', async () => {
    const device = await start().deskDevice(kraus);
    expect(await start().deskDevice(kraus)).toBe(device);
    expect(await start().deskDevice(smith)).not.toBe(device);
    await leftDesk();
    writeFileSync(file('desk.json'), '{');
    expect(await start().deskDevice(kraus)).toBe(device);
    expect(await open(start())).toMatchObject(opened);
    await expect(open(start(), { device: idOf('f') })).rejects.toThrow(/Sign in once more/);
  });

  test('without a keyring is encrypted all the same, but not resumed', async () => {
    await leftDesk({ safe: noKeyring });
    const desks = start({ safe: noKeyring });
    expect(await unlock(desks)).toMatchObject({ ...opened, desk: { ...opened.desk, keyInSafe: false } });
    expect(await start({ safe: noKeyring }).resumeDesk(hour)).toBeNull();
  });

  test('tells others who has one and how much waits, and nothing else', async () => {
    const desks = await leftDesk();
    await open(desks, smith);
    await desks.appendToLog([asked(1), asked(2), asked(3)]);
    await desks.appendToLog([sending(1), done(1), closed(2, 'removed')]);
    expect(await desks.desks()).toEqual(
      [kraus, smith].map((person) => ({
        ...person,
        waiting: 1,
        canUnlock: true,
        unlockUntil: '2026-12-03T09:42:00.000Z',
        isReadable: true,
      })),
    );
  });

  test('needs a server', async () => {
    server = null;
    await expect(start().desks()).rejects.toThrow('No server is chosen yet.');
  });
});

describe('LG10 the password opens a desk', () => {
  test('without the server', async () => {
    await leftDesk();
    expect(await unlock(start())).toMatchObject(opened);
  });

  test('for as long as the site says since it was last typed online', async () => {
    await leftDesk();
    const desks = start();
    later(72 * hour - 1);
    expect(await desks.desks()).toMatchObject([{ canUnlock: true }]);
    expect(await unlock(desks)).toMatchObject(opened);
    // Opened without the server, or without the password: the time goes on.
    await open(desks, { password: null });
    await desks.closeDesk();
    later(1);
    expect(await desks.desks()).toMatchObject([{ canUnlock: false }]);
    expect(await unlock(desks)).toEqual({ result: 'impossible', why: 'too_long_ago' });
    await open(desks);
    await desks.closeDesk();
    expect(await unlock(desks)).toMatchObject(opened);
  });

  test('not with a clock that was set back', async () => {
    await leftDesk();
    setClock(-72 * hour);
    expect(await unlock(start())).toEqual({ result: 'impossible', why: 'too_long_ago' });
  });

  test('not where the site does not allow it', async () => {
    const desks = await leftDesk({ safe: noKeyring });
    expect(readFileSync(file('keys'), 'utf8')).toContain('"salt"');
    await open(desks, { offlineHours: 0, password: null });
    await desks.closeDesk();
    expect(readFileSync(file('keys'), 'utf8')).not.toContain('"salt"');
    expect(await desks.desks()).toMatchObject([{ canUnlock: false, unlockUntil: null }]);
    expect(await unlock(desks)).toEqual({ result: 'impossible', why: 'switched_off' });
    expect(await open(desks)).toMatchObject(opened);
  });

  test('not after somebody wrote a later time or more hours into the file', async () => {
    await leftDesk({ safe: noKeyring });
    const stored = readFileSync(file('keys'), 'utf8');
    type Stored = { keys: { offlineHours: number; offline: { signedInAt: number } } };
    for (const change of [
      ({ keys: { offline } }: Stored) => (offline.signedInAt += 24 * hour),
      ({ keys: found }: Stored) => (found.offlineHours = 168),
    ]) {
      const found = JSON.parse(stored) as Stored;
      change(found);
      writeFileSync(file('keys'), JSON.stringify(found));
      expect(await unlock(start({ safe: noKeyring }))).toEqual({ result: 'impossible', why: 'unreadable' });
    }
  });

  test('lists the people with a desk here', async () => {
    const desks = await leftDesk();
    expect(await unlock(desks, password, smith.email)).toEqual({ result: 'impossible', why: 'nobody' });
    expect(await unlock(start({ safe: otherKeyring }))).toEqual({ result: 'impossible', why: 'unreadable' });
  });

  test('of the site of the last sign-in', async () => {
    const desks = await leftDesk();
    later(hour);
    await open(desks, { siteId: idOf('2'), siteName: 'South' });
    await desks.closeDesk();
    expect(await unlock(desks)).toMatchObject({ desk: { siteName: 'South' } });
  });
});

describe('LG11 wrong passwords', () => {
  test('slow down, also over a restart', async () => {
    await leftDesk();
    let waitMs = 1000;
    for (let attempt = 0; attempt < 12; attempt++) {
      expect(await unlock(start(), 'wrong')).toEqual({ result: 'wrong', waitMs });
      later(waitMs - 1);
      expect(await unlock(start())).toEqual({ result: 'wait', waitMs: 1 });
      later(1);
      waitMs = Math.min(2 * waitMs, 900_000);
    }
    expect(await unlock(start())).toMatchObject(opened);
    expect(await unlock(start(), 'wrong')).toEqual({ result: 'wrong', waitMs: 1000 });
  });

  test('count before they are tried', async () => {
    await leftDesk();
    const derive: DesksDeps['derive'] = async (derivation) => {
      // The program could end here.
      expect(await unlock(start())).toEqual({ result: 'wait', waitMs: 1000 });
      return deriveKey({ ...derivation, memory: 8, passes: 1 });
    };
    expect(await unlock(start({ derive }), 'wrong')).toEqual({ result: 'wrong', waitMs: 1000 });
  });

  test('are not tried if they cannot be counted', async () => {
    await leftDesk();
    const derive = vi.fn<DesksDeps['derive']>(deriveKey);
    const full = { ...realDisk, create: () => Promise.reject(diskError('ENOSPC')) };
    await expect(unlock(start({ disk: full, derive }), 'wrong')).rejects.toThrow(
      /disk of this workstation is full/,
    );
    expect(derive).not.toHaveBeenCalled();
  });

  test('cannot be tried side by side', async () => {
    await leftDesk();
    const desks = start();
    const answers = await Promise.all(['one', 'two', 'three'].map((typed) => unlock(desks, typed)));
    expect(answers.map(({ result }) => result)).toEqual(['wrong', 'wait', 'wait']);
  });

  test('wait no longer, and no shorter, after the clock was set back', async () => {
    await leftDesk();
    const desks = start();
    await unlock(desks, 'wrong');
    setClock(-hour);
    expect(await unlock(desks)).toEqual({ result: 'wait', waitMs: 1000 });
    later(1000);
    expect(await unlock(desks)).toMatchObject(opened);
  });

  test('count too where they are tried with a wrong secret', async () => {
    const desks = await leftDesk();
    const other = Buffer.alloc(32, 8).toString('base64url');
    await open(desks, { secret: other, password: 'wrong' });
    expect(await unlock(desks)).toEqual({ result: 'wait', waitMs: 1000 });
  });
});

describe('LG12 a closed desk', () => {
  const safeFile = () => join(folder.path, 'desks', 'open');

  test('has no key in memory or in the keyring', async () => {
    const desks = await leftDesk();
    await unlock(desks);
    await open(desks);
    await desks.appendToLog([asked(1)]);
    expect(existsSync(safeFile())).toBe(true);
    expect([...keys].filter((key) => key.some((byte) => byte !== 0))).toHaveLength(1);
    await desks.closeDesk();
    expect([...keys].filter((key) => key.some((byte) => byte !== 0))).toHaveLength(0);
    expect(existsSync(safeFile())).toBe(false);
    await expect(desks.appendToLog([asked(2)])).rejects.toThrow(/the desk is locked/);
    await expect(desks.saveBoard('x')).rejects.toThrow(/the desk is locked/);
    expect(await desks.resumeDesk(hour)).toBeNull();
    expect(await start().resumeDesk(hour)).toBeNull();
    await open(desks);
    await desks.closeDesk();
    expect([...keys].filter((key) => key.some((byte) => byte !== 0))).toHaveLength(0);
  });

  test('confirms what is on the disk and refuses the rest', async () => {
    const desks = start();
    await open(desks);
    const results = Promise.allSettled([desks.appendToLog([asked(1)]), desks.appendToLog([asked(2)])]);
    await desks.closeDesk();
    const confirmed = (await results).flatMap(({ status }, index) =>
      status === 'fulfilled' ? [asked(index + 1)] : [],
    );
    expect(await open(desks)).toMatchObject({ desk: { records: confirmed, damage: null } });
  });

  test('is closed even if it was just being opened', async () => {
    const desks = await leftDesk();
    const input = await inputOf(desks);
    const [answer] = await Promise.all([desks.openDesk(input), desks.closeDesk()]);
    expect(answer).toMatchObject({ result: 'opened' });
    expect(await desks.resumeDesk(hour)).toBeNull();
  });

  test('opens again if it was closed while a new password was being taken', async () => {
    await leftDesk();
    const closing: Promise<void>[] = [];
    const desks = start({
      derive: (derivation) => {
        closing.push(desks.closeDesk());
        return deriveKey({ ...derivation, memory: 8, passes: 1 });
      },
    });
    await open(desks, { password: 'a new password' });
    await Promise.all(closing);
    expect(await unlock(start(), 'a new password')).toMatchObject(opened);
    expect(await open(start(), { password: null })).toMatchObject(opened);
  });

  test('is resumed after the page crashed, or the program, within the lock time', async () => {
    const desks = start();
    await open(desks);
    await desks.appendToLog([asked(1)]);
    await desks.saveBoard('the board');
    later(10 * 60_000 - 1);
    expect(await desks.resumeDesk(10 * 60_000)).toMatchObject(opened.desk);
    expect(await start().resumeDesk(10 * 60_000)).toMatchObject(opened.desk);
  });

  test('is not resumed later, or by another server', async () => {
    await leftDesk();
    for (const change of [
      () => later(10 * 60_000),
      () => setClock(-10 * 60_000),
      () => (server = 'https://other.example.org'),
    ]) {
      const desks = start();
      await unlock(desks);
      change();
      expect(await start().resumeDesk(10 * 60_000)).toBeNull();
      expect(existsSync(safeFile())).toBe(false);
      server = 'https://slate.example.org';
    }
    const desks = start();
    await unlock(desks);
    later(10 * 60_000);
    expect(await desks.resumeDesk(10 * 60_000)).toBeNull();
    await expect(desks.appendToLog([asked(2)])).rejects.toThrow(/the desk is locked/);
  });

  test('counts the lock time from the last use', async () => {
    const desks = start();
    await open(desks);
    later(9 * 60_000);
    desks.touch();
    later(9 * 60_000);
    expect(await start().resumeDesk(10 * 60_000)).not.toBeNull();
  });

  test('stays open while the clock is corrected by hours, and not while the computer sleeps for as long', async () => {
    const desks = start();
    await open(desks);
    setClock(5 * hour);
    expect(await desks.resumeDesk(10 * 60_000)).not.toBeNull();
    setClock(-5 * hour);
    upMs += 10 * 60_000;
    expect(await desks.resumeDesk(10 * 60_000)).toBeNull();
  });

  test('is not resumed with a key that the keyring does not give', async () => {
    const desks = start();
    await open(desks);
    expect(await start({ safe: otherKeyring }).resumeDesk(hour)).toBeNull();
  });
});

describe('LG13 the files of a desk', () => {
  test('contain nothing of a patient, and no secret', async () => {
    const desks = start({ safe: noKeyring });
    await open(desks);
    await desks.appendToLog([asked(1, { title: 'PATIENT-8d1f2c', body: { note: 'PATIENT-8d1f2c' } })]);
    await desks.saveBoard('PATIENT-8d1f2c');
    const raw = [...keys].map((key) => key.toString('base64'));
    for (const text of ['PATIENT-8d1f2c', secret, password, ...raw])
      expect(filesWith(folder.path, text)).toEqual([]);
    expect(filesWith(folder.path, 'M. Kraus')).toEqual([file('desk.json')]);
  });

  test('are readable only for this user', async () => {
    await leftDesk();
    const { statSync } = await import('node:fs');
    expect(statSync(place()).mode & 0o077).toBe(0);
    for (const name of readdirSync(place())) expect(statSync(file(name)).mode & 0o077).toBe(0);
  });
});

describe('LG6 the desks of a workstation', () => {
  test('belong to one program at a time, until it ends in any way', async () => {
    const { ownAlone } = await import('./sole-owner.ts');
    const module = pathToFileURL(join(import.meta.dirname, 'sole-owner.ts')).href;
    const script = `const { ownAlone } = await import(${JSON.stringify(module)});
      console.log(await ownAlone(${JSON.stringify(folder.path)}));
      setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script]);
    onTestFinished(() => void other.kill('SIGKILL'));
    const [said] = (await once(other.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('true\n');

    expect(await ownAlone(folder.path)).toBe(false);
    const desks = start({ own: ownAlone, folder: folder.path });
    await expect(open(desks)).rejects.toThrow(
      'Another Slate on this workstation uses the same folder. Close it, then sign in again.',
    );
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(await open(desks)).toMatchObject({ result: 'opened' });
  });

  test('hold on other systems a name that a crash leaves behind', async () => {
    const { ownAlone } = await import('./sole-owner.ts');
    expect(await ownAlone(folder.path, 'darwin')).toBe(true);
    expect(await ownAlone(folder.path, 'darwin')).toBe(false);
  });
});

describe('LG14 erasing a desk', () => {
  test('leaves nothing of it, and everything of the others', async () => {
    const desks = await leftDesk({}, smith);
    await leftDesk();
    rmSync(file('keys'));
    await open(desks);
    await desks.setDeskAside(kraus);
    await open(desks);
    await desks.appendToLog([asked(1)]);
    await desks.eraseDesk(kraus);
    expect(readdirSync(join(place(), '..'))).toEqual([`${smith.siteId}_${smith.personId}`]);
    expect(await desks.resumeDesk(hour)).toBeNull();
    await expect(desks.appendToLog([asked(2)])).rejects.toThrow(/the desk is locked/);
    expect(await desks.desks()).toMatchObject([{ name: 'J. Smith' }]);
    expect(await open(desks, smith)).toMatchObject(opened);
  });
});

describe('LG5 a full disk', () => {
  test('refuses to begin a desk', async () => {
    const full = { ...realDisk, create: () => Promise.reject(diskError('ENOSPC')) };
    await expect(start({ disk: full }).deskDevice(kraus)).rejects.toThrow(
      'Nothing was saved: the disk of this workstation is full. Free some space, then try again.',
    );
  });

  test('opens one, and refuses to save its board', async () => {
    await leftDesk();
    const full = { ...realDisk, create: () => Promise.reject(diskError('ENOSPC')) };
    const desks = start({ disk: full });
    expect(await open(desks)).toMatchObject(opened);
    await expect(desks.saveBoard('new')).rejects.toThrow(/disk of this workstation is full/);
    expect(await desks.resumeDesk(hour)).toMatchObject(opened.desk);
  });
});

test('LG13 a board of another desk is not shown', async () => {
  await leftDesk();
  writeFileSync(file('board'), seal(Buffer.alloc(32), Buffer.from('x'), Buffer.from('the board')));
  expect(await open(start())).toMatchObject({ desk: { records: [asked(1)], board: null } });
});

function contentsOf(path: string): Record<string, Buffer> {
  return Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name))]));
}
