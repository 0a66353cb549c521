import type { Actor } from '@slate/shared/fields';
import { appendReads } from '../../db/audit.sql.ts';
import { run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';

export type Read = { siteId: string; actor: Actor; action: string; detail: Record<string, unknown> };

/** Resolves once the read has been written down; only then may the answer leave. */
export type ReadRecorder = { readonly record: (read: Read) => Promise<void> };

type Waiting = { read: Read; resolve: () => void; reject: (reason: unknown) => void };

const most = 500;

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
      const batch = queue.splice(0, most);
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
