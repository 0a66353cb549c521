import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse } from '../helpers/house.ts';
import type { House } from '../helpers/house.ts';
import { endure, memoryMb } from '../helpers/worst-client.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ servers: 0 });
});
afterAll(() => house.end());

// Only Linux tells how much memory a process has used. Thirty seconds found no more than ten do.
test.skipIf(process.platform !== 'linux')(
  'PU24 a server of 512 MB survives the worst client for ten seconds, and others are answered',
  async () => {
    const { peakMb, calm, attacked } = await endure(house, 10);
    expect(peakMb).toBeLessThan(memoryMb);
    expect([...calm.failed, ...attacked.failed]).toEqual([]);
    expect(attacked.perSecond * 20).toBeGreaterThan(calm.perSecond);
  },
);
