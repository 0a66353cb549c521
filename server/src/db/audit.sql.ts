import { auditEntry } from '@slate/shared/contract/audit';
import type { RouteInput } from '@slate/shared/contract';
import { id } from '@slate/shared/fields';
import { instant } from '@slate/shared/time';
import { z } from 'zod';
import { bigint } from './query.ts';
import type { Statement } from './query.ts';

const page = z.object({ at: instant, entries: z.array(auditEntry) });

/** Stands for the site of the chain of sign-ins. */
export const allSites = '00000000-0000-0000-0000-000000000000';

/** The condition of each filter. The expressions are those of the indexes. */
const filters = {
  before: (seq: string) => `a.seq < ${seq}::bigint`,
  person: (value: string, chain: AuditQuery['chain']) => `${personIn(chain)} = ${value}::text`,
  case: (value: string, chain: AuditQuery['chain'], site: string) =>
    chain === 'commands'
      ? // A query of its own: the planner takes a case for a frequent one, and would walk the whole chain.
        `a.seq = ANY (ARRAY(SELECT c.seq FROM audit c WHERE c.site_id = ${site} AND c.chain = 'commands'
          AND jsonb_path_query_array(c.detail, '$.cases[*].id') @> jsonb_build_array(${value}::text)))`
      : chain === 'reads'
        ? `a.detail ->> 'case' = ${value}::text`
        : // No sign-in is about a case, and the chain has no index for it.
          `${value}::text IS NULL`,
  action: (action: string) => `a.action = ${action}::text`,
  // Numbers grow with the time, except for a clock that is set back: hence an hour of margin.
  from: (time: string, chain: AuditQuery['chain'], site: string) =>
    `a.at >= ${time}::timestamptz AND a.seq >= coalesce((SELECT f.seq FROM audit f
      WHERE f.site_id = ${site} AND f.chain = '${chain}' AND f.at >= ${time}::timestamptz - interval '1 hour'
      ORDER BY f.at LIMIT 1), 9223372036854775807)`,
  to: (time: string, chain: AuditQuery['chain'], site: string) =>
    `a.at < ${time}::timestamptz AND a.seq <= coalesce((SELECT t.seq FROM audit t
      WHERE t.site_id = ${site} AND t.chain = '${chain}' AND t.at < ${time}::timestamptz + interval '1 hour'
      ORDER BY t.at DESC LIMIT 1), 0)`,
};
const filterNames = Object.keys(filters) as (keyof typeof filters)[];

const personIn = (chain: AuditQuery['chain']) =>
  chain === 'identity' ? `coalesce(a.actor ->> 'id', a.detail ->> 'user')` : `a.actor ->> 'id'`;

export type AuditQuery = RouteInput<'audit'>['query'];

/**
 * A page of a chain, latest first, with the values of its statement. Each set of filters is a statement of its own, so that it
 * gets its index. The chain of sign-ins is shared by all sites: entries of people of other sites are left out.
 */
export function auditPage(
  siteId: string,
  query: AuditQuery,
): { statement: Statement<z.infer<typeof page>>; values: unknown[] } {
  const { chain, limit } = query;
  const values: unknown[] = [siteId, limit];
  const used = filterNames.filter((name) => query[name] !== undefined);
  const site = chain === 'identity' ? `'${allSites}'::uuid` : '$1::uuid';
  const conditions = used.map((name) => filters[name](`$${values.push(query[name])}`, chain, site));
  const ofMembers =
    chain === 'identity'
      ? [
          `(${personIn(chain)} IS NULL OR ${personIn(chain)} IN (SELECT m.user_id::text FROM memberships m WHERE m.site_id = $1::uuid))`,
        ]
      : [];
  const text = `SELECT wire(clock_timestamp()) AS at, coalesce((
      SELECT jsonb_agg(jsonb_build_object('chain', chain, 'seq', seq, 'at', wire(at), 'actor', actor,
        'action', action, 'detail', detail) ORDER BY seq DESC)
      FROM (SELECT * FROM audit a
        WHERE ${[`a.site_id = ${site}`, `a.chain = '${chain}'`, ...conditions, ...ofMembers].join(' AND ')}
        ORDER BY seq DESC LIMIT $2::int) e), '[]') AS entries`;
  const name = ['audit', chain, ...used].join('-');
  return { statement: { name, text, row: page, isPlannedByValues: true }, values };
}

export const auditHead = z.object({ site: id, chain: z.string(), seq: z.int(), head: z.string() });
const heads = z.object({ at: instant, heads: z.array(auditHead) });

