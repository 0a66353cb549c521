import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openFeedDeployment } from '../helpers/console/feed-deployment.ts';
import type { FeedDeployment } from '../helpers/console/feed-deployment.ts';
import { surviveFaults } from '../helpers/console/random-faults.ts';

// The console's own feed code at its real pace.

let deployment: FeedDeployment;
beforeAll(async () => {
  deployment = await openFeedDeployment();
});
afterAll(() => deployment.end());

const firstSeed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
test.each([0, 1, 2, 3, 4].map((index) => firstSeed + index))(
  'NW9 after random faults (SEED=%i) the board is right and live',
  async (seed) => {
    const console = await deployment.openConsole();
    const { requests, seconds } = await surviveFaults(deployment, console, {
      seed,
      steps: 60,
      longestPauseMs: 3_000,
    });
    // The console does not flood the network.
    expect(requests).toBeLessThan(50 + 4 * seconds);
    await console.end();
    await deployment.releaseAll();
    vi.unstubAllGlobals();
  },
);

test('NW5 a console behind a proxy that refuses WebSockets returns to the socket without a hint', async () => {
  const console = await deployment.openConsole();
  await console.until(console.isPushed);
  console.cable.breakSockets('refuse');
  await console.until(console.isPolled);
  expect(console.states).not.toContain('offline');
  console.cable.putBack();
  await console.until(console.isPushed);
  expect(await console.isUpToDate()).toBe(true);
  await console.end();
  vi.unstubAllGlobals();
});
