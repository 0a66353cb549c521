import { caseState, milestone } from '@slate/shared/case-state';
import { id } from '@slate/shared/fields';
import { procedure, quantityOf, resource } from '@slate/shared/resources';
import { block, site } from '@slate/shared/sites';
import { instant } from '@slate/shared/time';
import { z } from 'zod';
import { mayTakeIn } from './board.sql.ts';
import type { Statement } from './query.ts';

/** [start, end, quantity] in whole minutes since 1970: short because there are thousands. */
const claimed = z
  .tuple([z.int(), z.int(), z.int()])
  .transform(([start, end, quantity]) => ({ start, end, quantity }));

/** Not parsed as instants: for thousands of them that costs more than the whole search. */
const unparsed = z.string();
const unparsedBlock = block.extend({
  start: unparsed,
  end: unparsed,
  releaseAt: unparsed,
  releasedAt: unparsed.nullable(),
});

const forecastCase = z.object({
  id: unparsed,
  state: caseState,
  roomId: unparsed,
  surgeonId: unparsed.nullable(),
  equipment: z.array(quantityOf),
  start: unparsed,
  end: unparsed,
  setupMinutes: z.int(),
  cleanupMinutes: z.int(),
  milestones: z.partialRecord(milestone, unparsed),
});
/** An equipment pool, with its closures in milliseconds since 1970. */
const pool = z.object({
  id,
  capacity: z.int(),
  transportMinutes: z.int(),
  reprocessMinutes: z.int(),
  closed: z.array(z.object({ start: z.int(), end: z.int(), quantity: z.int() })),
});

const surroundings = z.object({
  site,
  now: instant,
  procedure: procedure.nullable(),
  resources: z.array(resource),
  blocks: z.array(unparsedBlock),
  /** By resource. */
  claims: z.record(id, z.array(claimed)),
  /** When the patient is in other cases. */
  patient: z.array(claimed),
  /** The cases around now that may run over, be late or be delayed. Empty if no searched day is near. */
  cases: z.array(forecastCase),
  pools: z.array(pool),
});

/**
 * Everything the search for openings needs, in one statement, so that it shows one moment: the candidate rooms, the
 * resources of the case and its procedure, and the claims on them. A case lasts at most 24 hours, its turnover
 * and the handling of its equipment 4 before and after, plus the nights in bed. Overdue holds are ignored; a case under way that runs over uses
 * more than it has claimed. A forecast needs the cases of the whole site, because a delay goes on through any resource,
 * but only those that a board of the day before and after now would have.
 * $1 site, $2 first day (null: the day of $3), $3 an instant, $4 days, $5 rooms (null: all active ones),
 * $6 procedure, $7 other resources, $8 the case to leave out, $9 patient, $10 nights in bed
 * There are thousands of claims and blocks: json is five times as fast to write as jsonb.
 */
