import { Pool } from 'pg';
import type { Pool as Database } from 'pg';
import { batchingSocket } from './batching-socket.ts';
import { Unavailable } from './failures.ts';

export type { Database };

export type PoolSettings = { url: string; max: number; applicationName: string };

/**
 * Every wait has an end: a caller is answered within 3 s even when the database is frozen. The database's own ends
 * come before these (`role-timeouts.ts`).
 */
const timeouts = {
  query_timeout: 2_700,
  connectionTimeoutMillis: 1_500,
};

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
  // A connection that breaks is found out by whoever uses it, or replaced on next use. Without listeners,
  // in the pool and on each connection (between two statements it is in nobody's hands), it ends the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** A connection from the pool, or the answer that there is none. */
export async function connect(pool: Pool) {
  try {
    return await pool.connect();
  } catch (cause) {
    throw new Unavailable('The database cannot be reached right now.', { cause });
  }
}
