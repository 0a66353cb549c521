import { randomUUID } from 'node:crypto';
import { mayFrom } from '@slate/shared/case-state';
import type { Case } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import { claimFor, Conflict } from '../../commands/claim.ts';
import { auditOf } from '../../commands/command.ts';
import type { Context } from '../../commands/context.ts';
import { explainConflict } from '../../commands/explain-conflict.ts';
import { finishArguments, finishCommand } from '../../db/commands.sql.ts';
import {
  analyzeImported,
  blocksFromNowOn,
  caseIdsAmong,
  casesById,
  claimsFromNowOn,
  countLines,
  deleteExternalIds,
  externalIdsAmong,
  lockLease,
  newCaseNumbers,
  recordsOfImport,
  saveRecordIds,
  staysFromNowOn,
} from '../../db/imports.sql.ts';
import type { StagedLine } from '../../db/imports.sql.ts';
import { many, maybeOne, one, run } from '../../db/query.ts';
import { transaction } from '../../db/transaction.ts';
import type { Tx } from '../../db/transaction.ts';
import { casePlanner, withoutPlace } from '../../domain/import-cases.ts';
import { readLines } from '../../domain/import-lines.ts';
import type { Planned } from '../../domain/import-lines.ts';
import { createOccupancy } from '../../domain/occupancy.ts';
import { finishImport, leaveImport, readStaged, saveLines, savePlan, Stopped } from './run.ts';
import type { Run } from './run.ts';
import { siteFacts } from './site-facts.ts';
import type { SiteFacts } from './site-facts.ts';
import { inParts } from './stage-import.ts';
import { saveIdentities } from './write-records.ts';

/** Cases of a batch: while it is booked, a coordinator waits for its rooms and surgeons. */
const casesAtOnce = 100;
/** Lines that are planned before other requests get their turn. */
const plannedAtOnce = 50;
const rowsAtOnce = 20_000;

type Plan = { facts: SiteFacts; staged: StagedLine[]; planned: Planned<Case>[] };

/** Plans all lines against what is booked now. */
export async function planCases(job: Run): Promise<Plan> {
  const { deps, siteId, file, progress } = job;
  const { pool } = deps;
  const staged = await readStaged(job);
  const lines = readLines(staged, file.headings, file.mapping);
  const ids = lines.flatMap(({ cells }) => cells.externalId ?? []);
  const uuids = ids.filter((id) => /^[\da-f-]{36}$/i.test(id));
  const [facts, externalIds, caseIds, { now, blocks }] = await Promise.all([
    siteFacts(pool, siteId),
    many(pool, externalIdsAmong, [siteId, 'cases', ids]),
    many(pool, caseIdsAmong, [siteId, JSON.stringify(uuids)]),
    one(pool, blocksFromNowOn, [siteId]),
  ]);
  const [claimed, patients] = [createOccupancy(), createOccupancy()];
  for (let last = 0, isMore = true; isMore;) {
    const page = await many(pool, claimsFromNowOn, [siteId, last, rowsAtOnce]);
    for (const { resourceId, number, ...claim } of page)
      claimed.add(resourceId, { ...claim, by: number === null ? 'a closure' : `case ${number}` });
    last = page.at(-1)?.id ?? last;
    isMore = page.length === rowsAtOnce;
    await progress(0);
  }
  for (const { patientRef, number, ...stay } of await many(pool, staysFromNowOn, [siteId]))
    patients.add(patientRef, { ...stay, quantity: 1, by: `case ${number}` });

  const planLine = casePlanner({
    ...facts,
    now,
    createdBy: file.by.id,
    resources: new Map(facts.resources.map((each) => [each.id, each])),
    procedures: new Map(facts.procedures.map((each) => [each.id, each])),
    blocks: Map.groupBy(blocks, ({ roomId }) => roomId),
    claimed,
    patients,
    externalIds: new Map(externalIds.map((each) => [each.externalId, each])),
    caseIds: new Set(caseIds.map(({ id }) => id)),
    toDepot: file.toDepot,
    newId: randomUUID,
  });
  const planned: Planned<Case>[] = [];
  for await (const part of inParts(lines, plannedAtOnce)) {
    planned.push(...part.map(planLine));
    if (planned.length % 1_000 === 0) await progress(0);
  }
  return { facts, staged, planned };
}

/**
 * Books the cases in batches, each in a transaction of its own, so that others wait for milliseconds only. With all or
 * nothing, what was booked is taken back if a later line is refused.
 */
