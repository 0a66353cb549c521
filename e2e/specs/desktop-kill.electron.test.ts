/** A shorter version of `desktop-kill.prove.test.ts`. */
import { expect, test } from 'vitest';
import { noElectron, createWorkstation } from '../helpers/electron/desktop.ts';
import { openSlateStub } from '../helpers/network/foreign-servers.ts';
import { killOften, startProgram } from '../helpers/killed-desk.ts';
import { seedTests } from '../helpers/seeded-random.ts';

const { random } = seedTests();

test.skipIf(noElectron())(
  'LG15 killing the program loses no confirmed request',
  { timeout: 180_000 },
  async () => {
    await using slate = await openSlateStub();
    using workstation = createWorkstation();
    const start = () => startProgram(slate.url, workstation.folder);
    const { confirmed } = await killOften(start, 10, random);
    expect(confirmed).toBeGreaterThan(20);
  },
);
