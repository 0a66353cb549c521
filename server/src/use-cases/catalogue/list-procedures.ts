import type { Procedure } from '@slate/shared/resources';
import { proceduresOf } from '../../db/procedures.sql.ts';
import { many } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';

/** The catalogue of procedures of a site, retired ones included. */
export async function listProcedures(db: Queryable, siteId: string): Promise<Procedure[]> {
  const rows = await many(db, proceduresOf, [siteId]);
  return rows.map(({ procedure }) => procedure);
}
