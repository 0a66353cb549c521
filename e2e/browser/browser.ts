import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
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

/** Everything a page complains about and everywhere it goes. A violation of its policy is a console error. */
export function watch(page: Page) {
  const seen = { complaints: [] as string[], origins: new Set<string>() };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.complaints.push(message.text());
  });
  page.on('pageerror', (error) => seen.complaints.push(error.message));
  page.on('requestfailed', (request) => seen.complaints.push(`${request.url()} failed`));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:') seen.origins.add(origin);
  });
  return seen;
}
