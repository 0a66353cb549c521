import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { isTransient, Unavailable } from './failures.ts';
import { connect } from './pool.ts';

export type Tx = PoolClient;

const attempts = 4;

/**
 * Runs `work` in one READ COMMITTED transaction and tries again when another one got in its way. Statements
 * are pipelined: what does not wait for an earlier result travels with it, BEGIN with the first statement
 * and COMMIT with the last. `work` answers the promises it has sent but not awaited as `last`; COMMIT goes
 * out behind them, and counts only if it did commit.
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
    const begun = tx.query('BEGIN');
    const [started, worked] = await Promise.allSettled([begun, work(tx)]);
    if (started.status === 'rejected') throw started.reason;
    if (worked.status === 'rejected') throw worked.reason;
    const [last, committed] = await Promise.allSettled([worked.value.last, tx.query('COMMIT')]);
    if (last.status === 'rejected') throw last.reason;
    if (committed.status === 'rejected') throw committed.reason;
    // PostgreSQL answers ROLLBACK to the COMMIT of a failed transaction.
    if (committed.value.command !== 'COMMIT') throw new Unavailable('The transaction was not committed.');
    return last.value;
  } catch (error) {
    // After a COMMIT this is a no-op; a connection that cannot even do this is not given back to the pool.
    await tx.query('ROLLBACK').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure));
    });
    throw error;
  } finally {
    tx.release(broken);
  }
}
