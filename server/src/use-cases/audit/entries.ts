import type { RouteInput, RouteReply } from '@slate/shared/contract';
import type { Problem } from '@slate/shared/errors';
import type { Actor } from '@slate/shared/fields';
import { byteOrderMark, csvLine } from '@slate/shared/lists/csv';
import { appendReads, auditPage } from '../../db/audit.sql.ts';
import type { AuditQuery } from '../../db/audit.sql.ts';
import { one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import type { Pseudonym } from '../../identity/secrets.ts';

export type Read = { siteId: string; actor: Actor; action: string; detail: Record<string, unknown> };

/** Resolves when the read has been recorded. Send the answer only after that. */
export type ReadRecorder = { readonly record: (read: Read) => Promise<void> };

type Waiting = { read: Read; resolve: () => void; reject: (reason: unknown) => void };

const maxPerBatch = 500;

/**
 * Records who reads what. Only one writer can extend a chain at a time, so reads that arrive during a write go into
 * the next batch.
 */
export function createReadRecorder(db: Queryable): ReadRecorder {
  const queue: Waiting[] = [];
  let writing = false;

  async function writeAll() {
    writing = true;
    while (queue.length > 0) {
      const batch = queue.splice(0, maxPerBatch);
      try {
        const text = textOf(batch.map(({ read }) => read));
        await run(db, appendReads.name, appendReads.text, [text]);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    writing = false;
  }

  return {
    record: (read) =>
      new Promise((resolve, reject) => {
        queue.push({ read, resolve, reject });
        if (!writing) void writeAll();
      }),
  };
}

const textOf = (reads: readonly Read[]) =>
  JSON.stringify(
    reads.map(({ siteId, ...read }, n) => ({ n, site: siteId, ...read })),
    (_, value: unknown) => (typeof value === 'string' ? storable(value) : value),
  );

/** One string that PostgreSQL cannot store in JSON would make the whole batch fail. */
const storable = (text: string) => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** A request, as far as it was parsed before it was refused. */
export type Attempt = {
  userId?: string;
  /** Set once the caller is known to be a member of the site. */
  caller?: { siteId: string; actor: Actor };
  name: string;
  /** The ids in the address, and the key. */
  ids: Record<string, string>;
  patientRef?: string;
};

export type RefusalAudit = (attempt: Attempt, refusal: Pick<Problem, 'code' | 'blockers'>) => Promise<void>;

/**
 * Records, before the answer is sent, refusals that reveal something about a patient, and attempts at forbidden
 * actions. A curious person can learn as much from them as from a read.
 */
export const createRefusalAudit =
  (reads: ReadRecorder, pseudonym: Pseudonym): RefusalAudit =>
  async ({ caller, name, ids, patientRef }, { code, blockers = [] }) => {
    if (!caller || (code !== 'forbidden' && !blockers.some(({ kind }) => kind === 'patient'))) return;
    const { siteId, actor } = caller;
    const patient = patientRef === undefined ? {} : { patientRef: pseudonym(siteId, patientRef) };
    await reads.record({ siteId, actor, action: `${name}.refused`, detail: { ...ids, ...patient, code } });
  };

/** One page of a chain, latest first. The next page starts before the last entry of this one. */
export function readAudit(db: Queryable, siteId: string, query: AuditQuery): Promise<RouteReply<'audit'>> {
  const { statement, values } = auditPage(siteId, query);
  return one(db, statement, values);
}

const exportedAtOnce = 1_000;
const headings = ['Entry', 'Time', 'Person', 'Person id', 'Action', 'Details'];

/**
 * All entries that match as CSV, latest first. A connection is needed for one page at a time: entries never change, and new ones
 * come before the first page.
 */
export async function* exportAudit(
  db: Queryable,
  siteId: string,
  filter: RouteInput<'exportAudit'>['query'],
): AsyncGenerator<string, void> {
  let before: number | undefined;
  do {
    const { entries } = await readAudit(db, siteId, { ...filter, before, limit: exportedAtOnce });
    const lines = entries.map(({ seq, at, actor, action, detail }) =>
      csvLine([String(seq), at, actor?.name ?? '', actor?.id ?? '', action, JSON.stringify(detail)]),
    );
    yield (before === undefined ? byteOrderMark + csvLine(headings) : '') + lines.join('');
    before = entries.length < exportedAtOnce ? undefined : entries.at(-1)?.seq;
  } while (before !== undefined);
}
