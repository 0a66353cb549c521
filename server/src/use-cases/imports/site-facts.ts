import { createNames } from '@slate/shared/lists/names';
import type { Procedure, Resource, ResourceKind } from '@slate/shared/resources';
import type { SiteSettings } from '@slate/shared/sites';
import { externalIdsOf } from '../../db/imports.sql.ts';
import type { ExternalId } from '../../db/imports.sql.ts';
import { many, one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { siteById } from '../../db/sites.sql.ts';
import { listOfKind } from '../../domain/import-catalogue.ts';
import { listProcedures } from '../catalogue/procedures.ts';
import { listResources } from '../catalogue/resources.ts';

export type SiteFacts = {
  zone: string;
  settings: SiteSettings;
  resources: Resource[];
  procedures: Procedure[];
  externalIds: ExternalId[];
  names: ReturnType<typeof createNames>;
};

/** Everything that the cells of a file can refer to. A retired record is found by its ids only. */
export async function siteFacts(db: Queryable, siteId: string): Promise<SiteFacts> {
  const [{ site }, resources, procedures, externalIds] = await Promise.all([
    one(db, siteById, [siteId]),
    listResources(db, siteId, {}),
    listProcedures(db, siteId),
    many(db, externalIdsOf, [siteId, [...Object.values(listOfKind), 'procedures', 'blocks', 'people']]),
  ]);
  const idOf = new Map(externalIds.map((each) => [`${each.list} ${each.recordId}`, each.externalId]));
  const named = <Kind extends ResourceKind | 'procedure'>(
    kind: Kind,
    list: string,
    { id, name, active }: Resource | Procedure,
  ) => ({ kind, id, name: active ? name : id, externalId: idOf.get(`${list} ${id}`) ?? null });
  return {
    zone: site.timeZone,
    settings: site.settings,
    resources,
    procedures,
    externalIds,
    names: createNames(
      [
        ...resources.map((each) => named(each.kind, listOfKind[each.kind], each)),
        ...procedures.map((each) => named('procedure', 'procedures', each)),
      ],
      site.timeZone,
    ),
  };
}
