import { auditChains, auditStretch } from '../db/audit.sql.ts';
import type { Chain, Stretch } from '../db/audit.sql.ts';
import { many, one } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';

/** A chain as it was found. The head is worth writing down elsewhere: a chain that once had it must keep it. */
export type ChainReport = Chain & {
  rows: number;
  head: string;
  /** The first thing that is wrong with it. */
  problem: string | null;
};

/** The least bigint: nothing that was ever slipped in comes before it. */
const beforeAll = '-9223372036854775808';

/** Follows every chain of the audit from its first row to its head, so many rows at a time. */
export async function* verifyAudit(db: Queryable, stretchRows = 10_000): AsyncGenerator<ChainReport> {
  for (const chain of await many(db, auditChains)) yield verifyChain(db, chain, stretchRows);
}

async function verifyChain(db: Queryable, chain: Chain, stretchRows: number): Promise<ChainReport> {
  let rows = 0;
  let after = beforeAll;
  let seq = 0;
  let hash: Buffer = Buffer.alloc(0);
  for (;;) {
    const values = [chain.site, chain.chain, after, seq, hash, stretchRows];
    const stretch = await one(db, auditStretch, values);
    const isEnd = stretch.rows < stretchRows;
    rows += stretch.rows;
    seq = stretch.last_seq ?? seq;
    hash = stretch.last_hash ?? hash;
    after = String(seq);
    const problem = problemIn(stretch) ?? (isEnd ? problemAtEnd(stretch, seq, hash) : null);
    if (problem !== null || isEnd) return { ...chain, rows, head: hash.toString('hex'), problem };
  }
}

function problemIn({ out_of_turn: outOfTurn, missing, unsound }: Stretch): string | null {
  // Behind a gap the hash does not fit either; that rows are missing says more.
  if (outOfTurn !== null && missing !== null && (unsound === null || outOfTurn <= unsound)) {
    if (outOfTurn < missing) return `row ${outOfTurn} was added: row ${missing} is the first of a chain`;
    return `${rowsFrom(missing, outOfTurn - 1)} deleted`;
  }
  return unsound === null ? null : `row ${unsound} is not what was written: it was edited, replaced or moved`;
}

function problemAtEnd({ head_seq: headSeq, head }: Stretch, seq: number, hash: Buffer): string | null {
  if (seq === 0 && !headSeq) return 'the whole chain was deleted';
  if (headSeq === null || head === null) return `its head was deleted; the last row found is ${seq}`;
  if (headSeq > seq) return `${rowsFrom(seq + 1, headSeq)} cut off the end`;
  if (headSeq < seq) return `row ${headSeq + 1} was added behind the head`;
  return head.equals(hash) ? null : `the head is not that of row ${seq}: it was replaced`;
}

const rowsFrom = (first: number, last: number) =>
  first === last ? `row ${first} was` : `rows ${first} to ${last} were`;
