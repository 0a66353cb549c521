import { surgicalCase } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { importFile, importLine, verdictCounts } from '@slate/shared/contract/imports';
import type { ImportFile, ImportLine, VerdictCounts } from '@slate/shared/contract/imports';
import { id } from '@slate/shared/fields';
import { role } from '@slate/shared/permissions';
import { block } from '@slate/shared/sites';
import { z } from 'zod';
import { bigint, timestamp } from './query.ts';
import type { Statement } from './query.ts';

const importJson = `jsonb_build_object('id', i.id, 'kind', i.kind, 'file', i.file, 'by', i.created_by, 'at', wire(i.created_at),
  'state', i.state, 'notes', i.notes, 'headings', i.headings, 'sample', i.sample, 'lines', i.lines, 'mapping', i.mapping,
  'toDepot', i.to_depot, 'done', i.done, 'counts', i.counts, 'reason', i.reason)`;
const row = z.object({ import: importFile });
type Row = { import: ImportFile };

/** No row if the id is used. $1 site, $2 id, $3 kind, $4 file, $5 created by, $6 notes, $7 headings, $8 sample, $9 lines, $10 mapping */
export const insertImport: Statement<Row> = {
  name: 'insert-import',
  text: `INSERT INTO imports AS i (site_id, id, kind, file, created_by, notes, headings, sample, lines, mapping)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING ${importJson} AS import`,
  row,
};

/** $1 site, $2 import, $3 [{line, cells}] */
export const insertLines = {
  name: 'insert-import-lines',
  text: `INSERT INTO import_lines (site_id, import_id, line, cells)
    SELECT $1, $2, l.line, l.cells FROM jsonb_to_recordset($3) AS l(line int, cells jsonb)`,
};

/** $1 site */
export const importsOf: Statement<Row> = {
  name: 'imports-of',
  text: `SELECT ${importJson} AS import FROM imports i WHERE site_id = $1 ORDER BY created_at DESC, id LIMIT 50`,
  row,
};

/** $1 site, $2 import */
export const importById: Statement<Row> = {
  name: 'import-by-id',
  text: `SELECT ${importJson} AS import FROM imports i WHERE site_id = $1 AND id = $2`,
  row,
};

/** The same, locked: the state does not change until we commit. */
export const lockImport: Statement<Row> = {
  name: 'lock-import',
  text: `SELECT ${importJson} AS import FROM imports i WHERE site_id = $1 AND id = $2 FOR UPDATE`,
  row,
};

/** No row: the lease is lost. $1 site, $2 import, $3 the changed fields, $4 the lease; null: a request, not a worker */
export const updateImport: Statement<Row> = {
  name: 'update-import',
  text: `UPDATE imports i SET
      state = coalesce($3::jsonb ->> 'state', i.state),
      mapping = coalesce($3::jsonb -> 'mapping', i.mapping),
      to_depot = coalesce(($3::jsonb ->> 'toDepot')::boolean, i.to_depot),
      mode = coalesce($3::jsonb ->> 'mode', i.mode),
      done = coalesce(($3::jsonb ->> 'done')::int, i.done),
      counts = CASE WHEN $3::jsonb ? 'counts' THEN nullif($3::jsonb -> 'counts', 'null') ELSE i.counts END,
      reason = CASE WHEN $3::jsonb ? 'reason' THEN $3::jsonb ->> 'reason' ELSE i.reason END,
      is_cancelled = coalesce(($3::jsonb ->> 'isCancelled')::boolean, i.is_cancelled),
      leased_until = CASE WHEN $3::jsonb ? 'state' THEN NULL ELSE i.leased_until END
    WHERE site_id = $1 AND id = $2 AND ($4::timestamptz IS NULL OR leased_until = $4) RETURNING ${importJson} AS import`,
  row,
};
/** The fields of `updateImport`. A new state frees the import for any process. */
export type ImportUpdate = Partial<
  Pick<ImportFile, 'state' | 'mapping' | 'toDepot' | 'done' | 'counts' | 'reason'>
> & { mode?: 'all' | 'good'; isCancelled?: boolean };

