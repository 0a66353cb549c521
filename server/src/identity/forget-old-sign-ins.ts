import { deleteOldFailures, deleteOldSessions } from '../db/identity.sql.ts';
import { run } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';

/** How long an ended session can still be looked at. Its tokens are refused either way. */
const keptDays = 7;

export async function forgetOldSessions(db: Queryable): Promise<void> {
  while ((await run(db, deleteOldSessions.name, deleteOldSessions.text, [keptDays])) > 0);
}

/** Whatever anybody types as an e-mail address leaves a row, so these do not just pile up. */
export async function forgetOldFailures(db: Queryable): Promise<void> {
  while ((await run(db, deleteOldFailures.name, deleteOldFailures.text)) > 0);
}
