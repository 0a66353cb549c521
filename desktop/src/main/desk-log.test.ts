import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { stillNeeded } from '@slate/shared/queue';
import type { QueueRecord } from '@slate/shared/queue';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordingLog } from '../../test/on-disk.ts';
import { asked, closed, done, idOf, sending, settled } from '../../../shared/test/queue-records.ts';
import { diskError, simulatedDisk } from '../../test/simulated-disk.ts';
import type { SimulatedDisk } from '../../test/simulated-disk.ts';
import { createLog, openLog } from './desk-log.ts';
import type { DeskLog } from '../desk/desk-store.ts';
import { countWaiting } from './desk-log-format.ts';

const path = '/desk/log';
const desk = 'slate desk 1 https://slate.example.org person site device';
const key = randomBytes(32);
const log = recordingLog();

const depsOf = (disk: SimulatedDisk, change: { key?: Buffer; desk?: string } = {}) => ({
  path,
  desk,
  key,
  disk,
  log,
  ...change,
});

async function openOn(disk: SimulatedDisk): Promise<DeskLog> {
  const opened = await openLog(depsOf(disk));
  if (!opened) throw new Error('This is not the log of this desk.');
  return opened;
}

/** A log with these appends, and the disk that it is on. */
async function logWith(...appends: QueueRecord[][]) {
  const disk = simulatedDisk();
  await createLog(depsOf(disk));
  const written = await openOn(disk);
  for (const records of appends) await written.append(records);
  return { disk, log: written };
}
const bytesOf = (disk: SimulatedDisk): Buffer => disk.file(path) ?? Buffer.alloc(0);
/** The contents as a newly started program reads them. */
async function readAgain(disk: SimulatedDisk, bytes = bytesOf(disk)) {
  const other = simulatedDisk();
  other.put(path, bytes);
  const opened = await openLog(depsOf(other));
  return opened && { records: opened.records(), damage: opened.damage };
}

/** The end of each append in the file; first the end of the header. */
async function boundaries(...appends: QueueRecord[][]) {
  const { disk, log: written } = await logWith();
  const ends = [bytesOf(disk).length];
  for (const records of appends) {
    await written.append(records);
    ends.push(bytesOf(disk).length);
  }
  return { disk, ends };
}

const threeAppends = [[asked(1)], [asked(2), asked(3)], [sending(1), done(1)]];

describe('LG1 an append', () => {
  test('is confirmed after it was written and synced', async () => {
    const { disk, log: written } = await logWith();
    disk.steps.length = 0;
    await written.append([asked(1)]).then(() => disk.steps.push('confirmed'));
    expect(disk.steps).toEqual(['write log', 'sync log', 'confirmed']);
    expect(await readAgain(disk)).toEqual({ records: [asked(1)], damage: null });
  });

  test('follows the sync of the file and its folder', async () => {
    const disk = simulatedDisk();
    await createLog(depsOf(disk));
    expect(disk.steps).toEqual([
      'create log.new',
      'write log.new',
      'sync log.new',
      'rename log.new',
      'sync folder ',
    ]);
  });

  test('shares its write and sync with the appends that arrive meanwhile', async () => {
    const { disk, log: written } = await logWith();
    disk.steps.length = 0;
    const meanwhile: Promise<void>[] = [];
    disk.before = () => {
      if (meanwhile.length === 0)
        meanwhile.push(...[2, 3, 4, 5].map((index) => written.append([asked(index)])));
      return undefined;
    };
    await written.append([asked(1)]);
    await Promise.all(meanwhile);
    expect(disk.steps).toEqual(['write log', 'sync log', 'write log', 'sync log']);
    expect(written.records()).toEqual([1, 2, 3, 4, 5].map((index) => asked(index)));
    expect((await readAgain(disk))?.records).toEqual(written.records());
  });
});

