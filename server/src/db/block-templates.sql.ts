import { blockTemplate, holiday } from '@slate/shared/block-templates';
import type { BlockTemplate, Holiday } from '@slate/shared/block-templates';
import { id } from '@slate/shared/fields';
import { block } from '@slate/shared/sites';
import { instant, localDate } from '@slate/shared/time';
import { z } from 'zod';
import { happensIn } from './board.sql.ts';
import type { Statement } from './query.ts';

/**
 * Held while templates, holidays and their blocks change: the job and commands, in any process, lay out one after the
 * other. It is taken before any row is locked. $1 site
 */
export const lockLayOut = {
  name: 'lock-lay-out',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('lay out blocks ' || $1::text, 0))`,
};

const laidTemplate = z.object({ template: blockTemplate, until: localDate });
/** A template with the last date up to which its blocks are laid out. */
export type LaidTemplate = z.infer<typeof laidTemplate>;
const templates = z.object({
  /** The clock after the lock. */
  now: instant,
  templates: z.array(laidTemplate),
  holidays: z.array(holiday),
});
export type StoredTemplates = z.infer<typeof templates>;

/** $1 site */
export const templatesOf: Statement<StoredTemplates> = {
  name: 'block-templates-of',
  text: `SELECT wire(clock_timestamp()) AS now,
    coalesce((SELECT jsonb_agg(jsonb_build_object('template', block_template_json(t), 'until', t.laid_until) ORDER BY t.id)
      FROM block_templates t WHERE t.site_id = $1), '[]') AS templates,
    coalesce((SELECT jsonb_agg(holiday_json(h) ORDER BY h.date, h.id) FROM holidays h WHERE h.site_id = $1), '[]')
      AS holidays`,
  row: templates,
};

const templateRow = z.object({ template: blockTemplate });
const templateReturned = 'RETURNING block_template_json(t) AS template';

/** $1 site, $2 id, $3 plan, $4 recurrence, $5 exceptions, $6 laid out until */
export const insertTemplate: Statement<{ template: BlockTemplate }> = {
  name: 'insert-block-template',
  text: `INSERT INTO block_templates AS t (site_id, id, plan, recurrence, exceptions, laid_until)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING ${templateReturned}`,
  row: templateRow,
};

/** $1 site, $2 id, $3 plan, $4 recurrence, $5 exceptions, $6 laid out until */
export const updateTemplate: Statement<{ template: BlockTemplate }> = {
  name: 'update-block-template',
  text: `UPDATE block_templates t SET plan = $3, recurrence = $4, exceptions = $5, laid_until = $6, version = version + 1
    WHERE site_id = $1 AND id = $2 ${templateReturned}`,
  row: templateRow,
};

/** $1 site, $2 id */
export const deleteTemplate = {
  name: 'delete-block-template',
  text: 'DELETE FROM block_templates WHERE site_id = $1 AND id = $2',
};

/** $1 site, $2 until */
export const setLaidUntil = {
  name: 'set-laid-until',
  text: 'UPDATE block_templates SET laid_until = $2 WHERE site_id = $1 AND laid_until < $2',
};

/** Sites with a template that is not laid out far enough. */
export const sitesToLayOut: Statement<{ site_id: string }> = {
  name: 'sites-to-lay-out',
  text: `SELECT s.id AS site_id FROM sites s WHERE EXISTS (SELECT FROM block_templates t WHERE t.site_id = s.id
    AND t.laid_until < (clock_timestamp() AT TIME ZONE s.time_zone)::date + 7 * (settings_json(s.settings) -> 'blockWeeks')::int)`,
  row: z.object({ site_id: id }),
};

const holidayRow = z.object({ holiday });

/** $1 site, $2 id, $3 date, $4 name, $5 rooms or null */
export const insertHoliday: Statement<{ holiday: Holiday }> = {
  name: 'insert-holiday',
  text: `INSERT INTO holidays AS h (site_id, id, date, name, room_ids) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING RETURNING holiday_json(h) AS holiday`,
  row: holidayRow,
};

/** $1 site, $2 id, $3 date, $4 name, $5 rooms or null */
export const updateHoliday: Statement<{ holiday: Holiday }> = {
  name: 'update-holiday',
  text: `UPDATE holidays h SET date = $3, name = $4, room_ids = $5, version = version + 1
    WHERE site_id = $1 AND id = $2 RETURNING holiday_json(h) AS holiday`,
  row: holidayRow,
};

/** $1 site, $2 id */
export const deleteHoliday = {
  name: 'delete-holiday',
  text: 'DELETE FROM holidays WHERE site_id = $1 AND id = $2',
};

const laidBlock = z.object({ block, templateId: id, date: localDate });
/** A block that was laid out from a template. */
export type LaidBlock = z.infer<typeof laidBlock>;

/** The laid-out blocks that begin after an instant. $1 site, $2 templates, $3 after */
export const laidBlocksOf: Statement<LaidBlock> = {
  name: 'laid-blocks-of',
  text: `SELECT block_json(b) AS block, b.template_id AS "templateId", b.template_date::text AS date FROM blocks b
    WHERE b.site_id = $1 AND b.template_id = ANY ($2::uuid[]) AND lower(b.during) > $3`,
  row: laidBlock,
};

const plannedCase = z.object({
  id,
  number: z.int(),
  roomId: id,
  start: instant,
  end: instant,
  service: z.string().nullable(),
  surgeonId: id.nullable(),
  list: z.object({ resourceId: id, blockId: id }).nullable(),
});
export type PlannedCase = z.infer<typeof plannedCase>;
const roomPlan = z.object({ blocks: z.array(block), cases: z.array(plannedCase) });

/** The blocks and the planned cases of rooms during a time. $1 site, $2 rooms, $3 start, $4 end */
export const roomPlanOf: Statement<z.infer<typeof roomPlan>> = {
  name: 'room-plan-of',
  text: `SELECT
    coalesce((SELECT jsonb_agg(block_json(b)) FROM blocks b
      WHERE b.site_id = $1 AND b.room_id = ANY ($2::uuid[]) AND b.during && tstzrange($3, $4)), '[]') AS blocks,
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', c.id, 'number', c.number, 'roomId', c.room_id,
        'start', wire(lower(c.during)), 'end', wire(upper(c.during)), 'service', c.service, 'surgeonId', c.surgeon_id,
        'list', c.list) ORDER BY lower(c.during), c.id) FROM cases c
      WHERE c.site_id = $1 AND c.room_id = ANY ($2::uuid[]) AND ${happensIn('$3::timestamptz', '$4::timestamptz')}
        AND c.state NOT IN ('expired', 'released', 'voided')
        AND (c.state IN ('scheduled', 'confirmed', 'in_holding')
          OR c.state = 'held' AND c.expires_at > clock_timestamp())), '[]') AS cases`,
  row: roomPlan,
};

/** $1 site, $2 blocks */
export const deleteBlocks = {
  name: 'delete-blocks',
  text: 'DELETE FROM blocks WHERE site_id = $1 AND id = ANY ($2::uuid[])',
};

/** $1 site, $2 blocks with `templateId` and `date` */
export const insertBlocks = {
  name: 'insert-blocks',
  text: `INSERT INTO blocks (site_id, id, room_id, during, service, surgeon_id, also_surgeon_ids, list_id,
      release_at, released_at, template_id, template_date)
    SELECT $1, b.id, b."roomId", tstzrange(b.start, b."end"), b.service, b."surgeonId",
      coalesce(b."alsoSurgeonIds", '{}'), b."listId",
      b."releaseAt", b."releasedAt", b."templateId", b.date
    FROM jsonb_to_recordset($2) AS b(id uuid, "roomId" uuid, start timestamptz, "end" timestamptz, service text,
      "surgeonId" uuid, "alsoSurgeonIds" uuid[], "listId" uuid, "releaseAt" timestamptz, "releasedAt" timestamptz,
      "templateId" uuid, date date)`,
};
