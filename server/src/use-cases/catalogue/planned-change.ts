import { randomUUID } from 'node:crypto';
import { mayFrom, milestone } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { CaseCause } from '@slate/shared/changes';
import type { NotPutBack, PlannedChange, UndoChange } from '@slate/shared/contract/consequences';
import type { CaseInTheWay } from '@slate/shared/contract/decisions';
import type { Conflict } from '../../commands/claim.ts';
import { runPreview } from '../../commands/command.ts';
import type {
  CommandDeps,
  CommandReply,
  CommandRequest,
  Context,
  InTheWay,
  Outcome,
} from '../../commands/context.ts';
import { roomPlanOf } from '../../db/block-templates.sql.ts';
import { casesById } from '../../db/cases.sql.ts';
import { pastCasesOf } from '../../db/changes.sql.ts';
import { many, one } from '../../db/query.ts';
import { notFound } from '../../domain/refusal.ts';
import {
  changeBlockTemplate,
  changeHoliday,
  createBlockTemplate,
  createHoliday,
  removeBlockTemplate,
  removeHoliday,
} from './block-templates.ts';
import { changeClosure, createClosure, removeClosure } from './closures.ts';
import { claimWhatFits, needsOf, sentencesOf } from './decide-cases.ts';
import { loadSurroundings, offerTimes } from './offer-times.ts';
import type { Surroundings } from './offer-times.ts';
import { changeProcedure } from './procedures.ts';
import {
  changeRecurringClosure,
  createRecurringClosure,
  removeRecurringClosure,
} from './recurring-closures.ts';
import { changeResource } from './resources.ts';

type Command<Change> = (deps: CommandDeps, request: CommandRequest, change: Change) => Promise<CommandReply>;
const commands: {
  readonly [Name in PlannedChange['command']]: Command<Extract<PlannedChange, { command: Name }>>;
} = {
  changeResource: (deps, request, { id, body }) => changeResource(deps, request, id, body),
  createClosure: (deps, request, { body }) => createClosure(deps, request, body),
  changeClosure: (deps, request, { id, body }) => changeClosure(deps, request, id, body),
  removeClosure: (deps, request, { id }) => removeClosure(deps, request, id),
  createRecurringClosure: (deps, request, { body }) => createRecurringClosure(deps, request, body),
  changeRecurringClosure: (deps, request, { id, body }) => changeRecurringClosure(deps, request, id, body),
  removeRecurringClosure: (deps, request, { id }) => removeRecurringClosure(deps, request, id),
  createBlockTemplate: (deps, request, { body }) => createBlockTemplate(deps, request, body),
  changeBlockTemplate: (deps, request, { id, body }) => changeBlockTemplate(deps, request, id, body),
  removeBlockTemplate: (deps, request, { id, body }) => removeBlockTemplate(deps, request, id, body),
  createHoliday: (deps, request, { body }) => createHoliday(deps, request, body),
  changeHoliday: (deps, request, { id, body }) => changeHoliday(deps, request, id, body),
  removeHoliday: (deps, request, { id, body }) => removeHoliday(deps, request, id, body),
  changeProcedure: (deps, request, { id, body }) => changeProcedure(deps, request, id, body),
};

/** Runs the command of a change: as a preview, or with more in its transaction, as `request` says. */
export const runChange: Command<PlannedChange> = (deps, request, change) =>
  (commands[change.command] as Command<PlannedChange>)(deps, request, change);

/**
 * The cases in the way of a change, with other times for each. The command itself finds them, in a transaction that is
 * rolled back; the search for times runs after it, without locks.
 */
export async function casesInTheWay(
  deps: CommandDeps,
  caller: { siteId: string; userId: string },
  change: PlannedChange,
): Promise<CaseInTheWay[]> {
  const seen: { inTheWay: readonly InTheWay[]; around: Surroundings }[] = [];
  await runPreview(() => {
    const request: CommandRequest = {
      siteId: caller.siteId,
      userId: caller.userId,
      key: randomUUID(),
      fingerprint: Buffer.alloc(32),
      name: change.command,
      preview: async ({ tx, zone, inTheWay }) => {
        seen.push({ inTheWay, around: await loadSurroundings(tx, caller.siteId, zone, inTheWay) });
      },
    };
    return runChange(deps, request, change);
  });
  const preview = seen.at(-1);
  if (!preview) return [];
  const offers = await offerTimes(preview.around);
  const byStart = preview.inTheWay.toSorted((a, b) => (a.case.start < b.case.start ? -1 : 1));
  return byStart.map(({ case: item, why, canStay, carry }) => ({
    caseId: item.id,
    version: item.version,
    number: item.number,
    title: item.title,
    roomId: item.roomId,
    start: item.start,
    end: item.end,
    heldBy: item.state === 'held' ? (item.holder?.name ?? '') : null,
    why,
    canStay,
    canMove: item.state !== 'held' && mayFrom('move', item.state),
    carry: carry ? { from: needsOf(item), to: needsOf(carry.after), problem: carry.problem } : null,
    offers: offers.get(item.id) ?? [],
  }));
}