describe('LG2 a log that was cut', () => {
  test('keeps every complete append before the cut, at any byte', async () => {
    const { disk, ends } = await boundaries(...threeAppends);
    const bytes = bytesOf(disk);
    for (let length = 0; length <= bytes.length; length++) {
      const whole = ends.filter((end) => end <= length).length - 1;
      const rest = length - (ends[whole] ?? 0);
      const intact = {
        records: threeAppends.slice(0, Math.max(0, whole)).flat(),
        damage: rest === 0 ? null : { kind: 'cut', bytes: rest },
      };
      const contents = await readAgain(disk, bytes.subarray(0, length));
      expect(contents, `cut at ${length}`).toEqual(whole < 0 ? null : intact);
    }
  });

  test('continues with the next append', async () => {
    const { disk } = await logWith(...threeAppends);
    const bytes = bytesOf(disk);
    for (const tail of [Buffer.alloc(200), Buffer.alloc(3), bytes.subarray(37, 60)]) {
      const other = simulatedDisk();
      other.put(path, Buffer.concat([bytes, tail]));
      const found = await openOn(other);
      expect(found.damage).toEqual({ kind: 'cut', bytes: tail.length });
      await found.append([asked(9)]);
      expect(await readAgain(other)).toEqual({ records: [...threeAppends.flat(), asked(9)], damage: null });
    }
  });
});

describe('LG3 a changed log', () => {
  test('is detected at every byte, and read only up to the change', async () => {
    const { disk, ends } = await boundaries(...threeAppends);
    const bytes = bytesOf(disk);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      const intact = ends.filter((end) => end <= at).length - 1;
      const records = threeAppends.slice(0, Math.max(0, intact)).flat();
      const rest = bytes.length - (ends[intact] ?? 0);
      const expected = { records, damage: { kind: 'broken', intact: records.length, bytes: rest } };
      expect(await readAgain(disk, changed), `changed at ${at}`).toEqual(intact < 0 ? null : expected);
    }
  });

  const part = (bytes: Buffer, ends: readonly number[], index: number) =>
    bytes.subarray(ends[index], ends[index + 1]);
  test.each<[string, number[], number]>([
    ['cut out of the middle', [0, 2], 1],
    ['cut out of the beginning', [1, 2], 0],
    ['swapped', [1, 0, 2], 0],
    ['repeated', [0, 0, 1, 2], 1],
    ['repeated at the end', [0, 1, 2, 1], 3],
  ])('notices an append that is %s', async (_what, order, intact) => {
    const { disk, ends } = await boundaries(...threeAppends);
    const bytes = bytesOf(disk);
    const changed = Buffer.concat([
      bytes.subarray(0, ends[0]),
      ...order.map((index) => part(bytes, ends, index)),
    ]);
    const found = await readAgain(disk, changed);
    expect(found?.records).toEqual(threeAppends.slice(0, intact).flat());
    expect(found?.damage).toMatchObject({ kind: 'broken' });
  });

  test('notices a count that was edited together with its checksum', async () => {
    const { disk, ends } = await boundaries(...threeAppends);
    const bytes = Buffer.from(bytesOf(disk));
    const head = bytes.subarray(ends[1], (ends[1] ?? 0) + 10);
    head.writeInt16BE(0, 4);
    head.writeUInt32BE(crc32(head.subarray(0, 6)), 6);
    expect(countWaiting(bytes)).toBe(0);
    expect(await readAgain(disk, bytes)).toMatchObject({
      records: threeAppends[0],
      damage: { kind: 'broken' },
    });
  });

  test('notices an append from another file of the same desk', async () => {
    const { disk: one, ends } = await boundaries(...threeAppends);
    const { disk: other } = await boundaries(...threeAppends);
    const mixed = Buffer.concat([
      bytesOf(one).subarray(0, ends[1]),
      bytesOf(other).subarray(ends[1], ends[2]),
    ]);
    expect(await readAgain(one, mixed)).toMatchObject({
      records: threeAppends[0],
      damage: { kind: 'broken' },
    });
  });

  test.each([
    ['person', desk.replace('person', 'somebody')],
    ['site', desk.replace('site', 'elsewhere')],
    ['device', desk.replace('device', 'another')],
    ['server', desk.replace('slate.example.org', 'other.example.org')],
  ])('is not accepted for another %s', async (_what, other) => {
    const { disk } = await logWith(...threeAppends);
    expect(await openLog(depsOf(disk, { desk: other }))).toBeNull();
    expect(await openLog(depsOf(disk, { key: randomBytes(32) }))).toBeNull();
    expect(await openLog(depsOf(disk))).not.toBeNull();
  });

  test('is copied unchanged before anything is written to it', async () => {
    const { disk, ends } = await boundaries(...threeAppends);
    const bytes = Buffer.from(bytesOf(disk));
    bytes[(ends[1] ?? 0) + 20] = (bytes[(ends[1] ?? 0) + 20] ?? 0) ^ 1;
    disk.put(path, bytes);
    const found = await openOn(disk);
    expect(bytesOf(disk)).toEqual(bytes);
    disk.steps.length = 0;
    await found.append([asked(9)]);
    const [created = ''] = disk.steps;
    expect(created).toMatch(/^create log\.broken-[\dTZ-]+\.new$/);
    expect(disk.file(`/desk/${created.slice('create '.length, -'.new'.length)}`)).toEqual(bytes);
    expect(disk.steps.slice(1)).toEqual([
      expect.stringMatching(/^write log\.broken/),
      expect.stringMatching(/^sync log\.broken/),
      expect.stringMatching(/^rename log\.broken/),
      'sync folder ',
      'truncate log',
      'sync log',
      'sync folder ',
      'write log',
      'sync log',
    ]);
    expect(await readAgain(disk)).toEqual({ records: [asked(1), asked(9)], damage: null });
  });
});

