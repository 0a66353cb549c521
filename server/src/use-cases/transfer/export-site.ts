import type { ExportQuery } from '@slate/shared/contract/site-documents';
import { siteDocumentLists, siteDocumentVersion } from '@slate/shared/site-document';
import { localDateOf, localDay } from '@slate/shared/time';
import type { Database } from '../../db/pool.ts';
import { maybeOne, one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { exportHead, fileNameParts } from '../../db/site-document.sql.ts';
import { notFound } from '../../domain/refusal.ts';
import { fromSnapshot, pagesFrom } from './snapshot.ts';

/** Names the site and its date: `st-anna-rooms-2026-11-30.csv`. */
export async function exportFileName(
  db: Queryable,
  siteId: string,
  ending: string,
  list = '',
): Promise<string> {
  const { name, at, zone } = await one(db, fileNameParts, [siteId]);
  const words = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
  return `${[words || 'site', ...(list ? [list] : []), localDateOf(at, zone)].join('-')}.${ending}`;
}

/** Everything of a site as the text of a site document. */
export const exportSite = (pool: Database, siteId: string, { since }: ExportQuery) =>
  fromSnapshot(pool, async function* (tx) {
    const head = await maybeOne(tx, exportHead, [siteId]);
    if (!head) throw notFound('site');
    const from = since === undefined ? null : localDay(since, head.zone).start;
    yield `{"format":"slate-site","version":${siteDocumentVersion},"exportedAt":"${head.at}","site":${head.site}`;
    for (const list of [...siteDocumentLists, 'externalIds'] as const) {
      let separator = '';
      yield `,"${list}":[`;
      for await (const items of pagesFrom(
        tx,
        list,
        siteId,
        list === 'cases' || list === 'externalIds' ? [from] : [],
      )) {
        yield separator + items.join(',\n');
        separator = ',\n';
      }
      yield ']';
    }
    yield '}\n';
  });
