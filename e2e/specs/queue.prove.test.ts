import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { replayOverBadNetwork } from '../helpers/load/queue-proof.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await openDeployment({ servers: 2 });
});
afterAll(() => deployment.end());

test('QU6 200 queued commands of all kinds over a bad network, with restarts: the effects of a healthy one, each refusal once', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const { bad, healthy, seenTwice, doubled, lost, refused } = await replayOverBadNetwork(
    deployment,
    200,
    seed,
  );
  expect(bad, `SEED=${seed}`).toEqual(healthy);
  expect(seenTwice).toEqual([]);
  expect(refused).toBeGreaterThanOrEqual(10);
  expect(Math.min(doubled, lost)).toBeGreaterThan(10);
});
