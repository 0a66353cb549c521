import { chromium } from 'playwright-core';
import type { Browser, BrowserContext } from 'playwright-core';
import { inject } from 'vitest';

/** A name for this machine that browsers do not treat as local. */
export const elsewhere = 'slate.test';

/** The sandbox does not work for root. Chromium's own network services are off. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--host-resolver-rules=MAP ${elsewhere} 127.0.0.1`,
];

const program = () => {
  const executablePath = inject('chromium');
  if (executablePath === null) throw new Error('There is no Chromium. Skip the tests that need it.');
  return { executablePath, args: flags };
};

export const launch = (): Promise<Browser> => chromium.launch(program());

/** A browser with its profile in this folder, like the browser of a person. */
export const launchWithProfile = (folder: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, program());
