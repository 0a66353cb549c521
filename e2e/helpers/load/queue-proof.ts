import { randomUUID } from 'node:crypto';
import type { Case } from '@slate/shared/cases';
import type { QueueResult, Requested } from '@slate/shared/queue';
import { addMinutes } from '@slate/shared/time';
import { at, createHospital, settings } from '../../../server/test/hospital.ts';
import { seededRandom } from '../seeded-random.ts';
import { openQueueDesk } from '../console/queue-desk.ts';
import type { DeskOnDisk, QueueDesk } from '../console/queue-desk.ts';
import { startCuttingProxy } from '../network/cutting-proxy.ts';
import type { Deployment } from '../deployment.ts';
import { startRelay } from '../network/relay.ts';

/** A site with cases for a queue to work on. Its holds outlast the test, so that only commands change it. */
export async function queueSite(deployment: Deployment) {
  const hospital = await createHospital(deployment.urls.ownerUrl, {
    site: { ...settings, holdSeconds: 3_600, holdLimitSeconds: 3_600 },
  });
  const desk = await deployment.as(hospital.users.coordinator, deployment.servers.at(-1)?.url);
  const site = `/sites/${hospital.siteId}`;
  const create = async (path: string, body: object) =>
    (await desk.post(`${site}/${path}`, body)).body.case as Case;
  const cases: Case[] = [];
  for (let index = 0; index < 16; index++) {
    const held = await create('holds', {
      ...shortCase,
      title: `Booked ${index}`,
      roomId: hospital.rooms[index % 2],
      start: slot(index >> 1),
      surgeonId: hospital.surgeons[index % 2],
      overrideReason: 'Proof',
    });
    cases.push(await create(`cases/${held.id}/confirm`, {}));
  }
  for (let index = 0; index < 4; index++)
    cases.push(await create('cases', { ...shortCase, title: `Waits ${index}` }));
  return { hospital, desk, cases };
}
export type QueueSite = Awaited<ReturnType<typeof queueSite>>;

const shortCase = { minutes: 20, setupMinutes: 0, cleanupMinutes: 0 };
const slot = (index: number) => addMinutes(at('07:00', 2), index * 30);

/** Enqueues random commands of all kinds, many of which collide, block each other or go stale. */
export async function enqueueRandomly(
  { hospital, cases }: QueueSite,
  { enqueue }: Pick<QueueDesk, 'enqueue'>,
  count: number,
  random: () => number,
) {
  const below = (limit: number) => Math.floor(random() * limit);
  const anyOf = <Item>(items: readonly Item[]) => items[below(items.length)] as Item;
  const holds: string[] = [];
  const overrideReason = 'Proof';
  const randomPlace = () => ({ roomId: hospital.rooms[below(2)], start: slot(below(40)), overrideReason });
  const on = (id: string) => ({ case: id });
  for (let index = 0; index < count; index++) {
    const item = anyOf(cases);
    const hold = holds.length > 0 ? `@${anyOf(holds)}` : item.id;
    const { version } = item;
    const kinds: (() => [name: string, params: Record<string, string>, body: object])[] = [
      () => [
        'placeHold',
        {},
        { ...shortCase, ...randomPlace(), title: `Hold ${index}`, surgeonId: hospital.surgeons[2] },
      ],
      () => [
        'placeHold',
        {},
        { ...shortCase, ...randomPlace(), title: `Hold ${index}`, surgeonId: hospital.surgeons[2] },
      ],
      () => ['extendHold', on(hold), {}],
      () => ['releaseHold', on(hold), {}],
      () => ['confirmCase', on(hold), { to: 'scheduled' }],
      () => ['changeCase', on(hold), { version: 1, title: `Named ${index}` }],
      () => ['changeCase', on(item.id), { version, note: `Note ${index}` }],
      () => ['changeCase', on(item.id), { version, title: `Changed ${index}` }],
      () => ['moveCase', on(item.id), { version, ...randomPlace() }],
      () => ['moveCase', on(item.id), { version, ...randomPlace() }],
      () => {
        const other = anyOf(cases.filter(({ id }) => id !== item.id));
        const moves = [item, other].map((each) => ({
          caseId: each.id,
          version: each.version,
          ...randomPlace(),
        }));
        return ['moveCases', {}, { moves }];
      },
      () => {
        const other = anyOf(cases.filter(({ id }) => id !== item.id));
        const [first, second] = [item, other].map((each) => ({ caseId: each.id, version: each.version }));
        return ['swapCases', {}, { first, second, overrideReason }];
      },
      () => [
        'recordMilestone',
        on(item.id),
        { milestone: anyOf(['in_holding', 'in_room']), at: addMinutes(at('07:00', -3), index) },
      ],
      () => [
        'recordMilestone',
        on(hold),
        { milestone: 'in_holding', at: addMinutes(at('07:00', -3), index) },
      ],
      () => ['addToDepot', {}, { ...shortCase, title: `Depot ${index}` }],
      () => ['placeCase', on(anyOf(cases.slice(16)).id), { version: 1, ...randomPlace(), minutes: 20 }],
      () => ['bumpCase', on(item.id), { version, reason: 'Proof' }],
      () => ['cancelCase', on(item.id), { version, reason: 'Proof' }],
      () => ['voidCase', on(item.id), { version, reason: 'Proof' }],
      () => [
        'createClosure',
        {},
        { resourceId: hospital.rooms[2], start: slot(100 + index), end: slot(101 + index), reason: 'Proof' },
      ],
    ];
    const [name, params, body] = anyOf(kinds)();
    const key = randomUUID();
    if (name === 'placeHold') holds.push(key);
    await enqueue({
      key,
      name: name as Parameters<QueueDesk['enqueue']>[0]['name'],
      params,
      body,
      title: `${index} ${name}`,
      cases: [],
      wasSent: false,
      item,
    });
  }
}

