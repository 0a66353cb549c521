import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../scripts/api.ts';
import { at, createHospital, settings } from '../../server/test/hospital.ts';
import type { Hospital } from '../../server/test/hospital.ts';
import { checkInvariants } from '../../server/test/invariants.ts';
import { sendUntilAnswered, startCuttingProxy } from '../helpers/network/cutting-proxy.ts';
import type { CuttingProxy } from '../helpers/network/cutting-proxy.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { seedTests } from '../helpers/seeded-random.ts';

let deployment: Deployment;
let proxy: CuttingProxy;
const { random } = seedTests();
const shuffled = <Item>(items: Item[]) =>
  items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);

beforeAll(async () => {
  deployment = await openDeployment({ servers: 2 });
  proxy = await startCuttingProxy(
    deployment.servers.map(({ url }) => url),
    random,
  );
});
afterAll(async () => {
  await proxy.end();
  await deployment.end();
});

/** One command under one key, sent any number of times. */
type Command = { key: string; path: string; body: unknown };
type Reply = { command: Command; answer: Answer };

/** A site whose holds outlast the test, so that only commands change it. */
const newSite = () =>
  createHospital(deployment.urls.ownerUrl, {
    site: { ...settings, holdSeconds: 3_600, holdLimitSeconds: 3_600 },
  });

/** Prepares equal numbers of commands that hold a time, add a case to the depot, and record a milestone. */
async function newCommands(hospital: Hospital, count: number): Promise<Command[]> {
  const site = `/sites/${hospital.siteId}`;
  const [first, second] = hospital.rooms;
  const desk = await deployment.as(hospital.users.coordinator);
  const details = {
    minutes: 10,
    setupMinutes: 10,
    cleanupMinutes: 10,
    title: 'Hip',
    overrideReason: 'Short',
  };
  const booked = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const place = { roomId: second, start: addMinutes(at('08:00', 3), index * 30) };
      const input = { ...details, ...place, surgeonId: hospital.surgeons[0] };
      const { id } = (await desk.post(`${site}/holds`, input)).body.case as Case;
      await desk.post(`${site}/cases/${id}/confirm`, {});
      return id;
    }),
  );
  return Array.from({ length: count }, (_, index) => {
    const key = randomUUID();
    const start = addMinutes(at('08:00', 4), index * 30);
    if (index % 3 === 0) return { key, path: `${site}/holds`, body: { ...details, roomId: first, start } };
    if (index % 3 === 1) return { key, path: `${site}/cases`, body: { title: `Waits ${index}` } };
    const fact = { milestone: 'in_holding', at: addMinutes(at('08:00', -3), index) };
    return { key, path: `${site}/cases/${booked[index % 10]}/milestones`, body: fact };
  });
}

/** Sends every command several times: half of them simultaneously, half at random moments. */
async function sendRepeatedly(hospital: Hospital, all: Command[], times: number): Promise<Reply[]> {
  const repeated = (count: number) => all.flatMap((command) => Array.from({ length: count }, () => command));
  const queue = [...repeated(times / 2), ...shuffled(repeated(times / 2))].values();
  const desk = await deployment.as(hospital.users.coordinator, proxy.url);
  const replies: Reply[] = [];
  await Promise.all(
    Array.from({ length: 24 }, async () => {
      for (const command of queue) {
        const { key, path, body } = command;
        const answer = await sendUntilAnswered(() => desk.post(path, body, { key }));
        replies.push({ command, answer });
      }
    }),
  );
  return replies;
}

async function effects({ siteId }: Hospital) {
  const { rows } = await deployment.owner.query<{ changes: number; cases: number; facts: number }>(
    `SELECT revision::int AS changes, (SELECT count(*)::int FROM cases WHERE site_id = $1) AS cases,
      (SELECT count(*)::int FROM milestones WHERE site_id = $1) AS facts FROM sites WHERE id = $1`,
    [siteId],
  );
  return rows[0] ?? { changes: 0, cases: 0, facts: 0 };
}

/** The answers that differ from those of commands that ran once. */
function violations(replies: Reply[]): string[] {
  return [...Map.groupBy(replies, ({ command }) => command.key).values()].flatMap((group) => {
    const fresh = group.filter(({ answer }) => answer.headers.get('Idempotent-Replayed') !== 'true');
    // The first answer may have been lost; then every answer that arrived is a replay.
    const first = fresh[0] ?? group[0];
    const different = group.filter(({ answer }) => !isDeepStrictEqual(answer.body, first?.answer.body));
    return [
      ...(fresh.length > 1 ? [`${fresh.length} answers are not replays`] : []),
      ...(different.length > 0 ? [`${different.length} answers differ from the first`] : []),
      ...(first && first.answer.status >= 300 ? [`answered with ${first.answer.status}`] : []),
    ].map((violation) => `${first?.command.path}: ${violation}`);
  });
}

test('EX1 2,400 requests with 120 keys on an unreliable network have 120 effects; the rest are replays', async () => {
  const hospital = await newSite();
  const all = await newCommands(hospital, 120);
  const before = await effects(hospital);
  const replies = await sendRepeatedly(hospital, all, 20);

  expect(replies).toHaveLength(2_400);
  expect(violations(replies)).toEqual([]);
  const after = await effects(hospital);
  expect(after.changes - before.changes).toBe(120);
  expect(after.cases - before.cases).toBe(80);
  expect(after.facts - before.facts).toBe(40);
  expect(await checkInvariants(deployment.owner, hospital.siteId)).toEqual([]);

  // The network was bad: every kind of cut, and many commands that ran without an answer.
  for (const count of Object.values(proxy.cuts)) expect(count).toBeGreaterThan(20);
  const replays = replies.filter(({ answer }) => answer.headers.has('Idempotent-Replayed')).length;
  expect(replays).toBeGreaterThan(2_400 - 120);
});

test('EX4 a refusal is replayed in the same words, without an effect', async () => {
  const hospital = await newSite();
  const [first] = await newCommands(hospital, 1);
  const desk = await deployment.as(hospital.users.coordinator);
  expect((await desk.post(first?.path ?? '', first?.body, { key: randomUUID() })).status).toBe(201);
  const all = Array.from({ length: 20 }, () => ({ ...(first as Command), key: randomUUID() }));
  const before = await effects(hospital);
  const replies = await sendRepeatedly(hospital, all, 10);

  const withoutId = replies.map(({ command, answer }) => {
    expect(answer.status).toBe(409);
    const { requestId: _, ...body } = answer.body;
    return { command, answer: { ...answer, status: 200, body } };
  });
  expect(violations(withoutId)).toEqual([]);
  expect(await effects(hospital)).toEqual(before);
});

test('EX1 is violated without unique keys', async () => {
  const hospital = await newSite();
  const all = await newCommands(hospital, 30);
  const before = await effects(hospital);
  await deployment.owner.query('ALTER TABLE commands DROP CONSTRAINT commands_pkey');
  const replies = await sendRepeatedly(hospital, all, 4);

  expect(violations(replies)).not.toEqual([]);
  expect((await effects(hospital)).changes - before.changes).toBeGreaterThan(30);
});
