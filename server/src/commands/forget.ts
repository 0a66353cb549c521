import { id } from '@slate/shared/fields';
import { z } from 'zod';
import { createParking } from './parking.ts';
import { forgetSomeClaims } from '../db/claims.sql.ts';
import { many, run } from '../db/query.ts';
import type { Queryable, Statement } from '../db/query.ts';

const oldCommands = `DELETE FROM commands WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM commands WHERE at < clock_timestamp() - interval '72 hours' LIMIT 5000))`;

/** A command's key is remembered for 72 hours; no client sends one again after that. */
export async function forgetOldCommands(db: Queryable): Promise<void> {
  while ((await run(db, 'forget-old-commands', oldCommands)) > 0);
}

const allSites: Statement<{ id: string }> = {
  name: 'all-sites',
  text: 'SELECT id FROM sites ORDER BY id',
  row: z.object({ id }),
};

/** What has been over for days is in nobody's way, and would make everything else slower year by year. */
export async function forgetPastClaims(db: Queryable, parking = createParking()): Promise<void> {
  const { name, text } = forgetSomeClaims;
  for (const site of await many(db, allSites)) {
    await parking.attempt(site.id, async () => {
      while ((await run(db, name, text, [site.id])) > 0);
    });
  }
}
