import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../scripts/postgres.ts';
import { testCluster } from '../../server/test/database.ts';
import { killDatabase, killServers, unharmed } from '../helpers/faults.ts';
import { openHouse } from '../helpers/deployment.ts';
import type { House } from '../helpers/deployment.ts';

let house: House;
let cluster: Cluster;
beforeAll(async () => {
  const database = await testCluster();
  cluster = database.cluster;
  house = await openHouse({ servers: 2, database });
});
afterAll(() => house.end());

test('EX1 15 crashes of a server process under load', async () => {
  expect(await killServers(house, 15)).toEqual(unharmed);
});
test('EX1 15 crashes of PostgreSQL under load', async () => {
  expect(await killDatabase(house, cluster, 15)).toEqual({ ...unharmed, slow: [] });
});