/** Takes a change back and puts its cases back, in one transaction. A case whose time is taken by now stays where it is. */
export const undoChange = (deps: CommandDeps, request: CommandRequest, { change, putBack }: UndoChange) =>
  runChange(
    deps,
    { ...request, andThen: (context, outcome) => withCasesBack(context, outcome, putBack) },
    change,
  );

async function withCasesBack(
  context: Context,
  outcome: Outcome,
  putBack: UndoChange['putBack'],
): Promise<Outcome> {
  const { tx, request, began } = context;
  const ids = putBack.map(({ caseId }) => caseId);
  const [now, past] = await Promise.all([
    many(tx, casesById, [request.siteId, ids]),
    many(tx, pastCasesOf, [request.siteId, ids]),
  ]);
  const notPutBack: NotPutBack[] = [];
  const changed: { before: Case; after: Case }[] = [];
  for (const { caseId, version } of putBack) {
    const current = now.find(({ case: item }) => item.id === caseId)?.case;
    if (!current) throw notFound('case');
    const before = past.find(({ case: item }) => item.id === caseId && item.version === version - 1)?.case;
    const list = before ? await sessionLike(context, before) : null;
    const reason = whyNotBack(current, before, { version, list, now: began });
    if (before && reason === null)
      changed.push({ before: current, after: { ...before, list, version: current.version + 1 } });
    else
      notPutBack.push({
        caseId,
        number: current.number,
        reason: reason ?? 'Its earlier place is no longer known.',
      });
  }
  const unfit = changed.length > 0 ? await claimWhatFits(context, changed) : new Map<string, Conflict>();
  const sentences = await sentencesOf(context, unfit);
  const back = changed.filter(({ after }) => !unfit.has(after.id));
  for (const { after } of changed) {
    const reason = sentences.get(after.id);
    if (reason !== undefined) notPutBack.push({ caseId: after.id, number: after.number, reason });
  }
  const { resource, closure, recurringClosure, template, holiday, procedure } = outcome.body as Record<
    string,
    { version?: number } | undefined
  >;
  const record = resource ?? closure ?? recurringClosure ?? template ?? holiday ?? procedure;
  return {
    ...outcome,
    status: 200,
    body: { version: record?.version ?? null, notPutBack },
    cases: [...(outcome.cases ?? []), ...back.map(({ after }) => after)],
    changes: [
      ...outcome.changes,
      ...back.map(
        ({ before, after }) => ({ type: 'case', cause: causeOf(before, after), case: after }) as const,
      ),
    ],
  };
}

/** The place on a list in the session at its time. The undone change may have laid that out again, as another block. */
async function sessionLike({ tx, request }: Context, { roomId, list }: Case): Promise<Case['list']> {
  if (!list) return null;
  const { start, end, resourceId } = list;
  const { blocks } = await one(tx, roomPlanOf, [request.siteId, [roomId], start, end]);
  const found = blocks.find(
    (block) => block.listId === resourceId && block.start === start && block.end === end,
  );
  return found ? { ...list, blockId: found.id } : null;
}

function whyNotBack(
  current: Case,
  before: Case | undefined,
  { version, list, now }: { version: number; list: Case['list']; now: string },
): string | null {
  // A decision sends a case to the depot or leaves its state and milestones; any other change is not for this undo.
  const isDecided =
    before?.state === 'held' ||
    current.state === 'depot' ||
    (current.state === before?.state && haveSameMilestones(current, before));
  if (current.version !== version || (before && !isDecided)) return 'It has been changed since.';
  if (before && !mayFrom('bump', before.state)) return 'Its hold has ended.';
  if (before?.list && !list) return 'Its session is no longer there.';
  return before && isPlaced(before) && before.end <= now ? 'Its time has passed.' : null;
}

const haveSameMilestones = (a: Case, b: Case) =>
  milestone.options.every((each) => a.milestones[each] === b.milestones[each]);

function causeOf(before: Case, after: Case): CaseCause {
  if (before.state === 'depot') return after.state === 'confirmed' ? 'confirmed' : 'booked';
  return before.roomId === after.roomId && before.start === after.start ? 'changed' : 'moved';
}
