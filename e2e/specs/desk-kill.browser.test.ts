/** A shorter version of `desk-kill.prove.test.ts`. */
import { expect, inject, test } from 'vitest';
import { createProfile } from '../helpers/browser/browser.ts';
import { bundleDesks } from '../helpers/browser/desk-page.ts';
import { killOften, startBrowser } from '../helpers/killed-desk.ts';
import { seedTests } from '../helpers/seeded-random.ts';

const { random } = seedTests();

test.skipIf(inject('chromium') === null)(
  'BQ8 killing the browser loses no confirmed request',
  { timeout: 180_000 },
  async () => {
    using profile = createProfile();
    const script = await bundleDesks();
    const start = () => startBrowser(profile.folder, script);
    const { confirmed } = await killOften(start, 6, random);
    expect(confirmed).toBeGreaterThan(20);
  },
);
