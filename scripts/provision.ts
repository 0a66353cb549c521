import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { setRoleTimeouts } from '../server/src/db/pool.ts';

export interface DatabaseUrls {
  /** Owns the database and all tables: only for migrations. */
  ownerUrl: string;
  /** For server and worker: a member of `slate_server` that owns nothing. */
  appUrl: string;
}

/**
 * Creates missing roles and the database, and gives both login roles new passwords, so the URLs of earlier calls stop
 * working.
 */
export async function provision(superUrl: string, database: string): Promise<DatabaseUrls> {
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  try {
    const url = async (role: string): Promise<string> => {
      const password = randomBytes(24).toString('base64url');
      await client.query(`ALTER ROLE ${role} PASSWORD ${client.escapeLiteral(password)}`);
      return urlOf(superUrl, { user: role, password, database });
    };
    await client.query(`
      DO $$ BEGIN
        IF to_regrole('slate_server') IS NULL THEN CREATE ROLE slate_server NOLOGIN; END IF;
        IF to_regrole('slate_owner') IS NULL THEN CREATE ROLE slate_owner LOGIN; END IF;
        IF to_regrole('slate_app') IS NULL THEN CREATE ROLE slate_app LOGIN IN ROLE slate_server; END IF;
      END $$`);
    await client.query(setRoleTimeouts('slate_app'));
    const existing = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (existing.rowCount === 0) await createDatabase(client, database);
    return { ownerUrl: await url('slate_owner'), appUrl: await url('slate_app') };
  } finally {
    await client.end();
  }
}

/** Only owner and server may connect. Grants are not copied from the template. */
export async function createDatabase(client: pg.Client, name: string, template = 'template0'): Promise<void> {
  const database = client.escapeIdentifier(name);
  await client.query(
    `CREATE DATABASE ${database} OWNER slate_owner TEMPLATE ${client.escapeIdentifier(template)}`,
  );
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${database} TO slate_server`);
}

export function urlOf(base: string, parts: { user?: string; password?: string; database: string }): string {
  const url = new URL(base);
  if (parts.user !== undefined) url.username = parts.user;
  if (parts.password !== undefined) url.password = parts.password;
  url.pathname = `/${parts.database}`;
  return url.href;
}
