import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { inject } from 'vitest';

/** Root has no sandbox to use; and nothing but the page under test talks to anyone. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  const executablePath = inject('chromium');
  if (executablePath === null) throw new Error('there is no Chromium: skip what needs one');
  return chromium.launch({ executablePath, args: flags });
}