/** Returns the outcome of each request in a form that is the same on two sites. */
export const outcomesOf = (requests: readonly Requested[]) =>
  requests.map(({ request: { title }, state, result }) => `${title}: ${state} ${codeOf(result)}`);
const codeOf = (result: QueueResult | null) =>
  result?.kind === 'refused' ? result.problem.code : result?.kind === 'expired' ? result.why : '';

/** Returns everything that the commands changed in a form that is the same on two sites. */
export async function effectsOn({ hospital, desk }: QueueSite, owner: Deployment['owner']) {
  const names = new Map<string | null, string>(
    [...hospital.rooms, ...hospital.surgeons].map((id, index) => [id, `R${index}`]),
  );
  const { body } = await desk.get(
    `/sites/${hospital.siteId}/cases?limit=200&date=${at('00:00', 2).slice(0, 10)}&days=4`,
  );
  const board = await desk.get(`/sites/${hospital.siteId}/board?date=${at('00:00', 2).slice(0, 10)}&days=4`);
  const all = [...(body.cases as Case[]), ...(board.body.depot as Case[])];
  const { rows } = await owner.query<{ changes: number; cases: number; facts: number; closures: number }>(
    `SELECT revision::int AS changes, (SELECT count(*)::int FROM cases WHERE site_id = $1) AS cases,
      (SELECT count(*)::int FROM milestones WHERE site_id = $1) AS facts,
      (SELECT count(*)::int FROM closures WHERE site_id = $1) AS closures FROM sites WHERE id = $1`,
    [hospital.siteId],
  );
  return {
    counts: rows[0],
    cases: all
      .map(({ title, version, state, roomId, start, end, note, milestones }) =>
        JSON.stringify([title, version, state, names.get(roomId) ?? null, start, end, note, milestones]),
      )
      .toSorted(),
  };
}

/** Runs the same commands on two sites: one after the other on a healthy network, and from a queue on a bad one. */
export async function replayOverBadNetwork(deployment: Deployment, count: number, seed: number) {
  const random = seededRandom(seed);
  const [healthy, bad] = [await queueSite(deployment), await queueSite(deployment)];
  const tokenOf = (site: QueueSite) => deployment.tokenOf(site.hospital.users.coordinator);

  const healthyDesk = await openQueueDesk(
    healthy.hospital,
    { device: randomUUID(), log: [] },
    {
      server: deployment.servers.at(-1)?.url ?? '',
      token: await tokenOf(healthy),
    },
  );
  await enqueueRandomly(healthy, healthyDesk, count, seededRandom(seed));
  healthyDesk.comeBack();
  await healthyDesk.until(healthyDesk.isSettled);
  const expected = {
    outcomes: outcomesOf(healthyDesk.requests()),
    ...(await effectsOn(healthy, deployment.owner)),
  };
  healthyDesk.end();

  const urls = deployment.servers.map(({ url }) => url);
  const proxy = await startCuttingProxy(urls, random);
  const relay = await startRelay(proxy.url, { random, isUnreliable: true });
  const disk: DeskOnDisk = { device: randomUUID(), log: [] };
  const open = async () =>
    openQueueDesk(bad.hospital, disk, { server: relay.url, token: await tokenOf(bad) });
  let desk = await open();
  await enqueueRandomly(bad, desk, count, seededRandom(seed));
  const answered = () => desk.requests().filter(({ result }) => result !== null).length;
  for (let part = 1; part <= 4; part++) {
    desk.comeBack();
    await desk.until(() => desk.isSettled() || answered() >= (part * count) / 5);
    desk.goOffline();
    // In part 2 the program restarts; in part 3 a server dies and another one takes its place.
    if (part === 2) {
      desk.end();
      desk = await open();
    }
    if (part === 3) {
      await deployment.servers[0]?.kill9();
      urls[0] = (await deployment.startServer()).url;
    }
  }
  desk.comeBack();
  await desk.until(desk.isSettled);
  const actual = { outcomes: outcomesOf(desk.requests()), ...(await effectsOn(bad, deployment.owner)) };
  const records = disk.log;
  desk.end();
  await relay.end();
  await proxy.end();
  const seenTwice = records.filter(
    (record, index) =>
      record.type === 'answered' &&
      records.slice(0, index).some((other) => other.type === 'answered' && other.id === record.id),
  );
  return {
    bad: actual,
    healthy: expected,
    seenTwice,
    doubled: relay.doubled(),
    lost: relay.lost(),
    refused: actual.outcomes.filter((each) => each.includes(': conflict')).length,
  };
}
