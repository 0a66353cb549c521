import { isPlaced, surgicalCase } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { happensAt } from '@slate/shared/reality';
import { procedure, resource } from '@slate/shared/resources';
import { block, closure } from '@slate/shared/sites';
import { timeRange } from '@slate/shared/time';
import { z } from 'zod';
import { timestamp } from './query.ts';
import type { Statement } from './query.ts';

export const caseById: Statement<{ case: Case }> = {
  name: 'case-by-id',
  text: 'SELECT case_json(c) AS case FROM cases c WHERE site_id = $1 AND id = $2',
  row: z.object({ case: surgicalCase }),
};

/** $1 site, $2 cases */
export const casesById: Statement<{ case: Case }> = {
  name: 'cases-by-id',
  text: 'SELECT case_json(c) AS case FROM cases c WHERE site_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id',
  row: z.object({ case: surgicalCase }),
};

/**
 * The booked cases that have not begun, of a room or a procedure, from now on, with what their rooms must have.
 * $1 site, $2 room, $3 procedure (one is null)
 */
export const bookedCasesOf: Statement<{ case: Case; capabilities: string[] }> = {
  name: 'booked-cases-of',
  text: `SELECT case_json(c) AS case, coalesce(p.capabilities, '[]') AS capabilities
    FROM cases c LEFT JOIN procedures p ON p.site_id = $1 AND p.id = c.procedure_id
    WHERE c.site_id = $1 AND (c.room_id = $2::uuid OR c.procedure_id = $3::uuid)
      AND c.happens && tstzrange((SELECT clock_timestamp()), NULL) AND c.state NOT IN ('expired', 'released', 'voided')
      AND c.state IN ('scheduled', 'confirmed', 'in_holding')
    ORDER BY lower(c.during), c.id`,
  row: z.object({ case: surgicalCase, capabilities: z.array(z.string()) }),
};

/** A case in the shape that `save_cases` reads. */
export function storedCase(item: Case) {
  const happens = isPlaced(item) ? happensAt(item) : null;
  return { ...item, happensFrom: happens?.start ?? null, happensUntil: happens?.end ?? null };
}

const placementFacts = z.object({
  at: timestamp,
  resources: z.array(resource),
  procedure: procedure.nullable(),
  blocks: z.array(block),
  taken: z.array(timeRange),
});
export type PlacementFacts = z.infer<typeof placementFacts>;

/**
 * The facts that the rules need to place a case, in one round trip: the named resources, the procedure, the blocks
 * around the time in the room, and for a list the times its room is taken (ignoring overdue holds).
 * `at` is the clock, valid for a caller that has locked the list.
 * $1 site, $2 resources, $3 procedure, $4 room, $5 start, $6 block of a list
 */
export const placementFactsOf: Statement<PlacementFacts> = {
  name: 'placement-facts',
  text: `
    WITH list AS (SELECT * FROM blocks WHERE site_id = $1 AND id = $6::uuid),
    place AS (SELECT coalesce($4::uuid, (SELECT room_id FROM list)) AS room,
      tstzrange(coalesce($5::timestamptz, (SELECT lower(during) FROM list)),
        coalesce($5::timestamptz, (SELECT lower(during) FROM list)) + interval '24 hours') AS around)
    SELECT clock_timestamp() AS at,
      coalesce((SELECT jsonb_agg(resource_json(r)) FROM resources r WHERE r.site_id = $1
        AND (r.id = ANY ($2::uuid[]) OR r.id = (SELECT room FROM place) OR r.id = (SELECT list_id FROM list))), '[]')
        AS resources,
      (SELECT procedure_json(p) FROM procedures p WHERE p.site_id = $1 AND p.id = $3::uuid) AS procedure,
      coalesce((SELECT jsonb_agg(block_json(b) ORDER BY lower(b.during)) FROM blocks b
        WHERE b.site_id = $1 AND b.room_id = (SELECT room FROM place) AND b.during && (SELECT around FROM place)), '[]')
        AS blocks,
      coalesce((SELECT jsonb_agg(jsonb_build_object('start', wire(lower(c.during)), 'end', wire(upper(c.during))))
        FROM claims c WHERE c.site_id = $1 AND c.resource_id = (SELECT room_id FROM list)
          AND c.during && (SELECT during FROM list) AND c.exclusive AND NOT EXISTS (SELECT FROM cases h WHERE h.site_id = $1 AND h.id = c.case_id
          AND h.state = 'held' AND h.expires_at <= clock_timestamp())), '[]') AS taken`,
  row: placementFacts,
};

/** Locks resources by id, the only order in which they are ever locked. $1 site, $2 resources */
export const lockResources = {
  name: 'lock-resources',
  text: 'SELECT FROM resources WHERE site_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE',
};

/** Locks patients as `claim` does. $1 site, $2 references */
export const lockPatients = {
  name: 'lock-patients',
  text: `SELECT pg_advisory_xact_lock(k.key) FROM (
      SELECT DISTINCT hashtextextended($1::uuid || p.patient, 0) AS key FROM unnest($2::text[]) AS p(patient) ORDER BY 1) k`,
};

const conflictDetails = z.object({
  resources: z.array(resource),
  cases: z.array(surgicalCase),
  closures: z.array(closure),
});
/** Includes the rooms of the cases. $1 site, $2 resources, $3 cases, $4 closures */
export const conflictDetailsOf: Statement<z.infer<typeof conflictDetails>> = {
  name: 'conflict-details',
  text: `SELECT
    coalesce((SELECT jsonb_agg(resource_json(r)) FROM resources r WHERE site_id = $1 AND (id = ANY ($2::uuid[])
      OR id IN (SELECT room_id FROM cases WHERE site_id = $1 AND id = ANY ($3::uuid[])))), '[]') AS resources,
    coalesce((SELECT jsonb_agg(case_json(c)) FROM cases c WHERE site_id = $1 AND id = ANY ($3::uuid[])), '[]') AS cases,
    coalesce((SELECT jsonb_agg(closure_json(c)) FROM closures c WHERE site_id = $1 AND id = ANY ($4::uuid[])), '[]')
      AS closures`,
  row: conflictDetails,
};
