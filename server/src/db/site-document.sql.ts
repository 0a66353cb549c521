import { email } from '@slate/shared/contract/identity';
import { id } from '@slate/shared/fields';
import { listKinds } from '@slate/shared/lists/columns';
import { instant } from '@slate/shared/time';
import { z } from 'zod';
import { bigint } from './query.ts';
import type { Statement } from './query.ts';

// Reading a site: every list in pages by id. The database writes the JSON, and the server does not parse it.

const pageSize = 200;
const pageRow = z.object({ id, item: z.string() });
type PageRow = z.infer<typeof pageRow>;

const page = (table: string, item: string, condition = 'true'): Statement<PageRow> => ({
  name: `export-${table}`,
  text: `SELECT t.id, (${item})::text AS item FROM ${table} t
    WHERE t.site_id = $1 AND t.id > $2 AND ${condition} ORDER BY t.id LIMIT ${pageSize}`,
  row: pageRow,
});

const exportedPeople: Statement<PageRow> = {
  name: 'export-people',
  text: `SELECT u.id, jsonb_build_object('id', u.id, 'email', u.email, 'name', u.name, 'status', u.status, 'role', m.role,
      'surgeonIds', m.surgeon_ids)::text AS item
    FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.site_id = $1 AND u.id > $2 ORDER BY u.id LIMIT ${pageSize}`,
  row: pageRow,
};

/** A hold that came from the depot is exported as waiting there. Other holds end within minutes. */
const isExportedCase = `c.state NOT IN ('expired', 'released', 'voided') AND (c.state <> 'held' OR c.depot_since IS NOT NULL)
  AND ($3::timestamptz IS NULL OR c.happens IS NULL OR upper(c.happens) >= $3)`;
const exportedCases: Statement<PageRow> = {
  name: 'export-cases',
  text: `SELECT c.id, (case_json(c) || CASE WHEN c.state = 'held' THEN '{"state": "depot", "roomId": null, "start": null,
      "end": null, "list": null, "holder": null, "heldSince": null, "expiresAt": null}' ELSE '{}' END::jsonb)::text AS item
    FROM cases c
    WHERE c.site_id = $1 AND c.id > $2 AND ${isExportedCase}
    ORDER BY c.id LIMIT ${pageSize}`,
  row: pageRow,
};

/** Each list is read along its index. Removed records, and cases that are not exported, have none. */
const exportedExternalIds: Statement<PageRow> = {
  name: 'export-external-ids',
  text: `SELECT e.record_id AS id, jsonb_build_object('list', e.list, 'externalId', e.external_id, 'recordId', e.record_id,
      'cells', e.cells)::text AS item
    FROM unnest('{${listKinds.join()}}'::text[]) AS kind CROSS JOIN LATERAL (
      SELECT * FROM external_ids t
      WHERE t.site_id = $1 AND t.list = kind AND t.record_id > $2 AND CASE kind
        WHEN 'cases' THEN EXISTS (SELECT FROM cases c WHERE c.site_id = $1 AND c.id = t.record_id AND ${isExportedCase})
        WHEN 'blocks' THEN EXISTS (SELECT FROM block_templates b WHERE b.site_id = $1 AND b.id = t.record_id)
        WHEN 'people' THEN EXISTS (SELECT FROM memberships m WHERE m.site_id = $1 AND m.user_id = t.record_id)
        ELSE true END
      ORDER BY t.record_id LIMIT ${pageSize}) e
    ORDER BY e.record_id LIMIT ${pageSize}`,
  row: pageRow,
};

/** Pages of the lists of a site document. $1 site, $2 after this id; cases and external ids: $3 since */
export const pagesOf = {
  resources: page('resources', 'resource_json(t)'),
  procedures: page('procedures', 'procedure_json(t)'),
  holidays: page('holidays', 'holiday_json(t)'),
  blockTemplates: page(
    'block_templates',
    `block_template_json(t) || jsonb_build_object('laidUntil', t.laid_until)`,
  ),
  blocks: page(
    'blocks',
    `block_json(t) || jsonb_build_object('templateId', t.template_id, 'templateDate', t.template_date)`,
  ),
  recurringClosures: page(
    'recurring_closures',
    `recurring_closure_json(t) || jsonb_build_object('laidUntil', t.laid_until)`,
  ),
  closures: page(
    'closures',
    `closure_json(t) || jsonb_build_object('recurringId', t.recurring_id, 'recurringDate', t.recurring_date)`,
  ),
  people: exportedPeople,
  cases: exportedCases,
  externalIds: exportedExternalIds,
};

/** The ids of imported records in the files they come from. $1 site */
export const exportedIds: Statement<{ id: string; externalId: string }> = {
  name: 'exported-ids',
  text: 'SELECT record_id AS id, external_id AS "externalId" FROM external_ids WHERE site_id = $1',
  row: z.object({ id, externalId: z.string() }),
};

export const exportHead: Statement<{ at: string; site: string; zone: string }> = {
  name: 'export-head',
  text: `SELECT wire(clock_timestamp()) AS at, (site_json(s) - 'id' - 'version')::text AS site, s.time_zone AS zone
    FROM sites s WHERE id = $1`,
  row: z.object({ at: instant, site: z.string(), zone: z.string() }),
};

export const fileNameParts: Statement<{ name: string; at: string; zone: string }> = {
  name: 'file-name-parts',
  text: 'SELECT name, wire(clock_timestamp()) AS at, time_zone AS zone FROM sites WHERE id = $1',
  row: z.object({ name: z.string(), at: instant, zone: z.string() }),
};

// Writing a site. Each statement takes $1 site and $2 the items in the shape of the document.

