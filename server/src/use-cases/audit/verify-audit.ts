import type { RouteInput, RouteReply } from '@slate/shared/contract';
import { entriesPerStep } from '@slate/shared/contract/audit';
import { allSites, auditChains, auditHashes, auditStretch } from '../../db/audit.sql.ts';
import type { Chain, Stretch } from '../../db/audit.sql.ts';
import { many, one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import type { AnchoredHead } from './anchor-audit.ts';

/** The result of the check of one chain. */
export type ChainReport = Chain & {
  rows: number;
  head: string;
  /** The first problem found. */
  problem: string | null;
};

/** The smallest bigint, below every forged row. */
const beforeAll = '-9223372036854775808';

/**
 * Follows each chain from its first row to its head, in stretches. A chain that was rewritten as a whole, or deleted
 * with its head, looks sound: only heads anchored elsewhere reveal it.
 */
export async function* verifyAudit(
  db: Queryable,
  { anchored = [], stretchRows = 10_000 }: { anchored?: readonly AnchoredHead[]; stretchRows?: number } = {},
): AsyncGenerator<ChainReport> {
  const nameOf = ({ site, chain }: Pick<Chain, 'site' | 'chain'>) => `${site} ${chain}`;
  const anchoredByChain = Map.groupBy(anchored, nameOf);
  for (const chain of await many(db, auditChains)) {
    const report = await verifyChain(db, chain, stretchRows);
    const problem =
      report.problem ?? (await problemWithAnchors(db, report, anchoredByChain.get(nameOf(chain))));
    anchoredByChain.delete(nameOf(chain));
    yield { ...report, problem };
  }
  for (const [first] of anchoredByChain.values()) {
    if (!first) continue;
    const { site, chain, at } = first;
    const problem = `the whole chain was deleted; it was anchored at ${at}`;
    yield { site, name: null, chain, rows: 0, head: '', problem };
  }
}

async function problemWithAnchors(
  db: Queryable,
  { site, chain }: Chain,
  anchored: readonly AnchoredHead[] = [],
) {
  const found = await many(db, auditHashes, [site, chain, anchored.map(({ seq }) => seq)]);
  const hashes = new Map(found.map(({ seq, hash }) => [seq, hash]));
  for (const { seq, head, at } of anchored.toSorted((a, b) => a.seq - b.seq)) {
    const hash = hashes.get(seq);
    if (hash === undefined) return `the end was cut off, the head with it: at ${at} it had row ${seq}`;
    if (hash !== head) return `row ${seq} is not the one that was anchored at ${at}: the chain was rewritten`;
  }
  return null;
}

async function verifyChain(db: Queryable, chain: Chain, stretchRows: number): Promise<ChainReport> {
  let rows = 0;
  let end = start;
  for (;;) {
    const step = await verifyStretch(db, chain, end, stretchRows);
    rows += step.rows;
    end = step.end;
    if (step.isDone) return { ...chain, rows, head: end.hash.toString('hex'), problem: step.problem };
  }
}

/** The last checked row of a chain. */
type End = { seq: number; hash: Buffer };
const start: End = { seq: 0, hash: Buffer.alloc(0) };

/** Checks the next rows of a chain: the hash of each covers the one before it. */
async function verifyStretch(
  db: Queryable,
  { site, chain }: Pick<Chain, 'site' | 'chain'>,
  from: End,
  stretchRows: number,
) {
  const after = from.seq === 0 ? beforeAll : String(from.seq);
  const stretch = await one(db, auditStretch, [site, chain, after, from.seq, from.hash, stretchRows]);
  const end = { seq: stretch.last_seq ?? from.seq, hash: stretch.last_hash ?? from.hash };
  const isEnd = stretch.rows < stretchRows;
  const problem = problemIn(stretch) ?? (isEnd ? problemAtEnd(stretch, end) : null);
  return {
    rows: stretch.rows,
    end,
    length: stretch.head_seq ?? end.seq,
    isDone: isEnd || problem !== null,
    problem,
  };
}

/**
 * One step of the verification of a chain of a site. The caller brings the end of the step before, so a verification of any
 * length takes no long request and no job, and can be watched and stopped.
 */
export async function verifyNext(
  db: Queryable,
  siteId: string,
  { chain, after, hash }: RouteInput<'verifyAudit'>['query'],
  stretchRows = entriesPerStep,
): Promise<RouteReply<'verifyAudit'>> {
  const site = chain === 'identity' ? allSites : siteId;
  const from =
    after === undefined || hash === undefined ? start : { seq: after, hash: Buffer.from(hash, 'hex') };
  const exists =
    from !== start ||
    (await many(db, auditChains)).some((each) => each.site === site && each.chain === chain);
  if (!exists) return { after: 0, hash: '', length: 0, isDone: true, problem: null };
  const { end, length, isDone, problem } = await verifyStretch(db, { site, chain }, from, stretchRows);
  return { after: end.seq, hash: end.hash.toString('hex'), length, isDone, problem };
}

function problemIn({ out_of_turn: outOfTurn, missing, unsound }: Stretch): string | null {
  // After a gap, the hash does not match either; report the missing rows.
  if (outOfTurn !== null && missing !== null && (unsound === null || outOfTurn <= unsound)) {
    if (outOfTurn < missing) return `row ${outOfTurn} was added: row ${missing} is the first of a chain`;
    return `${rowsFrom(missing, outOfTurn - 1)} deleted`;
  }
  return unsound === null ? null : `row ${unsound} is not what was written: it was edited, replaced or moved`;
}

function problemAtEnd({ head_seq: headSeq, head }: Stretch, { seq, hash }: End): string | null {
  if (seq === 0 && !headSeq) return 'the whole chain was deleted';
  if (headSeq === null || head === null) return `its head was deleted; the last row found is ${seq}`;
  if (headSeq > seq) return `${rowsFrom(seq + 1, headSeq)} cut off the end`;
  if (headSeq < seq) return `row ${headSeq + 1} was added behind the head`;
  return head.equals(hash) ? null : `the head is not that of row ${seq}: it was replaced`;
}

const rowsFrom = (first: number, last: number) =>
  first === last ? `row ${first} was` : `rows ${first} to ${last} were`;
