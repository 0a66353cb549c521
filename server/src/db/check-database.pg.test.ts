import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configure, connected, testCluster, testDatabase } from '../../test/database.ts';
import type { TestDatabase } from '../../test/database.ts';
import { checkDatabase, databaseReasons } from './check-database.ts';
import { expectedVersion } from './migrate.ts';
import { createPool, setRoleTimeouts } from './pool.ts';
import type { Database } from './pool.ts';

const pools: Database[] = [];
function poolOf(url: string) {
  const pool = createPool({ url, max: 1, applicationName: 'test' });
  pools.push(pool);
  return pool;
}

/** Returns the message of the error, which must be one line. */
async function complaint(url: string): Promise<string> {
  try {
    await checkDatabase(poolOf(url));
  } catch (error) {
    const { message } = error as Error;
    return message.includes('\n') ? `more than one line: ${message}` : message;
  }
  return 'none';
}

const execute = (url: string, sql: string) => connected(url, (client) => client.query(sql));

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
  await database.end();
});

describe('a server starts only on a database that keeps commits', () => {
  test('with safe settings', async () => {
    expect(await complaint(database.appUrl)).toBe('none');
  });

  test.each([
    ['fsync', 'fsync=off'],
    ['full_page_writes', 'full_page_writes=off'],
  ])('not with %s off', async (setting, problem) => {
    const cluster = await testCluster({ [setting]: 'off' });
    try {
      expect(await complaint(cluster.appUrl)).toMatch(new RegExp(`${problem}\\b.*\\. Set `));
    } finally {
      await Promise.all(pools.splice(0).map((pool) => pool.end()));
      await cluster.end();
    }
  });

  test('not with synchronous_commit off', async () => {
    await connected(database.ownerUrl, (client) => configure(client, 'synchronous_commit', 'off'));
    expect(await complaint(database.appUrl)).toMatch(/synchronous_commit=off\b.*\. Set /);
  });

  test('not with synchronous_commit off for its role only', async () => {
    await execute(database.superUrl, `CREATE ROLE careless LOGIN PASSWORD 'x' IN ROLE slate_server`);
    try {
      await execute(database.superUrl, 'ALTER ROLE careless SET synchronous_commit = off');
      const url = new URL(database.appUrl);
      Object.assign(url, { username: 'careless', password: 'x' });
      expect(await complaint(url.href)).toContain('synchronous_commit=off for careless');
    } finally {
      await execute(database.superUrl, 'DROP ROLE careless');
    }
  });
});

describe('a server starts only on the schema it needs', () => {
  const current = expectedVersion();

  test('not on an empty database', async () => {
    const empty = await testDatabase({ empty: true });
    expect(await complaint(empty.appUrl)).toBe(
      `The database has schema 0, and this version of Slate needs ${current}. Run \`npm run migrate\` first.`,
    );
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
    await empty.end();
  });

  test('not on an older one', async () => {
    await execute(database.ownerUrl, `DELETE FROM schema_migrations WHERE version = ${current}`);
    expect(await complaint(database.appUrl)).toContain(`has schema ${current - 1}`);
  });

  test('not on a newer one', async () => {
    await execute(database.ownerUrl, `INSERT INTO schema_migrations VALUES (${current + 1}, 'x', 'x')`);
    expect(await complaint(database.appUrl)).toBe(
      `The database has schema ${current + 1}, and this version of Slate supports only ${current}. Start the newer version.`,
    );
  });
});

test('a server starts only on the functions it needs', async () => {
  await execute(database.ownerUrl, `UPDATE schema_functions SET sha256 = 'x' WHERE name = 'claim'`);
  expect(await complaint(database.appUrl)).toBe(
    'Functions in the database differ from this version of Slate (claim). Run `npm run migrate` with this version.',
  );
});

