/** A shorter version of `desktop-kill.prove.test.ts`. */
import { expect, test } from 'vitest';
import { noElectron } from '../helpers/electron/desktop.ts';
import { openStrangersSlate } from '../helpers/electron/elsewhere.ts';
import { killOften } from '../helpers/electron/killed-desk.ts';

test.skipIf(noElectron())(
  'LG15 killing the program loses no confirmed request',
  { timeout: 180_000 },
  async () => {
    await using slate = await openStrangersSlate();
    expect(await killOften(slate.url, 10, Date.now() % 1e6)).toBeGreaterThan(20);
  },
);
