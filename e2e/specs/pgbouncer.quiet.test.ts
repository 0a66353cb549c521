import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Case } from '@slate/shared/cases';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Api } from '../../scripts/api.ts';
import { pgbouncer } from '../../scripts/pgbouncer.ts';
import { freePort } from '../../scripts/postgres.ts';
import { at } from '../../server/test/hospital.ts';
import { checkInvariants } from '../../server/test/invariants.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';

const program = pgbouncer();
if (!program) {
  console.warn('Skipped, because there is no PgBouncer 1.21 or newer. Install it, or set PGBOUNCER_PATH.');
}

/** Fewer connections than the servers open, so that the servers share them. */
const connections = 3;
const nobody = 65_534;

let deployment: Deployment;
let folder: string;
let bouncer: ChildProcess;
let pooled: string;
let desks: Api[];

describe.skipIf(!program)('DB1 through PgBouncer in transaction mode', () => {
  beforeAll(async () => {
    deployment = await openDeployment({ servers: 0 });
    pooled = await startPgBouncer();
    const environment = { DATABASE_URL: pooled, DATABASE_LISTEN_URL: deployment.urls.appUrl };
    const servers = [await deployment.startServer(environment), await deployment.startServer(environment)];
    const { coordinator, second, administrator } = deployment.users;
    desks = await Promise.all(
      servers.flatMap(({ url }) => [coordinator, second, administrator].map((id) => deployment.as(id, url))),
    );
  });
  afterAll(async () => {
    await deployment.end();
    bouncer.kill();
    await rm(folder, { recursive: true });
  });

  async function startPgBouncer(): Promise<string> {
    const url = new URL(deployment.urls.appUrl);
    const port = await freePort();
    folder = await mkdtemp(join(tmpdir(), 'slate-pgbouncer-'));
    const users = join(folder, 'users.txt');
    await writeFile(users, `"${url.username}" "${url.password}"\n`);
    await writeFile(
      join(folder, 'pgbouncer.ini'),
      `[databases]
        * = host=${url.hostname} port=${url.port}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = ${port}
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = ${users}
        pool_mode = transaction
        default_pool_size = ${connections}
        max_prepared_statements = 200
      `.replaceAll(/^ +/gm, ''),
    );
    await chmod(folder, 0o755);
    bouncer = spawn(program ?? '', ['-q', join(folder, 'pgbouncer.ini')], {
      stdio: 'ignore',
      // PgBouncer refuses to run as root.
      ...(process.getuid?.() === 0 && { uid: nobody, gid: nobody }),
    });
    url.port = String(port);
    while (!(await answers(url.href))) await pause(50);
    return url.href;
  }

  const query = async (url: string, text: string, more: pg.ClientConfig = {}) => {
    const client = new pg.Client({ connectionString: url, ...more });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query<Record<string, string>>(text)).rows;
    } finally {
      await client.end();
    }
  };
  const answers = (url: string) =>
    query(url, 'SELECT').then(
      () => true,
      () => false,
    );

  test('one of 60 requests for one time succeeds, and everything else works, over three connections', async () => {
    const path = `/sites/${deployment.siteId}`;
    const inTurn = (index: number) => desks[index % desks.length] as Api;
    const hold = (desk: Api, room: number, start: string) => {
      const [roomId, surgeonId] = [deployment.rooms[room], deployment.surgeons[room]];
      return desk.post(`${path}/holds`, { roomId, surgeonId, title: 'Knee', start });
    };
    const crowd = await Promise.all(
      Array.from({ length: 60 }, (_, index) => hold(inTurn(index), 0, at('09:00'))),
    );
    const statuses = crowd.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(59);

    const done = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const held = await hold(inTurn(index), 1 + (index % 2), at('09:00', 3 + Math.floor(index / 2)));
        const { id } = held.body.case as Case;
        return [held.status, (await inTurn(index).post(`${path}/cases/${id}/confirm`, {})).status];
      }),
    );
    expect(new Set(done.flat())).toEqual(new Set([201, 200]));
    expect(await checkInvariants(deployment.owner, deployment.siteId)).toEqual([]);
    const { rows } = await deployment.owner.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'slate_app' AND application_name <> 'slate wake-ups'`,
    );
    expect(rows[0]?.count).toBeLessThanOrEqual(connections);
  });

  test('a request that waits for a lock is answered in time', async () => {
    const locker = new pg.Client({ connectionString: deployment.urls.ownerUrl });
    await locker.connect();
    await locker.query('BEGIN');
    await locker.query('SELECT FROM resources WHERE id = $1 FOR UPDATE', [deployment.rooms[0]]);
    const began = performance.now();
    const answer = await (desks[0] as Api).post(`/sites/${deployment.siteId}/holds`, {
      roomId: deployment.rooms[0],
      title: 'Hip',
      start: at('09:00', 8),
    });
    expect([answer.status, performance.now() - began < 3_000]).toEqual([503, true]);
    await locker.query('ROLLBACK');
    await locker.end();
  });

  test('the timeouts are those of the role: a connection with its own is refused', async () => {
    const shown = await Promise.all(
      ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'].map((name) =>
        query(pooled, `SHOW ${name}`),
      ),
    );
    expect(shown.flat().map((row) => Object.values(row)[0])).toEqual(['2s', '2400ms', '5s']);
    await expect(query(pooled, 'SELECT', { statement_timeout: 2_400 })).rejects.toThrow(
      /unsupported startup parameter/,
    );
  });
});