/** $1 site, $2 import, $3 verdict or null, $4 after which line, $5 how many */
export const linesPage: Statement<ImportLine> = {
  name: 'import-lines-page',
  text: `SELECT line, cells, verdict, errors, changes FROM import_lines
    WHERE site_id = $1 AND import_id = $2 AND ($3::text IS NULL OR verdict = $3) AND line > $4 ORDER BY line LIMIT $5`,
  row: importLine,
};

const stagedLine = z.object({
  line: z.int(),
  cells: z.array(z.string()),
  verdict: importLine.shape.verdict,
  recordId: id.nullable(),
});
export type StagedLine = z.infer<typeof stagedLine>;
/** $1 site, $2 import, $3 after which line, $4 how many */
export const stagedLines: Statement<StagedLine> = {
  name: 'staged-import-lines',
  text: `SELECT line, cells, verdict, record_id AS "recordId" FROM import_lines
    WHERE site_id = $1 AND import_id = $2 AND line > $3 ORDER BY line LIMIT $4`,
  row: stagedLine,
};

/** $1 site, $2 import, $3 [{line, verdict, errors, changes}] */
export const saveVerdicts = {
  name: 'save-import-verdicts',
  text: `UPDATE import_lines l SET verdict = v.verdict, errors = v.errors, changes = v.changes
    FROM jsonb_to_recordset($3) AS v(line int, verdict text, errors jsonb, changes jsonb)
    WHERE l.site_id = $1 AND l.import_id = $2 AND l.line = v.line`,
};

/** $1 site, $2 import, $3 [{line, id, verdict}] */
export const saveRecordIds = {
  name: 'save-import-records',
  text: `UPDATE import_lines l SET record_id = v.id, verdict = coalesce(v.verdict, l.verdict)
    FROM jsonb_to_recordset($3) AS v(line int, id uuid, verdict text)
    WHERE l.site_id = $1 AND l.import_id = $2 AND l.line = v.line`,
};

// A lease is named by its end, as text because a `Date` has no microseconds. A new state ends it, so a worker that has lost the
// import to another one, or to a request, has no effect on it any more.

/** Takes the next import that nobody works on, for some seconds. $1 how many seconds */
export const leaseImport: Statement<{ siteId: string; id: string; lease: string }> = {
  name: 'lease-import',
  text: `UPDATE imports i SET leased_until = clock_timestamp() + make_interval(secs => $1)
    WHERE (i.site_id, i.id) IN (SELECT n.site_id, n.id FROM imports n
      WHERE n.state IN ('checking', 'applying', 'undoing') AND (n.leased_until IS NULL OR n.leased_until < clock_timestamp())
      ORDER BY n.created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING i.site_id AS "siteId", i.id, i.leased_until::text AS lease`,
  row: z.object({ siteId: id, id, lease: z.string() }),
};

const isHeld = `leased_until = $3::timestamptz AND (state = 'undoing' OR NOT is_cancelled)`;

/** Keeps the lease and shows the progress. No row: cancelled, or the lease is lost. $1 site, $2 import, $3 lease, $4 done, $5 seconds */
export const renewLease: Statement<{ lease: string }> = {
  name: 'renew-import-lease',
  text: `UPDATE imports SET done = $4, leased_until = clock_timestamp() + make_interval(secs => $5)
    WHERE site_id = $1 AND id = $2 AND ${isHeld} RETURNING leased_until::text AS lease`,
  row: z.object({ lease: z.string() }),
};

/** Nobody else gets the lease until we commit. No row: cancelled, or the lease is lost. $1 site, $2 import, $3 lease */
export const lockLease: Statement<{ at: string }> = {
  name: 'lock-import-lease',
  text: `SELECT clock_timestamp() AS at FROM imports WHERE site_id = $1 AND id = $2 AND ${isHeld} FOR UPDATE`,
  row: z.object({ at: timestamp }),
};

const importer = z.object({
  state: importFile.shape.state,
  mode: z.enum(['all', 'good']).nullable(),
  isCancelled: z.boolean(),
  /** Null: the person is no longer active or has no role here. */
  role: role.nullable(),
});
/** The present state of an import, and the present role of its person. $1 site, $2 import */
export const importerOf: Statement<z.infer<typeof importer>> = {
  name: 'importer-of',
  text: `SELECT i.state, i.mode, i.is_cancelled AS "isCancelled", (SELECT m.role FROM memberships m JOIN users u ON u.id = m.user_id
      WHERE m.site_id = $1 AND u.id = (i.created_by ->> 'id')::uuid AND u.status = 'active') AS role
    FROM imports i WHERE i.site_id = $1 AND i.id = $2`,
  row: importer,
};

