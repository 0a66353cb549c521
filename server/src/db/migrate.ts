/**
 * Forward-only migrations: `migrations/NNNN_name.sql`, numbered from 0001 without gaps, each applied once. An applied
 * file never changes; the next file corrects a mistake. SQL functions have one file each
 * (`migrations/functions/name.sql`): a changed one is recreated, a removed one is dropped, so a migration must not call
 * one. A run applies everything in one transaction or nothing.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { z } from 'zod';

const DIRECTORY = fileURLToPath(new URL('../../../migrations', import.meta.url));

/** Any constant, as long as every migrating process uses the same. */
const ADVISORY_LOCK = 7_527_831;

interface Script {
  file: string;
  sql: string;
  sha256: string;
}

interface Migration extends Script {
  version: number;
}

interface SqlFunction extends Script {
  name: string;
}

const Applied = z.array(z.object({ version: z.int(), name: z.string(), sha256: z.string() }));
type Applied = z.infer<typeof Applied>;

const Functions = z.array(z.object({ name: z.string(), sha256: z.string() }));

type Queryable = Pick<pg.ClientBase, 'query'>;

export interface SchemaState {
  found: number;
  expected: number;
  /** Functions that are missing, superfluous or different in the database. */
  functions: string[];
}

/** Applies what is missing. Any number of processes may call this at the same time. */
export async function migrate(
  ownerUrl: string,
  options: { directory?: string; log?: (line: string) => void } = {},
): Promise<void> {
  const { directory = DIRECTORY, log = () => {} } = options;
  const migrations = readMigrations(directory);
  const functions = readFunctions(directory);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'slate migrate' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('SET statement_timeout = 0; SET lock_timeout = 0');
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    // While a migration waits for a table, every later query on that table waits behind it.
    await client.query(`SET lock_timeout = '5s'`);
    await client.query(`
      CREATE TABLE IF NOT EXISTS public.schema_migrations (
        version int PRIMARY KEY,
        name text NOT NULL,
        sha256 text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE TABLE IF NOT EXISTS public.schema_functions (
        name text PRIMARY KEY,
        sha256 text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      GRANT SELECT ON public.schema_migrations, public.schema_functions TO PUBLIC`);
    const applied = await readApplied(client);
    refuseDifferentPast(applied, migrations);

    const pending = migrations.slice(applied.length);
    await client.query('BEGIN');
    for (const { version, ...migration } of pending) {
      log(`applying ${migration.file}`);
      await apply(client, migration);
      await client.query('INSERT INTO public.schema_migrations (version, name, sha256) VALUES ($1, $2, $3)', [
        version,
        migration.file,
        migration.sha256,
      ]);
    }
    const changed = await applyFunctions(client, functions);
    await client.query('COMMIT');
    if (changed.length > 0) log(`functions changed: ${changed.join(', ')}`);
    log(
      pending.length === 0 ? `schema ${migrations.length} is current` : `schema is now ${migrations.length}`,
    );
  } finally {
    await client.end();
  }
}

/** The schema version this code needs. */
export function expectedVersion(directory = DIRECTORY): number {
  return readMigrations(directory).length;
}

/** Compares the schema and the functions of a database with those this code needs. */
export async function schemaState(client: Queryable, directory = DIRECTORY): Promise<SchemaState> {
  const { rows } = await client.query(
    `SELECT to_regclass('public.schema_functions') IS NOT NULL AS migrated`,
  );
  const [{ migrated }] = z.tuple([z.object({ migrated: z.boolean() })]).parse(rows);
  const found = migrated ? (await readApplied(client)).length : 0;
  const { changed, removed } = migrated
    ? await changedFunctions(client, readFunctions(directory))
    : { changed: [], removed: [] };
  return {
    found,
    expected: expectedVersion(directory),
    functions: [...changed.map(({ name }) => name), ...removed],
  };
}

function readMigrations(directory: string): Migration[] {
  return sqlFiles(directory).map((file, index) => {
    const expected = String(index + 1).padStart(4, '0');
    if (!/^\d{4}_[a-z0-9_-]+\.sql$/.test(file) || !file.startsWith(expected)) {
      throw new Error(`migration ${file} is out of order: expected a name like ${expected}_name.sql`);
    }
    return { version: index + 1, ...readScript(directory, file) };
  });
}

