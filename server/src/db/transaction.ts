import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { isTransient, Unavailable } from './failures.ts';
import { connect } from './pool.ts';

export type Tx = PoolClient;

const attempts = 4;

/**
 * Runs `work` in one READ COMMITTED transaction and retries it after a conflict with another
 * transaction. Statements are pipelined: BEGIN travels with the first statement and COMMIT with the
 * last. `work` returns the promise of its last statement as `last` without awaiting it; COMMIT is
 * sent right behind it.
 */
export async function transaction<Result>(
  pool: Pool,
  work: (tx: Tx) => Promise<{ last: Promise<Result> }>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(pool, work);
    } catch (error) {
      if (attempt === attempts || !isTransient(error)) throw error;
      await pause(Math.random() * 10 * 2 ** attempt);
    }
  }
}

async function once<Result>(
  pool: Pool,
  work: (tx: Tx) => Promise<{ last: Promise<Result> }>,
): Promise<Result> {
  const tx = await connect(pool);
  let broken: Error | undefined;
  try {
    const begin = tx.query('BEGIN');
    const [started, worked] = await Promise.allSettled([begin, work(tx)]);
    if (started.status === 'rejected') throw started.reason;
    if (worked.status === 'rejected') throw worked.reason;
    const [last, committed] = await Promise.allSettled([worked.value.last, tx.query('COMMIT')]);
    if (last.status === 'rejected') throw last.reason;
    if (committed.status === 'rejected') throw committed.reason;
    // PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK.
    if (committed.value.command !== 'COMMIT') throw new Unavailable('The transaction was not committed.');
    return last.value;
  } catch (error) {
    // A no-op after COMMIT. A connection on which ROLLBACK fails is destroyed instead of returned
    // to the pool.
    await tx.query('ROLLBACK').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure));
    });
    throw error;
  } finally {
    tx.release(broken);
  }
}
