import type { Api } from '../../../scripts/api.ts';
import type { Cluster } from '../../../scripts/postgres.ts';
import { checkInvariants } from '../../../server/test/invariants.ts';
import type { Deployment } from '../deployment.ts';
import { lostOf, startLoad } from './load.ts';
import type { Load } from './load.ts';

const desksAt = (deployment: Deployment) =>
  Promise.all(deployment.servers.map(({ url }) => deployment.as(deployment.users.coordinator, url)));

/** Waits until the server answers again. Returns how long that took. */
async function backAfter(desk: Api, deployment: Deployment): Promise<number> {
  const since = performance.now();
  while (
    !(await desk
      .get(`/sites/${deployment.siteId}/settings`)
      .catch(() => undefined)
      .then((answer) => answer?.status === 200))
  );
  return performance.now() - since;
}

/** Kills the server processes in turn under load. Nothing acknowledged may be lost. */
export async function killServers(deployment: Deployment, times: number) {
  const desks = await desksAt(deployment);
  const load = startLoad(deployment, desks, 0);
  for (let round = 0; round < times; round++) {
    await load.more(20);
    const victim = deployment.servers[round % 2];
    const port = new URL(victim?.url ?? '').port;
    await victim?.kill9();
    deployment.servers[round % 2] = await deployment.startServer({ PORT: port });
    deployment.servers.pop();
  }
  await load.more(20);
  await load.stop();
  return damageOf(deployment, load);
}

/** Kills all PostgreSQL processes at once under load, like a power failure. */
export async function killDatabase(deployment: Deployment, cluster: Cluster, times: number) {
  const desks = await desksAt(deployment);
  const load = startLoad(deployment, desks, 1);
  const outages: number[] = [];
  for (let round = 0; round < times; round++) {
    await load.more(20);
    await cluster.kill9();
    await cluster.start();
    outages.push(await backAfter(desks[0] as Api, deployment));
  }
  await load.more(20);
  await load.stop();
  return {
    ...(await damageOf(deployment, load)),
    slow: outages.filter((milliseconds) => milliseconds > 5_000),
  };
}

/** Must be empty after any fault. */
const damageOf = async (deployment: Deployment, { refused, acknowledged }: Load) => ({
  refused,
  lost: await lostOf(deployment, acknowledged),
  violations: await checkInvariants(deployment.owner, deployment.siteId),
});

export const unharmed = { refused: [], lost: [], violations: [] };
