import { run } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';

const text = `DELETE FROM commands WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM commands WHERE at < clock_timestamp() - interval '72 hours' LIMIT 5000))`;

/** A command's key is remembered for 72 hours; no client sends one again after that. */
export async function forgetOldCommands(db: Queryable): Promise<void> {
  while ((await run(db, 'forget-old-commands', text)) > 0);
}
