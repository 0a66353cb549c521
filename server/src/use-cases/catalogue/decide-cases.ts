import type { Case, PlacedCase } from '@slate/shared/cases';
import { mayFrom } from '@slate/shared/case-state';
import type { CaseCause, ChangeBody } from '@slate/shared/changes';
import type { Decision } from '@slate/shared/contract/decisions';
import { retiredSentence } from '@slate/shared/conflict-sentence';
import type { Alternative } from '@slate/shared/errors';
import { rangeOf } from '@slate/shared/time';
import { claimFor, Conflict } from '../../commands/claim.ts';
import type { CaseChange } from '../../commands/claim.ts';
import { checkHolder, checkVersion } from '../../commands/command-on-case.ts';
import type { Context, InTheWay } from '../../commands/context.ts';
import { canBump } from '../../commands/in-use.ts';
import { requireReason, resourceIdsOf } from '../../commands/placement.ts';
import type { Judge } from '../../commands/placement.ts';
import { casesById, lockPatients, lockResources } from '../../db/cases.sql.ts';
import { many, run } from '../../db/query.ts';
import { resourcesById } from '../../db/resources.sql.ts';
import { invalid } from '../../domain/refusal.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { editCase } from '../cases/change-case.ts';
import { toReleased } from '../cases/holds.ts';
import { prefixed, withPrefix } from '../cases/move-cases.ts';
import { toDepot, withBump } from '../cases/take-off-board.ts';

/** The decisions of a request. Without `decisions`, an older console names only the cases to bump or to leave. */
export type Choice = {
  readonly decisions?: readonly Decision[] | undefined;
  readonly bump?: readonly string[] | undefined;
  readonly leave?: readonly string[] | undefined;
};

type WithoutVersion<Each> = Each extends unknown ? Omit<Each, 'version'> : never;
type Decided = WithoutVersion<Decision> & {
  readonly version?: number;
  /** The beginning of the field names in errors about this decision. */
  readonly prefix: string;
};

/** How a change treats the cases in its way. */
export type Terms = {
  /** The reason for the depot if the request has none. */
  readonly reason: string;
  /** The refusal that names cases that need a decision, or another one. */
  readonly refuse: (cases: readonly InTheWay[]) => Refusal;
  /** The change takes this place too, so it is no alternative. */
  readonly takes?: (place: PlacedCase) => boolean;
};

export type Displaced = {
  /** The cases that left the board. */
  readonly ids: readonly string[];
  readonly cases: readonly Case[];
  readonly changes: readonly ChangeBody[];
  readonly decided: readonly { caseId: string; version: number }[];
};

const nothing: Displaced = { ids: [], cases: [], changes: [], decided: [] };

/**
 * Locks, in the one order of all commands, the resources of a change and everything that its cases will claim. Without
 * that, a command could wait for a resource that another one has locked while that one waits for this.
 */
export async function lockForDecisions(
  { tx, request }: Context,
  resourceIds: readonly string[],
  { decisions = [] }: Choice,
): Promise<void> {
  // In the depot, a case claims nothing.
  const claiming = decisions.filter(({ action }) => action !== 'depot');
  if (claiming.length === 0) return;
  const found = await many(tx, casesById, [request.siteId, claiming.map(({ caseId }) => caseId)]);
  const needed = [
    ...resourceIds,
    ...claiming.flatMap((each) => (each.action === 'move' ? each.roomId : [])),
    ...found.flatMap(({ case: item }) => resourceIdsOf(item)),
  ];
  const patients = found.flatMap(({ case: { patientRef } }) => patientRef ?? []);
  await Promise.all([
    run(tx, lockResources.name, lockResources.text, [request.siteId, [...new Set(needed)]]),
    run(tx, lockPatients.name, lockPatients.text, [request.siteId, patients]),
  ]);
}

/**
 * Carries out the decisions about all cases in the way, or refuses. Every case needs one, except that `bump` names only
 * the cases that go; the caller checks that they are enough. A preview collects the cases and frees what they claim of
 * the changed resource.
 */
