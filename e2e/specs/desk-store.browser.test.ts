/** The desks in a real browser: keys, passwords, people, tabs and profiles. `desk-log.browser.test.ts` tests the log. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { asked } from '../../shared/test/queue-records.ts';
import { createProfile } from '../helpers/browser/browser.ts';
import { deskOrigin, openDeskPage, storeNames } from '../helpers/browser/desk-page.ts';
import { idsOf, keyOf, kraus, openedWith, setUpDeskStore, smith } from '../helpers/browser/desk-store.ts';
import type { Edit } from '../helpers/browser/desk-store.ts';

const hour = 3_600_000;

describe.skipIf(inject('chromium') === null)('the desks of a browser', () => {
  const store = setUpDeskStore();
  const { open, append, close, unlock, list, reopen, leaveThreeRequests, edit, countOf } = store;

  test('LG1 LG12 a confirmed request is there after a reload, and the key is not', async () => {
    expect(await open()).toMatchObject({ ...openedWith(), mayVanish: true });
    await append([asked(1)]);
    await store.page.evaluate(() => desks.saveBoard('the board'));
    expect(await store.page.evaluate((ms) => desks.resumeDesk(ms), hour)).toMatchObject({
      records: [asked(1)],
      board: 'the board',
    });
    await store.page.reload();
    expect(await store.page.evaluate((ms) => desks.resumeDesk(ms), hour)).toBeNull();
    await expect(append([asked(2)])).rejects.toThrow(/the desk is locked/);
    const reopened = await reopen();
    expect(reopened).toMatchObject({ ...openedWith(1), mayVanish: false });
    expect(reopened).toMatchObject({ desk: { board: 'the board' } });
  });

  test('LG10 the password opens a desk without the server, for as long as the site says', async () => {
    await leaveThreeRequests();
    await store.page.reload();
    expect(await list()).toMatchObject([{ name: kraus.name, waiting: 3, canUnlock: true, isReadable: true }]);
    expect(await unlock()).toMatchObject(openedWith(1, 2, 3));
    await close();
    await store.page.clock.setFixedTime(Date.now() + 73 * hour);
    expect(await unlock()).toEqual({ result: 'impossible', why: 'too_long_ago' });
    expect(await open({ offlineHours: 0 })).toMatchObject(openedWith(1, 2, 3));
    await close();
    expect(await unlock()).toEqual({ result: 'impossible', why: 'switched_off' });
  });

  test('LG10 an edited time of the last sign-in does not open a desk for longer', async () => {
    await leaveThreeRequests();
    await edit((key) =>
      inDesks(({ keys }) => {
        const request = keys.get(key);
        request.addEventListener('success', () => {
          const value = request.result as { offline: { signedInAt: number } };
          value.offline.signedInAt += 1;
          keys.put(value, key);
        });
      }),
    );
    expect(await unlock()).toEqual({ result: 'impossible', why: 'unreadable' });
  });

  test('LG11 a wrong password delays the next attempt, also after a reload during an attempt', async () => {
    await leaveThreeRequests();
    expect(await unlock('wrong')).toEqual({ result: 'wrong', waitMs: 1000 });
    expect(await unlock()).toMatchObject({ result: 'wait' });
    await store.page.clock.setFixedTime(Date.now() + 2_000);
    // An attempt is counted before it begins, so a person cannot avoid the wait by closing the page.
    await store.page.evaluate(() => {
      crypto.subtle.deriveKey = () => new Promise(() => {});
    });
    void unlock('wrong').catch(() => {});
    await expect.poll(failures).toBe(2);
    await store.page.reload();
    expect(await unlock()).toMatchObject({ result: 'wait' });
    await store.page.clock.setFixedTime(Date.now() + 10_000);
    expect(await unlock()).toMatchObject(openedWith(1, 2, 3));
    expect(await failures()).toBe(0);
  });
  const failures = () =>
    store.page.evaluate(async (key) => {
      const stored = await inDesks(({ keys }) => keys.get(key) as IDBRequest<unknown>);
      return (stored as { failures: { count: number } }).failures.count;
    }, keyOf(kraus));

  test('LG9 a changed password or a new secret loses nothing, and another secret alone opens nothing', async () => {
    await leaveThreeRequests();
    const secret = Buffer.alloc(32, 'new').toString('base64url');
    expect(await open({ secret, password: null })).toMatchObject({ result: 'unreadable', why: 'key' });
    expect(await open({ password: 'a new password' })).toMatchObject(openedWith(1, 2, 3));
    await close();
    expect(await open({ secret, password: 'a new password' })).toMatchObject(openedWith(1, 2, 3));
  });

  test('LG9 a desk that was unlocked without the server stays open while it gets its new keys', async () => {
    await leaveThreeRequests();
    await unlock();
    const [opened] = await Promise.all([open({ password: 'a new password' }), append([asked(4)])]);
    expect(opened).toMatchObject({ result: 'opened' });
    await append([asked(5)]);
    await close();
    expect(await unlock('a new password')).toMatchObject(openedWith(1, 2, 3, 4, 5));
  });

  test('LG9 another person sees how many requests wait, and nothing else', async () => {
    await leaveThreeRequests();
    expect(await open(smith)).toMatchObject(openedWith());
    const waiting = (await list()).map(({ name, waiting: count }) => `${name} ${count}`);
    expect(waiting.toSorted()).toEqual(['Kraus 3', 'Smith 0']);
    await append([asked(9)]);
    expect(await open()).toMatchObject(openedWith(1, 2, 3));
  });

  const losses: [what: string, damage: Edit][] = [
    ['its keys are missing', (key) => inDesks(({ keys }) => keys.delete(key))],
    ['its keys are not readable', (key) => inDesks(({ keys }) => keys.put('garbage', key))],
    ['its log is missing', (key) => inDesks(({ logs }) => logs.delete(key))],
    ['the head of its log is damaged', (key) => inDesks(({ logs }) => logs.put({ frames: 3 }, key))],
  ];
  test.each(losses)('LG4 if %s, the desk stays as it is until it is set aside', async (_what, damage) => {
    await leaveThreeRequests();
    await expect(setAside()).rejects.toThrow(/can be read, so it stays/);
    await edit(damage);
    const found = await open();
    expect(found).toMatchObject({ result: 'unreadable' });
    expect(await open()).toEqual(found);
    expect(await countOf('frames')).toBe(3);
    const { location } = await setAside();
    expect(location).toContain(`${keyOf(kraus)}.aside-`);
    expect(await open()).toMatchObject(openedWith());
    expect(await countOf('frames')).toBe(3);
  });
  const setAside = () => store.page.evaluate((where) => desks.setDeskAside(where), idsOf(kraus));

  test('LG14 erasing a desk leaves nothing of it, and does not touch the others', async () => {
    await leaveThreeRequests();
    await edit((key) => inDesks(({ keys }) => keys.delete(key)));
    await open();
    await setAside();
    await open();
    await append([asked(1)]);
    await open(smith);
    await append([asked(2)]);
    await store.page.evaluate((where) => desks.eraseDesk(where), idsOf(kraus));
    expect(await Promise.all(storeNames.map(countOf))).toEqual([1, 1, 1, 1, 0]);
    expect(await list()).toMatchObject([{ name: smith.name, waiting: 1 }]);
    await append([asked(3)]);
  });

  test('BQ1 one of two tabs has the desk, and the other says where it is open', async () => {
    await open();
    const second = await openDeskPage(store.context);
    await expect(open({}, second)).rejects.toThrow(
      'Your desk is open in another tab of this browser. Work there, or close or lock that tab: then this one takes over.',
    );
    await expect(append([asked(2)], second)).rejects.toThrow(/the desk is locked/);
    await append([asked(1)]);
    expect(await open(smith, second)).toMatchObject(openedWith());
    await store.page.close();
    expect(await open({}, second)).toMatchObject(openedWith(1));
  });

  test('BQ4 the page asks once for a promise to keep the desks, and announces nothing if it gets one', async () => {
    // Private windows, as in the other tests, never give this promise.
    using profile = createProfile();
    await store.useProfile(profile.folder);
    const cdp = await store.context.newCDPSession(store.page);
    await cdp.send('Browser.grantPermissions', { permissions: ['durableStorage'], origin: deskOrigin });
    await store.page.evaluate(() => {
      const { storage } = navigator;
      const persist = storage.persist.bind(storage);
      const answers: boolean[] = [];
      storage.persist = async () => {
        const isGranted = await persist();
        answers.push(isGranted);
        return isGranted;
      };
      Object.assign(globalThis, { answers });
    });
    expect(await open()).toMatchObject({ ...openedWith(), mayVanish: false });
    expect(await open(smith)).toMatchObject({ ...openedWith(), mayVanish: false });
    expect(await store.page.evaluate(() => (globalThis as { answers?: boolean[] }).answers)).toEqual([true]);
    await store.context.close();
  });

  test('BQ8 a browser that has deleted its damaged database says so', async () => {
    using profile = createProfile();
    await store.useProfile(profile.folder);
    await open();
    for (let number = 1; number < 30; number++)
      await append([asked(number, { body: { note: 'x'.repeat(5_000) } })]);
    expect(await store.page.evaluate(() => shell.hasLostDesks())).toBe(false);
    await store.context.close();
    const folder = join(profile.folder, 'Default', 'IndexedDB', 'http_localhost_9.indexeddb.leveldb');
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.log'))) {
      const bytes = readFileSync(join(folder, name));
      const middle = Math.floor(bytes.length / 2);
      writeFileSync(join(folder, name), bytes.fill(0xff, middle, middle + 500));
    }
    await store.useProfile(profile.folder);
    expect(await open()).toMatchObject(openedWith());
    expect(await store.page.evaluate(() => shell.hasLostDesks())).toBe(true);
    await store.context.close();
  });
});
