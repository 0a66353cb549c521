import type { Problem } from '@slate/shared/errors';
import type { Actor } from '@slate/shared/fields';
import { appendReads, auditPage, signInPage } from '../../db/audit.sql.ts';
import { one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import type { Pseudonym } from '../../identity/secrets.ts';

export type Read = { siteId: string; actor: Actor; action: string; detail: Record<string, unknown> };

/** Resolves once the read has been written down; only then may the answer leave. */
export type ReadRecorder = { readonly record: (read: Read) => Promise<void> };

type Waiting = { read: Read; resolve: () => void; reject: (reason: unknown) => void };

const mostPerBatch = 500;

/**
 * Writes down who reads what. Each chain has one end, so two writers of it take turns: what arrives while one
 * batch is being written goes together into the next. A lone reader waits for nobody.
 */
export function createReadRecorder(db: Queryable): ReadRecorder {
  const queue: Waiting[] = [];
  let writing = false;

  async function writeAll() {
    writing = true;
    while (queue.length > 0) {
      const batch = queue.splice(0, mostPerBatch);
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

/** What PostgreSQL cannot store in JSON would take the other reads of its batch down with it. */
const storable = (text: string) => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** What was asked, as far as it was understood before it was refused. */
export type Asked = {
  userId?: string;
  /** Once it is known that the caller has business at the site. */
  caller?: { siteId: string; actor: Actor };
  name: string;
  /** What it was about: ids alone. */
  about: Record<string, string>;
  patientRef?: string;
};

export type RefusalAudit = (asked: Asked, refusal: Pick<Problem, 'code' | 'blockers'>) => Promise<void>;

/**
 * Writes down, before it is answered, a refusal that tells something about a patient, and each attempt at what the
 * caller may not do. Both are worth as much to somebody curious as a read.
 */
export const createRefusalAudit =
  (reads: ReadRecorder, pseudonym: Pseudonym): RefusalAudit =>
  async ({ caller, name, about, patientRef }, { code, blockers = [] }) => {
    if (!caller || (code !== 'forbidden' && !blockers.some(({ kind }) => kind === 'patient'))) return;
    const { siteId, actor } = caller;
    const patient = patientRef === undefined ? {} : { patientRef: pseudonym(siteId, patientRef) };
    await reads.record({ siteId, actor, action: `${name}.refused`, detail: { ...about, ...patient, code } });
  };

export type AuditQuery = {
  chain: 'commands' | 'reads' | 'identity';
  before?: number | undefined;
  limit: number;
};

const mostPerPage = 200;

/** Who did and who read what, or who signed in, latest first; the next page begins before the last entry of this one. */
export const readAudit = (db: Queryable, siteId: string, { chain, before, limit }: AuditQuery) =>
  chain === 'identity'
    ? one(db, signInPage, [siteId, before ?? null, Math.min(limit, mostPerPage)])
    : one(db, auditPage, [siteId, chain, before ?? null, Math.min(limit, mostPerPage)]);
