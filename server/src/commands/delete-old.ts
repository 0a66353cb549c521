import { id } from '@slate/shared/fields';
import { z } from 'zod';
import { createParking } from './parking.ts';
import { deleteSomeClaims } from '../db/claims.sql.ts';
import { many, run } from '../db/query.ts';
import type { Queryable, Statement } from '../db/query.ts';

const oldCommands = `DELETE FROM commands WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM commands WHERE at < clock_timestamp() - interval '72 hours' LIMIT 5000))`;

/** Keys are kept for 72 hours; no client retries after that. */
export async function deleteOldCommands(db: Queryable): Promise<void> {
  while ((await run(db, 'delete-old-commands', oldCommands)) > 0);
}

const allSites: Statement<{ id: string }> = {
  name: 'all-sites',
  text: 'SELECT id FROM sites ORDER BY id',
  row: z.object({ id }),
};

/** Claims that ended days ago block nothing, and would slow everything down year by year. */
export async function deletePastClaims(db: Queryable, parking = createParking()): Promise<void> {
  const { name, text } = deleteSomeClaims;
  for (const site of await many(db, allSites)) {
    await parking.attempt(site.id, async () => {
      while ((await run(db, name, text, [site.id])) > 0);
    });
  }
}
