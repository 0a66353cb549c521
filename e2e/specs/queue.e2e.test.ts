import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { checkInvariants } from '../../server/test/invariants.ts';
import { openQueueDesk } from '../helpers/console/queue-desk.ts';
import type { QueueDesk } from '../helpers/console/queue-desk.ts';
import { History } from '../helpers/load/history.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { queueSite, replayOverBadNetwork } from '../helpers/load/queue-proof.ts';
import { seededRandom, seedTests } from '../helpers/seeded-random.ts';
import { startRelay } from '../helpers/network/relay.ts';

let deployment: Deployment;
const { seed } = seedTests();
beforeAll(async () => {
  deployment = await openDeployment({ servers: 2 });
});
afterAll(() => deployment.end());

test('QU6 40 queued commands over a network that cuts, delays and repeats have the effects of a healthy one', async () => {
  const { bad, healthy, seenTwice, doubled, lost } = await replayOverBadNetwork(deployment, 40, seed);
  expect(bad).toEqual(healthy);
  expect(seenTwice).toEqual([]);
  expect(Math.min(doubled, lost)).toBeGreaterThanOrEqual(3);
});

test('QU6 two desks request the same times while offline: the second one decides about each, and nothing is lost', async () => {
  const { hospital } = await queueSite(deployment);
  const history = new History();
  const relay = await startRelay(deployment.servers.at(-1)?.url ?? '', {
    random: seededRandom(1),
    isUnreliable: false,
    onPass: async (path, send) => {
      if (!path.endsWith('/holds')) return send();
      let reply: Awaited<ReturnType<typeof send>> | undefined;
      await history.record(async () => {
        reply = await send();
        const body = JSON.parse(reply.body) as Record<string, unknown>;
        return { status: reply.status, headers: new Headers(), body };
      });
      if (!reply) throw new Error('The server did not answer.');
      return reply;
    },
  });
  const people = [hospital.users.coordinator, hospital.users.second];
  const desks: QueueDesk[] = [];
  for (const userId of people) {
    const disk = { device: randomUUID(), log: [] };
    const desk = await openQueueDesk(hospital, disk, {
      server: relay.url,
      token: await deployment.tokenOf(userId),
      userId,
    });
    for (let index = 0; index < 20; index++) {
      // Half of them overlap those of the other desk.
      const room = index % 2 === 0 ? hospital.rooms[0] : hospital.rooms[people.indexOf(userId)];
      const hour = String(6 + (index >> 1)).padStart(2, '0');
      await desk.enqueue({
        key: randomUUID(),
        name: 'placeHold',
        params: {},
        body: {
          roomId: room,
          start: at(`${hour}:${index % 2 === 0 ? '00' : '30'}`, 6),
          minutes: 20,
          setupMinutes: 0,
          cleanupMinutes: 0,
          title: `Hold ${index}`,
          overrideReason: 'Proof',
        },
        title: `Hold ${index}`,
        cases: [],
        wasSent: false,
      });
    }
    desks.push(desk);
  }
  for (const desk of desks) desk.comeBack();
  await Promise.all(desks.map((desk) => desk.until(desk.isSettled)));

  const all = desks.flatMap((desk) => desk.requests());
  const done = all.filter(({ state }) => state === 'done');
  const refused = all.filter(({ state }) => state === 'conflict');
  expect(done.length + refused.length).toBe(40);
  // Both desks requested ten of the times.
  expect(refused.length).toBeGreaterThanOrEqual(10);
  for (const desk of desks) {
    const choices = desk
      .requests()
      .filter(({ state }) => state === 'conflict')
      .map(desk.choicesFor);
    expect(choices.every((each) => each.some(({ kind }) => kind === 'retry'))).toBe(true);
  }
  expect(history.overlaps()).toEqual([]);
  expect(history.unexpected).toEqual([]);
  expect({ accepted: history.accepted, refused: history.refused }).toEqual({
    accepted: done.length,
    refused: refused.length,
  });
  expect(
    history
      .claimingCases()
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(
    done
      .flatMap(({ result }) => (result?.kind === 'done' ? result.cases.map(({ id }) => id) : []))
      .toSorted(),
  );
  expect(await checkInvariants(deployment.owner, hospital.siteId)).toEqual([]);
  for (const desk of desks) desk.end();
  await relay.end();
});