/** The current head of each chain. */
export const auditHeads: Statement<z.infer<typeof heads>> = {
  name: 'audit-heads',
  text: `SELECT wire(clock_timestamp()) AS at, coalesce(jsonb_agg(jsonb_build_object('site', site_id, 'chain', chain,
      'seq', seq, 'head', encode(head, 'hex')) ORDER BY site_id, chain), '[]') AS heads FROM audit_chains`,
  row: heads,
};

/** Hashes of rows of a chain. $1 site, $2 chain, $3 numbers */
export const auditHashes: Statement<{ seq: number; hash: string }> = {
  name: 'audit-hashes',
  text: `SELECT seq, encode(hash, 'hex') AS hash FROM audit
    WHERE site_id = $1 AND chain = $2 AND seq = ANY ($3::bigint[])`,
  row: z.object({ seq: bigint, hash: z.string() }),
};

/** Appends a batch in order of arrival, site by site so that batches cannot deadlock. $1 reads */
export const appendReads = {
  name: 'append-reads',
  text: `SELECT append_audit(r.site, 'reads', r.actor, r.action, r.detail)
    FROM (SELECT * FROM jsonb_to_recordset($1) AS r(n int, site uuid, actor jsonb, action text, detail jsonb)
      ORDER BY site, n) r`,
};

const chain = z.object({ site: id, name: z.string().nullable(), chain: z.string() });
export type Chain = z.infer<typeof chain>;

/**
 * All chains that exist or should exist: those with rows (found by jumps along the index), those with a head, the
 * commands of every site with a revision, and the sign-ins if there is any session.
 */
export const auditChains: Statement<Chain> = {
  name: 'audit-chains',
  text: `
    WITH RECURSIVE found AS (
      (SELECT site_id, chain FROM audit ORDER BY site_id, chain LIMIT 1)
      UNION ALL
      SELECT next.site_id, next.chain FROM found CROSS JOIN LATERAL (
        SELECT a.site_id, a.chain FROM audit a WHERE (a.site_id, a.chain) > (found.site_id, found.chain)
        ORDER BY a.site_id, a.chain LIMIT 1) next
    ), known AS (
      SELECT site_id, chain FROM found
      UNION SELECT site_id, chain FROM audit_chains
      UNION SELECT id, 'commands' FROM sites WHERE revision > 0
      UNION SELECT '${allSites}', 'identity' WHERE EXISTS (SELECT FROM sessions)
    )
    SELECT k.site_id AS site, s.name, k.chain FROM known k LEFT JOIN sites s ON s.id = k.site_id
    ORDER BY s.name, k.site_id, k.chain`,
  row: chain,
};

const stretch = z.object({
  rows: bigint,
  last_seq: bigint.nullable(),
  last_hash: z.instanceof(Buffer).nullable(),
  /** The first row whose number does not follow the previous one, and the number expected there. */
  out_of_turn: bigint.nullable(),
  missing: bigint.nullable(),
  /** The first row whose hash does not match its contents and the row before it. */
  unsound: bigint.nullable(),
  head_seq: bigint.nullable(),
  head: z.instanceof(Buffer).nullable(),
});
export type Stretch = z.infer<typeof stretch>;

/**
 * Recomputes the hashes of a stretch of a chain, with the head as of the same moment, so that rows may be added
 * meanwhile. $1 site, $2 chain, $3 after this row, $4 and $5 number and hash of the row before, $6 limit
 */
export const auditStretch: Statement<Stretch> = {
  name: 'audit-stretch',
  text: `
    WITH checked AS (
      SELECT seq, hash, lag(seq, 1, $4::bigint) OVER w + 1 AS expected,
        audit_hash(lag(hash, 1, $5::bytea) OVER w, site_id, chain, seq, at, actor, action, detail) AS computed
      FROM (SELECT * FROM audit WHERE site_id = $1 AND chain = $2 AND seq > $3 ORDER BY seq LIMIT $6) a
      WINDOW w AS (ORDER BY seq)
    )
    SELECT count(*) AS rows, max(seq) AS last_seq, (array_agg(hash ORDER BY seq DESC))[1] AS last_hash,
      min(seq) FILTER (WHERE seq <> expected) AS out_of_turn,
      min(expected) FILTER (WHERE seq <> expected) AS missing,
      min(seq) FILTER (WHERE hash IS DISTINCT FROM computed) AS unsound,
      (SELECT c.seq FROM audit_chains c WHERE c.site_id = $1 AND c.chain = $2) AS head_seq,
      (SELECT c.head FROM audit_chains c WHERE c.site_id = $1 AND c.chain = $2) AS head
    FROM checked`,
  row: stretch,
};