describe('LG5 an append that fails', () => {
  const sentences: [string, string, RegExp][] = [
    ['a full disk', 'ENOSPC', /the disk of this workstation is full/],
    ['a full quota', 'EDQUOT', /the disk of this workstation is full/],
    ['a read-only disk', 'EROFS', /can’t write to its folder/],
    ['a folder without permission', 'EACCES', /can’t write to its folder/],
    ['an error of the disk', 'EIO', /reported an error/],
  ];

  test.each(sentences)('because of %s is refused with a sentence', async (_what, code, sentence) => {
    const { disk, log: written } = await logWith([asked(1)]);
    disk.before = (step) => {
      if (step === 'write log') throw diskError(code);
      return undefined;
    };
    await expect(written.append([asked(2)])).rejects.toThrow(sentence);
    expect(written.records()).toEqual([asked(1)]);
    expect(await readAgain(disk)).toEqual({ records: [asked(1)], damage: null });
    disk.before = () => undefined;
    await written.append([asked(3)]);
    expect(await readAgain(disk)).toEqual({ records: [asked(1), asked(3)], damage: null });
  });

  test.each([
    ['', true],
    [', even if it cannot be removed at once', false],
  ])('after a part of it was written leaves nothing of it%s', async (_when, isRemoved) => {
    const { disk, log: written } = await logWith([asked(1)]);
    disk.before = (step) => {
      if (step === 'write log') return { bytes: 70, error: diskError('ENOSPC') };
      if (step === 'truncate log' && !isRemoved) throw diskError('EIO');
      return undefined;
    };
    await expect(written.append([asked(2)])).rejects.toThrow(/full/);
    expect((await readAgain(disk))?.damage).toEqual(isRemoved ? null : { kind: 'cut', bytes: 70 });
    disk.before = () => undefined;
    await written.append([sending(1)]);
    expect(await readAgain(disk)).toEqual({ records: [asked(1), sending(1)], damage: null });
  });

  test('because of its sync does not count, and the log is read again before the next append', async () => {
    const { disk, log: written } = await logWith([asked(1)]);
    let fails = true;
    disk.before = (step) => {
      if (step === 'sync log' && fails) throw diskError('EIO');
      return undefined;
    };
    await expect(written.append([asked(2)])).rejects.toThrow(/reported an error/);
    expect(written.records()).toEqual([asked(1)]);
    expect(await readAgain(disk)).toEqual({ records: [asked(1)], damage: null });
    await expect(written.append([asked(3)])).rejects.toThrow(/reported an error/);
    fails = false;
    disk.steps.length = 0;
    await written.append([asked(4)]);
    expect(disk.steps).toEqual(['truncate log', 'sync log', 'sync folder ', 'write log', 'sync log']);
    expect(await readAgain(disk)).toEqual({ records: [asked(1), asked(4)], damage: null });
  });

  test('is followed by refusals if a confirmed append is missing', async () => {
    const { disk, log: written } = await logWith([asked(1)]);
    const bytes = Buffer.from(bytesOf(disk));
    disk.before = (step) => {
      if (step === 'sync log') throw diskError('EIO');
      return undefined;
    };
    await expect(written.append([asked(2)])).rejects.toThrow(/reported an error/);
    disk.before = () => undefined;
    bytesOf(disk).fill(0, bytes.length - 20, bytes.length);
    await expect(written.append([asked(3)])).rejects.toThrow(/something else has changed/);
  });
});

