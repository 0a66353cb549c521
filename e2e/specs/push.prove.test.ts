import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { missAndCatchUp } from '../helpers/load/push.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await openDeployment({ servers: 2 });
});
afterAll(() => deployment.end());

test('FE4 after a killed server and 30 missed changes, 1,000 consoles show a fresh board within 10 s', async () => {
  const { different, gaps, seconds } = await missAndCatchUp(deployment, 1_000);
  expect(different).toEqual([]);
  expect(gaps).toEqual([]);
  expect(seconds).toBeLessThan(10);
});