export const writeResources = {
  name: 'write-resources',
  text: `INSERT INTO resources (site_id, id, kind, name, capacity, active, attributes, version)
    SELECT $1, r.* FROM jsonb_to_recordset($2) AS r(id uuid, kind text, name text, capacity int, active boolean,
      attributes jsonb, version int)`,
};

export const writeProcedures = {
  name: 'write-procedures',
  text: `INSERT INTO procedures (site_id, id, name, short_name, service, minutes, spread, setup_minutes, cleanup_minutes,
      turnover_by_room, capabilities, equipment, bed, active, version)
    SELECT $1, p.* FROM jsonb_to_recordset($2) AS p(id uuid, name text, "shortName" text, service text, minutes int,
      spread int, "setupMinutes" int, "cleanupMinutes" int, "turnoverByRoom" jsonb, capabilities jsonb, equipment jsonb, bed jsonb,
      active boolean, version int)`,
};

export const writeHolidays = {
  name: 'write-holidays',
  text: `INSERT INTO holidays (site_id, id, date, name, room_ids, version)
    SELECT $1, h.id, h.date, h.name, h."roomIds", h.version
    FROM jsonb_to_recordset($2) AS h(id uuid, date date, name text, "roomIds" uuid[], version int)`,
};

export const writeTemplates = {
  name: 'write-block-templates',
  text: `INSERT INTO block_templates (site_id, id, plan, recurrence, exceptions, laid_until, version)
    SELECT $1, t.* FROM jsonb_to_recordset($2) AS t(id uuid, plan jsonb, recurrence jsonb, exceptions jsonb,
      "laidUntil" date, version int)`,
};

export const writeRecurringClosures = {
  name: 'write-recurring-closures',
  text: `INSERT INTO recurring_closures (site_id, id, resource_id, recurrence, starts, ends, quantity, reason, skipped,
      created_by, laid_until, version)
    SELECT $1, r.* FROM jsonb_to_recordset($2) AS r(id uuid, "resourceId" uuid, recurrence jsonb, start text, "end" text,
      quantity int, reason text, skipped date[], "createdBy" jsonb, "laidUntil" date, version int)`,
};

export const writeClosures = {
  name: 'write-closures',
  text: `INSERT INTO closures (site_id, id, resource_id, during, quantity, reason, created_by, recurring_id, recurring_date,
      version)
    SELECT $1, c.id, c."resourceId", tstzrange(c.start, c."end"), c.quantity, c.reason, c."createdBy", c."recurringId",
      c."recurringDate", c.version
    FROM jsonb_to_recordset($2) AS c(id uuid, "resourceId" uuid, start timestamptz, "end" timestamptz, quantity int,
      reason text, "createdBy" jsonb, "recurringId" uuid, "recurringDate" date, version int)`,
};

export const writeCases = { name: 'write-cases', text: 'SELECT save_cases($1, $2)' };

/** $3 by whom */
export const writeMilestones = {
  name: 'write-milestones',
  text: `INSERT INTO milestones (site_id, case_id, milestone, at, recorded_at, recorded_by)
    SELECT $1, c.id, fact.key, fact.value::timestamptz, fact.value::timestamptz, $3
    FROM jsonb_to_recordset($2) AS c(id uuid, milestones jsonb), jsonb_each_text(c.milestones) fact`,
};

export const writeExternalIds = {
  name: 'write-external-ids',
  text: `INSERT INTO external_ids (site_id, list, external_id, record_id, cells)
    SELECT $1, e.* FROM jsonb_to_recordset($2) AS e(list text, "externalId" text, "recordId" uuid, cells jsonb)`,
};

const account = z.object({ id, email, isElsewhere: z.boolean() });
/** An account with one of these addresses or ids. */
export type KnownAccount = z.infer<typeof account>;
/** $1 site, $2 addresses, $3 ids */
export const knownAccounts: Statement<KnownAccount> = {
  name: 'known-accounts',
  text: `SELECT u.id, u.email, EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id AND m.site_id <> $1) AS "isElsewhere"
    FROM users u WHERE u.email = ANY ($2) OR u.id = ANY ($3::uuid[])`,
  row: account,
};

/** New accounts have no password: an administrator gives each person a temporary one. $1 people */
export const writeAccounts = {
  name: 'write-accounts',
  text: `INSERT INTO users (id, email, name, status)
    SELECT p.* FROM jsonb_to_recordset($1) AS p(id uuid, email text, name text, status text)`,
};

/** Members keep their role. */
export const writeMemberships = {
  name: 'write-memberships',
  text: `INSERT INTO memberships (site_id, user_id, role, surgeon_ids)
    SELECT $1, m.id, m.role, ARRAY(SELECT jsonb_array_elements_text(m."surgeonIds")::uuid)
    FROM jsonb_to_recordset($2) AS m(id uuid, role text, "surgeonIds" jsonb) ON CONFLICT DO NOTHING`,
};

/** The number of records of a site, apart from people. $1 site */
export const siteContents: Statement<{ items: number }> = {
  name: 'site-contents',
  text: `SELECT (SELECT count(*) FROM resources WHERE site_id = $1) + (SELECT count(*) FROM procedures WHERE site_id = $1)
    + (SELECT count(*) FROM holidays WHERE site_id = $1) + (SELECT count(*) FROM block_templates WHERE site_id = $1)
    + (SELECT count(*) FROM blocks WHERE site_id = $1) + (SELECT count(*) FROM recurring_closures WHERE site_id = $1)
    + (SELECT count(*) FROM closures WHERE site_id = $1) + (SELECT count(*) FROM cases WHERE site_id = $1) AS items`,
  row: z.object({ items: bigint }),
};

/** $1 site, $2 the highest number of its cases */
export const startAnew = { name: 'start-anew', text: 'SELECT start_anew($1, $2)' };
