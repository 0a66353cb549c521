import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { replayOverBadNetwork } from '../helpers/load/queue-proof.ts';
import { seedTests } from '../helpers/seeded-random.ts';

let deployment: Deployment;
const { seed } = seedTests();
beforeAll(async () => {
  deployment = await openDeployment({ servers: 2 });
});
afterAll(() => deployment.end());

test('QU6 200 queued commands over a bad network with restarts have the effects of a healthy one, and each refusal comes once', async () => {
  const { bad, healthy, seenTwice, doubled, lost, refused } = await replayOverBadNetwork(
    deployment,
    200,
    seed,
  );
  expect(bad).toEqual(healthy);
  expect(seenTwice).toEqual([]);
  expect(refused).toBeGreaterThanOrEqual(10);
  expect(Math.min(doubled, lost)).toBeGreaterThan(10);
});
