import { randomUUID } from 'node:crypto';
import type { Case } from '@slate/shared/cases';
import type { Blocker } from '@slate/shared/errors';
import { addMinutes } from '@slate/shared/time';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer, Api } from '../../scripts/api.ts';
import { checkInvariants } from '../../server/test/invariants.ts';
import { at } from '../../server/test/hospital.ts';
import { History } from '../helpers/load/history.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { seededRandom } from '../helpers/seeded-random.ts';

let deployment: Deployment;
let desks: Api[];
beforeAll(async () => {
  deployment = await openDeployment({ servers: 2 });
  const people = [deployment.users.coordinator, deployment.users.second, deployment.users.administrator];
  desks = await Promise.all(
    deployment.servers.flatMap(({ url }) => people.map((userId) => deployment.as(userId, url))),
  );
});
afterAll(() => deployment.end());

const deskOf = (index: number) => desks[index % desks.length] as Api;

/** Repeats the request under the same key while the server is busy, as a console does. */
async function hold(desk: Api, body: object): Promise<Answer> {
  const key = randomUUID();
  for (;;) {
    const answer = await desk.post(`/sites/${deployment.siteId}/holds`, body, { key });
    if (answer.status !== 503) return answer;
  }
}

test('BK1 one of 100 requests for one time succeeds, and the 99 refusals name the winner', async () => {
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      hold(deskOf(index), { roomId: deployment.rooms[0], start: at('09:00', 5), minutes: 60, title: 'Knee' }),
    ),
  );
  const won = answers.filter(({ status }) => status === 201);
  expect(won).toHaveLength(1);
  const winner = won[0]?.body.case as Case;
  const lost = answers.filter(({ status }) => status === 409);
  expect(lost).toHaveLength(99);
  for (const { body } of lost) {
    expect(body.code).toBe('slot_taken');
    expect(body.blockers).toContainEqual(
      expect.objectContaining({
        kind: 'hold',
        caseId: winner.id,
        by: winner.holder?.name,
      } satisfies Partial<Blocker>),
    );
    expect((body.alternatives as unknown[]).length).toBeGreaterThan(0);
  }
});

test('HO7 four of 40 requests for a list of 4 places succeed, each with its own turn', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      hold(deskOf(index), { blockId: deployment.session, minutes: 20, title: 'Cataract' }),
    ),
  );
  const starts = answers.filter(({ status }) => status === 201).map(({ body }) => (body.case as Case).start);
  expect(new Set(starts).size).toBe(4);
  expect(starts).toHaveLength(4);
  expect(answers.filter(({ body }) => body.code === 'pool_exhausted')).toHaveLength(36);
});

test('CL1 1,600 contended commands over two processes book nothing twice', async () => {
  const history = new History();
  const random = seededRandom(7);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]) => items[below(items.length)] as T;

  async function book(desk: Api) {
    // Two rooms, three surgeons, a pool of two and three beds for a morning: almost every command has a rival.
    const start = addMinutes(at('08:00', 7), below(16) * 15);
    const input = {
      roomId: pick(deployment.rooms.slice(0, 2)),
      start,
      minutes: 15 + below(4) * 15,
      title: 'Contended',
      surgeonId: pick(deployment.surgeons),
      setupMinutes: 0,
      cleanupMinutes: 0,
      overrideReason: 'Test',
      equipment: below(2) === 0 ? [{ resourceId: deployment.equipment[0], quantity: 1 + below(2) }] : [],
      bed: below(3) === 0 ? { resourceId: deployment.beds, nights: 1 } : null,
    };
    const held = await history.record((options) =>
      desk.post(`/sites/${deployment.siteId}/holds`, input, options),
    );
    if (held.status !== 201) return;
    const item = held.body.case as Case;
    const action = below(4);
    const path = `/sites/${deployment.siteId}/cases/${item.id}`;
    if (action === 0) await history.record((options) => desk.post(`${path}/release`, {}, options));
    else if (action === 1) await history.record((options) => desk.post(`${path}/confirm`, {}, options));
    else if (action === 2) {
      const place = {
        roomId: pick(deployment.rooms.slice(0, 2)),
        start: addMinutes(at('08:00', 7), below(16) * 15),
      };
      const move = { version: item.version, ...place, overrideReason: 'Test' };
      await history.record((options) => desk.post(`${path}/move`, move, options));
    }
    // Some cases are cancelled or released, so that there is always free time.
    const claiming = history.claimingCases();
    if (claiming.length > 6) await giveUp(desk, pick(claiming));
  }

  async function giveUp(desk: Api, item: Case) {
    const path = `/sites/${deployment.siteId}/cases/${item.id}`;
    if (item.state === 'held') {
      await desk.post(`${path}/takeover`, {});
      await history.record((options) => desk.post(`${path}/release`, {}, options));
    } else {
      const input = { version: item.version, reason: 'Test' };
      await history.record((options) => desk.post(`${path}/cancel`, input, options));
    }
  }

  let attempts = 0;
  await Promise.all(
    Array.from({ length: 24 }, async (_, index) => {
      while (history.size < 1_600) {
        attempts++;
        await book(deskOf(index));
      }
    }),
  );

  expect(attempts).toBeGreaterThan(100);
  expect(history.unexpected).toEqual([]);
  expect(history.accepted).toBeGreaterThan(200);
  expect(history.refused).toBeGreaterThan(200);
  expect(history.overlaps()).toEqual([]);
  expect(await checkInvariants(deployment.owner, deployment.siteId)).toEqual([]);
}, 120_000);
