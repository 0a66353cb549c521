import { chromium } from 'playwright-core';
import type { Browser, BrowserContext } from 'playwright-core';
import { inject } from 'vitest';

/** A name for this machine that browsers do not take for it. */
export const elsewhere = 'slate.test';

/** Root has no sandbox to use; and nothing but the page under test talks to anyone. */
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
  if (executablePath === null) throw new Error('there is no Chromium: skip what needs one');
  return { executablePath, args: flags };
};

export const launch = (): Promise<Browser> => chromium.launch(program());

/** As a person's own browser: what it keeps, it keeps in this folder. */
export const launchWithProfile = (folder: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, program());
