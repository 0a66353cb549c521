import { afterAll, beforeAll, expect, test } from 'vitest';
import { killServers, unharmed } from '../helpers/faults.ts';
import { openHouse } from '../helpers/deployment.ts';
import type { House } from '../helpers/deployment.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ servers: 2 });
});
afterAll(() => house.end());

test('EX1 a server process killed under load loses nothing acknowledged', async () => {
  expect(await killServers(house, 3)).toEqual(unharmed);
});