function readFunctions(directory: string): SqlFunction[] {
  if (!existsSync(join(directory, 'functions'))) return [];
  return sqlFiles(join(directory, 'functions')).map((file) => {
    const name = file.slice(0, -'.sql'.length);
    const script = readScript(directory, `functions/${file}`);
    const created = [...script.sql.matchAll(/^CREATE FUNCTION (\w+)\(/gm)].map((match) => match[1]);
    if (created.length !== 1 || created[0] !== name) {
      throw new Error(`${script.file} must create one function, ${name}, and creates: ${created.join(', ')}`);
    }
    return { name, ...script };
  });
}

const sqlFiles = (directory: string) =>
  readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .toSorted();

function readScript(directory: string, file: string): Script {
  // CRLF line ends do not change the hash.
  const sql = readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n');
  return { file, sql, sha256: createHash('sha256').update(sql).digest('hex') };
}

async function readApplied(client: Queryable): Promise<Applied> {
  const { rows } = await client.query(
    'SELECT version, name, sha256 FROM public.schema_migrations ORDER BY version',
  );
  return Applied.parse(rows);
}

function refuseDifferentPast(applied: Applied, migrations: readonly Migration[]): void {
  for (const [index, row] of applied.entries()) {
    const migration = migrations[index];
    if (!migration) {
      throw new Error(
        `the database is at schema ${applied.length}, this program supports ${migrations.length}: install a newer version`,
      );
    }
    if (row.version !== migration.version) {
      throw new Error(
        `the database lacks migration ${migration.file} but has ${row.name}: restore it from a backup`,
      );
    }
    if (row.sha256 !== migration.sha256) {
      throw new Error(`migration ${migration.file} was changed after it had been applied: restore the file`);
    }
  }
}

async function changedFunctions(client: Queryable, functions: readonly SqlFunction[]) {
  const { rows } = await client.query('SELECT name, sha256 FROM public.schema_functions ORDER BY name');
  const existing = new Map(Functions.parse(rows).map(({ name, sha256 }) => [name, sha256]));
  return {
    changed: functions.filter(({ name, sha256 }) => existing.get(name) !== sha256),
    removed: [...existing.keys()].filter((name) => !functions.some((each) => each.name === name)),
  };
}

/** Drops and creates instead of replacing: CREATE OR REPLACE cannot change arguments and result. */
async function applyFunctions(client: pg.Client, functions: readonly SqlFunction[]): Promise<string[]> {
  const { changed, removed } = await changedFunctions(client, functions);
  const names = [...changed.map(({ name }) => name), ...removed].toSorted();
  if (names.length === 0) return [];
  await client.query(`DROP FUNCTION IF EXISTS ${names.map((name) => `public.${name}`).join(', ')}`);
  // Functions may call each other, so bodies are checked after all exist.
  await client.query('SET LOCAL check_function_bodies = off');
  for (const script of changed) await apply(client, script);
  await client.query('SET LOCAL check_function_bodies = on');
  for (const { name, file } of changed) await apply(client, { file, sql: checkBody(name) });
  await client.query('DELETE FROM public.schema_functions WHERE name = ANY ($1)', [names]);
  await client.query(
    'INSERT INTO public.schema_functions (name, sha256) SELECT * FROM unnest($1::text[], $2::text[])',
    [changed.map(({ name }) => name), changed.map(({ sha256 }) => sha256)],
  );
  return names;
}

const checkBody = (name: string) => `
  SELECT CASE l.lanname WHEN 'sql' THEN fmgr_sql_validator(p.oid) WHEN 'plpgsql' THEN plpgsql_validator(p.oid) END
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.oid = 'public.${name}'::regproc`;

async function apply(client: pg.Client, { file, sql }: Omit<Script, 'sha256'>): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    const { message, position } = error as pg.DatabaseError;
    const line = position ? ` (line ${sql.slice(0, Number(position) - 1).split('\n').length})` : '';
    throw new Error(`migration ${file} failed, nothing was applied: ${message}${line}`, { cause: error });
  }
}
