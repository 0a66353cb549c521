import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { beginSignedIn } from '../../../scripts/signed-in-tab.ts';
import { watch } from '../browser/watch.ts';
import type { Watched } from '../browser/watch.ts';

export type Account = { readonly email: string; readonly password: string };

export type ConsoleOptions = {
  /** The signed-in user; default: nobody. */
  as?: Account;
  /** Sign in through the screen; default: start with a session from the API. */
  throughScreen?: boolean;
  /** Default: the common server. */
  url?: string;
  /** The fragment of the address: `#/case/…`, `#/wall`. */
  hash?: string;
  context?: BrowserContextOptions;
  /** Runs before the page is loaded. */
  before?: (page: Page) => Promise<unknown>;
  /** Receives everything that the server sends. */
  spy?: (text: string) => void;
};

/** The console of one person. */
export type Console = { page: Page; watched: Watched } & ReturnType<typeof partsOf>;

/** Opens consoles, each in its own browser profile, and closes them. */
export function createConsoles(browser: Browser, usualUrl: string) {
  const open: { page: Page; watched: Watched }[] = [];

  return {
    async open(options: ConsoleOptions = {}): Promise<Console> {
      const { as, throughScreen = false, url = usualUrl, hash = '', context: more, before, spy } = options;
      const context = await browser.newContext({
        viewport: { width: 1920, height: 1080 },
        reducedMotion: 'reduce',
        ...more,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const watched = watch(page, url);
      open.push({ page, watched });
      if (spy) listen(page, spy);
      await before?.(page);
      if (as && !throughScreen) await beginSignedIn(page, { url, account: as, hash });
      await page.goto(`${url}/${hash}`);
      const parts = partsOf(page);
      if (as && throughScreen) await parts.signIn(as);
      return { page, watched, ...parts };
    },

    /** Call this after each test: it fails if a console reported an error. */
    async close() {
      const all = open.splice(0);
      const complaints = all.flatMap(({ watched }) => watched.complaints);
      await Promise.all(all.map(({ page }) => page.context().close()));
      expect(complaints).toEqual([]);
    },
  };
}

function listen(page: Page, spy: (text: string) => void) {
  page.on('response', (response) => {
    if (!response.url().includes('/api/')) return;
    // Some responses have no body, and some disappear with the page.
    response.text().then(spy, () => {});
  });
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => spy(String(payload))));
}

/** The connection status in the header, without numbers. */
const connection = /Live|Connecting|Catching up|Offline since|Last update|Slower updates|Update needed/;

/** Locators by accessible name and role. */
export function partsOf(page: Page) {
  const email = page.getByLabel('Email');
  const header = page.getByRole('banner');
  return {
    email,
    signIn: async (account: Account) => {
      await email.fill(account.email);
      await page.getByLabel('Password', { exact: true }).fill(account.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
    },
    header,
    grid: page.getByRole('grid', { name: /^Board/ }),
    /** A card on the board. */
    cell: (caseId: string) => page.locator(`[data-case="${caseId}"][role="gridcell"]`),
    inspector: page.getByRole('complementary', { name: 'Inspector' }),
    dialog: page.locator('[role="dialog"], [role="alertdialog"]'),
    /** Every room with its contents as a screen reader reads it, one line each. */
    board: () =>
      page.getByRole('row').evaluateAll((rows) =>
        rows.map((row) => {
          const name = row.querySelector('[role="rowheader"]')?.textContent ?? '';
          const cells = [...row.querySelectorAll('[role="gridcell"]')];
          return [name, ...cells.map((cell) => cell.getAttribute('aria-label') ?? '')].join(' | ');
        }),
      ),
    connection: async () => connection.exec((await header.textContent()) ?? '')?.[0],
    /** Records the connection statuses from now on. */
    recordConnection: () =>
      page.evaluate((source) => {
        const words = new RegExp(source);
        const seen: string[] = [];
        const look = () => {
          const now = words.exec(document.querySelector('header')?.textContent ?? '')?.[0];
          if (now !== undefined && now !== seen.at(-1)) seen.push(now);
        };
        new MutationObserver(look).observe(document.body, {
          subtree: true,
          childList: true,
          characterData: true,
        });
        look();
        Object.assign(globalThis, { connections: seen });
      }, connection.source),
    connections: () => page.evaluate(() => (globalThis as { connections?: string[] }).connections ?? []),
    /** Resolves with the time at which an element appeared on the page. */
    appeared: (selector: string) =>
      page.evaluate(
        (target) =>
          new Promise<number>((resolve, reject) => {
            setTimeout(() => reject(new Error(`${target} did not appear`)), 10_000);
            const look = () => {
              if (!document.querySelector(target)) return;
              watcher.disconnect();
              resolve(Date.now());
            };
            const watcher = new MutationObserver(look);
            watcher.observe(document.body, { subtree: true, childList: true, attributes: true });
            look();
          }),
        selector,
      ),
  };
}
