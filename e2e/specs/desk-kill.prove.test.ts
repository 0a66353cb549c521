/** Kills a browser at 200 random moments while it appends to, rewrites and opens the log of its desk. */
import { expect, inject, test } from 'vitest';
import { createProfile } from '../helpers/browser/browser.ts';
import { bundleDesks } from '../helpers/browser/desk-page.ts';
import { killOften, startBrowser } from '../helpers/killed-desk.ts';
import { seedTests } from '../helpers/seeded-random.ts';

const { random } = seedTests();

test.skipIf(inject('chromium') === null)(
  'BQ8 killing the browser 200 times loses no confirmed request',
  async () => {
    using profile = createProfile();
    const script = await bundleDesks();
    const start = () => startBrowser(profile.folder, script);
    const { confirmed, deleted } = await killOften(start, 200, random);
    console.info(`Chromium deleted its database ${deleted} times.`);
    expect(confirmed).toBeGreaterThan(1000);
    expect(deleted).toBeLessThan(20);
  },
);
