/** A browser is killed at 200 random moments of appends, rewritings and openings of its desk. */
import { expect, inject, test } from 'vitest';
import { createProfile } from '../helpers/browser/browser.ts';
import { bundleDesks } from '../helpers/browser/desk-page.ts';
import { killOften, startBrowser } from '../helpers/killed-desk.ts';

test.skipIf(inject('chromium') === null)(
  'BQ8 200 times kill -9 of the browser lose no confirmed request',
  async () => {
    using profile = createProfile();
    const script = await bundleDesks();
    const start = () => startBrowser(profile.folder, script);
    const { confirmed, deleted } = await killOften(start, 200, Date.now() % 1e6);
    console.info(`Chromium deleted its database ${deleted} times.`);
    expect(confirmed).toBeGreaterThan(1000);
    expect(deleted).toBeLessThan(20);
  },
);