describe('a server starts only as a role that cannot rewrite the audit', () => {
  test('not as superuser', async () => {
    expect(await complaint(database.superUrl)).toContain('uses the superuser postgres');
  });

  test('not as the owner', async () => {
    expect(await complaint(database.ownerUrl)).toMatch(/uses slate_owner, which owns \w+ and could/);
  });

  test('not as a role that can become the owner', async () => {
    await execute(database.superUrl, `CREATE ROLE sly LOGIN PASSWORD 'x' IN ROLE slate_server, slate_owner`);
    try {
      const url = new URL(database.appUrl);
      Object.assign(url, { username: 'sly', password: 'x' });
      expect(await complaint(url.href)).toMatch(/uses sly, which owns/);
    } finally {
      await execute(database.superUrl, 'DROP ROLE sly');
    }
  });

  test('not as a role without any rights', async () => {
    await execute(database.superUrl, `CREATE ROLE stranger LOGIN PASSWORD 'x'`);
    const name = new URL(database.appUrl).pathname.slice(1);
    await execute(database.superUrl, `GRANT CONNECT ON DATABASE "${name}" TO stranger`);
    try {
      const url = new URL(database.appUrl);
      Object.assign(url, { username: 'stranger', password: 'x' });
      expect(await complaint(url.href)).toContain('Run `GRANT slate_server TO stranger` as the owner');
    } finally {
      await execute(database.superUrl, `DROP OWNED BY stranger; DROP ROLE stranger`);
    }
  });
});

describe('DB2 a server starts only as a role with timeouts', () => {
  const careless = `CREATE ROLE careless LOGIN PASSWORD 'x' IN ROLE slate_server`;
  const carelessUrl = () =>
    Object.assign(new URL(database.appUrl), { username: 'careless', password: 'x' }).href;
  afterEach(() => execute(database.superUrl, 'DROP ROLE careless'));

  test('not without timeouts, until the administrator follows the advice', async () => {
    await execute(database.superUrl, careless);
    const message = await complaint(carelessUrl());
    expect(message).toMatch(
      /^The timeouts of careless are missing or too long \(lock_timeout must be set and at most 2000 ms, /,
    );
    // A role may do this for itself.
    await execute(carelessUrl(), /`(.*)`/.exec(message)?.[1] ?? '');
    expect(await complaint(carelessUrl())).toBe('none');
  });

  test.each(['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'])(
    'not with a longer %s',
    async (name) => {
      await execute(
        database.superUrl,
        `${careless}; ${setRoleTimeouts('careless')}; ALTER ROLE careless SET ${name} = '6s'`,
      );
      expect(await complaint(carelessUrl())).toMatch(
        new RegExp(`^The timeouts of careless .*\\(${name} must be [^,]*\\)\\.`),
      );
    },
  );
});

describe('a server explains in one line that the database is unreachable', () => {
  test('because nothing listens', async () => {
    expect(await complaint('postgresql://x:hunter2@localhost:1/slate')).toMatch(
      /^Can’t reach the database \(.*ECONNREFUSED.*\)\. Start it or correct DATABASE_URL\.$/,
    );
  });

  test('because the password is wrong, without repeating it', async () => {
    const url = new URL(database.appUrl);
    url.password = 'hunter2';
    const message = await complaint(url.href);
    expect(message).toContain('password authentication failed');
    expect(message).not.toContain('hunter2');
  });
});

test.each([
  [{ version: 140_011 }, 'PostgreSQL 14 is too old: Slate needs 15 or newer. Upgrade PostgreSQL first.'],
  [{ standby: true }, 'DATABASE_URL points to a read-only standby. Use the primary instead.'],
])('a server refuses a database in a state that no test database has: %j', async (more, problem) => {
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
  await expect(checkDatabase(pool)).rejects.toThrow(problem);
});

describe('readiness', () => {
  test('has no reasons against a matching database', async () => {
    expect(await databaseReasons(poolOf(database.appUrl))).toEqual([]);
  });

  test('ends when the schema is migrated while the server runs', async () => {
    const pool = poolOf(database.appUrl);
    await databaseReasons(pool);
    await execute(
      database.ownerUrl,
      `INSERT INTO schema_migrations VALUES (${expectedVersion() + 1}, 'x', 'x')`,
    );
    expect(await databaseReasons(pool)).toEqual([expect.stringContaining('Start the newer version')]);
  });

  test('gives no details of an unreachable database', async () => {
    expect(await databaseReasons(poolOf('postgresql://x:hunter2@localhost:1/slate'))).toEqual([
      'Can’t reach the database.',
    ]);
  });
});
