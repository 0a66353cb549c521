import { surgicalCase } from '@slate/shared/cases';
import { resource } from '@slate/shared/resources';
import type { Resource } from '@slate/shared/resources';
import { closure } from '@slate/shared/sites';
import { instant } from '@slate/shared/time';
import { z } from 'zod';
import { claimsKeptDays } from './claims.sql.ts';
import { bigint } from './query.ts';
import type { Statement } from './query.ts';

const row = z.object({ resource });

/** $1 site, $2 kind or null for all */
export const resourcesOf: Statement<{ resource: Resource }> = {
  name: 'resources-of',
  text: `SELECT resource_json(r) AS resource FROM resources r
    WHERE site_id = $1 AND ($2::text IS NULL OR kind = $2) ORDER BY kind, name, id`,
  row,
};

/** $1 site, $2 resources */
export const resourcesById: Statement<{ resource: Resource }> = {
  name: 'resources-by-id',
  text: 'SELECT resource_json(r) AS resource FROM resources r WHERE site_id = $1 AND id = ANY ($2::uuid[])',
  row,
};

/** Reads and locks the resource: nobody else claims it until we commit. $1 site, $2 resource */
export const lockResource: Statement<{ resource: Resource }> = {
  name: 'lock-resource',
  text: 'SELECT resource_json(r) AS resource FROM resources r WHERE site_id = $1 AND id = $2 FOR UPDATE',
  row,
};

/** $1 site, $2 id, $3 kind, $4 name, $5 capacity, $6 attributes */
export const insertResource: Statement<{ resource: Resource }> = {
  name: 'insert-resource',
  text: `INSERT INTO resources AS r (site_id, id, kind, name, capacity, attributes) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING RETURNING resource_json(r) AS resource`,
  row,
};

/** $1 site, $2 id, $3 name, $4 capacity, $5 active, $6 attributes */
export const updateResource: Statement<{ resource: Resource }> = {
  name: 'update-resource',
  text: `UPDATE resources r SET name = $3, capacity = $4, active = $5, attributes = $6, version = version + 1
    WHERE site_id = $1 AND id = $2 RETURNING resource_json(r) AS resource`,
  row,
};

// A subquery reads the clock once, so that the index can be used.
const fromNowOn = 'during && tstzrange((SELECT clock_timestamp()), NULL)';

/**
 * For a pool that becomes a single resource. Past claims stay as they were: they may overlap.
 * $1 site, $2 resource
 */
export const makeExclusive = {
  name: 'make-claims-exclusive',
  text: `UPDATE claims SET exclusive = true
    WHERE site_id = $1 AND resource_id = $2 AND NOT exclusive AND ${fromNowOn}`,
};

/** For a single resource that becomes a pool. Covers claims as old as a new one can be. $1 site, $2 resource */
export const makeShared = {
  name: 'make-claims-shared',
  text: `UPDATE claims SET exclusive = false WHERE site_id = $1 AND resource_id = $2 AND exclusive
    AND during && tstzrange((SELECT clock_timestamp()) - make_interval(days => ${claimsKeptDays}), NULL)`,
};

/**
 * Locks cases and expires the overdue holds on a resource, all by id. The caller has locked the resource. $1 site, $2 resource, $3 cases
 */
export const lockCasesAndExpireHolds: Statement<{ expired: z.infer<typeof surgicalCase>[] }> = {
  name: 'lock-cases-and-expire-holds',
  text: `SELECT coalesce(jsonb_agg(case_json(e)), '[]') AS expired FROM expire_holds($1, ARRAY(
      SELECT k.id FROM cases k WHERE k.site_id = $1 AND k.id IN (
        SELECT unnest($3::uuid[])
        UNION ALL
        SELECT h.id FROM cases h JOIN claims c ON c.site_id = $1 AND c.case_id = h.id AND c.resource_id = $2
          WHERE h.site_id = $1 AND h.state = 'held' AND h.expires_at <= clock_timestamp())
      ORDER BY k.id FOR UPDATE), clock_timestamp()) e`,
  row: z.object({ expired: z.array(surgicalCase) }),
};

const blockingClaim = z.object({
  resourceId: z.string(),
  start: instant,
  end: instant,
  case: surgicalCase.nullable(),
  closure: closure.nullable(),
  /** The number of all blocking claims; fewer may be listed. */
  total: bigint,
});
/** A claim of a case or a closure that blocks a change. */
export type BlockingClaim = z.infer<typeof blockingClaim>;

