/** Kills the desktop program at 200 random moments while it appends to, rewrites and opens its log. */
import { expect, test } from 'vitest';
import { noElectron, createWorkstation } from '../helpers/electron/desktop.ts';
import { openSlateStub } from '../helpers/network/foreign-servers.ts';
import { killOften, startProgram } from '../helpers/killed-desk.ts';
import { seedTests } from '../helpers/seeded-random.ts';

const { random } = seedTests();

test.skipIf(noElectron())('LG15 killing the program 200 times loses no confirmed request', async () => {
  await using slate = await openSlateStub();
  using workstation = createWorkstation();
  const start = () => startProgram(slate.url, workstation.folder);
  const { confirmed } = await killOften(start, 200, random);
  expect(confirmed).toBeGreaterThan(1000);
});
