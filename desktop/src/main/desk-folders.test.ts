/** The folders of the desks: unreadable ones, a full disk, their owner, and erasing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { asked } from '../../../shared/test/queue-records.ts';
import {
  contentsOf,
  hourMs,
  kraus,
  noKeyring,
  openedDesk,
  otherKeyring,
  smith,
  setUpDesks,
} from '../../test/program-desks.ts';
import { diskError } from '../../test/simulated-disk.ts';
import type { DesksDeps } from './desks.ts';
import { realDisk } from './disk.ts';

const { folder, start, open, leftDesk, place, file } = setUpDesks();

describe('LG4 an unreadable desk', () => {
  const unreadable: [string, 'key' | 'safe' | 'damaged', () => void, Partial<DesksDeps>][] = [
    ['whose keys were deleted', 'key', () => rmSync(file('keys')), {}],
    ['whose keys are damaged', 'key', () => writeFileSync(file('keys'), '{"keys":'), {}],
    ['whose keyring has changed', 'safe', () => {}, { safe: otherKeyring }],
    [
      'whose keyring returns nonsense',
      'safe',
      () => {},
      { safe: { ...otherKeyring, decryptString: () => 'nonsense' } },
    ],
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

  test.each(unreadable)('%s is reported and stays as it is', async (_what, why, damage, change) => {
    await leftDesk();
    damage();
    const before = contentsOf(place());
    const desks = start(change);
    expect(await open(desks)).toEqual({ result: 'unreadable', why, location: place() });
    expect(contentsOf(place())).toEqual(before);
    await expect(desks.appendToLog([asked(2)])).rejects.toThrow(/the desk is locked/);
    expect(await open(desks, { password: null })).toMatchObject({ result: 'unreadable', why });

    const device = await desks.deskDevice(kraus);
    const { location } = await desks.setDeskAside(kraus);
    expect(contentsOf(location)).toEqual(before);
    expect(await open(desks)).toMatchObject({ result: 'opened', desk: { records: [], board: null } });
    expect(await desks.deskDevice(kraus)).not.toBe(device);
  });

  test('is reported if it has the files of another desk', async () => {
    await leftDesk();
    renameSync(place(), `${place()}-other`);
    await leftDesk();
    const original = contentsOf(place());
    for (const names of [['log'], ['keys'], ['keys', 'log'], ['keys', 'log', 'board']]) {
      for (const name of names) writeFileSync(file(name), readFileSync(join(`${place()}-other`, name)));
      expect(await open(start())).toMatchObject({ result: 'unreadable' });
      for (const [name, bytes] of Object.entries(original)) writeFileSync(file(name), bytes);
    }
    expect(await open(start())).toMatchObject(openedDesk);
  });

  test('is listed as unreadable', async () => {
    await leftDesk();
    expect(await start({ safe: otherKeyring }).desks()).toMatchObject([
      { name: 'M. Kraus', waiting: 1, isReadable: false, canUnlock: false },
    ]);
  });

  test('can be set aside, unlike a readable desk', async () => {
    const desks = await leftDesk();
    await expect(desks.setDeskAside(kraus)).rejects.toThrow(/can be read/);
    expect(await open(desks)).toMatchObject(openedDesk);
  });

  test('with a new secret opens with the password once, and with that secret afterwards', async () => {
    const other = Buffer.alloc(32, 8).toString('base64url');
    const desks = await leftDesk();
    expect(await open(desks, { secret: other, password: null })).toMatchObject({ why: 'key' });
    expect(await open(desks, { secret: other })).toMatchObject(openedDesk);
    await desks.closeDesk();
    expect(await open(desks, { secret: other, password: null })).toMatchObject(openedDesk);
  });

  test('that lost its first keys in a crash starts again, without records', async () => {
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

describe('LG5 a full disk', () => {
  test('prevents a new desk', async () => {
    const full = { ...realDisk, create: () => Promise.reject(diskError('ENOSPC')) };
    await expect(start({ disk: full }).deskDevice(kraus)).rejects.toThrow(
      'Nothing was saved: the disk of this workstation is full. Free some space, then try again.',
    );
  });

  test('prevents saving the board of a desk, but not opening the desk', async () => {
    await leftDesk();
    const full = { ...realDisk, create: () => Promise.reject(diskError('ENOSPC')) };
    const desks = start({ disk: full });
    expect(await open(desks)).toMatchObject(openedDesk);
    await expect(desks.saveBoard('new')).rejects.toThrow(/disk of this workstation is full/);
    expect(await desks.resumeDesk(hourMs)).toMatchObject(openedDesk.desk);
  });
});

describe('LG6 the desks of a workstation', () => {
  test('belong to one program at a time, until it ends or is killed', async () => {
    const { ownAlone } = await import('./sole-owner.ts');
    const module = pathToFileURL(join(import.meta.dirname, 'sole-owner.ts')).href;
    const script = `const { ownAlone } = await import(${JSON.stringify(module)});
      console.log(await ownAlone(${JSON.stringify(folder.path)}));
      setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script]);
    onTestFinished(() => void other.kill('SIGKILL'));
    const [output] = (await once(other.stdout, 'data')) as [Buffer];
    expect(output.toString()).toBe('true\n');

    expect(await ownAlone(folder.path)).toBe(false);
    const desks = start({ own: ownAlone, folder: folder.path });
    await expect(open(desks)).rejects.toThrow(
      'Another Slate on this workstation uses the same folder. Close it, then sign in again.',
    );
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(await open(desks)).toMatchObject({ result: 'opened' });
  });

  test('are owned through a socket file on other systems', async () => {
    const { ownAlone } = await import('./sole-owner.ts');
    expect(await ownAlone(folder.path, 'darwin')).toBe(true);
    expect(await ownAlone(folder.path, 'darwin')).toBe(false);
  });
});

describe('LG14 erasing a desk', () => {
  test('deletes everything of this desk and nothing of other desks', async () => {
    const desks = await leftDesk({}, smith);
    await leftDesk();
    rmSync(file('keys'));
    await open(desks);
    await desks.setDeskAside(kraus);
    await open(desks);
    await desks.appendToLog([asked(1)]);
    await desks.eraseDesk(kraus);
    expect(readdirSync(join(place(), '..'))).toEqual([`${smith.siteId}_${smith.personId}`]);
    expect(await desks.resumeDesk(hourMs)).toBeNull();
    await expect(desks.appendToLog([asked(2)])).rejects.toThrow(/the desk is locked/);
    expect(await desks.desks()).toMatchObject([{ name: 'J. Smith' }]);
    expect(await open(desks, smith)).toMatchObject(openedDesk);
  });
});
