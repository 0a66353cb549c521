import { afterAll, beforeAll, expect, test } from 'vitest';
import { killDatabase, killServers, unharmed } from '../helpers/faults.ts';
import { openHouse } from '../helpers/house.ts';
import type { House } from '../helpers/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ servers: 2 });
});
afterAll(() => house.end());

test('EX1 15 crashes of a server process under load', async () => {
  expect(await killServers(house, 15)).toEqual(unharmed);
});
test('EX1 15 crashes of PostgreSQL under load', async () => {
  expect(await killDatabase(house, 15)).toEqual({ ...unharmed, slow: [] });
});
