import type { Site } from '@slate/shared/sites';
import { maybeOne } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { siteById } from '../../db/sites.sql.ts';
import { notFound } from '../../domain/refusal.ts';

/** Name, time zone and settings of a site. */
export async function readSettings(db: Queryable, siteId: string): Promise<Site> {
  const found = await maybeOne(db, siteById, [siteId]);
  if (!found) throw notFound('site');
  return found.site;
}
