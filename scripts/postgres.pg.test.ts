import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Cluster } from './postgres.ts';
import { family, isRunning } from './processes.ts';
import { provision } from './provision.ts';

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmaster = async (folder: string) =>
  Number.parseInt(await readFile(join(folder, 'data/postmaster.pid'), 'utf8'), 10);

describe('a running cluster', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.temporary();
  });

  afterAll(() => cluster.stop());

  test('is durable, checksummed, UTF-8 and sorted by bytes', async () => {
    const [settings] = await query(
      cluster.superUrl,
      `SELECT current_setting('fsync') AS fsync, current_setting('data_checksums') AS checksums,
              pg_encoding_to_char(encoding) AS encoding, datcollate AS collation
       FROM pg_database WHERE datname = 'postgres'`,
    );
    expect(settings).toEqual({ fsync: 'on', checksums: 'on', encoding: 'UTF8', collation: 'C' });
  });

  test('keeps data and port through a restart and through kill -9', async () => {
    const { superUrl } = cluster;
    await query(superUrl, 'CREATE TABLE marker (id int)');
    await cluster.restart();
    await query(superUrl, 'INSERT INTO marker VALUES (1)');
    await cluster.kill9();
    await expect(query(superUrl, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await cluster.start();
    expect(await query(superUrl, 'SELECT id FROM marker')).toEqual([{ id: 1 }]);
  });

  test('gives no answers while paused, and all afterward', async () => {
    const client = new pg.Client({ connectionString: cluster.superUrl, query_timeout: 300 });
    await client.connect();
    cluster.pause();
    await expect(client.query('SELECT 1')).rejects.toThrow('timeout');
    cluster.resume();
    await client.end();
    await query(cluster.superUrl, 'SELECT 1');
  });

  test('provisioning twice gives a database that its owner can change and the server can only use', async () => {
    await provision(cluster.superUrl, 'slate');
    const { ownerUrl, appUrl } = await provision(cluster.superUrl, 'slate');
    await query(ownerUrl, 'CREATE EXTENSION btree_gist; CREATE TABLE secret (id int)');
    await expect(query(appUrl, 'SELECT FROM secret')).rejects.toThrow('permission denied');
    await expect(query(appUrl, 'CREATE TABLE mine (id int)')).rejects.toThrow('permission denied');
    await expect(query(appUrl, 'CREATE TEMPORARY TABLE mine (id int)')).rejects.toThrow('permission denied');
    await query(ownerUrl, 'GRANT SELECT ON secret TO slate_server');
    expect(await query(appUrl, 'SELECT id FROM secret')).toEqual([]);
  });
});

test('a cluster stops while paused, and leaves neither process nor folder', async () => {
  const cluster = await Cluster.temporary();
  const pids = family(await postmaster(cluster.folder));
  expect(pids.length).toBeGreaterThan(3);
  cluster.pause();
  await cluster.stop();
  expect(pids.filter(isRunning)).toEqual([]);
  expect(existsSync(cluster.folder)).toBe(false);
});

test('a cluster opens an existing folder after a crash', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slate-cluster-'));
  await chmod(folder, 0o755);
  const first = await Cluster.open(folder);
  await first.start();
  await query(first.superUrl, 'CREATE TABLE marker (id int)');
  await expect(Cluster.open(folder).then((second) => second.start())).rejects.toThrow('already runs on');
  await first.kill9();

  // By now the pid may belong to any process, for example this one.
  writeFileSync(join(folder, 'data/postmaster.pid'), `${process.pid}\n`);
  const second = await Cluster.open(folder);
  await second.start();
  await query(second.superUrl, 'SELECT FROM marker');
  await second.stop();
  await rm(folder, { recursive: true });
});

test('a cluster that does not start reports the reason in one line', async () => {
  await expect(Cluster.temporary({ settings: { shared_buffers: 'plenty' } })).rejects.toThrow(
    /^PostgreSQL did not start \(it ended\): .*invalid value for parameter "shared_buffers": "plenty"/,
  );
});

/** Starts a process that owns a cluster. It prints the folder of the cluster; then it runs `code`. */
const startOwner = (code: string) =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { Cluster } from ${JSON.stringify(new URL('postgres.ts', import.meta.url).href)};
       const cluster = await Cluster.temporary();
       console.log(cluster.folder);
       ${code}`,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'a cluster ends with an owner that ends by %s',
  async (name) => {
    const owner = startOwner('process.stdin.resume();');
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const folder = line.toString().trim();
    const pids = family(await postmaster(folder));
    owner.kill(name);
    await vi.waitUntil(() => !pids.some(isRunning) && !existsSync(folder), { timeout: 20_000 });
    expect(existsSync(folder)).toBe(false);
  },
);

test('a cluster does not keep its owner alive', async () => {
  const [code] = (await once(startOwner(''), 'exit')) as [number | null];
  expect(code).toBe(0);
});
