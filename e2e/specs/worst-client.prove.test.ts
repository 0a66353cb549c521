import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse } from '../helpers/deployment.ts';
import type { House } from '../helpers/deployment.ts';
import { runWorstClient, memoryMb } from '../helpers/worst-client.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ servers: 0 });
});
afterAll(() => house.end());

test.skipIf(process.platform !== 'linux')(
  'PU24 a server with 512 MB survives the worst client for ten minutes and answers others in time',
  async () => {
    const { peakMb, calm, attacked, calmMb } = await runWorstClient(house, 600);
    console.log(JSON.stringify({ calmMb, peakMb, calm, attacked }));
    expect(peakMb).toBeLessThan(memoryMb);
    expect([...calm.failed, ...attacked.failed]).toEqual([]);
    // A busy machine is busy without the worst client too.
    expect(attacked.p95).toBeLessThan(Math.max(100, calm.p95 * 3));
  },
);
