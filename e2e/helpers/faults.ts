import type { Api } from '../../scripts/api.ts';
import type { Cluster } from '../../scripts/postgres.ts';
import { checkInvariants } from '../../server/test/invariants.ts';
import type { House } from './deployment.ts';
import { lostOf, startLoad } from './load.ts';
import type { Load } from './load.ts';

const desksAt = (house: House) =>
  Promise.all(house.servers.map(({ url }) => house.as(house.users.coordinator, url)));

/** Waits until the server answers again. Returns how long that took. */
async function backAfter(desk: Api, house: House): Promise<number> {
  const since = performance.now();
  while (
    !(await desk
      .get(`/sites/${house.siteId}/settings`)
      .catch(() => undefined)
      .then((answer) => answer?.status === 200))
  );
  return performance.now() - since;
}

/** Kills the server processes in turn under load. Nothing acknowledged may be lost. */
export async function killServers(house: House, times: number) {
  const desks = await desksAt(house);
  const load = startLoad(house, desks, 0);
  for (let round = 0; round < times; round++) {
    await load.more(20);
    const victim = house.servers[round % 2];
    const port = new URL(victim?.url ?? '').port;
    await victim?.kill9();
    house.servers[round % 2] = await house.startServer({ PORT: port });
    house.servers.pop();
  }
  await load.more(20);
  await load.stop();
  return damageOf(house, load);
}

/** Kills all PostgreSQL processes at once under load, like a power failure. */
export async function killDatabase(house: House, cluster: Cluster, times: number) {
  const desks = await desksAt(house);
  const load = startLoad(house, desks, 1);
  const outages: number[] = [];
  for (let round = 0; round < times; round++) {
    await load.more(20);
    await cluster.kill9();
    await cluster.start();
    outages.push(await backAfter(desks[0] as Api, house));
  }
  await load.more(20);
  await load.stop();
  return { ...(await damageOf(house, load)), slow: outages.filter((milliseconds) => milliseconds > 5_000) };
}

/** Must be empty after any fault. */
const damageOf = async (house: House, { refused, acknowledged }: Load) => ({
  refused,
  lost: await lostOf(house, acknowledged),
  violations: await checkInvariants(house.owner, house.siteId),
});

export const unharmed = { refused: [], lost: [], violations: [] };
