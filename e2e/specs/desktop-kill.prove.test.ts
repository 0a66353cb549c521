/** The desktop program is killed at 200 random moments of appends, rewritings and openings. */
import { expect, test } from 'vitest';
import { noElectron } from '../helpers/electron/desktop.ts';
import { openStrangersSlate } from '../helpers/electron/elsewhere.ts';
import { killOften } from '../helpers/electron/killed-desk.ts';

test.skipIf(noElectron())('LG15 200 times kill -9 of the program lose no confirmed request', async () => {
  await using slate = await openStrangersSlate();
  expect(await killOften(slate.url, 200, Date.now() % 1e6)).toBeGreaterThan(1000);
});