describe('LG6 a log that another program changed', () => {
  test.each<[string, (disk: SimulatedDisk) => Promise<void>]>([
    ['by writing to it', async (disk) => (await openOn(disk)).append([asked(7)])],
    ['by replacing it', (disk) => Promise.resolve(disk.put(path, Buffer.from(bytesOf(disk))))],
    ['by moving it', (disk) => disk.rename(path, '/desk/elsewhere')],
  ])('%s is not written to', async (_what, change) => {
    const { disk, log: written } = await logWith([asked(1)]);
    await change(disk);
    const before = disk.file(path);
    await expect(written.append([asked(2)])).rejects.toThrow(/something else has changed this desk’s log/);
    expect(disk.file(path)).toEqual(before);
  });
});

describe('LG7 a log', () => {
  test('accepts 10,000 waiting requests, and not one more', async () => {
    const { disk, log: written } = await logWith();
    for (let at = 0; at < 10_000; at += 100) {
      await written.append(Array.from({ length: 100 }, (_, index) => asked(at + index)));
    }
    await expect(written.append([asked(10_000)])).rejects.toThrow(
      'Nothing was saved: 10,000 requests wait at this desk already. Send or discard some first.',
    );
    // Requests in the log can still be sent and replaced.
    await written.append([asked(10_001, { replaces: idOf(0) })]);
    await written.append([sending(1), done(1), closed(1)]);
    await written.append([asked(10_002)]);
    await expect(written.append([asked(10_003)])).rejects.toThrow(/10,000 requests/);
    expect(countWaiting(bytesOf(disk))).toBe(10_000);
  });

  test('accepts 32 MiB, and then only the records that send and close requests', async () => {
    const { log: written } = await logWith();
    const large = (index: number) => asked(index, { body: { note: 'x'.repeat(64 * 1024) } });
    const hundred = (from: number) => Array.from({ length: 100 }, (_, index) => large(from + index));
    for (let at = 0; at < 500; at += 100) await written.append(hundred(at));
    await expect(written.append(hundred(500))).rejects.toThrow(
      'Nothing was saved: the log of this desk is full. Send or discard some requests first.',
    );
    while (
      await written.append([large(900 + written.records().length)]).then(
        () => true,
        () => false,
      )
    );
    await written.append([sending(1), done(1), closed(1)]);
    for (let at = 2; at < 400; at += 20) {
      const twenty = Array.from({ length: 20 }, (_, index) => at + index);
      await written.append(twenty.flatMap((index) => [sending(index), done(index), closed(index)]));
    }
    // The log was rewritten without the closed requests.
    await written.append(hundred(1000));
  });

  test('refuses an append that is larger than any command needs', async () => {
    const { log: written } = await logWith();
    const huge = asked(1, { body: { note: 'x'.repeat(9 * 1024 * 1024) } });
    await expect(written.append([huge])).rejects.toThrow(/too large/);
    await written.append([asked(2)]);
    expect(written.records()).toEqual([asked(2)]);
  });
});

