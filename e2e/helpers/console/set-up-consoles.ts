import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launch } from '../browser/browser.ts';
import { createConsoles } from './console.ts';

type Closable = { end: () => Promise<unknown> };
type ConsoleSetUp<Kind> = { browser: Browser; deployment: Kind; consoles: ReturnType<typeof createConsoles> };

/** Opens a browser and a deployment for the tests of a file, and closes all consoles after each test. Read the result in tests only. */
export function setUpConsoles<Kind extends Closable>(
  openDeployment: () => Promise<Kind>,
  urlOf: (deployment: Kind) => string,
): ConsoleSetUp<Kind> {
  const setUp: Partial<ConsoleSetUp<Kind>> = {};
  beforeAll(async () => {
    const [browser, deployment] = await Promise.all([launch(), openDeployment()]);
    Object.assign(setUp, { browser, deployment, consoles: createConsoles(browser, urlOf(deployment)) });
  });
  afterEach(() => setUp.consoles?.close());
  afterAll(async () => {
    await setUp.browser?.close();
    await setUp.deployment?.end();
  });
  return setUp as ConsoleSetUp<Kind>;
}
