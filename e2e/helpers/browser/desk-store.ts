/** The desks of a real browser, in a page that has nothing else. */
import { randomUUID } from 'node:crypto';
import type { QueueRecord } from '@slate/shared/queue';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { DeskOf, OpenDeskInput } from '../../../desktop/src/bridge.ts';
import { asked } from '../../../shared/test/queue-records.ts';
import { launch, launchWithProfile } from './browser.ts';
import { bundleDesks, openDeskPage, serveDesks } from './desk-page.ts';
import type { DeskStores } from './desk-page.ts';

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
export const kraus = person('Kraus');
export const smith = person('Smith');
export const idsOf = ({ personId, siteId }: DeskOf): DeskOf => ({ personId, siteId });
/** The key of a desk in the stores of the database. */
export const keyOf = ({ personId, siteId }: DeskOf) => `${siteId}_${personId}`;

export const changedByOthers = /something else has changed this desk/;

/** The expected result of opening a desk with these requests. */
export const openedWith = (...numbers: number[]) => ({
  result: 'opened',
  desk: { records: numbers.map((number) => asked(number)), damage: null },
});

/** Changes the database, in the page. `key`: that of Kraus's desk. */
export type Edit = (key: string) => Promise<unknown>;

/** Opens a private window with a page for each test of a file. All functions use Kraus's desk unless told otherwise. */
export function setUpDeskStore() {
  let browser: Browser;
  let script: string;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    [browser, script] = await Promise.all([launch(), bundleDesks()]);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => useContext(await browser.newContext()));
  afterEach(() => context?.close());

  async function useContext(opened: BrowserContext) {
    context = opened;
    await serveDesks(context, script);
    page = await openDeskPage(context);
  }

  const open = (change: Partial<OpenDeskInput> = {}, at = page) =>
    at
      .evaluate(
        async (input) =>
          desks.openDesk({ ...input, device: input.device ?? (await desks.deskDevice(input.ids)) }),
        { ...kraus, ...change, ids: idsOf({ ...kraus, ...change }) },
      )
      .catch(rethrow);
  /** As text: the type of a record is recursive. */
  const append = (records: QueueRecord[], at = page) =>
    at
      .evaluate((text) => desks.appendToLog(JSON.parse(text) as QueueRecord[]), JSON.stringify(records))
      .catch(rethrow);
  const close = () => page.evaluate(() => desks.closeDesk());
  return {
    get context() {
      return context;
    },
    get page() {
      return page;
    },
    /** Replaces the private window by a browser with a profile in this folder. */
    useProfile: async (folder: string) => {
      await context.close();
      await useContext(await launchWithProfile(folder));
    },
    open,
    append,
    close,
    unlock: (password = kraus.password ?? '') =>
      page.evaluate((input) => desks.unlockDesk(input), { email: kraus.email, password }),
    list: () => page.evaluate(() => desks.desks()),
    /** Closes the desk and opens it with the secret alone, without the password. */
    reopen: async () => {
      await close();
      return open({ password: null });
    },
    /** Saves three requests and closes the desk. */
    leaveThreeRequests: async () => {
      await open();
      for (const number of [1, 2, 3]) await append([asked(number)]);
      await close();
    },
    edit: (change: Edit) => page.evaluate(change, keyOf(kraus)),
    countOf: (name: keyof DeskStores) =>
      page.evaluate((store) => inDesks((stores) => stores[store].count()), name),
  };
}

/** Rethrows an error of a page without the text that Playwright adds. */
export function rethrow(error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  throw new Error(/Error: (.*)/.exec(text)?.[1] ?? text);
}
