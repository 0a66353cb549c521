import { surgicalCase } from '@slate/shared/cases';
import { id } from '@slate/shared/fields';
import { z } from 'zod';
import { finishCommand, finishArguments } from '../../db/commands.sql.ts';
import { isUnavailable } from '../../db/failures.ts';
import { many, one } from '../../db/query.ts';
import type { Statement } from '../../db/query.ts';
import { transaction } from '../../db/transaction.ts';
import type { CommandDeps } from '../../commands/context.ts';
import { createParking } from '../../commands/parking.ts';
import type { Parking } from '../../commands/parking.ts';

const sitesWithOverdue: Statement<{ site_id: string }> = {
  name: 'sites-with-overdue-holds',
  text: `SELECT s.id AS site_id FROM sites s WHERE EXISTS (
    SELECT FROM cases c WHERE c.site_id = s.id AND c.state = 'held' AND c.expires_at <= clock_timestamp())`,
  row: z.object({ site_id: id }),
};

// Skip locked rows: the other transaction finds the hold overdue, or has ended it.
const overdue = `SELECT id FROM cases WHERE site_id = $1 AND state = 'held' AND expires_at <= clock_timestamp()
  AND ($2::uuid[] IS NULL OR id = ANY ($2)) AND id <> ALL ($3::uuid[])
  ORDER BY id LIMIT 200 FOR UPDATE SKIP LOCKED`;

/** $1 site, $2 only these or null, $3 not these */
const overdueHolds: Statement<{ id: string }> = {
  name: 'overdue-holds',
  text: overdue,
  row: z.object({ id }),
};

/** $1 site, $2 only these or null, $3 not these */
const expireSome: Statement<{ expired: z.infer<typeof surgicalCase>[] }> = {
  name: 'expire-some',
  text: `SELECT coalesce(jsonb_agg(case_json(e)), '[]') AS expired
    FROM expire_holds($1, ARRAY(${overdue}), clock_timestamp()) e`,
  row: z.object({ expired: z.array(surgicalCase) }),
};

/**
 * Frees the claims of overdue holds and notifies everyone. Correctness does not depend on it: a command that needs
 * the time expires the hold first. Returns how many holds expired.
 */
export async function releaseExpiredHolds(deps: CommandDeps, parking = createParking()): Promise<number> {
  let freed = 0;
  for (const { site_id: siteId } of await many(deps.pool, sitesWithOverdue)) {
    freed += (await parking.attempt(siteId, () => releaseAt(deps, siteId, parking))) ?? 0;
  }
  return freed;
}

async function releaseAt(deps: CommandDeps, siteId: string, parking: Parking): Promise<number> {
  try {
    return await release(deps, [siteId, null, parking.parked()]);
  } catch (error) {
    if (isUnavailable(error)) throw error;
  }
  // One of them failed: release each by itself, so that only that one stays.
  let freed = 0;
  for (const hold of await many(deps.pool, overdueHolds, [siteId, null, parking.parked()])) {
    freed += (await parking.attempt(hold.id, () => release(deps, [siteId, [hold.id], []]))) ?? 0;
  }
  return freed;
}

async function release(
  { pool, publish }: CommandDeps,
  values: [siteId: string, ...unknown[]],
): Promise<number> {
  const [siteId] = values;
  const freed = await transaction(pool, async (tx) => {
    const { expired } = await one(tx, expireSome, values);
    if (expired.length === 0) return { last: Promise.resolve(0) };
    const changes = expired.map((item) => ({ type: 'case', cause: 'expired', case: item }) as const);
    const detail = {
      cases: expired.map(({ id: caseId, number }) => ({ id: caseId, number, cause: 'expired' })),
    };
    const result = {
      actor: null,
      key: null,
      cases: [],
      changes,
      action: 'releaseExpiredHolds',
      detail,
      reply: null,
    };
    const finished = one(tx, finishCommand, finishArguments(siteId, result));
    return { last: finished.then(() => expired.length) };
  });
  if (freed > 0) publish({ kind: 'site', siteId });
  return freed;
}