export const surroundingsOf: Statement<z.infer<typeof surroundings>> = {
  // Unnamed, so it is planned each time: a plan from when a site had few claims would read all of them.
  name: '',
  text: `
    WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
    span AS MATERIALIZED (
      SELECT tstzrange(day::timestamp AT TIME ZONE time_zone - interval '4 hours',
        (day + $4::int)::timestamp AT TIME ZONE time_zone + interval '29 hours') AS during
      FROM (SELECT time_zone, coalesce($2::date, ($3::timestamptz AT TIME ZONE time_zone)::date) AS day
            FROM sites WHERE id = $1) s),
    procedure AS MATERIALIZED (
      SELECT p.equipment, p.bed, procedure_json(p) AS json
      FROM procedures p WHERE p.site_id = $1 AND p.id = $6::uuid),
    named AS MATERIALIZED (
      SELECT unnest($7::uuid[]) AS id
      UNION SELECT (e ->> 'resourceId')::uuid FROM procedure p, jsonb_array_elements(p.equipment) e
      UNION SELECT (p.bed ->> 'resourceId')::uuid FROM procedure p),
    candidates AS MATERIALIZED (
      SELECT r.id, r.kind, resource_json(r) AS json FROM resources r
      WHERE r.site_id = $1 AND (r.id IN (SELECT n.id FROM named n)
        OR r.kind = 'room' AND (r.id = ANY ($5::uuid[]) OR $5::uuid[] IS NULL AND r.active))),
    overdue AS MATERIALIZED (
      SELECT h.id FROM cases h, clock WHERE h.site_id = $1 AND h.state = 'held' AND h.expires_at <= clock.now),
    reach AS MATERIALIZED (
      SELECT w.id, CASE w.kind WHEN 'bed' THEN tstzrange(lower(s.during), upper(s.during) + make_interval(days =>
          coalesce(greatest($10::int, (SELECT (p.bed ->> 'nights')::int FROM procedure p)), 0))) ELSE s.during END AS during
      FROM candidates w, span s),
    claimed AS MATERIALIZED (
      SELECT r.id AS resource_id, c.case_id, c.during, c.quantity FROM reach r, claims_over($1, r.id, r.during) c
      UNION ALL
      SELECT u.resource_id, u.case_id, part, u.quantity FROM clock, unclaimed_use($1, '{}', (SELECT jsonb_agg(
          jsonb_build_object('resource', r.id, 'start', lower(r.during), 'end', upper(r.during))) FROM reach r), clock.now) u,
        unnest(u.parts) part),
    blocks AS MATERIALIZED (
      SELECT b.* FROM blocks b WHERE b.site_id = $1 AND b.during && (SELECT during FROM span)),
    soon AS MATERIALIZED (
      SELECT clock.now - interval '24 hours' AS since, clock.now + interval '24 hours' AS until FROM clock, span
      WHERE span.during && tstzrange(clock.now, clock.now + interval '48 hours')),
    closed AS MATERIALIZED (
      SELECT c.* FROM closures c WHERE c.site_id = $1
        AND c.during && (SELECT tstzrange(since, until + interval '24 hours') FROM soon)),
    loads AS (
      SELECT c.resource_id, array_agg(ARRAY[floor(date_part('epoch', lower(c.during)) / 60)::int,
        ceil(date_part('epoch', upper(c.during)) / 60)::int, c.quantity]) AS spans
      FROM claimed c
      WHERE (c.case_id = $8::uuid) IS NOT TRUE AND NOT EXISTS (SELECT FROM overdue o WHERE o.id = c.case_id)
      GROUP BY c.resource_id)
    SELECT site_json(s) AS site, wire(clock.now) AS now,
      (SELECT p.json FROM procedure p) AS procedure,
      coalesce((SELECT jsonb_agg(w.json) FROM candidates w), '[]') AS resources,
      coalesce((SELECT json_agg(e) FROM (
        SELECT b.id, b.room_id AS "roomId", wire(lower(b.during)) AS start, wire(upper(b.during)) AS "end", b.service,
          b.surgeon_id AS "surgeonId", b.also_surgeon_ids AS "alsoSurgeonIds", b.list_id AS "listId", wire(b.release_at) AS "releaseAt",
          wire(b.released_at) AS "releasedAt"
        FROM candidates w JOIN blocks b ON b.room_id = w.id) e), '[]') AS blocks,
      coalesce((SELECT json_object_agg(l.resource_id, l.spans) FROM loads l), '{}') AS claims,
      coalesce((SELECT jsonb_agg(jsonb_build_array(floor(date_part('epoch', lower(p.during)) / 60)::int,
          ceil(date_part('epoch', upper(p.during)) / 60)::int, 1)) FROM patient_stays p
        WHERE p.site_id = $1 AND p.patient_ref = $9 AND p.during && (SELECT during FROM span)
          AND p.case_id IS DISTINCT FROM $8::uuid AND NOT EXISTS (SELECT FROM overdue o WHERE o.id = p.case_id)), '[]')
        AS patient,
      coalesce((SELECT json_agg(json_build_object('id', c.id, 'state', c.state, 'roomId', c.room_id,
          'surgeonId', c.surgeon_id, 'equipment', c.equipment, 'start', wire(lower(c.during)), 'end', wire(upper(c.during)),
          'setupMinutes', c.setup_minutes, 'cleanupMinutes', c.cleanup_minutes, 'milestones', c.milestones))
        FROM soon JOIN cases c ON c.site_id = $1 AND ${mayTakeIn('soon.since', 'soon.until')}
        WHERE c.state NOT IN ('depot', 'completed', 'cancelled', 'expired', 'released', 'voided')
          AND c.state <> 'out_of_room' AND c.id IS DISTINCT FROM $8::uuid
          AND NOT EXISTS (SELECT FROM overdue o WHERE o.id = c.id)), '[]') AS cases,
      coalesce((SELECT json_agg(json_build_object('id', r.id, 'capacity', r.capacity,
          'transportMinutes', coalesce((r.attributes ->> 'transportMinutes')::int, 0),
          'reprocessMinutes', coalesce((r.attributes ->> 'reprocessMinutes')::int, 0), 'closed', coalesce((
          SELECT json_agg(json_build_object('start', floor(date_part('epoch', lower(c.during)) * 1000)::bigint,
            'end', ceil(date_part('epoch', upper(c.during)) * 1000)::bigint, 'quantity', c.quantity))
          FROM closed c WHERE c.resource_id = r.id), '[]')))
        FROM soon, resources r WHERE r.site_id = $1 AND r.kind = 'equipment'), '[]') AS pools
    FROM sites s, clock WHERE s.id = $1`,
  row: surroundings,
};
/** When patients are in cases from now on, without overdue holds. $1 site, $2 patients */
export const staysOfPatients: Statement<{ patient: string; caseId: string; start: string; end: string }> = {
  name: 'stays-of-patients',
  text: `SELECT p.patient_ref AS patient, p.case_id AS "caseId", wire(lower(p.during)) AS start, wire(upper(p.during)) AS "end"
    FROM patient_stays p WHERE p.site_id = $1 AND p.patient_ref = ANY ($2) AND upper(p.during) > clock_timestamp()
      AND NOT EXISTS (SELECT FROM cases h WHERE h.site_id = $1 AND h.id = p.case_id AND h.state = 'held'
        AND h.expires_at <= clock_timestamp())`,
  row: z.object({ patient: z.string(), caseId: id, start: instant, end: instant }),
};
export type Surroundings = z.infer<typeof surroundings>;