export async function applyCases(job: Run): Promise<void> {
  const { deps, siteId, file, mode, progress } = job;
  const { facts, staged, planned } = await planCases(job);
  const hasBegun = staged.some(({ recordId }) => recordId !== null);
  const wereRefused = new Set(staged.flatMap(({ line, verdict }) => (verdict === 'refuse' ? line : [])));
  const refused = planned.filter(({ line, verdict }) => verdict === 'refuse' && !wereRefused.has(line));
  const changed = 'Something has changed since the check, and lines are refused now. Nothing was imported.';
  if (refused.length > 0) {
    if (mode === 'all' && !hasBegun) {
      const counts = await savePlan(job, planned);
      await leaveImport(job, { state: 'checked', counts, reason: changed });
      return;
    }
    await saveLines(deps.pool, siteId, file.id, refused);
    if (mode === 'all') return beginUndo(job, changed);
  }
  const todo = planned.filter(({ write }) => write !== null);
  let done = planned.length - todo.length;
  let analyzeAt = 2 * casesAtOnce;
  for await (const part of inParts(todo, casesAtOnce)) {
    await progress(done);
    if (done >= analyzeAt) {
      await run(deps.pool, analyzeImported.name, analyzeImported.text);
      analyzeAt = done * 5;
    }
    const failed = await bookBatch(job, facts, part);
    if (failed.length > 0) await saveLines(deps.pool, siteId, file.id, failed);
    if (mode === 'all' && failed.some(({ verdict }) => verdict === 'refuse')) return beginUndo(job, changed);
    done += part.length;
  }
  const { counts } = await one(deps.pool, countLines, [siteId, file.id]);
  await finishImport(deps.pool, job, counts);
}

async function beginUndo(job: Run, reason: string) {
  await leaveImport(job, { state: 'undoing', reason, done: 0 });
}

type Failure = { planned: Planned<Case>; conflict: Conflict };

/** Books a batch, or as much of it as fits. Returns the lines that did not fit, with the reason. */
async function bookBatch(
  job: Run,
  facts: SiteFacts,
  part: readonly Planned<Case>[],
): Promise<Planned<Case>[]> {
  const { deps, siteId, file, mode } = job;
  const failures = await transaction(deps.pool, async (tx) => {
    const { context } = await lockRun(tx, job, facts);
    const claimed = await claimAll(context, part);
    // Nothing of this batch is booked: the import is taken back.
    if (mode === 'all' && !file.toDepot && claimed.failures.length > 0) throw new Unbooked(claimed.failures);
    const unplaced = claimed.failures.flatMap(({ planned }) => planned.write?.item ?? []).map(withoutPlace);
    const added = file.toDepot ? [...claimed.booked, ...unplaced] : claimed.booked;
    if (added.length === 0) return { last: Promise.resolve(claimed.failures) };
    const numbers = await many(tx, newCaseNumbers, [added.length]);
    const cases = added.map((item, index): Case => ({
      ...item,
      number: numbers[index]?.number ?? 0,
      depotSince: item.state === 'depot' ? claimed.now : null,
    }));
    const states = new Map(cases.map(({ id, state }) => [id, state]));
    const written = part.filter(({ identity }) => states.has(identity?.recordId ?? ''));
    const records = written.map(({ line, identity }) => ({
      line,
      id: identity?.recordId,
      verdict: states.get(identity?.recordId ?? '') === 'depot' ? 'depot' : 'create',
    }));
    await saveIdentities(tx, siteId, 'cases', written);
    await run(tx, saveRecordIds.name, saveRecordIds.text, [siteId, file.id, JSON.stringify(records)]);
    const changes = cases.map((item): ChangeBody => ({
      type: 'case',
      cause: item.state === 'depot' ? 'added' : 'booked',
      case: item,
    }));
    return { last: finishBatch(tx, job, context, cases, changes).then(() => claimed.failures) };
  }).catch((error: unknown) => {
    if (error instanceof Unbooked) return error.failures;
    throw error;
  });
  deps.publish({ kind: 'site', siteId });
  return Promise.all(
    failures.map(async ({ planned, conflict }): Promise<Planned<Case>> => {
      const refusal = await explainConflict(deps.pool, siteId, conflict);
      const verdict = file.toDepot ? 'depot' : 'refuse';
      return { ...planned, verdict, errors: [{ column: null, reason: refusal.message }] };
    }),
  );
}

class Unbooked extends Error {
  readonly failures: Failure[];
  constructor(failures: Failure[]) {
    super('Cases do not fit.');
    this.failures = failures;
  }
}