const blockingClaimColumns = `c.resource_id AS "resourceId", wire(lower(c.during)) AS start, wire(upper(c.during)) AS end,
      (SELECT case_json(k) FROM cases k WHERE k.site_id = $1 AND k.id = c.case_id) AS case,
      (SELECT closure_json(l) FROM closures l WHERE l.site_id = $1 AND l.id = c.closure_id) AS closure,
      (SELECT count(*) FROM in_way) AS total`;

/**
 * The claims at the instants at which more than the limit is in use, from a start (or now) to an end (or without
 * end): first those of the named cases, then the earliest of the rest. The unclaimed use of a case under way counts
 * too; the parts of one case are one claim here.
 * $1 site, $2 resource, $3 start, $4 end, $5 limit, $6 whether closures count, $7 named cases (at most 200), $8 and $9 how many
 * minutes more the transport before and the reprocessing after each case are to take
 */
export const overLimit: Statement<BlockingClaim> = {
  name: 'over-limit',
  text: `
    WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
    requested AS MATERIALIZED (
      SELECT tstzrange(coalesce($3::timestamptz, clock.now), $4::timestamptz) AS during FROM clock
    ), used AS (
      SELECT c.id, c.case_id, c.closure_id, c.during, c.quantity FROM claims c
        WHERE c.site_id = $1 AND c.resource_id = $2 AND c.during && (SELECT during FROM requested) AND c.exclusive
      UNION ALL
      SELECT c.id, c.case_id, c.closure_id, c.during, c.quantity FROM claims c
        WHERE c.site_id = $1 AND c.resource_id = $2 AND c.during && (SELECT during FROM requested) AND NOT c.exclusive
      UNION ALL
      SELECT NULL, u.case_id, NULL, part, u.quantity
        FROM clock, requested, unclaimed_use($1, '{}', jsonb_build_array(jsonb_build_object('resource', $2::uuid,
          'start', lower(requested.during), 'end', upper(requested.during))), clock.now + interval '1 minute') u,
          unnest(u.parts) part
        WHERE part && requested.during
    ), claimed AS MATERIALIZED (
      SELECT longer.*, longer.during * (SELECT during FROM requested) AS part FROM (
        SELECT id, case_id, closure_id, quantity, CASE WHEN case_id IS NULL THEN during ELSE tstzrange(
          lower(during) - $8::int * interval '1 minute', upper(during) + $9::int * interval '1 minute') END AS during
        FROM used) longer
    ), step AS (
      SELECT moment, sum(sum(rise)) OVER (ORDER BY moment) AS load, lead(moment) OVER (ORDER BY moment) AS until
      FROM (SELECT lower(part) AS moment, quantity AS rise FROM claimed WHERE $6 OR case_id IS NOT NULL
            UNION ALL
            SELECT upper(part), -quantity FROM claimed WHERE $6 OR case_id IS NOT NULL) e
      GROUP BY moment
    ), too_much AS (
      SELECT range_agg(tstzrange(moment, until)) AS ranges FROM step WHERE load > $5::int
    ), in_way AS MATERIALIZED (
      SELECT min(id) AS id, $2::uuid AS resource_id, case_id, closure_id, range_merge(range_agg(during)) AS during
      FROM claimed, too_much
      WHERE part && too_much.ranges AND ($6 OR case_id IS NOT NULL)
      GROUP BY case_id, closure_id
    ), listed AS (
      SELECT * FROM in_way
      ORDER BY case_id = ANY ($7::uuid[]) DESC NULLS LAST, lower(during), id LIMIT 400
    )
    SELECT ${blockingClaimColumns} FROM listed c ORDER BY lower(c.during), c.id`,
  row: blockingClaim,
};

/** $1 site, $2 equipment, $3 and $4 how many minutes more transport and reprocessing take, or less */
export const changeHandling = { name: 'change-handling', text: 'SELECT change_handling($1, $2, $3, $4)' };

/** The claims at a site from now on, without overdue holds. $1 site */
export const claimedFromNowOn: Statement<BlockingClaim> = {
  name: 'claimed-from-now-on',
  text: `
    WITH in_way AS (
      SELECT c.* FROM (
        SELECT * FROM claims WHERE site_id = $1 AND exclusive AND ${fromNowOn}
        UNION ALL
        SELECT * FROM claims WHERE site_id = $1 AND NOT exclusive AND ${fromNowOn}) c
      WHERE NOT EXISTS (SELECT FROM cases k WHERE k.site_id = $1 AND k.id = c.case_id AND k.state = 'held'
        AND k.expires_at <= clock_timestamp())
    ), listed AS (
      SELECT * FROM in_way ORDER BY lower(during), id LIMIT 200
    )
    SELECT ${blockingClaimColumns} FROM listed c ORDER BY lower(c.during), c.id`,
  row: blockingClaim,
};
