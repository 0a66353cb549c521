/** Kills the desktop program at 200 random moments while it appends to, rewrites and opens its log. */
import { expect, test } from 'vitest';
import { noElectron } from '../helpers/electron/desktop.ts';
import { openStrangersSlate } from '../helpers/electron/elsewhere.ts';
import { killOften } from '../helpers/electron/killed-desk.ts';

test.skipIf(noElectron())('LG15 killing the program 200 times loses no confirmed request', async () => {
  await using slate = await openStrangersSlate();
  expect(await killOften(slate.url, 200, Date.now() % 1e6)).toBeGreaterThan(1000);
});
