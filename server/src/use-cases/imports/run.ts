import type { ImportFile, VerdictCounts } from '@slate/shared/contract/imports';
import type { CommandDeps } from '../../commands/context.ts';
import {
  finishImport as finishStatement,
  saveVerdicts,
  stagedLines,
  updateImport,
} from '../../db/imports.sql.ts';
import type { ImportUpdate, StagedLine } from '../../db/imports.sql.ts';
import { many, maybeOne, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { countVerdicts } from '../../domain/import-lines.ts';
import type { Planned } from '../../domain/import-lines.ts';
import { inParts, linesAtOnce } from './stage-import.ts';

/** An import that this process works on. */
export type Run = {
  deps: CommandDeps;
  siteId: string;
  file: ImportFile;
  mode: 'all' | 'good' | null;
  /** The current lease. Each progress renews it. */
  lease: { until: string };
  /** Keeps the import for this process, and shows how far it is. Throws `Stopped`. */
  progress: (done: number) => Promise<void>;
};

/** Somebody has cancelled the import, or another process has it. */
export class Stopped extends Error {}

/** The import cannot be done, and nothing was changed. The message gives the person the reason. */
export class Refused extends Error {}

export async function readStaged({ deps, siteId, file, progress }: Run): Promise<StagedLine[]> {
  const lines: StagedLine[] = [];
  for (;;) {
    const page = await many(deps.pool, stagedLines, [siteId, file.id, lines.at(-1)?.line ?? 0, linesAtOnce]);
    lines.push(...page);
    await progress(0);
    if (page.length < linesAtOnce) return lines;
  }
}

/** Saves what each line does, for the person to read. */
export async function savePlan(
  { deps, siteId, file, progress }: Run,
  planned: readonly Planned<unknown>[],
): Promise<VerdictCounts> {
  let done = 0;
  for await (const part of inParts(planned)) {
    await progress(done);
    await saveLines(deps.pool, siteId, file.id, part);
    done += part.length;
  }
  return countVerdicts(planned);
}

export const saveLines = (
  db: Queryable,
  siteId: string,
  importId: string,
  planned: readonly Planned<unknown>[],
) => {
  const rows = planned.map(({ line, verdict, errors, changes }) => ({ line, verdict, errors, changes }));
  return run(db, saveVerdicts.name, saveVerdicts.text, [siteId, importId, JSON.stringify(rows)]);
};

/** The last step: after it, an import cannot be cancelled any more. */
export async function finishImport(db: Queryable, { siteId, file, lease }: Run, counts: VerdictCounts) {
  if (!(await maybeOne(db, finishStatement, [siteId, file.id, lease.until, counts]))) throw new Stopped();
}

/** The last step of a worker in this state. It has no effect if the lease is lost. */
export const leaveImport = ({ deps, siteId, file, lease }: Run, fields: ImportUpdate) =>
  maybeOne(deps.pool, updateImport, [siteId, file.id, fields, lease.until]);
