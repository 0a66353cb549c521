import { connect } from '../../db/pool.ts';
import type { Database } from '../../db/pool.ts';
import { many } from '../../db/query.ts';
import { pagesOf } from '../../db/site-document.sql.ts';
import type { Tx } from '../../db/transaction.ts';
import { Refusal } from '../../domain/refusal.ts';

/** Each export keeps a connection of the pool until its reader has the whole file. */
const snapshotsAtOnce = 4;
let running = 0;

/**
 * A file that is made page by page from one snapshot while it is sent. A reader who pauses for longer than the database lets
 * a transaction idle loses the rest.
 */
export async function* fromSnapshot(
  pool: Database,
  make: (tx: Tx) => AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  if (running >= snapshotsAtOnce)
    throw new Refusal('rate_limited', 'Other files are being exported now. Try again in a moment.', {
      retryAfter: 5,
    });
  running++;
  try {
    yield* inSnapshot(pool, make);
  } finally {
    running--;
  }
}

async function* inSnapshot(
  pool: Database,
  make: (tx: Tx) => AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  const tx = await connect(pool);
  let broken: Error | undefined;
  try {
    await tx.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    yield* make(tx);
  } finally {
    await tx.query('ROLLBACK').catch((error: unknown) => {
      broken = error instanceof Error ? error : new Error(String(error));
    });
    tx.release(broken);
  }
}

/** The JSON of all records of a list, page by page. */
export async function* pagesFrom(
  tx: Tx,
  list: keyof typeof pagesOf,
  siteId: string,
  more: readonly unknown[] = [],
): AsyncGenerator<string[], void> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await many(tx, pagesOf[list], [siteId, after, ...more]);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ item }) => item);
    after = last.id;
  }
}