/** The context of a command, without its key. Throws if the import was cancelled or the lease is lost. */
async function lockRun(tx: Tx, { siteId, file, lease }: Run, { zone, settings }: SiteFacts) {
  const locked = await maybeOne(tx, lockLease, [siteId, file.id, lease.until]);
  if (!locked) throw new Stopped();
  const context: Context = {
    tx,
    request: { siteId, userId: file.by.id, key: file.id, fingerprint: Buffer.alloc(0), name: 'import' },
    zone,
    settings,
    began: locked.at,
    actor: file.by,
    role: 'administrator',
    surgeonIds: [],
    expired: [],
    inTheWay: [],
  };
  return { context };
}

/** Claims what the cases need. If not all fit, the halves are tried, until only the lines that do not fit are left. */
async function claimAll(
  context: Context,
  part: readonly Planned<Case>[],
): Promise<{ booked: Case[]; failures: Failure[]; now: string }> {
  const { tx } = context;
  const items = part.flatMap(({ write }) => write?.item ?? []);
  const attempt = { ...context, expired: [] as Case[] };
  await tx.query('SAVEPOINT lines');
  try {
    const { now } = await claimFor(
      attempt,
      items.map((after) => ({ before: null, after })),
    );
    await tx.query('RELEASE SAVEPOINT lines');
    context.expired.push(...attempt.expired);
    return { booked: items, failures: [], now };
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT lines');
    const [only, ...more] = part;
    if (only && more.length === 0)
      return { booked: [], failures: [{ planned: only, conflict: error }], now: context.began };
    const middle = Math.ceil(part.length / 2);
    const first = await claimAll(context, part.slice(0, middle));
    const second = await claimAll(context, part.slice(middle));
    return {
      booked: [...first.booked, ...second.booked],
      failures: [...first.failures, ...second.failures],
      now: second.now,
    };
  }
}

function finishBatch(
  tx: Tx,
  { siteId, file }: Run,
  { expired }: Context,
  cases: readonly Case[],
  changes: readonly ChangeBody[],
) {
  const all = [
    ...expired.map((item) => ({ type: 'case', cause: 'expired', case: item }) as const),
    ...changes,
  ];
  const result = {
    actor: file.by,
    key: null,
    cases,
    changes: all,
    action: 'import',
    detail: { import: file.id, kind: file.kind, file: file.file, cases: all.flatMap(auditOf) },
    reply: null,
  };
  return one(tx, finishCommand, finishArguments(siteId, result));
}

/** Takes back what an import has booked. A case that somebody has changed since then stays. */
export async function undoCases(job: Run): Promise<void> {
  const { deps, siteId, file } = job;
  const facts = await siteFacts(deps.pool, siteId);
  let kept = 0;
  for (let last = 0; ;) {
    const lines = await many(deps.pool, recordsOfImport, [siteId, file.id, last, casesAtOnce]);
    if (lines.length === 0) break;
    kept += await transaction(deps.pool, async (tx) => {
      const { context } = await lockRun(tx, job, facts);
      const found = await many(tx, casesById, [siteId, lines.map(({ id }) => id)]);
      const untouched = found
        .map((each) => each.case)
        .filter((item) => item.version === 1 && mayFrom('void', item.state));
      const pairs = untouched.map((before) => ({
        before,
        after: {
          ...before,
          version: 2,
          state: 'voided',
          reason: 'The import was taken back.',
        } satisfies Case,
      }));
      const ids = untouched.map(({ id }) => id);
      await claimFor(context, pairs);
      await run(tx, deleteExternalIds.name, deleteExternalIds.text, [siteId, 'cases', ids]);
      const emptied = lines.filter(({ id }) => ids.includes(id)).map(({ line }) => ({ line, id: null }));
      await run(tx, saveRecordIds.name, saveRecordIds.text, [siteId, file.id, JSON.stringify(emptied)]);
      const cases = pairs.map(({ after }) => after);
      const changes = cases.map((item): ChangeBody => ({ type: 'case', cause: 'voided', case: item }));
      const stayed = lines.length - ids.length;
      // Nothing was taken back: no entry in the audit.
      if (cases.length === 0 && context.expired.length === 0) return { last: Promise.resolve(stayed) };
      return { last: finishBatch(tx, job, context, cases, changes).then(() => stayed) };
    });
    deps.publish({ kind: 'site', siteId });
    last = lines.at(-1)?.line ?? last;
    await job.progress(last);
  }
  const stays =
    kept === 0 ? null : `On the board stays what somebody has changed since then: ${kept} of the cases.`;
  const reason = [file.reason, stays].filter((sentence) => sentence !== null).join(' ') || null;
  await leaveImport(job, { state: file.reason === null ? 'cancelled' : 'failed', reason });
}
