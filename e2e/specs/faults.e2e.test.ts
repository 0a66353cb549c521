import { afterAll, beforeAll, expect, test } from 'vitest';
import { killServers, unharmed } from '../helpers/load/faults.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await openDeployment({ servers: 2 });
});
afterAll(() => deployment.end());

test('EX1 a server process killed under load loses nothing acknowledged', async () => {
  expect(await killServers(deployment, 3)).toEqual(unharmed);
});
