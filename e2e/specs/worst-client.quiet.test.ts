import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse } from '../helpers/house.ts';
import type { House } from '../helpers/house.ts';
import { endure, memoryMb } from '../helpers/worst-client.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ servers: 0 });
});
afterAll(() => house.end());

// How much memory a process has had is told by Linux.
test.skipIf(process.platform !== 'linux')(
  'PU24 a server of 512 MB survives the worst client for half a minute, and others are answered',
  async () => {
    const { peakMb, calm, attacked } = await endure(house, 30);
    expect(peakMb).toBeLessThan(memoryMb);
    expect([...calm.failed, ...attacked.failed]).toEqual([]);
    expect(attacked.perSecond * 20).toBeGreaterThan(calm.perSecond);
  },
);
