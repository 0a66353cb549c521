import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse } from '../helpers/house.ts';
import type { House } from '../helpers/house.ts';
import { endure, memoryMb } from '../helpers/worst-client.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ servers: 0 });
});
afterAll(() => house.end());

// Only Linux reports the peak memory of a process. Thirty seconds found no more than ten.
test.skipIf(process.platform !== 'linux')(
  'PU24 a server with 512 MB survives the worst client for ten seconds and answers others',
  async () => {
    const { peakMb, calm, attacked } = await endure(house, 10);
    expect(peakMb).toBeLessThan(memoryMb);
    expect([...calm.failed, ...attacked.failed]).toEqual([]);
    expect(attacked.perSecond * 20).toBeGreaterThan(calm.perSecond);
  },
);
