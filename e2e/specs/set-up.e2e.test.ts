import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createApi } from '../../scripts/api.ts';
import { startServerProcess } from '../../scripts/server-process.ts';
import type { ServerProcess } from '../../scripts/server-process.ts';
import { testDatabase } from '../../server/test/database.ts';
import type { TestDatabase } from '../../server/test/database.ts';
import { hashPassword } from '../../server/src/identity/passwords.ts';
import { seedDemoHospital } from '../../server/src/seed/seed-demo-hospital.ts';

let database: TestDatabase;
let folder: string;
const servers: ServerProcess[] = [];
beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'slate-set-up-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
afterAll(async () => {
  await database.end();
  rmSync(folder, { recursive: true });
});

let started = 0;
/** Starts a server; `log` reads its log after it has stopped. */
async function start(environment: Record<string, string> = {}, { appUrl } = database) {
  const logFile = join(folder, `server-${started++}.log`);
  const server = await startServerProcess({
    logFile,
    environment: {
      DATABASE_URL: appUrl,
      SLATE_SECRET: randomBytes(32).toString('hex'),
      PORT: '0',
      ...environment,
    },
  });
  servers.push(server);
  return {
    server,
    log: async () => {
      await server.stop();
      return readFileSync(logFile, 'utf8');
    },
  };
}
const linkIn = (text: string) => /(\S+)\/#\/set-up\/([\w-]{43})/.exec(text);

const administrator = { name: 'Ada Lang', email: 'ada@hospital.example', password: 'seven quiet harbors' };
const site = { name: 'St. Anna', timeZone: 'Europe/Vienna' };

test('SU1 SU2 a server without a site prints a link, or writes it to a file that only its owner can read', async () => {
  const first = await start();
  const [, base] = linkIn(await first.log()) ?? [];
  expect(base).toBe(first.server.url);

  const file = join(folder, 'link');
  writeFileSync(file, 'an older file', { mode: 0o644 });
  const second = await start({ SLATE_SET_UP_FILE: file, PUBLIC_URL: 'https://slate.example.org' });
  const [, origin, secret] = linkIn(readFileSync(file, 'utf8')) ?? [];
  expect(origin).toBe('https://slate.example.org');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await second.log()).not.toContain(secret);
});

test('SU1 SU3 SU4 from an empty database to a room on the board, without a password from anyone else', async () => {
  const file = join(folder, 'secret');
  const { server, log } = await start({ SLATE_SET_UP_FILE: file, SLATE_ADMIN_EMAIL: administrator.email });
  const secret = linkIn(readFileSync(file, 'utf8'))?.[2];
  const api = createApi(server.url);
  expect((await api.get('/set-up')).body).toEqual({ isWaiting: true });

  const stranger = { ...administrator, email: 'mallory@hospital.example' };
  expect((await api.post('/set-up', { secret, ...stranger, site })).status).toBe(404);
  const created = await api.post('/set-up', { secret, ...administrator, site });
  expect(created.status).toBe(201);
  expect((await api.post('/set-up', { secret, ...administrator, site })).status).toBe(404);
  expect((await api.get('/set-up')).body).toEqual({ isWaiting: false });

  const token = String(created.body['accessToken']);
  const { sites } = (await api.get('/sites', { token })).body as { sites: { id: string }[] };
  const path = `/sites/${sites[0]?.id}`;
  const room = { kind: 'room', name: 'Main OR 1', attributes: { area: 'Main' } };
  expect((await api.post(`${path}/resources`, room, { token })).status).toBe(201);
  const board = await api.get(`${path}/board?date=2027-01-04`, { token });
  expect(board.body).toMatchObject({ resources: [{ name: 'Main OR 1' }] });

  expect(await log()).not.toContain(administrator.password);
  expect(linkIn(await (await start()).log())).toBeNull();
});

test('SU5 a server with the demo hospital prints no link', async () => {
  const other = await testDatabase();
  const client = new pg.Client({ connectionString: other.ownerUrl });
  await client.connect();
  await seedDemoHospital(client, { hashPassword });
  await client.end();
  const { server, log } = await start({}, other);
  expect((await createApi(server.url).get('/set-up')).body).toEqual({ isWaiting: false });
  expect(linkIn(await log())).toBeNull();
  await other.end();
});
