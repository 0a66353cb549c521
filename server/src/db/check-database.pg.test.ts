import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connected, testCluster, testDatabase } from '../../test/database.ts';
import type { TestDatabase } from '../../test/database.ts';
import { checkDatabase, databaseReasons } from './check-database.ts';
import { expectedVersion } from './migrate.ts';
import { createPool } from './pool.ts';
import type { Database } from './pool.ts';
import { setRoleTimeouts } from './role-timeouts.ts';

const pools: Database[] = [];
function poolOf(url: string) {
  const pool = createPool({ url, max: 1, applicationName: 'test' });
  pools.push(pool);
  return pool;
}

/** What it refuses with, which is one line. */
async function complaint(url: string): Promise<string> {
  try {
    await checkDatabase(poolOf(url));
  } catch (error) {
    const { message } = error as Error;
    return message.includes('\n') ? `more than one line: ${message}` : message;
  }
  return 'none';
}

const as = (url: string, sql: string) => connected(url, (client) => client.query(sql));

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
  await database.drop();
});

describe('a server starts only on a database that keeps what it was told', () => {
  test('on one that does', async () => {
    expect(await complaint(database.appUrl)).toBe('none');
  });

  test.each([
    ['fsync', 'fsync=off'],
    ['full_page_writes', 'full_page_writes=off'],
    ['synchronous_commit', 'synchronous_commit=off'],
  ])('not with %s off', async (setting, said) => {
    const cluster = await testCluster({ [setting]: 'off' });
    try {
      expect(await complaint(cluster.appUrl)).toMatch(new RegExp(`${said}.*: set `));
    } finally {
      await Promise.all(pools.splice(0).map((pool) => pool.end()));
      await cluster.drop();
    }
  });

  test('not where only its own role was told not to wait for the disk', async () => {
    await as(database.superUrl, `CREATE ROLE careless LOGIN PASSWORD 'x' IN ROLE slate_server`);
    try {
      await as(database.superUrl, 'ALTER ROLE careless SET synchronous_commit = off');
      const url = new URL(database.appUrl);
      Object.assign(url, { username: 'careless', password: 'x' });
      expect(await complaint(url.href)).toContain('synchronous_commit=off for careless');
    } finally {
      await as(database.superUrl, 'DROP ROLE careless');
    }
  });
});

describe('a server starts only on the schema it was written for', () => {
  const known = expectedVersion();

  test('not on none', async () => {
    const empty = await testDatabase({ empty: true });
    expect(await complaint(empty.appUrl)).toBe(
      `The database is at schema 0, and this version of Slate needs ${known}: run \`npm run migrate\` first.`,
    );
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
    await empty.drop();
  });

  test('not on an older one', async () => {
    await as(database.ownerUrl, `DELETE FROM schema_migrations WHERE version = ${known}`);
    expect(await complaint(database.appUrl)).toContain(`is at schema ${known - 1}`);
  });

  test('not on a newer one', async () => {
    await as(database.ownerUrl, `INSERT INTO schema_migrations VALUES (${known + 1}, 'x', 'x')`);
    expect(await complaint(database.appUrl)).toBe(
      `The database is at schema ${known + 1}, and this version of Slate knows only ${known}: start the newer version.`,
    );
  });
});

test('a server starts only on the functions it was written for', async () => {
  await as(database.ownerUrl, `UPDATE schema_functions SET sha256 = 'x' WHERE name = 'claim'`);
  expect(await complaint(database.appUrl)).toBe(
    'The database has another version of its functions (claim): run `npm run migrate` with the version that you start.',
  );
});