/** No row: cancelled, or the lease is lost. $1 site, $2 import, $3 lease, $4 counts */
export const finishImport: Statement<{ id: string }> = {
  name: 'finish-import',
  text: `UPDATE imports SET state = 'applied', done = lines, counts = $4, reason = NULL, leased_until = NULL
    WHERE site_id = $1 AND id = $2 AND ${isHeld} RETURNING id`,
  row: z.object({ id }),
};

/** One import with its lines: all at once could take longer than the time limit of a statement. */
export const deleteOldImport = {
  name: 'delete-old-import',
  text: `DELETE FROM imports WHERE (site_id, id) IN (SELECT o.site_id, o.id FROM imports o
    WHERE o.created_at < clock_timestamp() - interval '24 hours' AND o.state NOT IN ('applying', 'undoing')
    ORDER BY o.created_at LIMIT 1 FOR UPDATE SKIP LOCKED)`,
};

/** $1 site, $2 kind */
export const rememberedMapping: Statement<{ headings: Record<string, string | null> }> = {
  name: 'remembered-import-mapping',
  text: 'SELECT headings FROM import_mappings WHERE site_id = $1 AND kind = $2',
  row: z.object({ headings: z.record(z.string(), z.string().nullable()) }),
};

/** $1 site, $2 kind, $3 headings */
export const saveMapping = {
  name: 'save-import-mapping',
  text: `INSERT INTO import_mappings AS m (site_id, kind, headings) VALUES ($1, $2, $3)
    ON CONFLICT (site_id, kind) DO UPDATE SET headings = m.headings || EXCLUDED.headings`,
};

const externalId = z.object({
  list: z.string(),
  externalId: z.string(),
  recordId: id,
  /** By column, as they were in the last import. */
  cells: z.record(z.string(), z.string()),
});
export type ExternalId = z.infer<typeof externalId>;

/** $1 site, $2 lists */
export const externalIdsOf: Statement<ExternalId> = {
  name: 'external-ids-of',
  text: `SELECT list, external_id AS "externalId", record_id AS "recordId", cells FROM external_ids
    WHERE site_id = $1 AND list = ANY ($2)`,
  row: externalId,
};

/** Those of a file. $1 site, $2 list, $3 external ids */
export const externalIdsAmong: Statement<ExternalId> = {
  name: 'external-ids-among',
  text: `SELECT list, external_id AS "externalId", record_id AS "recordId", cells FROM external_ids
    WHERE site_id = $1 AND list = $2 AND external_id = ANY ($3::text[])`,
  row: externalId,
};

/** $1 site, $2 list, $3 [{externalId, recordId, cells}] */
export const saveExternalIds = {
  name: 'save-external-ids',
  text: `INSERT INTO external_ids AS e (site_id, list, external_id, record_id, cells)
    SELECT $1, $2, n."externalId", n."recordId", n.cells
    FROM jsonb_to_recordset($3) AS n("externalId" text, "recordId" uuid, cells jsonb)
    ON CONFLICT (site_id, list, external_id) DO UPDATE SET cells = e.cells || EXCLUDED.cells
      WHERE e.record_id = EXCLUDED.record_id`,
};

/** $1 site, $2 list, $3 records */
export const deleteExternalIds = {
  name: 'delete-external-ids',
  text: 'DELETE FROM external_ids WHERE site_id = $1 AND list = $2 AND record_id = ANY ($3::uuid[])',
};

/** $1 site, $2 new resources as on the wire */
export const insertResources = {
  name: 'insert-resources',
  text: `INSERT INTO resources (site_id, id, kind, name, capacity, active, attributes, version)
    SELECT $1, n.id, n.kind, n.name, n.capacity, n.active, n.attributes, 1
    FROM jsonb_to_recordset($2) AS n(id uuid, kind text, name text, capacity int, active boolean, attributes jsonb)`,
};

