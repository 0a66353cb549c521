import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse } from '../helpers/deployment.ts';
import type { House } from '../helpers/deployment.ts';
import { replayOverBadNetwork } from '../helpers/queue-proof.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ servers: 2 });
});
afterAll(() => house.end());

test('QU6 200 queued commands of all kinds over a bad network, with restarts: the effects of a healthy one, each refusal once', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const { bad, healthy, seenTwice, doubled, lost, refused } = await replayOverBadNetwork(house, 200, seed);
  expect(bad, `SEED=${seed}`).toEqual(healthy);
  expect(seenTwice).toEqual([]);
  expect(refused).toBeGreaterThanOrEqual(10);
  expect(Math.min(doubled, lost)).toBeGreaterThan(10);
});
