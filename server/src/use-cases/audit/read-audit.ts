import { auditPage, signInPage } from '../../db/audit.sql.ts';
import { one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';

export type AuditQuery = {
  chain: 'commands' | 'reads' | 'identity';
  before?: number | undefined;
  limit: number;
};

const most = 200;

/** Who did and who read what, or who signed in, latest first; the next page begins before the last entry of this one. */
export const readAudit = (db: Queryable, siteId: string, { chain, before, limit }: AuditQuery) =>
  chain === 'identity'
    ? one(db, signInPage, [siteId, before ?? null, Math.min(limit, most)])
    : one(db, auditPage, [siteId, chain, before ?? null, Math.min(limit, most)]);
