import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launch } from '../browser/browser.ts';
import { createConsoles } from './console.ts';

type House = { end: () => Promise<unknown> };
type Opened<Kind> = { browser: Browser; house: Kind; consoles: ReturnType<typeof createConsoles> };

/** Opens a browser and a house for the tests of a file, and closes all consoles after each test. Read the result in tests only. */
export function setUpConsoles<Kind extends House>(
  openHouse: () => Promise<Kind>,
  urlOf: (house: Kind) => string,
): Opened<Kind> {
  const opened: Partial<Opened<Kind>> = {};
  beforeAll(async () => {
    const [browser, house] = await Promise.all([launch(), openHouse()]);
    Object.assign(opened, { browser, house, consoles: createConsoles(browser, urlOf(house)) });
  });
  afterEach(() => opened.consoles?.close());
  afterAll(async () => {
    await opened.browser?.close();
    await opened.house?.end();
  });
  return opened as Opened<Kind>;
}
