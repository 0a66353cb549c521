import { randomUUID } from 'node:crypto';
import type { BlockTemplate } from '@slate/shared/block-templates';
import type { ChangeBody } from '@slate/shared/changes';
import type { VerdictCounts } from '@slate/shared/contract/imports';
import type { Member } from '@slate/shared/contract/people';
import type { ListKind } from '@slate/shared/lists/columns';
import type { ResourceKind } from '@slate/shared/resources';
import { finishArguments, finishCommand } from '../../db/commands.sql.ts';
import { addressesElsewhere } from '../../db/imports.sql.ts';
import { membersPage } from '../../db/members.sql.ts';
import { many, one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { transaction } from '../../db/transaction.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Notification } from '../../db/wake-ups.ts';
import { blockKind, listOfKind, procedureKind, resourceKindOf } from '../../domain/import-catalogue.ts';
import { countVerdicts, readLines, recordPlanner } from '../../domain/import-lines.ts';
import type { Planned, ReadLine } from '../../domain/import-lines.ts';
import { personKind } from '../../domain/import-people.ts';
import { Refusal } from '../../domain/refusal.ts';
import { importedTemplates } from '../catalogue/block-templates.ts';
import { finishImport, leaveImport, readStaged, savePlan } from './run.ts';
import type { Run } from './run.ts';
import { siteFacts } from './site-facts.ts';
import { inParts, linesAtOnce } from './stage-import.ts';
import {
  saveIdentities,
  writeBlocks,
  writePeople,
  writeProcedures,
  writeResources,
} from './write-records.ts';

/** Changes for the feed. People have none: their roles are in the audit, and their consoles are notified. */
type Written = { changes: ChangeBody[]; people: Member[] };

type Outcome = { planned: Prepared['planned']; written: Written | null };

type Prepared = {
  planned: readonly Planned<unknown>[];
  /** Writes the lines that are not refused, within one transaction. */
  write: (tx: Tx) => Promise<Written>;
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
    return prepared(job, recordPlanner(resourceKindOf(kind), { ...known, items }), async (tx, part) => ({
      changes: await writeResources(tx, siteId, part, before),
      people: [],
    }));
  }
  if (file.kind === 'people') {
    const [items, elsewhere] = await Promise.all([
      allMembers(deps.pool, siteId),
      many(deps.pool, addressesElsewhere, [siteId]),
    ]);
    const accounts = {
      here: items.map(({ email }) => email),
      elsewhere: new Set(elsewhere.map(({ email }) => email)),
      importer: file.by.id,
    };
    return prepared(job, recordPlanner(personKind(accounts), { ...known, items }), async (tx, part) => ({
      changes: [],
      people: await writePeople(tx, siteId, part, file.by),
    }));
  }
  if (file.kind === 'blocks') {
    const templates = await importedTemplates(deps.pool, siteId);
    const planLine = recordPlanner(blockKind, { ...known, items: templates.templates });
    const judged = async (line: ReadLine): Promise<Planned<BlockTemplate>> => {
      const planned = planLine(line);
      try {
        if (planned.write) await templates.plan(planned.write.item);
        return planned;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const errors = [{ column: null, reason: error.message }];
        return { line: line.line, verdict: 'refuse', errors, changes: [], write: null, identity: null };
      }
    };
    return prepared(job, judged, async (tx, part) => ({
      changes: await writeBlocks(tx, siteId, part),
      people: [],
    }));
  }
  const planLine = recordPlanner(procedureKind, { ...known, items: facts.procedures });
  return prepared(job, planLine, async (tx, part) => ({
    changes: await writeProcedures(tx, siteId, part),
    people: [],
  }));
}

async function allMembers(db: Queryable, siteId: string): Promise<Member[]> {
  const members: Member[] = [];
  for (;;) {
    const page = await many(db, membersPage, [siteId, null, members.at(-1)?.id ?? null, linesAtOnce]);
    members.push(...page);
    if (page.length < linesAtOnce) return members;
  }
}

async function prepared<Item>(
  job: Run,
  planLine: (line: ReadLine) => Planned<Item> | Promise<Planned<Item>>,
  writePart: (tx: Tx, part: readonly Planned<Item>[]) => Promise<Written>,
): Promise<Prepared> {
  const { siteId, file, progress } = job;
  const staged = await readStaged(job);
  // A block takes some queries, and the lease is renewed between parts.
  const size = file.kind === 'blocks' ? 20 : undefined;
  const planned: Planned<Item>[] = [];
  for await (const part of inParts(readLines(staged, file.headings, file.mapping), size ?? 250)) {
    await progress(0);
    for (const line of part) planned.push(await planLine(line));
  }
  return {
    planned,
    write: async (tx) => {
      const written: Written = { changes: [], people: [] };
      let done = 0;
      for await (const part of inParts(planned, size)) {
        await progress(done);
        const { changes, people } = await writePart(tx, part);
        written.changes.push(...changes);
        written.people.push(...people);
        await saveIdentities(tx, siteId, file.kind, part);
        done += part.length;
      }
      return written;
    },
  };
}

/** All lines, or all good ones, in one transaction. Nothing of it is seen before it is done. */
export async function applyRecords(job: Run): Promise<void> {
  const { deps, siteId, mode } = job;
  const outcome = await transaction<Outcome>(deps.pool, async (tx) => {
    const { planned, write } = await planRecords(job);
    const counts = countVerdicts(planned);
    if (mode === 'all' && (counts.refuse ?? 0) > 0)
      return { last: Promise.resolve({ planned, written: null }) };
    const written = await write(tx);
    await finishInParts(tx, job, written, counts);
    return { last: finishImport(tx, job, counts).then(() => ({ planned, written })) };
  });
  if (outcome.written) {
    await savePlan({ ...job, progress: async () => {} }, outcome.planned);
    for (const notification of notificationsFor(siteId, outcome.written)) deps.publish(notification);
    return;
  }
  await leaveImport(job, {
    state: 'checked',
    counts: await savePlan(job, outcome.planned),
    reason: 'Something has changed since the check, and lines are refused now. Nothing was imported.',
  });
}

const notificationsFor = (siteId: string, { people }: Written): Notification[] => [
  { kind: 'site', siteId },
  ...people.map(({ id }) => ({ kind: 'user', userId: id }) as const),
  // Also for other sites: a person without any role was on their lists.
  ...(people.length > 0 ? [{ kind: 'people', siteId: null } as const] : []),
];

/** The feed and the audit: last, because they lock the site until the commit. */
async function finishInParts(tx: Tx, job: Run, { changes, people }: Written, counts: VerdictCounts) {
  const { siteId, file, mode, progress } = job;
  const finish = async (part: ChangeBody[], detail: object) => {
    const result = {
      actor: file.by,
      key: null,
      cases: [],
      changes: part,
      action: 'import',
      detail: { import: file.id, kind: file.kind, file: file.file, mode, counts, ...detail },
      reply: null,
    };
    await one(tx, finishCommand, finishArguments(siteId, result));
    await progress(file.lines);
  };
  for await (const part of inParts(changes, 2_000)) await finish(part, {});
  for await (const part of inParts(people, 500)) {
    const access = part.map(({ id, role, surgeonIds }) => ({ user: id, role, surgeonIds }));
    await finish([], { people: access });
  }
}