/** $1 site, $2 resources as on the wire, each with its next version */
export const updateResources = {
  name: 'update-resources',
  text: `UPDATE resources r SET name = n.name, capacity = n.capacity, active = n.active, attributes = n.attributes,
      version = n.version
    FROM jsonb_to_recordset($2) AS n(id uuid, name text, capacity int, active boolean, attributes jsonb, version int)
    WHERE r.site_id = $1 AND r.id = n.id AND r.version = n.version - 1`,
};

const procedureColumns = `n(id uuid, name text, "shortName" text, service text, minutes int, spread int, "setupMinutes" int,
  "cleanupMinutes" int, "turnoverByRoom" jsonb, capabilities jsonb, equipment jsonb, bed jsonb, active boolean, version int)`;
/** $1 site, $2 new procedures as on the wire */
export const insertProcedures = {
  name: 'insert-procedures',
  text: `INSERT INTO procedures (site_id, id, name, short_name, service, minutes, spread, setup_minutes, cleanup_minutes,
      turnover_by_room, capabilities, equipment, bed, active)
    SELECT $1, n.id, n.name, n."shortName", n.service, n.minutes, n.spread, n."setupMinutes", n."cleanupMinutes",
      n."turnoverByRoom", n.capabilities,
      n.equipment, nullif(n.bed, 'null'), n.active
    FROM jsonb_to_recordset($2) AS ${procedureColumns}`,
};
/** $1 site, $2 procedures as on the wire, each with its next version */
export const updateProcedures = {
  name: 'update-procedures',
  text: `UPDATE procedures p SET name = n.name, short_name = n."shortName", service = n.service, minutes = n.minutes,
      spread = n.spread, setup_minutes = n."setupMinutes", cleanup_minutes = n."cleanupMinutes",
      turnover_by_room = n."turnoverByRoom", capabilities = n.capabilities, equipment = n.equipment, bed = nullif(n.bed, 'null'), active = n.active, version = n.version
    FROM jsonb_to_recordset($2) AS ${procedureColumns}
    WHERE p.site_id = $1 AND p.id = n.id AND p.version = n.version - 1`,
};

/** Addresses of accounts that belong to other sites only. $1 site */
export const addressesElsewhere: Statement<{ email: string }> = {
  name: 'import-addresses-elsewhere',
  text: `SELECT DISTINCT u.email FROM users u JOIN memberships o ON o.user_id = u.id
    WHERE NOT EXISTS (SELECT FROM memberships m WHERE m.site_id = $1 AND m.user_id = u.id)`,
  row: z.object({ email: z.string() }),
};

/** $1 people as on the wire; an address that was taken meanwhile is left out */
export const insertPeople = {
  name: 'insert-people',
  text: `INSERT INTO users (id, email, name, status)
    SELECT n.id, n.email, n.name, n.status
    FROM jsonb_to_recordset($1) AS n(id uuid, email text, name text, status text) ON CONFLICT (email) DO NOTHING`,
};

/** Locks the accounts until the commit. $1 people as on the wire, each with its next version */
export const updatePeople = {
  name: 'update-people',
  text: `UPDATE users u SET version = n.version FROM jsonb_to_recordset($1) AS n(id uuid, version int)
    WHERE u.id = n.id AND u.version = n.version - 1`,
};

/** $1 site, $2 people as on the wire */
export const saveRoles = {
  name: 'save-roles',
  text: `INSERT INTO memberships (site_id, user_id, role, surgeon_ids)
    SELECT $1, n.id, n.role, ARRAY(SELECT jsonb_array_elements_text(n."surgeonIds")::uuid)
    FROM jsonb_to_recordset($2) AS n(id uuid, role text, "surgeonIds" jsonb)
    ON CONFLICT (site_id, user_id) DO UPDATE SET role = EXCLUDED.role, surgeon_ids = EXCLUDED.surgeon_ids`,
};

// Cases: what they are checked against in memory, and what they become.

const blocksNow = z.object({ now: timestamp, blocks: z.array(block) });
/** $1 site */
export const blocksFromNowOn: Statement<z.infer<typeof blocksNow>> = {
  name: 'import-blocks-from-now-on',
  text: `SELECT clock_timestamp() AS now, coalesce((SELECT jsonb_agg(block_json(b)) FROM blocks b
    WHERE b.site_id = $1 AND upper(b.during) > (SELECT clock_timestamp())), '[]') AS blocks`,
  row: blocksNow,
};

