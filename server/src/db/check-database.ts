import type { Pool } from 'pg';
import { z } from 'zod';
import { expectedVersion, schemaState } from './migrate.ts';
import type { SchemaState } from './migrate.ts';
import { roleTimeouts, setRoleTimeouts } from './pool.ts';
import { one } from './query.ts';
import type { Queryable, Statement } from './query.ts';

const minVersion = 15;

const state = z.object({
  version: z.int(),
  fsync: z.string(),
  full_page_writes: z.string(),
  synchronous_commit: z.string(),
  standby: z.boolean(),
  role: z.string(),
  superuser: z.boolean(),
  /** A table the role owns, directly or as a member of its owner. */
  owns: z.string().nullable(),
  member: z.boolean(),
  /** In milliseconds; 0: no timeout. */
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

/** Throws if the server must not start on this database; the message is one line with the problem and the fix. */
export async function checkDatabase(pool: Pool): Promise<void> {
  let actual: State;
  try {
    actual = await one(pool, databaseState);
  } catch (cause) {
    throw new Error(`Can’t reach the database (${reasonOf(cause)}). Start it or correct DATABASE_URL.`, {
      cause,
    });
  }
  const problem =
    settingsProblem(actual) ??
    schemaProblem(await schemaState(pool)) ??
    rightsProblem(actual) ??
    timeoutsProblem(actual);
  if (problem !== undefined) throw new Error(problem);
}

function settingsProblem({ version, standby, role, ...settings }: State): string | undefined {
  if (Math.floor(version / 10_000) < minVersion) {
    return `PostgreSQL ${Math.floor(version / 10_000)} is too old: Slate needs ${minVersion} or newer. Upgrade PostgreSQL first.`;
  }
  if (settings.fsync === 'off') {
    return 'PostgreSQL runs with fsync=off: a power failure can destroy the database. Set fsync=on and restart PostgreSQL.';
  }
  if (settings.full_page_writes === 'off') {
    return 'PostgreSQL runs with full_page_writes=off: a power failure can corrupt pages. Set full_page_writes=on and reload PostgreSQL.';
  }
  if (settings.synchronous_commit === 'off') {
    return `PostgreSQL runs with synchronous_commit=off for ${role}: a crash can lose booked cases. Set it to on.`;
  }
  if (standby) {
    return 'DATABASE_URL points to a read-only standby. Use the primary instead.';
  }
  if (settings.superuser) {
    return `DATABASE_URL uses the superuser ${role}, which could rewrite the audit. Use a role that is only a member of slate_server.`;
  }
  if (settings.owns !== null) {
    return `DATABASE_URL uses ${role}, which owns ${settings.owns} and could rewrite the audit. Use a role that is only a member of slate_server; the owner is for migrations only.`;
  }
  return undefined;
}

function schemaProblem({ found, expected, functions }: SchemaState): string | undefined {
  if (found < expected)
    return `The database has schema ${found}, and this version of Slate needs ${expected}. Run \`npm run migrate\` first.`;
  if (found > expected)
    return `The database has schema ${found}, and this version of Slate supports only ${expected}. Start the newer version.`;
  if (functions.length > 0)
    return `Functions in the database differ from this version of Slate (${functions.join(', ')}). Run \`npm run migrate\` with this version.`;
  return undefined;
}

const rightsProblem = ({ role, member }: State) =>
  member
    ? undefined
    : `DATABASE_URL uses ${role}, which has no access to Slate’s tables. Run \`GRANT slate_server TO ${role}\` as the owner.`;

function timeoutsProblem({ role, timeouts }: State): string | undefined {
  const tooLong = Object.entries(roleTimeouts).filter(([name, most]) => {
    const found = timeouts[name] ?? 0;
    return found === 0 || found > most;
  });
  if (tooLong.length === 0) return undefined;
  const required = tooLong.map(([name, most]) => `${name} must be set and at most ${most} ms`).join(', ');
  return `The timeouts of ${role} are missing or too long (${required}). Run \`${setRoleTimeouts(role)}\` and reconnect poolers.`;
}

const expected = expectedVersion();

const schemaFound: Statement<{ found: number }> = {
  name: 'schema-found',
  text: 'SELECT count(*)::int AS found FROM public.schema_migrations',
  row: z.object({ found: z.int() }),
};

/** Returns why the database is not ready; empty if it is. Does not compare functions. */
export async function databaseReasons(db: Queryable): Promise<string[]> {
  try {
    const problem = schemaProblem({ ...(await one(db, schemaFound)), expected, functions: [] });
    return problem === undefined ? [] : [problem];
  } catch {
    // Anyone may read this, and the driver's message names hosts and roles.
    return ['Can’t reach the database.'];
  }
}

/** The driver's message as one line. With several addresses it is empty, so the first address's message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n')[0] || 'no answer';
}