describe('LG8 a log with few needed records', () => {
  const many = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => settled(from + index));

  test('is rewritten without the rest while it is in use', async () => {
    const { disk, log: written } = await logWith([asked(1)]);
    let largest = 0;
    for (const records of many(2, 500)) {
      await written.append(records);
      largest = Math.max(largest, bytesOf(disk).length);
    }
    expect(largest).toBeLessThan(200_000);
    expect(written.records().length).toBeLessThan(600);
    expect(stillNeeded(written.records())).toEqual([asked(1)]);
    expect(countWaiting(bytesOf(disk))).toBe(1);
    expect(await readAgain(disk)).toMatchObject({ records: [asked(1)], damage: null });
  });

  test('is rewritten when it is opened, and still counts the waiting requests', async () => {
    const { disk, log: written } = await logWith(
      [asked(1)],
      [asked(2, { replaces: idOf(1) })],
      ...many(3, 6),
    );
    expect(countWaiting(bytesOf(disk))).toBe(1);
    await written.close();
    const before = bytesOf(disk).length;
    const reopened = await openOn(disk);
    expect(reopened.records()).toEqual([asked(2, { replaces: idOf(1) })]);
    expect(bytesOf(disk).length).toBeLessThan(before);
    expect(countWaiting(bytesOf(disk))).toBe(1);
    await reopened.append([closed(2, 'discarded')]);
    expect(countWaiting(bytesOf(disk))).toBe(0);
  });

  test('is not rewritten while everything is needed', async () => {
    const { disk, log: written } = await logWith();
    for (let at = 0; at < 2000; at += 100) {
      await written.append(Array.from({ length: 100 }, (_, index) => asked(at + index)));
    }
    expect(disk.steps.filter((step) => step === 'create log.new')).toHaveLength(1);
  });
});

describe('LG2 after a power failure', () => {
  type Step = { kind: 'append'; records: QueueRecord[] } | { kind: 'together'; appends: QueueRecord[][] };
  let last = 0;
  const append = fc.oneof(
    fc.constant(0).map(() => [asked(++last)]),
    fc.constant(0).map(() => settled(++last)),
    fc.nat(20).map((size) => [asked(++last, { title: 'x'.repeat(size * 10) }), asked(++last)]),
  );
  const step: fc.Arbitrary<Step> = fc.oneof(
    append.map((records): Step => ({ kind: 'append', records })),
    fc.array(append, { minLength: 2, maxLength: 4 }).map((appends): Step => ({ kind: 'together', appends })),
  );

  test('the log has every confirmed record that is still needed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.nat(60),
        fc.boolean(),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (appends, failAfter, fails, random) => {
          const survives = () => random.next().value as number;
          const disk = simulatedDisk();
          await createLog(depsOf(disk));
          let written = await openOn(disk);
          const confirmed: QueueRecord[] = [];
          const attempted: QueueRecord[] = [];
          let steps = 0;
          let failed: SimulatedDisk | undefined;
          // The power fails at some step, and later steps have no effect. Before that, one step may report an error.
          disk.before = () => {
            if (steps++ === failAfter) failed = disk.afterPowerFailure(survives);
            if (fails && steps === Math.floor(failAfter / 2)) throw diskError('EIO');
          };
          const appendOne = async (records: QueueRecord[]) => {
            attempted.push(...records);
            await written.append(records).then(
              () => failed || confirmed.push(...records),
              () => {},
            );
          };
          for (const [index, { ...each }] of appends.entries()) {
            if (each.kind === 'append') await appendOne(each.records);
            else await Promise.all(each.appends.map(appendOne));
            // A restart rewrites the log.
            if (index === 3) {
              await written.close();
              written = await openOn(disk);
            }
          }
          const after = failed ?? disk.afterPowerFailure(survives);
          const reopened = await openOn(after);
          const needed = stillNeeded(confirmed);
          expect(reopened.records()).toEqual(expect.arrayContaining(needed));
          for (const record of reopened.records()) expect(attempted).toContainEqual(record);
          // It accepts further appends.
          await reopened.append([asked(0)]);
          expect((await readAgain(after))?.records).toEqual(expect.arrayContaining([...needed, asked(0)]));
        },
      ),
      { numRuns: 400 },
    );
  });
});