export async function decideCases(
  context: Context,
  inTheWay: readonly InTheWay[],
  choice: Choice,
  terms: Terms,
): Promise<Displaced> {
  if (context.request.preview) {
    context.inTheWay.push(...inTheWay);
    const leaving = inTheWay
      .filter((each) => each.why === 'claim' && canBump(each))
      .map((each) => offTheBoard(each.case, null));
    if (leaving.length > 0) await claimFor(context, leaving, { settled: true });
    return nothing;
  }
  const decided = decidedIn(choice, terms);
  const steps: Step[] = [];
  for (const decision of decided) {
    const found = inTheWay.find((each) => each.case.id === decision.caseId);
    if (!found) {
      const field = decision.prefix.endsWith('.') ? `${decision.prefix}caseId` : decision.prefix;
      throw invalid(field, 'This case isn’t in the way anymore. Check again before you continue.');
    }
    checkVersion(found.case, decision.version);
    const step = await stepOf(context, found, decision, terms);
    if (step) steps.push(step);
  }
  const undecided = inTheWay.filter((each) => !decided.some(({ caseId }) => caseId === each.case.id));
  if (undecided.length > 0 && (choice.bump === undefined || choice.decisions !== undefined))
    throw terms.refuse(undecided);
  if (steps.length === 0) return nothing;

  const { now } = await claimFor(context, steps, {
    settled: true,
    check: requireReason(steps.map(({ judge }) => judge)),
  }).catch((error: unknown) => {
    throw error instanceof Conflict ? ofOneCase(error, steps, context, terms) : error;
  });
  const done = steps.map(({ before, after, cause, isSentAway }) => ({
    isSentAway,
    cause,
    case: cause === 'bumped' && before.state !== 'held' ? withBump(after, context.actor, now) : after,
  }));
  const cases = done.map(({ case: item }) => item);
  return {
    ids: done.flatMap(({ isSentAway, case: { id } }) => (isSentAway ? id : [])),
    cases,
    changes: done.map(({ cause, case: item }) => ({ type: 'case', cause, case: item })),
    decided: cases.map(({ id, version }) => ({ caseId: id, version })),
  };
}

function decidedIn({ decisions, bump = [], leave = [] }: Choice, { reason }: Terms): Decided[] {
  if (decisions) return decisions.map((each, index) => ({ ...each, prefix: `decisions.${index}.` }));
  return [
    ...[...new Set(bump)].map((caseId, index) => ({
      action: 'depot' as const,
      caseId,
      reason,
      prefix: `bump.${index}`,
    })),
    ...leave.map((caseId, index) => ({ action: 'leave' as const, caseId, prefix: `leave.${index}` })),
  ];
}

/** A decision as the change of its case. */
type Step = CaseChange & {
  readonly before: Case;
  readonly cause: CaseCause;
  readonly isSentAway: boolean;
  readonly judge: Judge | null;
  readonly prefix: string;
};

/** Returns null if the case stays exactly as it is. */
async function stepOf(
  context: Context,
  found: InTheWay,
  decision: Decided,
  { refuse }: Terms,
): Promise<Step | null> {
  const { case: item, carry, canStay } = found;
  const { prefix } = decision;
  if (decision.action === 'depot') {
    if (!canBump(found)) throw refuse([found]);
    const { after } = offTheBoard(carry?.after ?? item, decision.reason);
    const cause = after.state === 'released' ? 'released' : 'bumped';
    return { before: item, after, cause, isSentAway: true, judge: null, prefix };
  }
  if (decision.action === 'leave') {
    if (!canStay)
      throw invalid(`${prefix}action`, 'This case can’t stay where it is. Choose another decision.');
    if (decision.note === undefined) return null;
    const after = { ...item, overrideReason: decision.note, version: item.version + 1 };
    return { before: item, after, cause: 'changed', isSentAway: false, judge: null, prefix };
  }
  if (decision.action === 'carry' && !carry)
    throw invalid(`${prefix}action`, 'This change has nothing to carry into cases. Choose another decision.');
  const isMove = decision.action === 'move';
  if (isMove && !mayFrom('move', item.state)) throw refuse([found]);
  checkHolder(item, context);
  const { after, judge } = await editCase(context, item, {
    details: carry ? needsOf(carry.after) : {},
    placement: isMove ? { roomId: decision.roomId, start: decision.start } : null,
    overrideReason: decision.overrideReason,
  }).catch((error: unknown) => {
    throw withPrefix(error, prefix);
  });
  return {
    before: item,
    after: { ...after, version: item.version + 1 },
    cause: isMove ? 'moved' : 'changed',
    isSentAway: false,
    judge: judge && prefixed(judge, prefix),
    prefix,
  };
}

