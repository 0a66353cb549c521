import { randomUUID } from 'node:crypto';
import type { ChangeBody } from '@slate/shared/changes';
import type { VerdictCounts } from '@slate/shared/contract/imports';
import type { ListKind } from '@slate/shared/lists/columns';
import type { ResourceKind } from '@slate/shared/resources';
import { finishArguments, finishCommand } from '../../db/commands.sql.ts';
import { one } from '../../db/query.ts';
import { transaction } from '../../db/transaction.ts';
import type { Tx } from '../../db/transaction.ts';
import { listOfKind, procedureKind, resourceKindOf } from '../../domain/import-catalogue.ts';
import { countVerdicts, readLines, recordPlanner } from '../../domain/import-lines.ts';
import type { Planned, ReadLine } from '../../domain/import-lines.ts';
import { finishImport, leaveImport, readStaged, savePlan } from './run.ts';
import type { Run } from './run.ts';
import { siteFacts } from './site-facts.ts';
import { inParts } from './stage-import.ts';
import { saveIdentities, writeProcedures, writeResources } from './write-records.ts';

type Prepared = {
  planned: readonly Planned<unknown>[];
  /** Writes the lines that are not refused, within one transaction. */
  write: (tx: Tx) => Promise<ChangeBody[]>;
};

const resourceKinds = new Map<ListKind, ResourceKind>(
  (Object.entries(listOfKind) as [ResourceKind, ListKind][]).map(([kind, list]) => [list, kind]),
);

/** Plans all lines from what is stored now. */
export async function planRecords(job: Run): Promise<Prepared> {
  const { deps, siteId, file } = job;
  const facts = await siteFacts(deps.pool, siteId);
  const known = {
    names: facts.names,
    externalIds: facts.externalIds.filter(({ list }) => list === file.kind),
    newId: randomUUID,
  };
  const kind = resourceKinds.get(file.kind);
  if (kind) {
    const items = facts.resources.filter((each) => each.kind === kind);
    const before = new Map(items.map((each) => [each.id, each]));
    return prepared(job, recordPlanner(resourceKindOf(kind), { ...known, items }), (tx, part) =>
      writeResources(tx, siteId, part, before),
    );
  }
  return prepared(job, recordPlanner(procedureKind, { ...known, items: facts.procedures }), (tx, part) =>
    writeProcedures(tx, siteId, part),
  );
}

async function prepared<Item>(
  job: Run,
  planLine: (line: ReadLine) => Planned<Item>,
  writePart: (tx: Tx, part: readonly Planned<Item>[]) => Promise<ChangeBody[]>,
): Promise<Prepared> {
  const { siteId, file, progress } = job;
  const staged = await readStaged(job);
  const planned: Planned<Item>[] = [];
  for await (const part of inParts(readLines(staged, file.headings, file.mapping), 250)) {
    await progress(0);
    planned.push(...part.map(planLine));
  }
  return {
    planned,
    write: async (tx) => {
      const changes: ChangeBody[] = [];
      let done = 0;
      for await (const part of inParts(planned)) {
        await progress(done);
        changes.push(...(await writePart(tx, part)));
        await saveIdentities(tx, siteId, file.kind, part);
        done += part.length;
      }
      return changes;
    },
  };
}

/** All lines, or all good ones, in one transaction. Nothing of it is seen before it is done. */
export async function applyRecords(job: Run): Promise<void> {
  const { deps, siteId, mode } = job;
  const outcome = await transaction(deps.pool, async (tx) => {
    const { planned, write } = await planRecords(job);
    const counts = countVerdicts(planned);
    if (mode === 'all' && (counts.refuse ?? 0) > 0)
      return { last: Promise.resolve({ planned, isDone: false }) };
    await finishInParts(tx, job, await write(tx), counts);
    return { last: finishImport(tx, job, counts).then(() => ({ planned, isDone: true })) };
  });
  if (outcome.isDone) {
    await savePlan({ ...job, progress: async () => {} }, outcome.planned);
    return deps.publish({ kind: 'site', siteId });
  }
  await leaveImport(job, {
    state: 'checked',
    counts: await savePlan(job, outcome.planned),
    reason: 'Something has changed since the check, and lines are refused now. Nothing was imported.',
  });
}

/** The feed and the audit: last, because they lock the site until the commit. */
async function finishInParts(
  tx: Tx,
  { siteId, file, mode, progress }: Run,
  changes: ChangeBody[],
  counts: VerdictCounts,
) {
  for await (const part of inParts(changes, 2_000)) {
    const result = {
      actor: file.by,
      key: null,
      cases: [],
      changes: part,
      action: 'import',
      detail: { import: file.id, kind: file.kind, file: file.file, mode, counts },
      reply: null,
    };
    await one(tx, finishCommand, finishArguments(siteId, result));
    await progress(file.lines);
  }
}
