import { surgicalCase } from '@slate/shared/cases';
import { id } from '@slate/shared/ids';
import { z } from 'zod';
import { finishCommand } from '../db/commands.sql.ts';
import { many, one } from '../db/query.ts';
import type { Statement } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import type { CommandDeps } from './command.ts';

const sitesWithOverdue: Statement<{ site_id: string }> = {
  name: 'sites-with-overdue-holds',
  text: `SELECT s.id AS site_id FROM sites s WHERE EXISTS (
    SELECT FROM cases c WHERE c.site_id = s.id AND c.state = 'held' AND c.expires_at <= clock_timestamp())`,
  row: z.object({ site_id: id }),
};

// Rows that somebody else is at just now are left to them: they will find the hold overdue, or have ended it.
const expireSome: Statement<{ expired: z.infer<typeof surgicalCase>[] }> = {
  name: 'expire-some',
  text: `
    SELECT coalesce(jsonb_agg(case_json(e)), '[]') AS expired FROM expire_holds($1, ARRAY(
      SELECT id FROM cases WHERE site_id = $1 AND state = 'held' AND expires_at <= clock_timestamp()
      ORDER BY id LIMIT 200 FOR UPDATE SKIP LOCKED), clock_timestamp()) e`,
  row: z.object({ expired: z.array(surgicalCase) }),
};

/**
 * Frees what overdue holds still claim and tells everyone. Nothing depends on this for being right: whoever
 * wants the time next lets the hold expire first. Answers how many were freed.
 */
export async function releaseExpiredHolds({ pool, told }: CommandDeps): Promise<number> {
  let freed = 0;
  for (const { site_id: siteId } of await many(pool, sitesWithOverdue)) {
    const count = await transaction(pool, async (tx) => {
      const { expired } = await one(tx, expireSome, [siteId]);
      if (expired.length === 0) return { last: Promise.resolve(0) };
      const changes = expired.map((item) => ({ type: 'case', cause: 'expired', case: item }));
      const detail = {
        cases: expired.map(({ id: caseId, number }) => ({ id: caseId, number, cause: 'expired' })),
      };
      const finished = one(tx, finishCommand, [
        siteId,
        null,
        null,
        '[]',
        JSON.stringify(changes),
        'releaseExpiredHolds',
        detail,
        null,
        null,
      ]);
      return { last: finished.then(() => expired.length) };
    });
    if (count > 0) told({ kind: 'site', siteId });
    freed += count;
  }
  return freed;
}