export const needsOf = ({ minutes, setupMinutes, cleanupMinutes, equipment, bed }: Case) => ({
  minutes,
  setupMinutes,
  cleanupMinutes,
  equipment,
  bed,
});

/** A booked case goes to the depot. A hold is released, or goes back to the depot if it came from there. */
function offTheBoard(before: Case, text: string | null): CaseChange & { before: Case } {
  const reason = text === null ? null : { text, code: null };
  const after = before.state === 'held' ? toReleased(before, reason) : toDepot(before, reason);
  return { before, after: { ...after, version: before.version + 1 } };
}

/** The conflict of the first case that does not get its claims, so that the refusal names it and offers times for it. */
function ofOneCase(error: Conflict, steps: readonly Step[], context: Context, { takes }: Terms): Conflict {
  const step = steps.find(({ after }) => error.concerns(after)) ?? steps[0];
  if (!step) return error;
  const inWay = error.inWay.filter((each) => each.for === step.after.id);
  const oneOfMany = {
    number: step.after.number,
    field: `${step.prefix}${step.cause === 'moved' ? 'start' : 'action'}`,
    takes: (place: Alternative) => takes?.({ ...step.after, ...place }) ?? false,
  };
  return new Conflict(error.inactive, inWay, context, step, { oneOfMany });
}

/**
 * Claims what fits; the other cases keep what they claimed before. Returns those with what is in their way. Of cases that
 * follow each other, the earlier one gives way, because it is the one that runs into the next.
 */
export async function claimWhatFits(
  context: Context,
  changed: readonly (CaseChange & { before: Case })[],
): Promise<Map<string, Conflict>> {
  const unfit = new Map<string, Conflict>();
  const latestFirst = changed.toSorted((a, b) => ((a.after.start ?? '') < (b.after.start ?? '') ? 1 : -1));
  const isUnfit = ({ after }: CaseChange) => unfit.has(after.id);
  for (;;) {
    const kept = latestFirst.filter(isUnfit).map(({ before }) => ({ before, after: before }));
    try {
      await claimFor(context, [...kept, ...latestFirst.filter((each) => !isUnfit(each))], { settled: true });
      return unfit;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const more = latestFirst.filter((each) => !isUnfit(each) && error.concerns(each.after));
      if (more.length === 0) throw error;
      for (const { after } of more) unfit.set(after.id, error);
    }
  }
}

/** Returns, for each case that does not fit, a sentence that says why. */
export async function sentencesOf(
  { tx, request, zone }: Context,
  unfit: ReadonlyMap<string, Conflict>,
): Promise<Map<string, string>> {
  const conflicts = [...new Set(unfit.values())];
  const ids = conflicts.flatMap(({ inWay, inactive }) => [
    ...inWay.flatMap(({ resource }) => resource ?? []),
    ...inactive,
  ]);
  const rows = ids.length > 0 ? await many(tx, resourcesById, [request.siteId, ids]) : [];
  const nameOf = (id: string | null | undefined) =>
    rows.find(({ resource }) => resource.id === id)?.resource.name ?? 'The patient';
  return new Map(
    [...unfit].map(([caseId, { inWay, inactive }]) => {
      const first = inWay.find((each) => each.for === caseId);
      if (!first) return [caseId, `${retiredSentence(nameOf(inactive[0]))}.`];
      const when = first.claim ? ` ${rangeOf(first.claim.start, first.claim.end, zone)}` : '';
      return [caseId, `${nameOf(first.resource)} is taken${when}.`];
    }),
  );
}
