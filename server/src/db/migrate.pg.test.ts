import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connected, testDatabase, type TestDatabase } from '../../test/database.ts';
import { expectedVersion, migrate, schemaState } from './migrate.ts';

let database: TestDatabase;
let client: pg.Client;
let directory: string;

beforeEach(async () => {
  database = await testDatabase({ empty: true });
  directory = await mkdtemp(join(tmpdir(), 'slate-migrations-'));
  await write('0001_first.sql', 'CREATE TABLE first (id int)');
  await write('0002_second.sql', 'CREATE TABLE second (id int); INSERT INTO second VALUES (1)');
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
});

afterEach(async () => {
  await client.end();
  await database.end();
  await rm(directory, { recursive: true });
});

const write = (file: string, sql: string) => writeFile(join(directory, file), sql);
const run = (log?: (line: string) => void) => migrate(database.ownerUrl, { directory, ...(log && { log }) });
const tables = async () =>
  (
    await client.query<{ name: string }>(`SELECT relname AS name FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`)
  ).rows.map(({ name }) => name);

describe('migrate', () => {
  test('applies every file once and reports it', async () => {
    const lines: string[] = [];
    await run((line) => lines.push(line));
    await run((line) => lines.push(line));
    expect(lines).toEqual([
      'applying 0001_first.sql',
      'applying 0002_second.sql',
      'schema is now 2',
      'schema 2 is current',
    ]);
    expect(await tables()).toEqual(['first', 'schema_functions', 'schema_migrations', 'second']);
    expect((await client.query('SELECT FROM second')).rowCount).toBe(1);
  });

  test('continues where it stopped', async () => {
    await run();
    await write('0003_third.sql', 'CREATE TABLE third (id int)');
    const lines: string[] = [];
    await run((line) => lines.push(line));
    expect(lines).toEqual(['applying 0003_third.sql', 'schema is now 3']);
  });

  test('of concurrent runs, one applies and the others find nothing to do', async () => {
    await write('0001_first.sql', 'CREATE TABLE first (id int); SELECT pg_sleep(0.2)');
    const lines: string[] = [];
    await Promise.all(Array.from({ length: 8 }, () => run((line) => lines.push(line))));
    expect(lines.filter((line) => line.startsWith('applying'))).toHaveLength(2);
    expect(lines.filter((line) => line === 'schema 2 is current')).toHaveLength(7);
  });

  test('a failing file rolls back the whole run; the error names the file and the line', async () => {
    await write('0002_second.sql', 'CREATE TABLE second (id int);\nSELECT nonsense;');
    await expect(run()).rejects.toThrow(
      'migration 0002_second.sql failed, nothing was applied: column "nonsense" does not exist (line 2)',
    );
    expect(await tables()).toEqual(['schema_functions', 'schema_migrations']);
    await write('0002_second.sql', 'CREATE TABLE second (id int)');
    await run();
    expect(await tables()).toEqual(['first', 'schema_functions', 'schema_migrations', 'second']);
  });

  test('a migration that waits for a lock gives up', async () => {
    await run();
    await write('0003_third.sql', `SET LOCAL lock_timeout = '100ms'; ALTER TABLE first ADD name text`);
    await client.query('BEGIN; LOCK TABLE first');
    await expect(run()).rejects.toThrow('lock timeout');
    await client.query('ROLLBACK');
    await run();
  });

  test('refuses an applied file that was changed', async () => {
    await run();
    await write('0001_first.sql', 'CREATE TABLE first (id bigint)');
    await expect(run()).rejects.toThrow('migration 0001_first.sql was changed after it had been applied');
  });

  test('ignores CRLF line ends', async () => {
    await write('0003_third.sql', 'CREATE TABLE third (\nid int\n)');
    await run();
    await write('0003_third.sql', 'CREATE TABLE third (\r\nid int\r\n)');
    await expect(run()).resolves.toBeUndefined();
  });

  test('refuses a newer database', async () => {
    await run();
    await rm(join(directory, '0002_second.sql'));
    await expect(run()).rejects.toThrow(
      'the database is at schema 2, this program supports 1: install a newer version',
    );
  });

  test('refuses a database without an earlier migration', async () => {
    await run();
    await client.query('DELETE FROM schema_migrations WHERE version = 1');
    await expect(run()).rejects.toThrow(
      'the database lacks migration 0001_first.sql but has 0002_second.sql',
    );
  });

  test.each(['0004_gap.sql', '0002_twice.sql', 'unnumbered.sql', '0003_Upper.sql'])(
    'refuses the file name %s',
    async (file) => {
      await write(file, 'SELECT 1');
      await expect(run()).rejects.toThrow('is out of order');
      expect(await tables()).toEqual([]);
    },
  );
});

