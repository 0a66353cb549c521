import { escapeIdentifier, Pool } from 'pg';
import type { Pool as Database } from 'pg';
import { batchingSocket } from './batching-socket.ts';
import { Unavailable } from './failures.ts';

export type { Database };

export type PoolSettings = { url: string; max: number; applicationName: string };

/**
 * A caller gets an answer within 3 s even if the database is frozen. The database's own timeouts (`roleTimeouts`)
 * fire before these.
 */
const timeouts = {
  query_timeout: 2_700,
  connectionTimeoutMillis: 1_500,
};

/**
 * In milliseconds. PostgreSQL enforces these, so a server that dies releases its locks. They are set on the role and
 * not per connection: a pooler in transaction mode does not accept them as parameters, and shares connections.
 */
export const roleTimeouts: Record<string, number> = {
  lock_timeout: 2_000,
  statement_timeout: 2_400,
  idle_in_transaction_session_timeout: 5_000,
};

export const setRoleTimeouts = (role: string) =>
  Object.entries(roleTimeouts)
    .map(([name, ms]) => `ALTER ROLE ${escapeIdentifier(role)} SET ${name} = ${ms}`)
    .join('; ');

export function createPool({ url, max, applicationName }: PoolSettings): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: applicationName,
    pipeline: true,
    stream: batchingSocket,
    keepAlive: true,
    ...timeouts,
  });
  // A broken connection fails its next query or is replaced. Without these listeners (the pool's and each
  // connection's, for the time between two statements) the error would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Returns a connection from the pool. Throws `Unavailable` if there is none in time. */
export async function connect(pool: Pool) {
  try {
    return await pool.connect();
  } catch (cause) {
    throw new Unavailable('The database cannot be reached right now.', { cause });
  }
}