describe('a server starts only as a role that cannot rewrite what happened', () => {
  test('not as superuser', async () => {
    expect(await complaint(database.superUrl)).toContain('names the superuser postgres');
  });

  test('not as the owner', async () => {
    expect(await complaint(database.ownerUrl)).toMatch(/names slate_owner, which owns \w+ and so/);
  });

  test('not as one that can become the owner', async () => {
    await as(database.superUrl, `CREATE ROLE sly LOGIN PASSWORD 'x' IN ROLE slate_server, slate_owner`);
    try {
      const url = new URL(database.appUrl);
      Object.assign(url, { username: 'sly', password: 'x' });
      expect(await complaint(url.href)).toMatch(/names sly, which owns/);
    } finally {
      await as(database.superUrl, 'DROP ROLE sly');
    }
  });

  test('nor as one that may do nothing at all', async () => {
    await as(database.superUrl, `CREATE ROLE stranger LOGIN PASSWORD 'x'`);
    const name = new URL(database.appUrl).pathname.slice(1);
    await as(database.superUrl, `GRANT CONNECT ON DATABASE "${name}" TO stranger`);
    try {
      const url = new URL(database.appUrl);
      Object.assign(url, { username: 'stranger', password: 'x' });
      expect(await complaint(url.href)).toContain('run `GRANT slate_server TO stranger` as the owner');
    } finally {
      await as(database.superUrl, `DROP OWNED BY stranger; DROP ROLE stranger`);
    }
  });
});

describe('DB2 a server starts only as a role that gives up waiting', () => {
  const careless = `CREATE ROLE careless LOGIN PASSWORD 'x' IN ROLE slate_server`;
  const carelessUrl = () =>
    Object.assign(new URL(database.appUrl), { username: 'careless', password: 'x' }).href;
  afterEach(() => as(database.superUrl, 'DROP ROLE careless'));

  test('not without an end, and as soon as what it says has been done', async () => {
    await as(database.superUrl, careless);
    const said = await complaint(carelessUrl());
    expect(said).toMatch(/^careless may wait for too long \(lock_timeout must be set and at most 2000 ms, /);
    // A role may do this for itself.
    await as(carelessUrl(), /`(.*)`/.exec(said)?.[1] ?? '');
    expect(await complaint(carelessUrl())).toBe('none');
  });

  test.each(['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'])(
    'not with a longer %s',
    async (name) => {
      await as(
        database.superUrl,
        `${careless}; ${setRoleTimeouts('careless')}; ALTER ROLE careless SET ${name} = '6s'`,
      );
      expect(await complaint(carelessUrl())).toMatch(
        new RegExp(`^careless may wait .*\\(${name} must be [^,]*\\):`),
      );
    },
  );
});

describe('says in one line why it cannot be reached', () => {
  test('nobody there', async () => {
    expect(await complaint('postgresql://x:hunter2@localhost:1/slate')).toMatch(
      /^The database cannot be reached \(.*ECONNREFUSED.*\): start it, or correct DATABASE_URL\.$/,
    );
  });

  test('wrong password, which it does not repeat', async () => {
    const url = new URL(database.appUrl);
    url.password = 'hunter2';
    const said = await complaint(url.href);
    expect(said).toContain('password authentication failed');
    expect(said).not.toContain('hunter2');
  });
});

test.each([
  [{ version: 140_011 }, 'PostgreSQL is 14, and Slate needs 15 or newer: upgrade it first.'],
  [
    { standby: true },
    'DATABASE_URL leads to a standby, which cannot be written to: name the primary instead.',
  ],
])('refuses what no test here can be: %j', async (more, said) => {
  const row = {
    version: 180_001,
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    standby: false,
    role: 'slate_app',
    superuser: false,
    owns: null,
    member: true,
    timeouts: {},
    ...more,
  };
  const pool = { query: () => Promise.resolve({ rows: [row] }) } as unknown as Database;
  await expect(checkDatabase(pool)).rejects.toThrow(said);
});

describe('readiness', () => {
  test('has nothing against a database that fits', async () => {
    expect(await databaseReasons(poolOf(database.appUrl))).toEqual([]);
  });

  test('notices a schema that was migrated away under it', async () => {
    const pool = poolOf(database.appUrl);
    await databaseReasons(pool);
    await as(database.ownerUrl, `INSERT INTO schema_migrations VALUES (${expectedVersion() + 1}, 'x', 'x')`);
    expect(await databaseReasons(pool)).toEqual([expect.stringContaining('start the newer version')]);
  });

  test('says no more than that it is away', async () => {
    expect(await databaseReasons(poolOf('postgresql://x:hunter2@localhost:1/slate'))).toEqual([
      'The database cannot be reached.',
    ]);
  });
});
