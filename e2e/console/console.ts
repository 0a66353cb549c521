import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Hospital } from '../../server/test/hospital.ts';
import { password } from './console-house.ts';
import type { ConsoleHouse, Person } from './console-house.ts';
import { watchConsole } from './watch.ts';
import type { Watched } from './watch.ts';

export type Opening = {
  hospital?: Hospital;
  as?: Person;
  /** Which server; the first, unless said otherwise. */
  url?: string;
  /** What stands after the address: `#/case/…`, `#/wall`. */
  hash?: string;
  /** Through the screen, as a person does; otherwise the tab begins with a session that the API has given. */
  throughScreen?: boolean;
  /** Nobody signs in. */
  anonymous?: boolean;
  context?: BrowserContextOptions;
};

/** One person's console. */
export type Console = { page: Page; watched: Watched } & ReturnType<typeof partsOf>;

/** Opens consoles, each in a browser profile of its own, and ends them. */
export function createConsoles(browser: Browser, house: ConsoleHouse) {
  const open: { page: Page; watched: Watched }[] = [];

  return {
    async open(opening: Opening = {}): Promise<Console> {
      const { hospital = house, as = 'coordinator', url = house.servers[0]?.url ?? '' } = opening;
      const { hash = '', throughScreen = false, anonymous = false, context: more } = opening;
      const context = await browser.newContext({
        viewport: { width: 1920, height: 1080 },
        reducedMotion: 'reduce',
        ...more,
      });
      const page = await context.newPage();
      const watched = watchConsole(page, url);
      open.push({ page, watched });
      if (!throughScreen && !anonymous) await seed(page, hash, await house.sessionOf(hospital, as, url));
      await page.goto(`${url}/${hash}`);
      const parts = partsOf(page);
      if (throughScreen) await parts.signIn(house.emailOf(hospital, as), password);
      return { page, watched, ...parts };
    },

    /** To be called after each test: whatever a console complained about fails it. */
    async close() {
      const all = open.splice(0);
      const complaints = all.flatMap(({ watched }) => watched.complaints);
      await Promise.all(all.map(({ page }) => page.context().close()));
      expect(complaints).toEqual([]);
    },
  };
}

/** Once for the tab: after a reload it goes on with what the console has made of it. */
async function seed(page: Page, hash: string, session: { refreshToken: string; email: string }) {
  const storage = hash === '#/wall' ? 'localStorage' : 'sessionStorage';
  await page.addInitScript(
    ([place, kept]) => {
      if (sessionStorage.getItem('seeded')) return;
      sessionStorage.setItem('seeded', 'yes');
      globalThis[place].setItem('slate.session', kept);
    },
    [storage, JSON.stringify(session)] as const,
  );
}

/** Where things are, by the names and roles by which anybody finds them. */
function partsOf(page: Page) {
  const email = page.getByLabel('E-mail');
  return {
    email,
    signIn: async (who: string, secret: string) => {
      await email.fill(who);
      await page.getByLabel('Password', { exact: true }).fill(secret);
      await page.getByRole('button', { name: 'Sign in' }).click();
    },
  };
}