const ms = (edge: string) => `extract(epoch FROM ${edge})::float8 * 1000`;
const isNotOverdue = `NOT coalesce(k.state = 'held' AND k.expires_at <= clock_timestamp(), false)`;

const takenClaim = z.object({
  id: bigint,
  resourceId: id,
  start: z.number(),
  end: z.number(),
  quantity: z.int(),
  number: bigint.nullable(),
});
/** The claims of a site from now on, in pages. `number`: of the case. $1 site, $2 after which claim, $3 how many */
export const claimsFromNowOn: Statement<z.infer<typeof takenClaim>> = {
  name: 'import-claims-from-now-on',
  text: `SELECT c.id, c.resource_id AS "resourceId", ${ms('lower(c.during)')} AS start, ${ms('upper(c.during)')} AS end,
      c.quantity, k.number
    FROM claims c LEFT JOIN cases k ON k.site_id = c.site_id AND k.id = c.case_id
    WHERE c.site_id = $1 AND c.id > $2 AND upper(c.during) > (SELECT clock_timestamp()) AND ${isNotOverdue}
    ORDER BY c.id LIMIT $3`,
  row: takenClaim,
};

const stay = z.object({ patientRef: z.string(), start: z.number(), end: z.number(), number: bigint });
/** $1 site */
export const staysFromNowOn: Statement<z.infer<typeof stay>> = {
  name: 'import-stays-from-now-on',
  text: `SELECT s.patient_ref AS "patientRef", ${ms('lower(s.during)')} AS start, ${ms('upper(s.during)')} AS end, k.number
    FROM patient_stays s JOIN cases k ON k.site_id = s.site_id AND k.id = s.case_id
    WHERE s.site_id = $1 AND upper(s.during) > (SELECT clock_timestamp()) AND ${isNotOverdue}`,
  row: stay,
};

/** Those of the ids that are cases. $1 site, $2 ids */
export const caseIdsAmong: Statement<{ id: string }> = {
  name: 'import-case-ids-among',
  text: `SELECT c.id FROM cases c WHERE c.site_id = $1 AND c.id IN (SELECT jsonb_array_elements_text($2)::uuid)`,
  row: z.object({ id }),
};

/** $1 how many */
export const newCaseNumbers: Statement<{ number: number }> = {
  name: 'new-case-numbers',
  text: `SELECT nextval('case_numbers') AS number FROM generate_series(1, $1)`,
  row: z.object({ number: bigint }),
};

/** $1 site, $2 import */
export const countLines: Statement<{ counts: VerdictCounts }> = {
  name: 'count-import-lines',
  text: `SELECT jsonb_build_object('create', count(*) FILTER (WHERE verdict = 'create'),
      'change', count(*) FILTER (WHERE verdict = 'change'), 'keep', count(*) FILTER (WHERE verdict = 'keep'),
      'depot', count(*) FILTER (WHERE verdict = 'depot'), 'refuse', count(*) FILTER (WHERE verdict = 'refuse')) AS counts
    FROM import_lines WHERE site_id = $1 AND import_id = $2`,
  row: z.object({ counts: verdictCounts }),
};

/** $1 site, $2 import, $3 after which line, $4 how many */
export const recordsOfImport: Statement<{ line: number; id: string }> = {
  name: 'records-of-import',
  text: `SELECT line, record_id AS id FROM import_lines
    WHERE site_id = $1 AND import_id = $2 AND record_id IS NOT NULL AND line > $3 ORDER BY line LIMIT $4`,
  row: z.object({ line: z.int(), id }),
};

/** $1 site, $2 cases */
export const casesById: Statement<{ case: Case }> = {
  name: 'import-cases-by-id',
  text: 'SELECT case_json(c) AS case FROM cases c WHERE site_id = $1 AND id = ANY ($2::uuid[])',
  row: z.object({ case: surgicalCase }),
};

/** Plans made for small tables would be slow for full ones. */
export const analyzeImported = { name: 'analyze-imported', text: 'SELECT analyze_imported()' };
