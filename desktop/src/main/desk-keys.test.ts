/** The keys of the desks: opening, unlocking, closing, resuming, and the readable parts of their files. */
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { filesWith } from '../../../e2e/helpers/files-with.ts';
import { asked, closed, done, sending } from '../../../shared/test/queue-records.ts';
import { recordingLog } from '../../test/on-disk.ts';
import {
  contentsOf,
  hourMs,
  idOf,
  kraus,
  noKeyring,
  openedDesk,
  otherKeyring,
  password,
  secret,
  smith,
  setUpDesks,
} from '../../test/program-desks.ts';
import { diskError } from '../../test/simulated-disk.ts';
import { deriveKey } from './derive-key-worker.ts';
import type { DesksDeps } from './desks.ts';
import { realDisk } from './disk.ts';
import { seal } from './seal.ts';

/** Every key that the desks have used. */
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

const { folder, computer, start, inputOf, open, leftDesk, unlock, setClock, later, place, file } =
  setUpDesks();

describe('LG9 a desk', () => {
  test('opens with the secret of its device', async () => {
    await leftDesk();
    expect(await open(start(), { password: null })).toMatchObject(openedDesk);
  });

  test('keeps its contents when the password changes', async () => {
    await leftDesk();
    const desks = start();
    expect(await open(desks, { password: 'a new password' })).toMatchObject(openedDesk);
    await desks.closeDesk();
    expect(await unlock(desks)).toMatchObject({ result: 'wrong' });
    later(1000);
    expect(await unlock(desks, 'a new password')).toMatchObject(openedDesk);
  });

  test('stays open while its keys are renewed', async () => {
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

  test('rewrites its deleted keys while it is open', async () => {
    const desks = await leftDesk();
    await unlock(desks);
    rmSync(file('keys'));
    await open(desks);
    expect(await open(start(), { password: null })).toMatchObject(openedDesk);
  });

  test('belongs to one person, site and server', async () => {
    const desks = await leftDesk();
    for (const other of [smith, { ...kraus, siteId: idOf('2') }])
      expect(await open(desks, other)).toMatchObject({ desk: { records: [], board: null } });
    computer.server = 'https://other.example.org';
    expect(await desks.desks()).toEqual([]);
    expect(await unlock(desks)).toEqual({ result: 'impossible', why: 'nobody' });
    expect(await open(desks)).toMatchObject({ desk: { records: [], board: null } });
  });

  test('does not open for another server, even if its files are copied there', async () => {
    await leftDesk();
    computer.server = 'https://other.example.org';
    const desks = start();
    await desks.deskDevice(kraus);
    const otherPlace = join(
      folder.path,
      'desks',
      'https+other.example.org',
      `${kraus.siteId}_${kraus.personId}`,
    );
    cpSync(place(), otherPlace, { recursive: true });
    expect(await desks.desks()).toEqual([]);
    expect(await unlock(desks)).toEqual({ result: 'impossible', why: 'nobody' });
    for (const [name, bytes] of Object.entries(contentsOf(place()))) {
      const moved = bytes.toString('latin1').replace('slate.example', 'other.example');
      writeFileSync(join(otherPlace, name), Buffer.from(moved, 'latin1'));
    }
    expect(await open(desks)).toMatchObject({ result: 'unreadable', why: 'key' });
    later(1000);
    expect(await unlock(desks)).toMatchObject({ result: 'wrong' });
  });

  test('has the same device after a restart or a damaged card', async () => {
    const device = await start().deskDevice(kraus);
    expect(await start().deskDevice(kraus)).toBe(device);
    expect(await start().deskDevice(smith)).not.toBe(device);
    await leftDesk();
    writeFileSync(file('desk.json'), '{');
    expect(await start().deskDevice(kraus)).toBe(device);
    expect(await open(start())).toMatchObject(openedDesk);
    await expect(open(start(), { device: idOf('f') })).rejects.toThrow(/Sign in once more/);
  });

  test('is encrypted without a keyring, but not resumed, and the log says so once', async () => {
    const log = recordingLog();
    const desks = await leftDesk({ safe: noKeyring, log });
    expect(await unlock(desks)).toMatchObject(openedDesk);
    expect(await start({ safe: noKeyring }).resumeDesk(hourMs)).toBeNull();
    expect(log.warn.mock.calls).toEqual([[expect.stringContaining('has no keyring')]]);
  });

  test('shows other people its person and the number of waiting requests, and nothing else', async () => {
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
    computer.server = null;
    await expect(start().desks()).rejects.toThrow('No server is chosen yet.');
  });
});

describe('LG10 the password unlocks a desk', () => {
  test('without the server', async () => {
    await leftDesk();
    expect(await unlock(start())).toMatchObject(openedDesk);
  });

  test('until the hours of the site since its last use online have passed', async () => {
    await leftDesk();
    const desks = start();
    later(72 * hourMs - 1);
    expect(await desks.desks()).toMatchObject([{ canUnlock: true }]);
    expect(await unlock(desks)).toMatchObject(openedDesk);
    // Opening it without the server or without the password does not extend the time.
    await open(desks, { password: null });
    await desks.closeDesk();
    later(1);
    expect(await desks.desks()).toMatchObject([{ canUnlock: false }]);
    expect(await unlock(desks)).toEqual({ result: 'impossible', why: 'too_long_ago' });
    await open(desks);
    await desks.closeDesk();
    expect(await unlock(desks)).toMatchObject(openedDesk);
  });

  test('not after the clock was set back', async () => {
    await leftDesk();
    setClock(-72 * hourMs);
    expect(await unlock(start())).toEqual({ result: 'impossible', why: 'too_long_ago' });
  });

  test('not if the site forbids it', async () => {
    const desks = await leftDesk({ safe: noKeyring });
    expect(readFileSync(file('keys'), 'utf8')).toContain('"salt"');
    await open(desks, { offlineHours: 0, password: null });
    await desks.closeDesk();
    expect(readFileSync(file('keys'), 'utf8')).not.toContain('"salt"');
    expect(await desks.desks()).toMatchObject([{ canUnlock: false, unlockUntil: null }]);
    expect(await unlock(desks)).toEqual({ result: 'impossible', why: 'switched_off' });
    expect(await open(desks)).toMatchObject(openedDesk);
  });

  test('not after somebody edited the time or the hours in the file', async () => {
    await leftDesk({ safe: noKeyring });
    const stored = readFileSync(file('keys'), 'utf8');
    type Stored = { keys: { offlineHours: number; offline: { signedInAt: number } } };
    for (const change of [
      ({ keys: { offline } }: Stored) => (offline.signedInAt += 24 * hourMs),
      (contents: Stored) => (contents.keys.offlineHours = 168),
    ]) {
      const contents = JSON.parse(stored) as Stored;
      change(contents);
      writeFileSync(file('keys'), JSON.stringify(contents));
      expect(await unlock(start({ safe: noKeyring }))).toEqual({ result: 'impossible', why: 'unreadable' });
    }
  });

  test('not for a person without a desk, and not if the desk is unreadable', async () => {
    const desks = await leftDesk();
    expect(await unlock(desks, password, smith.email)).toEqual({ result: 'impossible', why: 'nobody' });
    expect(await unlock(start({ safe: otherKeyring }))).toEqual({ result: 'impossible', why: 'unreadable' });
  });

  test('of the site where the person signed in last', async () => {
    const desks = await leftDesk();
    later(hourMs);
    await open(desks, { siteId: idOf('2'), siteName: 'South' });
    await desks.closeDesk();
    expect(await unlock(desks)).toMatchObject({ desk: { siteName: 'South' } });
  });
});

describe('LG11 wrong passwords', () => {
  test('delay further attempts, also after a restart', async () => {
    await leftDesk();
    let waitMs = 1000;
    for (let attempt = 0; attempt < 12; attempt++) {
      expect(await unlock(start(), 'wrong')).toEqual({ result: 'wrong', waitMs });
      later(waitMs - 1);
      expect(await unlock(start())).toEqual({ result: 'wait', waitMs: 1 });
      later(1);
      waitMs = Math.min(2 * waitMs, 900_000);
    }
    expect(await unlock(start())).toMatchObject(openedDesk);
    expect(await unlock(start(), 'wrong')).toEqual({ result: 'wrong', waitMs: 1000 });
  });

  test('are counted before they are checked', async () => {
    await leftDesk();
    const derive: DesksDeps['derive'] = async (derivation) => {
      // The program may end here: the attempt already counts.
      expect(await unlock(start())).toEqual({ result: 'wait', waitMs: 1000 });
      return deriveKey({ ...derivation, memory: 8, passes: 1 });
    };
    expect(await unlock(start({ derive }), 'wrong')).toEqual({ result: 'wrong', waitMs: 1000 });
  });

  test('are not checked if the count cannot be saved', async () => {
    await leftDesk();
    const derive = vi.fn<DesksDeps['derive']>(deriveKey);
    const full = { ...realDisk, create: () => Promise.reject(diskError('ENOSPC')) };
    await expect(unlock(start({ disk: full, derive }), 'wrong')).rejects.toThrow(
      /disk of this workstation is full/,
    );
    expect(derive).not.toHaveBeenCalled();
  });

  test('are checked one at a time', async () => {
    await leftDesk();
    const desks = start();
    const answers = await Promise.all(['one', 'two', 'three'].map((typed) => unlock(desks, typed)));
    expect(answers.map(({ result }) => result)).toEqual(['wrong', 'wait', 'wait']);
  });

  test('keep their delay when the clock is set back', async () => {
    await leftDesk();
    const desks = start();
    await unlock(desks, 'wrong');
    setClock(-hourMs);
    expect(await unlock(desks)).toEqual({ result: 'wait', waitMs: 1000 });
    later(1000);
    expect(await unlock(desks)).toMatchObject(openedDesk);
  });

  test('count also when the secret is wrong', async () => {
    const desks = await leftDesk();
    const other = Buffer.alloc(32, 8).toString('base64url');
    await open(desks, { secret: other, password: 'wrong' });
    expect(await unlock(desks)).toEqual({ result: 'wait', waitMs: 1000 });
  });
});

describe('LG12 a closed desk', () => {
  const safeFile = () => join(folder.path, 'desks', 'open');

  test('leaves no key in memory or in the keyring', async () => {
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
    expect(await desks.resumeDesk(hourMs)).toBeNull();
    expect(await start().resumeDesk(hourMs)).toBeNull();
    await open(desks);
    await desks.closeDesk();
    expect([...keys].filter((key) => key.some((byte) => byte !== 0))).toHaveLength(0);
  });

  test('confirms the appends that are on the disk and refuses the others', async () => {
    const desks = start();
    await open(desks);
    const results = Promise.allSettled([desks.appendToLog([asked(1)]), desks.appendToLog([asked(2)])]);
    await desks.closeDesk();
    const confirmed = (await results).flatMap(({ status }, index) =>
      status === 'fulfilled' ? [asked(index + 1)] : [],
    );
    expect(await open(desks)).toMatchObject({ desk: { records: confirmed, damage: null } });
  });

  test('stays closed if it was closed while opening', async () => {
    const desks = await leftDesk();
    const input = await inputOf(desks);
    const [answer] = await Promise.all([desks.openDesk(input), desks.closeDesk()]);
    expect(answer).toMatchObject({ result: 'opened' });
    expect(await desks.resumeDesk(hourMs)).toBeNull();
  });

  test('opens again if it was closed while its keys were being renewed', async () => {
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
    expect(await unlock(start(), 'a new password')).toMatchObject(openedDesk);
    expect(await open(start(), { password: null })).toMatchObject(openedDesk);
  });

  test('resumes within the lock time after a crash of the page or the program', async () => {
    const desks = start();
    await open(desks);
    await desks.appendToLog([asked(1)]);
    await desks.saveBoard('the board');
    later(10 * 60_000 - 1);
    expect(await desks.resumeDesk(10 * 60_000)).toMatchObject(openedDesk.desk);
    expect(await start().resumeDesk(10 * 60_000)).toMatchObject(openedDesk.desk);
  });

  test('does not resume after the lock time or for another server', async () => {
    await leftDesk();
    for (const change of [
      () => later(10 * 60_000),
      () => setClock(-10 * 60_000),
      () => (computer.server = 'https://other.example.org'),
    ]) {
      const desks = start();
      await unlock(desks);
      change();
      expect(await start().resumeDesk(10 * 60_000)).toBeNull();
      expect(existsSync(safeFile())).toBe(false);
      computer.server = 'https://slate.example.org';
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

  test('stays open if the clock is corrected by hours, but not if the computer sleeps for the lock time', async () => {
    const desks = start();
    await open(desks);
    setClock(5 * hourMs);
    expect(await desks.resumeDesk(10 * 60_000)).not.toBeNull();
    setClock(-5 * hourMs);
    computer.upMs += 10 * 60_000;
    expect(await desks.resumeDesk(10 * 60_000)).toBeNull();
  });

  test('does not resume if the keyring does not return its key', async () => {
    const desks = start();
    await open(desks);
    expect(await start({ safe: otherKeyring }).resumeDesk(hourMs)).toBeNull();
  });
});

describe('LG13 the files of a desk', () => {
  test('contain no patient data and no secret', async () => {
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

test('LG13 a board of another desk is not shown', async () => {
  await leftDesk();
  writeFileSync(file('board'), seal(Buffer.alloc(32), Buffer.from('x'), Buffer.from('the board')));
  expect(await open(start())).toMatchObject({ desk: { records: [asked(1)], board: null } });
});
