import type { ExportQuery } from '@slate/shared/contract/site-documents';
import { siteDocumentLists, siteDocumentVersion } from '@slate/shared/site-document';
import { localDateOf, localDay } from '@slate/shared/time';
import { connect } from '../../db/pool.ts';
import type { Database } from '../../db/pool.ts';
import { many, maybeOne, one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { exportHead, fileNameParts, pagesOf } from '../../db/site-document.sql.ts';
import { notFound } from '../../domain/refusal.ts';

/** Names the site and its date: `st-anna-2026-11-30.json`. */
export async function exportFileName(db: Queryable, siteId: string, ending: string): Promise<string> {
  const { name, at, zone } = await one(db, fileNameParts, [siteId]);
  const words = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
  return `${words || 'site'}-${localDateOf(at, zone)}.${ending}`;
}

const beforeAllIds = '00000000-0000-0000-0000-000000000000';

/**
 * Everything of a site as the text of a site document, page by page from one snapshot. A reader who pauses for longer than
 * the database lets a transaction idle loses the rest.
 */
export async function* exportSite(
  pool: Database,
  siteId: string,
  { since }: ExportQuery,
): AsyncGenerator<string, void> {
  const tx = await connect(pool);
  let broken: Error | undefined;
  try {
    await tx.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const head = await maybeOne(tx, exportHead, [siteId]);
    if (!head) throw notFound('site');
    const from = since === undefined ? null : localDay(since, head.zone).start;
    yield `{"format":"slate-site","version":${siteDocumentVersion},"exportedAt":"${head.at}","site":${head.site}`;
    for (const list of siteDocumentLists) {
      let [after, separator] = [beforeAllIds, ''];
      yield `,"${list}":[`;
      for (;;) {
        const rows = await many(tx, pagesOf[list], [siteId, after, ...(list === 'cases' ? [from] : [])]);
        const last = rows.at(-1);
        if (!last) break;
        yield separator + rows.map(({ item }) => item).join(',\n');
        [after, separator] = [last.id, ',\n'];
      }
      yield ']';
    }
    yield '}\n';
  } finally {
    await tx.query('ROLLBACK').catch((error: unknown) => {
      broken = error instanceof Error ? error : new Error(String(error));
    });
    tx.release(broken);
  }
}
