import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../scripts/postgres.ts';
import { testCluster } from '../../server/test/database.ts';
import { killDatabase, killServers, unharmed } from '../helpers/load/faults.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';

let deployment: Deployment;
let cluster: Cluster;
beforeAll(async () => {
  const database = await testCluster();
  cluster = database.cluster;
  deployment = await openDeployment({ servers: 2, database });
});
afterAll(() => deployment.end());

test('EX1 15 crashes of a server process under load lose nothing acknowledged', async () => {
  expect(await killServers(deployment, 15)).toEqual(unharmed);
});
test('EX1 15 crashes of PostgreSQL under load lose nothing acknowledged', async () => {
  expect(await killDatabase(deployment, cluster, 15)).toEqual({ ...unharmed, slow: [] });
});
