/** The desks in a real browser: the rules that the desktop program has too (LG), and those of a browser alone (BQ). */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueueRecord } from '@slate/shared/queue';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { DeskOf, OpenDeskInput } from '../../desktop/src/bridge.ts';
import { asked, closed, done, sending, settled } from '../../shared/test/queue-records.ts';
import { launch, launchWithProfile, createProfile } from '../helpers/browser/browser.ts';
import {
  bundleDesks,
  deskOrigin,
  openDeskPage,
  serveDesks,
  storeNames,
} from '../helpers/browser/desk-page.ts';
import type { DeskStores } from '../helpers/browser/desk-page.ts';

const hour = 3_600_000;
const person = (name: string): Omit<OpenDeskInput, 'device'> => ({
  personId: randomUUID(),
  siteId: randomUUID(),
  email: `${name}@example.org`,
  name,
  siteName: 'North',
  secret: Buffer.alloc(32, name).toString('base64url'),
  password: 'correct horse battery',
  offlineHours: 72,
});
const kraus = person('Kraus');
const smith = person('Smith');
const password = kraus.password ?? '';
const placeOf = ({ personId, siteId }: DeskOf) => `${siteId}_${personId}`;
const place = placeOf(kraus);
const of = ({ personId, siteId }: DeskOf): DeskOf => ({ personId, siteId });

const touched = /something else has changed this desk/;

