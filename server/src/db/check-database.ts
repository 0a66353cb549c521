import type { Pool } from 'pg';
import { z } from 'zod';
import { expectedVersion, schemaState } from './migrate.ts';
import type { SchemaState } from './migrate.ts';
import { one } from './query.ts';
import type { Queryable, Statement } from './query.ts';
import { roleTimeouts, setRoleTimeouts } from './role-timeouts.ts';

const oldest = 15;

const state = z.object({
  version: z.int(),
  fsync: z.string(),
  full_page_writes: z.string(),
  synchronous_commit: z.string(),
  standby: z.boolean(),
  role: z.string(),
  superuser: z.boolean(),
  /** A table that the role owns, itself or as a member of the owner. */
  owns: z.string().nullable(),
  member: z.boolean(),
  /** In milliseconds; 0: none. */
  timeouts: z.record(z.string(), z.int()),
});
type State = z.infer<typeof state>;

const databaseState: Statement<State> = {
  name: 'database-state',
  text: `
    SELECT current_setting('server_version_num')::int AS version, current_setting('fsync') AS fsync,
      current_setting('full_page_writes') AS full_page_writes,
      current_setting('synchronous_commit') AS synchronous_commit, pg_is_in_recovery() AS standby,
      current_user AS role, r.rolsuper AS superuser,
      (SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind IN ('r', 'p') AND pg_has_role(c.relowner, 'MEMBER') ORDER BY c.relname LIMIT 1) AS owns,
      coalesce(pg_has_role(to_regrole('slate_server'), 'USAGE'), false) AS member,
      (SELECT jsonb_object_agg(s.name, s.setting::int) FROM pg_settings s
        WHERE s.name IN ('lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout')) AS timeouts
    FROM pg_roles r WHERE r.rolname = current_user`,
  row: state,
};

/** Throws one line that says what is wrong with the database and what to do, if the server must not start on it. */
export async function checkDatabase(pool: Pool): Promise<void> {
  let found: State;
  try {
    found = await one(pool, databaseState);
  } catch (cause) {
    throw new Error(
      `The database cannot be reached (${reasonOf(cause)}): start it, or correct DATABASE_URL.`,
      { cause },
    );
  }
  const wrong =
    wrongWith(found) ?? schemaWrong(await schemaState(pool)) ?? rightsWrong(found) ?? timeoutsWrong(found);
  if (wrong !== undefined) throw new Error(wrong);
}

function wrongWith({ version, standby, role, ...is }: State): string | undefined {
  if (Math.floor(version / 10_000) < oldest) {
    return `PostgreSQL is ${Math.floor(version / 10_000)}, and Slate needs ${oldest} or newer: upgrade it first.`;
  }
  if (is.fsync === 'off') {
    return 'PostgreSQL runs with fsync=off, so that a power cut can destroy the database: set fsync=on and restart it.';
  }
  if (is.full_page_writes === 'off') {
    return 'PostgreSQL runs with full_page_writes=off, so that a power cut can tear pages: set full_page_writes=on and reload it.';
  }
  if (is.synchronous_commit === 'off') {
    return `PostgreSQL runs with synchronous_commit=off for ${role}, so that a crash can lose booked cases: set it to on.`;
  }
  if (standby) {
    return 'DATABASE_URL leads to a standby, which cannot be written to: name the primary instead.';
  }
  if (is.superuser) {
    return `DATABASE_URL names the superuser ${role}, who could rewrite the audit: name a role that is only a member of slate_server.`;
  }
  if (is.owns !== null) {
    return `DATABASE_URL names ${role}, which owns ${is.owns} and so could rewrite the audit: name a role that is only a member of slate_server; the owner is for migrations.`;
  }
  return undefined;
}

/** How the schema and this program do not fit together. */
function schemaWrong({ found, expected, functions }: SchemaState): string | undefined {
  if (found < expected)
    return `The database is at schema ${found}, and this version of Slate needs ${expected}: run \`npm run migrate\` first.`;
  if (found > expected)
    return `The database is at schema ${found}, and this version of Slate knows only ${expected}: start the newer version.`;
  if (functions.length > 0)
    return `The database has another version of its functions (${functions.join(', ')}): run \`npm run migrate\` with the version that you start.`;
  return undefined;
}

const rightsWrong = ({ role, member }: State) =>
  member
    ? undefined
    : `DATABASE_URL names ${role}, which may not use the tables of Slate: run \`GRANT slate_server TO ${role}\` as the owner.`;

function timeoutsWrong({ role, timeouts }: State): string | undefined {
  const late = Object.entries(roleTimeouts).filter(([name, most]) => {
    const found = timeouts[name] ?? 0;
    return found === 0 || found > most;
  });
  if (late.length === 0) return undefined;
  const said = late.map(([name, most]) => `${name} must be set and at most ${most} ms`).join(', ');
  return `${role} may wait for too long (${said}): run \`${setRoleTimeouts(role)}\`, and reconnect poolers.`;
}

const expected = expectedVersion();

const schemaFound: Statement<{ found: number }> = {
  name: 'schema-found',
  text: 'SELECT count(*)::int AS found FROM public.schema_migrations',
  row: z.object({ found: z.int() }),
};

/** Why the server cannot serve right now, as far as the database goes; nothing when it can. Functions may be newer. */
export async function databaseReasons(db: Queryable): Promise<string[]> {
  try {
    const wrong = schemaWrong({ ...(await one(db, schemaFound)), expected, functions: [] });
    return wrong === undefined ? [] : [wrong];
  } catch {
    // Whoever asks is anybody, and what the driver says names machines and roles.
    return ['The database cannot be reached.'];
  }
}

/** What the driver says, on one line; where it tried several addresses it says nothing, so the first of them. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n')[0] || 'no answer';
}
