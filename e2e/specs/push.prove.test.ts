import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse } from '../helpers/deployment.ts';
import type { House } from '../helpers/deployment.ts';
import { missAndCatchUp } from '../helpers/push.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ servers: 2 });
});
afterAll(() => house.end());

test('FE4 1,000 consoles, a killed server, 30 missed changes: each shows a fresh board within 10 s', async () => {
  const { different, gaps, seconds } = await missAndCatchUp(house, 1_000);
  expect(different).toEqual([]);
  expect(gaps).toEqual([]);
  expect(seconds).toBeLessThan(10);
});
