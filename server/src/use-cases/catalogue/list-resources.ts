import type { Resource, ResourceKind } from '@slate/shared/resources';
import { many } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { resourcesOf } from '../../db/resources.sql.ts';

/** Rooms, surgeons, equipment, beds and lists of a site, retired ones included. */
export async function listResources(
  db: Queryable,
  siteId: string,
  { kind }: { kind?: ResourceKind | undefined },
): Promise<Resource[]> {
  const rows = await many(db, resourcesOf, [siteId, kind ?? null]);
  return rows.map(({ resource }) => resource);
}
