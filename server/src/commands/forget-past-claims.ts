import { id } from '@slate/shared/fields';
import { z } from 'zod';
import { forgetSomeClaims } from '../db/claims.sql.ts';
import { many, run } from '../db/query.ts';
import type { Queryable, Statement } from '../db/query.ts';
import { createParking } from './parking.ts';

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