describe.skipIf(inject('chromium') === null)('the desks of a browser', () => {
  let browser: Browser;
  let script: string;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    [browser, script] = await Promise.all([launch(), bundleDesks()]);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    context = await browser.newContext();
    await serveDesks(context, script);
    page = await openDeskPage(context);
  });
  afterEach(() => context?.close());

  const open = (change: Partial<OpenDeskInput> = {}, at = page) =>
    at
      .evaluate(
        async (input) =>
          desks.openDesk({ ...input, device: input.device ?? (await desks.deskDevice(input.of)) }),
        { ...kraus, ...change, of: of({ ...kraus, ...change }) },
      )
      .catch(unwrap);
  /** As text: the type of a record is recursive. */
  const append = (records: QueueRecord[], at = page) =>
    at
      .evaluate((text) => desks.appendToLog(JSON.parse(text) as QueueRecord[]), JSON.stringify(records))
      .catch(unwrap);
  const unlock = (typed = password, at = page) =>
    at.evaluate((input) => desks.unlockDesk(input), { email: kraus.email, password: typed });
  const close = (at = page) => at.evaluate(() => desks.closeDesk());
  const list = (at = page) => at.evaluate(() => desks.desks());
  const reload = () => page.reload();
  /** Opens it with the secret alone, without the password. */
  const reopen = async () => {
    await close();
    return open({ password: null });
  };
  const records = (...numbers: number[]) => ({
    result: 'opened',
    desk: { records: numbers.map((number) => asked(number)), damage: null },
  });
  const broken = (intact: number) => ({
    result: 'opened',
    desk: {
      records: Array.from({ length: intact }, (_, at) => asked(at + 1)),
      damage: { kind: 'broken', intact },
    },
  });
  /** A desk with three requests, closed. */
  async function leftDesk() {
    await open();
    for (const each of [1, 2, 3]) await append([asked(each)]);
    await close();
  }

  /** Changes the database of this desk, in the page. */
  const edit = (how: (at: string) => Promise<unknown>) => page.evaluate(how, place);
  const countOf = (name: keyof DeskStores) =>
    page.evaluate((store) => inDesks((stores) => stores[store].count()), name);

  test('LG1 LG12 a confirmed request is there after a reload, and the key is not', async () => {
    expect(await open()).toMatchObject({ ...records(), mayVanish: true });
    await append([asked(1)]);
    await page.evaluate(() => desks.saveBoard('the board'));
    expect(await page.evaluate((ms) => desks.resumeDesk(ms), hour)).toMatchObject({
      records: [asked(1)],
      board: 'the board',
    });
    await reload();
    expect(await page.evaluate((ms) => desks.resumeDesk(ms), hour)).toBeNull();
    await expect(append([asked(2)])).rejects.toThrow(/the desk is locked/);
    const again = await reopen();
    expect(again).toMatchObject({ ...records(1), mayVanish: false });
    expect(again).toMatchObject({ desk: { board: 'the board' } });
  });

  test('LG10 the password opens it without the server, for as long as the site says', async () => {
    await leftDesk();
    await reload();
    expect(await list()).toMatchObject([{ name: kraus.name, waiting: 3, canUnlock: true, isReadable: true }]);
    expect(await unlock()).toMatchObject(records(1, 2, 3));
    await close();
    await page.clock.setFixedTime(Date.now() + 73 * hour);
    expect(await unlock()).toEqual({ result: 'impossible', why: 'too_long_ago' });
    expect(await open({ offlineHours: 0 })).toMatchObject(records(1, 2, 3));
    await close();
    expect(await unlock()).toEqual({ result: 'impossible', why: 'switched_off' });
  });

  test('LG10 an edited time does not extend it', async () => {
    await leftDesk();
    await edit((at) =>
      inDesks(({ keys }) => {
        const request = keys.get(at);
        request.addEventListener('success', () => {
          const value = request.result as { offline: { signedInAt: number } };
          value.offline.signedInAt += 1;
          keys.put(value, at);
        });
      }),
    );
    expect(await unlock()).toEqual({ result: 'impossible', why: 'unreadable' });
  });

  test('LG11 a wrong password delays the next attempt, also after a reload during an attempt', async () => {
    await leftDesk();
    expect(await unlock('wrong')).toEqual({ result: 'wrong', waitMs: 1000 });
    expect(await unlock()).toMatchObject({ result: 'wait' });
    await page.clock.setFixedTime(Date.now() + 2_000);
    // An attempt is counted before it begins, so a person cannot avoid the wait by ending the page.
    await page.evaluate(() => {
      crypto.subtle.deriveKey = () => new Promise(() => {});
    });
    void unlock('wrong').catch(() => {});
    await expect.poll(failures).toBe(2);
    await reload();
    expect(await unlock()).toMatchObject({ result: 'wait' });
    await page.clock.setFixedTime(Date.now() + 10_000);
    expect(await unlock()).toMatchObject(records(1, 2, 3));
    expect(await failures()).toBe(0);
  });
  const failures = () =>
    page.evaluate(async (at) => {
      const stored = await inDesks(({ keys }) => keys.get(at) as IDBRequest<unknown>);
      return (stored as { failures: { count: number } }).failures.count;
    }, place);

  test('LG9 a changed password or a new secret loses nothing, and another secret alone opens nothing', async () => {
    await leftDesk();
    const secret = Buffer.alloc(32, 'new').toString('base64url');
    expect(await open({ secret, password: null })).toMatchObject({ result: 'unreadable', why: 'key' });
    expect(await open({ password: 'a new password' })).toMatchObject(records(1, 2, 3));
    await close();
    expect(await open({ secret, password: 'a new password' })).toMatchObject(records(1, 2, 3));
  });

  test('LG9 a desk that was unlocked without the server stays open while it gets its new keys', async () => {
    await leftDesk();
    await unlock();
    const [opened] = await Promise.all([open({ password: 'a new password' }), append([asked(4)])]);
    expect(opened).toMatchObject({ result: 'opened' });
    await append([asked(5)]);
    await close();
    expect(await unlock('a new password')).toMatchObject(records(1, 2, 3, 4, 5));
  });

  test('LG9 another person sees how many requests wait, and nothing else', async () => {
    await leftDesk();
    expect(await open(smith)).toMatchObject(records());
    const waiting = (await list()).map(({ name, waiting: count }) => `${name} ${count}`);
    expect(waiting.toSorted()).toEqual(['Kraus 3', 'Smith 0']);
    await append([asked(9)]);
    expect(await open()).toMatchObject(records(1, 2, 3));
  });

  type Edit = [what: string, how: Parameters<typeof edit>[0], intact: number];
  const edits: Edit[] = [
    [
      'was edited',
      (at) =>
        inDesks(({ frames }) => {
          const request = frames.get([at, 1]);
          request.addEventListener('success', () => {
            const sealed = request.result as Uint8Array;
            sealed[20] = (sealed[20] ?? 0) ^ 1;
            frames.put(sealed, [at, 1]);
          });
        }),
      1,
    ],
    ['was cut out', (at) => inDesks(({ frames }) => frames.delete([at, 1])), 1],
    [
      'was moved',
      (at) =>
        inDesks(({ frames }) => {
          const [second, third] = [frames.get([at, 1]), frames.get([at, 2])];
          third.addEventListener('success', () => {
            frames.put(third.result, [at, 1]);
            frames.put(second.result, [at, 2]);
          });
        }),
      1,
    ],
    [
      'was repeated',
      (at) =>
        inDesks(({ frames }) => {
          const request = frames.get([at, 2]);
          request.addEventListener('success', () => void frames.put(request.result, [at, 3]));
        }),
      3,
    ],
    ['is missing at the end', (at) => inDesks(({ frames }) => frames.delete([at, 2])), 2],
    ['is of another kind', (at) => inDesks(({ frames }) => frames.put('garbage', [at, 2])), 2],
    [
      'is not counted',
      (at) =>
        inDesks(({ logs, frames }) => {
          frames.delete([at, 2]);
          const request = logs.get(at);
          request.addEventListener('success', () => {
            const head = request.result as { frames: number };
            head.frames = 2;
            logs.put(head, at);
          });
        }),
      2,
    ],
  ];
  test.each(edits)('LG3 a record that %s is noticed, and nothing is deleted', async (_what, how, intact) => {
    await leftDesk();
    await edit(how);
    expect(await open()).toMatchObject(broken(intact));
    const before = await countOf('frames');
    await append([asked(7)]);
    // The copy, the readable records, and the new one.
    expect(await countOf('frames')).toBe(before + intact + 1);
    expect(await reopen()).toMatchObject(records(...Array.from({ length: intact }, (_, at) => at + 1), 7));
  });

  test('LG3 a log that was copied from another desk is not read', async () => {
    await leftDesk();
    await open(smith);
    await append([asked(9)]);
    await close();
    await page.evaluate(
      ([from, to]) =>
        inDesks(({ logs, frames }) => {
          const [head, first] = [logs.get(from), frames.get([from, 0])];
          first.addEventListener('success', () => {
            logs.put(head.result, to);
            frames.put(first.result, [to, 0]);
          });
        }),
      [placeOf(smith), place] as const,
    );
    expect(await open()).toMatchObject({ result: 'unreadable', why: 'damaged' });
  });

  const losses: Edit[] = [
    ['its keys are missing', (at) => inDesks(({ keys }) => keys.delete(at)), 0],
    ['its keys are not readable', (at) => inDesks(({ keys }) => keys.put('garbage', at)), 0],
    ['its log is missing', (at) => inDesks(({ logs }) => logs.delete(at)), 0],
    ['the head of its log is damaged', (at) => inDesks(({ logs }) => logs.put({ frames: 3 }, at)), 0],
  ];
  test.each(losses)('LG4 if %s, the desk stays as it is until it is set aside', async (_what, how) => {
    await leftDesk();
    await expect(aside()).rejects.toThrow(/can be read, so it stays/);
    await edit(how);
    const found = await open();
    expect(found).toMatchObject({ result: 'unreadable' });
    expect(await open()).toEqual(found);
    expect(await countOf('frames')).toBe(3);
    const { location } = await aside();
    expect(location).toContain(`${place}.aside-`);
    expect(await open()).toMatchObject(records());
    expect(await countOf('frames')).toBe(3);
  });
  const aside = () => page.evaluate((where) => desks.setDeskAside(where), of(kraus));

  test('LG14 erasing a desk leaves nothing of it, and does not touch the others', async () => {
    await leftDesk();
    await edit((at) => inDesks(({ keys }) => keys.delete(at)));
    await open();
    await aside();
    await open();
    await append([asked(1)]);
    await open(smith);
    await append([asked(2)]);
    await page.evaluate((where) => desks.eraseDesk(where), of(kraus));
    expect(await Promise.all(storeNames.map(countOf))).toEqual([1, 1, 1, 1, 0]);
    expect(await list()).toMatchObject([{ name: smith.name, waiting: 1 }]);
    await append([asked(3)]);
  });

  test('BQ1 of two tabs, one has the desk, and the other one says where it is open', async () => {
    await open();
    const second = await openDeskPage(context);
    await expect(open({}, second)).rejects.toThrow(
      'Your desk is open in another tab of this browser. Work there, or close or lock that tab: then this one takes over.',
    );
    await expect(append([asked(2)], second)).rejects.toThrow(/the desk is locked/);
    await append([asked(1)]);
    expect(await open(smith, second)).toMatchObject(records());
    await page.close();
    expect(await open({}, second)).toMatchObject(records(1));
    page = second;
  });

  test('BQ3 a record that could not be read again is refused', async () => {
    await open();
    await append([asked(1)]);
    await expect(append([{ type: 'asked' } as QueueRecord])).rejects.toThrow(/not a valid request/);
    await expect(append([asked(2, { body: { note: 'x'.repeat(9_000_000) } })])).rejects.toThrow(/too large/);
    expect(await reopen()).toMatchObject(records(1));
  });

  test('LG6 a log that something else has changed is not written to', async () => {
    await open();
    await append([asked(1)]);
    await edit((at) => inDesks(({ logs }) => logs.delete(at)));
    await expect(append([asked(2)])).rejects.toThrow(touched);
    expect(await countOf('frames')).toBe(1);
  });

  test('LG6 after the data of the browser were deleted, nothing is reported as saved', async () => {
    await open();
    await append([asked(1)]);
    const cdp = await context.newCDPSession(page);
    await cdp.send('Storage.clearDataForOrigin', { origin: deskOrigin, storageTypes: 'indexeddb' });
    await expect(append([asked(2)])).rejects.toThrow(/Nothing was saved/);
    // For a moment, Chromium may refuse to open a database that it is deleting.
    const refusal = () => append([asked(2)]).catch((error: unknown) => String(error));
    await expect.poll(refusal).toMatch(touched);
  });

  test('BQ2 without space nothing is reported as saved, nothing hangs, and saving works again later', async () => {
    const cdp = await context.newCDPSession(page);
    await cdp.send('Storage.overrideQuotaForOrigin', { origin: deskOrigin, quotaSize: 300_000 });
    await open();
    const large = (number: number) => asked(number, { body: { note: 'x'.repeat(50_000) } });
    const saved: QueueRecord[] = [];
    const fill = async () => {
      for (let at = 1; at < 20; at++) {
        await append([large(at)]);
        saved.push(large(at));
      }
    };
    await expect(fill()).rejects.toThrow(/no space left for Slate/);
    await expect(page.evaluate(() => desks.saveBoard('x'.repeat(500_000)))).rejects.toThrow(/no space left/);
    await cdp.send('Storage.overrideQuotaForOrigin', { origin: deskOrigin });
    await append([asked(30)]);
    expect(saved.length).toBeGreaterThan(0);
    expect(await reopen()).toMatchObject({
      desk: { records: [...saved, asked(30)], damage: null },
    });
  });

  test.each(['before', 'after'] as const)(
    'BQ2 a transaction that is aborted %s its write is refused and leaves nothing',
    async (when) => {
      await open();
      await append([asked(1)]);
      await page.evaluate((moment) => abortNextAppend(moment), when);
      await expect(append([asked(2)])).rejects.toThrow(/could not read or write its data/);
      await append([asked(3)]);
      expect(await reopen()).toMatchObject(records(1, 3));
    },
  );

  test('BQ2 a write is confirmed only when it is complete, and is requested to be durable', async () => {
    await open();
    const writes = await page.evaluate(
      async (text) => {
        const seen = watchWrites();
        await desks.appendToLog(JSON.parse(text) as QueueRecord[]);
        return seen;
      },
      JSON.stringify([asked(1)]),
    );
    expect(writes).toEqual([{ durability: 'strict', isComplete: true }]);
  });

  test('LG8 the log is rewritten without the closed requests, in one transaction', async () => {
    await open();
    for (let at = 0; at < 100; at += 10)
      await append(Array.from({ length: 10 }, (_, each) => settled(1 + at + each)).flat());
    await append([asked(1_000), asked(1_001), done(1_001)]);
    expect(await countOf('frames')).toBe(11);
    const found = await reopen();
    expect(found).toMatchObject({
      desk: { records: [asked(1_000), asked(1_001), done(1_001)], damage: null },
    });
    expect(await countOf('frames')).toBe(1);
    expect(await list()).toMatchObject([{ waiting: 1 }]);
    await append([asked(1_002)]);
    expect(await list()).toMatchObject([{ waiting: 2 }]);
  });

  test('LG7 accepts 32 MiB, and then only the records that send and close requests', async () => {
    await open();
    const large = (number: number, megabytes: number) =>
      page
        .evaluate(
          ([text, size]) => {
            const record = JSON.parse(text) as QueueRecord & { type: 'asked' };
            return desks.appendToLog([
              { ...record, request: { ...record.request, body: { note: 'x'.repeat(size * 2 ** 20) } } },
            ]);
          },
          [JSON.stringify(asked(number)), megabytes] as const,
        )
        .catch(unwrap);
    for (let number = 1; number <= 4; number++) await large(number, 7.5);
    await large(5, 1.5);
    await expect(large(6, 1)).rejects.toThrow(/the log of this desk is full/);
    await append([asked(7)]);
    await append([sending(1), done(1), closed(1)]);
    expect(await list()).toMatchObject([{ waiting: 5 }]);
    // Opening the log again shortens it, so it accepts more.
    expect(await reopen()).toMatchObject({ result: 'opened', desk: { damage: null } });
    await large(8, 7);
  });

  test('BQ4 a browser that promises to keep the desks is asked once, and nothing is announced', async () => {
    // Private windows, as in the other tests, never promise it.
    using profile = createProfile();
    await context.close();
    context = await launchWithProfile(profile.folder);
    await serveDesks(context, script);
    page = await openDeskPage(context);
    const cdp = await context.newCDPSession(page);
    await cdp.send('Browser.grantPermissions', { permissions: ['durableStorage'], origin: deskOrigin });
    await page.evaluate(() => {
      const { storage } = navigator;
      const persist = storage.persist.bind(storage);
      const asks: boolean[] = [];
      storage.persist = async () => {
        const isGranted = await persist();
        asks.push(isGranted);
        return isGranted;
      };
      Object.assign(globalThis, { asks });
    });
    expect(await open()).toMatchObject({ ...records(), mayVanish: false });
    expect(await open(smith)).toMatchObject({ ...records(), mayVanish: false });
    expect(await page.evaluate(() => (globalThis as { asks?: boolean[] }).asks)).toEqual([true]);
    await context.close();
  });

  test('BQ8 a browser that has deleted its damaged database says so', async () => {
    using profile = createProfile();
    await context.close();
    const start = async () => {
      context = await launchWithProfile(profile.folder);
      await serveDesks(context, script);
      page = await openDeskPage(context);
    };
    await start();
    await open();
    for (let number = 1; number < 30; number++)
      await append([asked(number, { body: { note: 'x'.repeat(5_000) } })]);
    expect(await page.evaluate(() => shell.hasLostDesks())).toBe(false);
    await context.close();
    const folder = join(profile.folder, 'Default', 'IndexedDB', 'http_localhost_9.indexeddb.leveldb');
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.log'))) {
      const bytes = readFileSync(join(folder, name));
      const middle = Math.floor(bytes.length / 2);
      writeFileSync(join(folder, name), bytes.fill(0xff, middle, middle + 500));
    }
    await start();
    expect(await open()).toMatchObject(records());
    expect(await page.evaluate(() => shell.hasLostDesks())).toBe(true);
    await context.close();
  });

  test('LG7 accepts 10,000 waiting requests, and not one more', async () => {
    await open();
    for (let at = 0; at < 10_000; at += 100)
      await append(Array.from({ length: 100 }, (_, index) => asked(at + index)));
    await expect(append([asked(10_000)])).rejects.toThrow(/10,000 requests wait at this desk already/);
    await append([done(1)]);
    await append([asked(10_000)]);
    expect(await list()).toMatchObject([{ waiting: 10_000 }]);
    expect(await reopen()).toMatchObject({ result: 'opened', desk: { damage: null } });
    expect(await list()).toMatchObject([{ waiting: 10_000 }]);
  });
});

/** Rethrows the error without the text that the test's browser adds. */
function unwrap(error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  throw new Error(/Error: (.*)/.exec(text)?.[1] ?? text);
}
