import { id } from '@slate/shared/fields';
import { longestStay, longestWait } from '@slate/shared/reality';
import { timeZone } from '@slate/shared/time';
import { z } from 'zod';
import { bigint, timestamp } from './query.ts';
import type { Statement } from './query.ts';

const siteHead = z.object({ epoch: id, revision: bigint, at: timestamp, time_zone: timeZone });
export type SiteHead = z.infer<typeof siteHead>;

/** The revision of a site. Every read asks for it first: a cached board is valid only for the current revision. */
export const siteHeadOf: Statement<SiteHead> = {
  name: 'site-head',
  text: 'SELECT epoch, revision, clock_timestamp() AS at, time_zone FROM sites WHERE id = $1',
  row: siteHead,
};

const boardText = z.object({
  epoch: id,
  revision: bigint,
  site: z.string(),
  resources: z.string(),
  procedures: z.string(),
  blocks: z.string(),
  closures: z.string(),
  cases: z.string(),
  depot: z.string(),
});
export type BoardText = z.infer<typeof boardText>;

/**
 * Finds the cases `c` that may happen between these instants in B-trees: by their start, and among those of more than a
 * day. An index of ranges would be GiST, which a statement must not scan again (`claims_over`).
 */
const mayHappenIn = (start: string, end: string) => `
  lower(c.happens) > ${start} - interval '24 hours' AND lower(c.happens) < ${end}
    OR upper(c.happens) - lower(c.happens) > interval '24 hours' AND lower(c.happens) < ${end}`;

/** Whether a case `c` happens between these instants. */
export const happensIn = (start: string, end: string) =>
  `(${mayHappenIn(start, end)}) AND upper(c.happens) > ${start}`;

/**
 * Whether a case `c` may take time between these instants: `mayTake` of shared/src/cases.ts. The first lines find it in
 * an index; setup and cleanup take at most 4 hours each.
 */
export const mayTakeIn = (start: string, end: string) => `
  (${mayHappenIn(`${start} - interval '${longestWait + 240} minutes'`, `${end} + interval '4 hours'`)}
    OR c.state IN ('in_room', 'incision', 'closed'))
  AND lower(c.happens) - c.setup_minutes * interval '1 minute' < ${end}
  AND CASE
      WHEN c.state IN ('in_room', 'incision', 'closed')
        THEN greatest(upper(c.happens), lower(c.happens) + interval '${longestStay} minutes')
      WHEN c.state IN ('scheduled', 'confirmed', 'in_holding')
        THEN upper(c.happens) + interval '${longestWait} minutes'
      ELSE upper(c.happens) END
    + c.cleanup_minutes * interval '1 minute' > ${start}`;

/**
 * The whole board in one statement, so that it shows one moment. PostgreSQL writes the JSON of the wire, and the server
 * does not parse it. The cases are those that happen on these days, or that may be late or go on into them.
 * Names with numbers are sorted by the number: OR 2 before OR 10.
 * $1 site, $2 start, $3 end
 */
export const boardOf: Statement<BoardText> = {
  name: 'board',
  text: `
    SELECT s.epoch, s.revision, site_json(s)::text AS site,
      coalesce((SELECT json_agg(resource_json(r)
          ORDER BY r.kind, regexp_replace(r.name, '\\d.*$', ''), length(r.name), r.name, r.id) FROM resources r
        WHERE r.site_id = $1), '[]')::text AS resources,
      coalesce((SELECT json_agg(procedure_json(p) ORDER BY p.name, p.id) FROM procedures p
        WHERE p.site_id = $1), '[]')::text AS procedures,
      coalesce((SELECT json_agg(block_json(b) ORDER BY lower(b.during), b.id) FROM blocks b
        WHERE b.site_id = $1 AND b.during && tstzrange($2, $3)), '[]')::text AS blocks,
      coalesce((SELECT json_agg(closure_json(c) ORDER BY lower(c.during), c.id) FROM closures c
        WHERE c.site_id = $1 AND c.during && tstzrange($2, $3)), '[]')::text AS closures,
      coalesce((SELECT json_agg(case_json(c) ORDER BY lower(c.happens), c.id) FROM cases c
        WHERE c.site_id = $1 AND c.state NOT IN ('expired', 'released', 'voided')
          AND ${mayTakeIn('$2::timestamptz', '$3::timestamptz')}), '[]')::text AS cases,
      coalesce((SELECT json_agg(case_json(c) ORDER BY c.due_by, c.number) FROM cases c
        WHERE c.site_id = $1 AND c.state = 'depot'), '[]')::text AS depot
    FROM sites s WHERE s.id = $1`,
  row: boardText,
};
