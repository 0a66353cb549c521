import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { Cluster, type ClusterOptions } from '../../scripts/postgres.ts';
import { createDatabase, type DatabaseUrls, provision, urlOf } from '../../scripts/provision.ts';
import { migrate } from '../src/db/migrate.ts';
import { TEMPLATE } from './global-setup.ts';

export interface TestDatabase extends DatabaseUrls {
  superUrl: string;
  /** Cuts the connections that are still open. */
  end: () => Promise<void>;
}

/** A database of its own with all migrations applied (`empty`: with none). */
export async function testDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const shared = inject('postgres');
  const database = `test_${randomUUID()}`;
  await connected(shared.superUrl, (client) =>
    createDatabase(client, database, empty ? undefined : TEMPLATE),
  );
  return {
    ownerUrl: urlOf(shared.ownerUrl, { database }),
    appUrl: urlOf(shared.appUrl, { database }),
    superUrl: urlOf(shared.superUrl, { database }),
    // It is deleted with its cluster: `DROP DATABASE` waits until PostgreSQL has written everything to disk.
    end: () =>
      connected(shared.superUrl, async (client) => {
        await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
          database,
        ]);
      }),
  };
}

/** Its own PostgreSQL cluster, for tests that kill, freeze or reconfigure it. */
export async function testCluster(
  settings: ClusterOptions['settings'] = {},
): Promise<TestDatabase & { cluster: Cluster }> {
  const cluster = await Cluster.temporary({ settings });
  const urls = await provision(cluster.superUrl, 'slate');
  await migrate(urls.ownerUrl);
  return {
    ...urls,
    superUrl: urlOf(cluster.superUrl, { database: 'slate' }),
    cluster,
    end: () => cluster.stop(),
  };
}

/** Applies to this connection of the owner and to all new ones. */
export async function configure(owner: pg.Client, setting: string, value: string): Promise<void> {
  const { rows } = await owner.query<{ name: string }>('SELECT current_database() AS name');
  const database = owner.escapeIdentifier(rows[0]?.name ?? '');
  await owner.query(`ALTER DATABASE ${database} SET ${setting} = ${value}; SET ${setting} = ${value}`);
}

/** The number of locks that sessions of this database wait for. */
export async function lockWaits(database: Pick<pg.Client, 'query'>): Promise<number> {
  const text = `
    SELECT FROM pg_locks WHERE NOT granted AND pid IN (
      SELECT pid FROM pg_locks
      WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;
  return (await database.query(text)).rowCount ?? 0;
}

/** Resolves when at least `count` sessions of this database wait for a lock. */
export async function untilBlocked(database: Pick<pg.Client, 'query'>, count = 1): Promise<void> {
  while ((await lockWaits(database)) < count) await pause(5);
}

/** Runs `work` with its own connection. */
export async function connected<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
