/** The log of a desk in a real browser: damage, limits and durability. `desk-store.browser.test.ts` tests the rest of a desk. */
import type { QueueRecord } from '@slate/shared/queue';
import { describe, expect, inject, test } from 'vitest';
import { asked, closed, done, sending, settled } from '../../shared/test/queue-records.ts';
import { deskOrigin, openDeskPage } from '../helpers/browser/desk-page.ts';
import {
  changedByOthers,
  keyOf,
  kraus,
  openedWith,
  rethrow,
  setUpDeskStore,
  smith,
} from '../helpers/browser/desk-store.ts';
import type { Edit } from '../helpers/browser/desk-store.ts';

/** The expected result of opening a desk whose log is readable up to this count of records. */
const broken = (intact: number) => ({
  result: 'opened',
  desk: {
    records: Array.from({ length: intact }, (_, index) => asked(index + 1)),
    damage: { kind: 'broken', intact },
  },
});

describe.skipIf(inject('chromium') === null)('the log of a desk in a browser', () => {
  const store = setUpDeskStore();
  const { open, append, close, list, reopen, leaveThreeRequests, edit, countOf } = store;

  type Damage = [what: string, damage: Edit, intact: number];
  const damages: Damage[] = [
    [
      'was edited',
      (key) =>
        inDesks(({ frames }) => {
          const request = frames.get([key, 1]);
          request.addEventListener('success', () => {
            const sealed = request.result as Uint8Array;
            sealed[20] = (sealed[20] ?? 0) ^ 1;
            frames.put(sealed, [key, 1]);
          });
        }),
      1,
    ],
    ['was cut out', (key) => inDesks(({ frames }) => frames.delete([key, 1])), 1],
    [
      'was moved',
      (key) =>
        inDesks(({ frames }) => {
          const [second, third] = [frames.get([key, 1]), frames.get([key, 2])];
          third.addEventListener('success', () => {
            frames.put(third.result, [key, 1]);
            frames.put(second.result, [key, 2]);
          });
        }),
      1,
    ],
    [
      'was repeated',
      (key) =>
        inDesks(({ frames }) => {
          const request = frames.get([key, 2]);
          request.addEventListener('success', () => void frames.put(request.result, [key, 3]));
        }),
      3,
    ],
    ['is missing at the end', (key) => inDesks(({ frames }) => frames.delete([key, 2])), 2],
    ['is of another kind', (key) => inDesks(({ frames }) => frames.put('garbage', [key, 2])), 2],
    [
      'is not counted',
      (key) =>
        inDesks(({ logs, frames }) => {
          frames.delete([key, 2]);
          const request = logs.get(key);
          request.addEventListener('success', () => {
            const head = request.result as { frames: number };
            head.frames = 2;
            logs.put(head, key);
          });
        }),
      2,
    ],
  ];
  test.each(damages)(
    'LG3 a record that %s is noticed, and nothing is deleted',
    async (_what, damage, intact) => {
      await leaveThreeRequests();
      await edit(damage);
      expect(await open()).toMatchObject(broken(intact));
      const before = await countOf('frames');
      await append([asked(7)]);
      // The copy, the readable records, and the new one.
      expect(await countOf('frames')).toBe(before + intact + 1);
      expect(await reopen()).toMatchObject(
        openedWith(...Array.from({ length: intact }, (_, index) => index + 1), 7),
      );
    },
  );

  test('LG3 a log that was copied from another desk is not read', async () => {
    await leaveThreeRequests();
    await open(smith);
    await append([asked(9)]);
    await close();
    await store.page.evaluate(
      ([from, to]) =>
        inDesks(({ logs, frames }) => {
          const [head, first] = [logs.get(from), frames.get([from, 0])];
          first.addEventListener('success', () => {
            logs.put(head.result, to);
            frames.put(first.result, [to, 0]);
          });
        }),
      [keyOf(smith), keyOf(kraus)] as const,
    );
    expect(await open()).toMatchObject({ result: 'unreadable', why: 'damaged' });
  });

  test('LG6 a log that something else has changed is not written to', async () => {
    await open();
    await append([asked(1)]);
    await edit((key) => inDesks(({ logs }) => logs.delete(key)));
    await expect(append([asked(2)])).rejects.toThrow(changedByOthers);
    expect(await countOf('frames')).toBe(1);
  });

  test('LG6 after the data of the browser were deleted, nothing is reported as saved', async () => {
    await open();
    await append([asked(1)]);
    const cdp = await store.context.newCDPSession(store.page);
    await cdp.send('Storage.clearDataForOrigin', { origin: deskOrigin, storageTypes: 'indexeddb' });
    await expect(append([asked(2)])).rejects.toThrow(/Nothing was saved/);
    // For a moment, Chromium may refuse to open a database that it is deleting, or leave the request unanswered.
    const refusal = () => append([asked(2)]).catch((error: unknown) => String(error));
    await expect.poll(refusal, { timeout: 30_000 }).toMatch(changedByOthers);
  });

  test('LG6 a write that begins while the data of the browser are being deleted is refused', async () => {
    await open();
    await append([asked(1)]);
    const cdp = await store.context.newCDPSession(store.page);
    await store.page.route('**/deleted', async (route) => {
      await cdp.send('Storage.clearDataForOrigin', { origin: deskOrigin, storageTypes: 'indexeddb' });
      await route.fulfill({ body: '' });
    });
    const appendBeforeClose = async (text: string) => {
      // Until the response arrives, the page receives no events, so it does not know yet that its database is closed.
      const request = new XMLHttpRequest();
      request.open('GET', '/deleted', false);
      request.send();
      await desks.appendToLog(JSON.parse(text) as QueueRecord[]);
    };
    const appending = store.page.evaluate(appendBeforeClose, JSON.stringify([asked(2)]));
    await expect(appending).rejects.toThrow(/Nothing was saved/);
  });

  test('LG8 the log is rewritten without the closed requests, in one transaction', async () => {
    await open();
    for (let number = 1; number <= 100; number += 10)
      await append(Array.from({ length: 10 }, (_, index) => settled(number + index)).flat());
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

  test('LG7 the log accepts 10,000 waiting requests, and not one more', async () => {
    await open();
    for (let number = 0; number < 10_000; number += 100)
      await append(Array.from({ length: 100 }, (_, index) => asked(number + index)));
    await expect(append([asked(10_000)])).rejects.toThrow(/10,000 requests wait at this desk already/);
    await append([done(1)]);
    await append([asked(10_000)]);
    expect(await list()).toMatchObject([{ waiting: 10_000 }]);
    expect(await reopen()).toMatchObject({ result: 'opened', desk: { damage: null } });
    expect(await list()).toMatchObject([{ waiting: 10_000 }]);
  });

  test('LG7 the log accepts 32 MiB, and then only records that send and close requests', async () => {
    await open();
    const large = (number: number, megabytes: number) =>
      store.page
        .evaluate(
          ([text, size]) => {
            const record = JSON.parse(text) as QueueRecord & { type: 'asked' };
            return desks.appendToLog([
              { ...record, request: { ...record.request, body: { note: 'x'.repeat(size * 2 ** 20) } } },
            ]);
          },
          [JSON.stringify(asked(number)), megabytes] as const,
        )
        .catch(rethrow);
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

  test('BQ3 a record that could not be read again is refused', async () => {
    await open();
    await append([asked(1)]);
    await expect(append([{ type: 'asked' } as QueueRecord])).rejects.toThrow(/not a valid request/);
    await expect(append([asked(2, { body: { note: 'x'.repeat(9_000_000) } })])).rejects.toThrow(/too large/);
    expect(await reopen()).toMatchObject(openedWith(1));
  });

  test('BQ2 without space nothing is reported as saved, nothing hangs, and saving works again later', async () => {
    const cdp = await store.context.newCDPSession(store.page);
    await cdp.send('Storage.overrideQuotaForOrigin', { origin: deskOrigin, quotaSize: 300_000 });
    await open();
    const large = (number: number) => asked(number, { body: { note: 'x'.repeat(50_000) } });
    const saved: QueueRecord[] = [];
    const fill = async () => {
      for (let number = 1; number < 20; number++) {
        await append([large(number)]);
        saved.push(large(number));
      }
    };
    await expect(fill()).rejects.toThrow(/no space left for Slate/);
    await expect(store.page.evaluate(() => desks.saveBoard('x'.repeat(500_000)))).rejects.toThrow(
      /no space left/,
    );
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
      await store.page.evaluate((moment) => abortNextAppend(moment), when);
      await expect(append([asked(2)])).rejects.toThrow(/could not read or write its data/);
      await append([asked(3)]);
      expect(await reopen()).toMatchObject(openedWith(1, 3));
    },
  );

  describe('BQ2 a browser that does not answer', () => {
    test('a database that does not open is refused after ten seconds, and opens later', async () => {
      await store.page.clock.install();
      const lost = store.page.evaluate(() => loseNextOpen());
      const refusal = open().catch(String);
      await lost;
      await store.page.clock.fastForward(10_000);
      expect(await refusal).toMatch(/this browser keeps nothing for this page/);
      expect(await open()).toMatchObject(openedWith());
    });

    test('a write that waits for another tab is refused after half a minute and leaves nothing', async () => {
      await open();
      await append([asked(1)]);
      const otherTab = await openDeskPage(store.context);
      await otherTab.evaluate(
        () =>
          new Promise<void>((resolve) => {
            void inDesks(({ cards }) => {
              const readAgain = () => {
                resolve();
                const request = cards.count();
                request.addEventListener('success', readAgain);
              };
              readAgain();
            });
          }),
      );
      await store.page.clock.install();
      const begun = store.page.evaluate(() => nextWrite(false));
      const refusal = append([asked(2)]).catch(String);
      await begun;
      await store.page.clock.fastForward(30_000);
      expect(await refusal).toMatch(/Nothing was saved/);
      await otherTab.close();
      await append([asked(3)]);
      expect(await reopen()).toMatchObject(openedWith(1, 3));
    });

    test('a commit without an answer is not reported as refused, and a reload shows whether it was saved', async () => {
      await open();
      await append([asked(1)]);
      await store.page.clock.install();
      const begun = store.page.evaluate(() => nextWrite(true));
      const refusal = append([asked(2)]).catch(String);
      await begun;
      await store.page.clock.fastForward(40_000);
      expect(await refusal).toMatch(/nobody knows whether this was saved/);
      await expect(append([asked(3)])).rejects.toThrow(changedByOthers);
      await store.page.reload();
      expect(await open()).toMatchObject(openedWith(1, 2));
    });
  });

  test('BQ2 a write is confirmed only when it is complete, and is requested to be durable', async () => {
    await open();
    const writes = await store.page.evaluate(
      async (text) => {
        const seen = watchWrites();
        await desks.appendToLog(JSON.parse(text) as QueueRecord[]);
        return seen;
      },
      JSON.stringify([asked(1)]),
    );
    expect(writes).toEqual([{ durability: 'strict', isComplete: true }]);
  });
});
