import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../../scripts/api.ts';
import type { Cluster } from '../../scripts/postgres.ts';
import { createPool } from '../../server/src/db/pool.ts';
import { testCluster } from '../../server/test/database.ts';
import { at } from '../../server/test/hospital.ts';
import { killDatabase, unharmed } from '../helpers/load/faults.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';

let deployment: Deployment;
let cluster: Cluster;
beforeAll(async () => {
  const database = await testCluster();
  cluster = database.cluster;
  deployment = await openDeployment({ servers: 2, database });
});
afterAll(() => deployment.end());

const holdAt = (desk: Api, room: number, day: number, key = randomUUID()) =>
  desk.post(
    `/sites/${deployment.siteId}/holds`,
    { roomId: deployment.rooms[room], start: at('09:00', day), minutes: 60, title: 'Knee' },
    { key },
  );

test('EX1 a PostgreSQL killed under load loses nothing acknowledged, and is back within 5 s', async () => {
  expect(await killDatabase(deployment, cluster, 2)).toEqual({ ...unharmed, slow: [] });
});

test('FT1 while PostgreSQL is frozen every call is answered within 3 s, and a repeated command runs once', async () => {
  const desk = await deployment.as(deployment.users.coordinator);
  await holdAt(desk, 0, 3);
  cluster.pause();
  const since = performance.now();
  const key = randomUUID();
  const calls = await Promise.all([
    holdAt(desk, 1, 3, key),
    ...Array.from({ length: 20 }, (_, index) => holdAt(desk, index % 3, 4)),
    desk.get(`/sites/${deployment.siteId}/board?date=${at('09:00', 3).slice(0, 10)}`),
    desk.get('/me'),
  ]);
  const duration = performance.now() - since;
  cluster.resume();
  for (const { status, headers } of calls) {
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
  // The limit is 3 s per call; a slow test machine may notice it later.
  expect(duration).toBeLessThan(4_000);

  let answer = await holdAt(desk, 1, 3, key);
  while (answer.status === 503) answer = await holdAt(desk, 1, 3, key);
  expect(answer.status).toBe(201);
  const { rows } = await deployment.owner.query(
    `SELECT FROM cases WHERE site_id = $1 AND room_id = $2 AND lower(during) = $3 AND state = 'held'`,
    [deployment.siteId, deployment.rooms[1], at('09:00', 3)],
  );
  expect(rows).toHaveLength(1);
});

test('FT2 a database client that goes silent in the middle of a command loses its locks within 6 s', async () => {
  const desk = await deployment.as(deployment.users.coordinator);
  // Looks like a server process to PostgreSQL: it locks a room and goes silent.
  const silent = createPool({ url: deployment.urls.appUrl, max: 1, applicationName: 'silent' });
  const client = await silent.connect();
  await client.query('BEGIN');
  await client.query('SELECT FROM resources WHERE site_id = $1 AND id = $2 FOR UPDATE', [
    deployment.siteId,
    deployment.rooms[0],
  ]);
  const since = performance.now();
  let answer = await holdAt(desk, 0, 6);
  expect(answer.status).toBe(503);
  while (answer.status === 503) answer = await holdAt(desk, 0, 6);
  expect(answer.status).toBe(201);
  expect(performance.now() - since).toBeLessThan(7_000);
  client.release(true);
  await silent.end();
});

test('FT3 connections cut by the database are replaced soon', async () => {
  const desk = await deployment.as(deployment.users.coordinator);
  await cluster.restart();
  let answer = await holdAt(desk, 2, 8);
  for (let attempt = 0; answer.status === 503 && attempt < 20; attempt++) answer = await holdAt(desk, 2, 8);
  expect(answer.status).toBe(201);
});
