import { procedure } from '@slate/shared/resources';
import type { Procedure } from '@slate/shared/resources';
import { z } from 'zod';
import type { Statement } from './query.ts';

const row = z.object({ procedure });

/** $1 site */
export const proceduresOf: Statement<{ procedure: Procedure }> = {
  name: 'procedures-of',
  text: 'SELECT procedure_json(p) AS procedure FROM procedures p WHERE site_id = $1 ORDER BY name, id',
  row,
};

/** $1 site, $2 procedures */
export const proceduresById: Statement<{ procedure: Procedure }> = {
  name: 'procedures-by-id',
  text: 'SELECT procedure_json(p) AS procedure FROM procedures p WHERE site_id = $1 AND id = ANY ($2::uuid[])',
  row,
};

/** $1 site, $2 procedure */
export const procedureById: Statement<{ procedure: Procedure }> = {
  name: 'procedure-by-id',
  text: 'SELECT procedure_json(p) AS procedure FROM procedures p WHERE site_id = $1 AND id = $2',
  row,
};

/** $1 site, $2 id, $3 the procedure as on the wire */
export const insertProcedure: Statement<{ procedure: Procedure }> = {
  name: 'insert-procedure',
  text: `INSERT INTO procedures AS p (site_id, id, name, short_name, service, minutes, spread, setup_minutes, cleanup_minutes,
      turnover_by_room, capabilities, equipment, bed)
    SELECT $1, $2, n.name, n."shortName", n.service, n.minutes, n.spread, n."setupMinutes", n."cleanupMinutes",
      n."turnoverByRoom", n.capabilities,
      n.equipment, n.bed
    FROM jsonb_to_record($3) AS n(name text, "shortName" text, service text, minutes int, spread int, "setupMinutes" int,
      "cleanupMinutes" int, "turnoverByRoom" jsonb, capabilities jsonb, equipment jsonb, bed jsonb)
    ON CONFLICT DO NOTHING RETURNING procedure_json(p) AS procedure`,
  row,
};

/** No row if the version has changed. $1 site, $2 id, $3 the procedure as on the wire, $4 version */
export const updateProcedure: Statement<{ procedure: Procedure }> = {
  name: 'update-procedure',
  text: `UPDATE procedures p SET name = n.name, short_name = n."shortName", service = n.service, minutes = n.minutes, spread = n.spread,
      setup_minutes = n."setupMinutes", cleanup_minutes = n."cleanupMinutes", turnover_by_room = n."turnoverByRoom", capabilities = n.capabilities,
      equipment = n.equipment, bed = n.bed, active = n.active, version = p.version + 1
    FROM jsonb_to_record($3) AS n(name text, "shortName" text, service text, minutes int, spread int, "setupMinutes" int,
      "cleanupMinutes" int, "turnoverByRoom" jsonb, capabilities jsonb, equipment jsonb, bed jsonb, active boolean)
    WHERE p.site_id = $1 AND p.id = $2 AND p.version = $4 RETURNING procedure_json(p) AS procedure`,
  row,
};