describe('functions', () => {
  const writeFunction = (name: string, result: string, type = 'int') =>
    write(
      `functions/${name}.sql`,
      `CREATE FUNCTION ${name}() RETURNS ${type} LANGUAGE sql AS $$ SELECT ${result} $$;\n`,
    );
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const answer = async (name: string) =>
    (await client.query<{ answer: unknown }>(`SELECT ${name}() AS answer`)).rows[0]?.answer;

  beforeEach(async () => {
    lines.length = 0;
    await mkdir(join(directory, 'functions'));
    // alpha calls beta, which is created after it.
    await writeFunction('alpha', 'beta() + 1');
    await writeFunction('beta', '1');
  });

  test('are created in any order of calls, and only once', async () => {
    await run(log);
    expect(await answer('alpha')).toBe(2);
    await run(log);
    expect(lines.filter((line) => line.startsWith('functions'))).toEqual(['functions changed: alpha, beta']);
  });

  test('are recreated when their file changes, even with another result type, and dropped when it is removed', async () => {
    await run();
    await writeFunction('beta', `'one'`, 'text');
    await rm(join(directory, 'functions/alpha.sql'));
    expect(await schemaState(client, directory)).toMatchObject({ functions: ['beta', 'alpha'] });
    await run(log);
    expect(lines).toEqual(['functions changed: alpha, beta', 'schema 2 is current']);
    expect(await answer('beta')).toBe('one');
    await expect(answer('alpha')).rejects.toThrow('does not exist');
    expect(await schemaState(client, directory)).toMatchObject({ functions: [] });
  });

  test('are applied together with the migrations of the run or not at all', async () => {
    await run();
    await write('0003_third.sql', 'CREATE TABLE third (id int)');
    await writeFunction('beta', '2 +');
    await expect(run()).rejects.toThrow('migration functions/beta.sql failed, nothing was applied');
    expect(await tables()).not.toContain('third');
    expect(await answer('alpha')).toBe(2);
  });

  test.each(['CREATE OR REPLACE FUNCTION beta() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;', 'SELECT 1;'])(
    'refuses a file that does not create exactly its function: %s',
    async (sql) => {
      await write('functions/beta.sql', sql);
      await expect(run()).rejects.toThrow('functions/beta.sql must create one function, beta');
    },
  );
});

describe('schemaState', () => {
  test('distinguishes an empty, an older, an equal and a newer database', async () => {
    expect(await schemaState(client, directory)).toEqual({ found: 0, expected: 2, functions: [] });
    await run();
    expect(await schemaState(client, directory)).toEqual({ found: 2, expected: 2, functions: [] });
    await write('0003_third.sql', 'SELECT 1');
    expect(await schemaState(client, directory)).toEqual({ found: 2, expected: 3, functions: [] });
    await run();
    await rm(join(directory, '0003_third.sql'));
    expect(await schemaState(client, directory)).toEqual({ found: 3, expected: 2, functions: [] });
  });

  test('is readable by the server role', async () => {
    const migrated = await testDatabase();
    const state = await connected(migrated.appUrl, (app) => schemaState(app));
    await migrated.end();
    expect(state).toEqual({ found: expectedVersion(), expected: expectedVersion(), functions: [] });
  });
});
