import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { runWorstClient, memoryMb } from '../helpers/load/worst-client.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await openDeployment({ servers: 0 });
});
afterAll(() => deployment.end());

test.skipIf(process.platform !== 'linux')(
  'PU24 a server with 512 MB survives the worst client for ten minutes and answers others in time',
  async () => {
    const { peakMb, calm, attacked, calmMb } = await runWorstClient(deployment, 600);
    console.log(JSON.stringify({ calmMb, peakMb, calm, attacked }));
    expect(peakMb).toBeLessThan(memoryMb);
    expect([...calm.failed, ...attacked.failed]).toEqual([]);
    // A busy machine is busy without the worst client too.
    expect(attacked.p95).toBeLessThan(Math.max(100, calm.p95 * 3));
  },
);
