import { afterAll, beforeAll, test } from 'vitest';
import { killDatabase, killServers } from './faults.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ servers: 2 });
});
afterAll(() => house.end());

test('EX1 15 crashes of a server process under load', () => killServers(house, 15));
test('EX1 15 crashes of PostgreSQL under load', () => killDatabase(house, 15));
