/**
 * Forward-only migrations: `migrations/NNNN_name.sql`, numbered from 0001 without gaps, each applied once
 * in a transaction of its own. What has been applied never changes; a mistake is corrected by the next file.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { z } from 'zod';

const DIRECTORY = fileURLToPath(new URL('../../../migrations', import.meta.url));

/** Any constant will do, as long as every process that migrates uses the same. */
const ADVISORY_LOCK = 7_527_831;

interface Migration {
  version: number;
  file: string;
  sql: string;
  sha256: string;
}

const Applied = z.array(z.object({ version: z.int(), name: z.string(), sha256: z.string() }));
type Applied = z.infer<typeof Applied>;

type Queryable = Pick<pg.ClientBase, 'query'>;

export interface SchemaState {
  found: number;
  expected: number;
}

/** Applies what is missing; any number of processes may call this at the same time. */
export async function migrate(
  ownerUrl: string,
  options: { directory?: string; log?: (line: string) => void } = {},
): Promise<void> {
  const { directory = DIRECTORY, log = () => {} } = options;
  const migrations = readMigrations(directory);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'slate migrate' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('SET statement_timeout = 0; SET lock_timeout = 0');
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    // A migration that waits for a table makes every later query on that table wait behind it.
    await client.query(`SET lock_timeout = '5s'`);
    await client.query(`
      CREATE TABLE IF NOT EXISTS public.schema_migrations (
        version int PRIMARY KEY,
        name text NOT NULL,
        sha256 text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      GRANT SELECT ON public.schema_migrations TO PUBLIC`);
    const applied = await readApplied(client);
    refuseDifferentPast(applied, migrations);

    const pending = migrations.slice(applied.length);
    for (const migration of pending) {
      log(`applying ${migration.file}`);
      await apply(client, migration);
    }
    log(
      pending.length === 0 ? `schema ${migrations.length} is current` : `schema is now ${migrations.length}`,
    );
  } finally {
    await client.end();
  }
}

/** The schema this code was written for. */
export function expectedVersion(directory = DIRECTORY): number {
  return readMigrations(directory).length;
}

/** What a server compares before it starts: it serves only when both are equal. */
export async function schemaState(client: Queryable, directory = DIRECTORY): Promise<SchemaState> {
  const { rows } = await client.query(
    `SELECT to_regclass('public.schema_migrations') IS NOT NULL AS migrated`,
  );
  const [{ migrated }] = z.tuple([z.object({ migrated: z.boolean() })]).parse(rows);
  const found = migrated ? (await readApplied(client)).length : 0;
  return { found, expected: expectedVersion(directory) };
}

function readMigrations(directory: string): Migration[] {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .toSorted();
  return files.map((file, index) => {
    const expected = String(index + 1).padStart(4, '0');
    if (!/^\d{4}_[a-z0-9_-]+\.sql$/.test(file) || !file.startsWith(expected)) {
      throw new Error(`migration ${file} is out of order: expected a name like ${expected}_name.sql`);
    }
    // A checkout with CRLF line ends is still the same migration.
    const sql = readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n');
    return { version: index + 1, file, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
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
        `the database is at schema ${applied.length}, this program knows ${migrations.length}: install a newer version`,
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

async function apply(client: pg.Client, { version, file, sql, sha256 }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO public.schema_migrations (version, name, sha256) VALUES ($1, $2, $3)', [
      version,
      file,
      sha256,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    const { message, position } = error as pg.DatabaseError;
    const line = position ? ` (line ${sql.slice(0, Number(position) - 1).split('\n').length})` : '';
    throw new Error(`migration ${file} failed, nothing of it was applied: ${message}${line}`, {
      cause: error,
    });
  }
}
