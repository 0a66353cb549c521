import { changeNeeds, turnoverAfterMove } from '@slate/shared/case-draft';
import type { Details } from '@slate/shared/case-draft';
import { hasBegun, mayFrom } from '@slate/shared/case-state';
import type { CaseCommand } from '@slate/shared/case-state';
import { hasProcedureOrTitle, missingProcedure } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { ChangeCase } from '@slate/shared/contract/cases';
import { actionFor, scopeOf } from '@slate/shared/permissions';
import { invalid } from '../../domain/refusal.ts';
import { checkHolder, commandOnCase } from '../../commands/command-on-case.ts';
import { forbidden } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest, Context } from '../../commands/context.ts';
import { givenOverride } from '../../commands/reasons.ts';
import {
  requireReason,
  checkResources,
  judgePlacement,
  lostPlace,
  place,
  placementFacts,
  plannedInstant,
  resourceOf,
} from '../../commands/placement.ts';
import type { Judge, Placement } from '../../commands/placement.ts';
import { toBooked, causeOf } from './book.ts';
import { checkOwnSurgeon, serviceOf } from './place-hold.ts';

/** Changes the details of a case, moves, books or confirms it: all parts of the input, or none. */
export const changeCase = (deps: CommandDeps, request: CommandRequest, caseId: string, input: ChangeCase) => {
  const { version, to, roomId, start, blockId, overrideReason, overrideReasonCode, ...details } = input;
  const isMoved = roomId !== undefined || blockId !== undefined;
  const isChanged =
    Object.keys(details).length > 0 || (!isMoved && (to === undefined || overrideReason !== undefined));
  const commands: CaseCommand[] = [
    ...(to === undefined ? [] : [to === 'scheduled' ? ('book' as const) : ('confirm' as const)]),
    ...(isMoved ? (['move'] as const) : []),
    ...(isChanged ? (['change'] as const) : []),
  ];
  return commandOnCase(
    deps,
    request,
    {
      caseId,
      ...(version !== undefined && { version }),
      commands,
      action: isMoved || to === 'confirmed' ? 'case.schedule' : 'case.hold',
      cause: to !== undefined ? causeOf[to] : isMoved ? 'moved' : 'changed',
      claims: isMoved || isChanged,
    },
    async (before, context) => {
      checkHolder(before, context);
      if (isChanged && scopeOf(context.role, actionFor('change', before.state)) === 'none')
        throw forbidden(context.role);
      const { after, judge } =
        isMoved || isChanged
          ? await editCase(context, before, {
              details,
              placement: isMoved ? { roomId, start, blockId } : null,
              overrideReason,
              overrideReasonCode,
            })
          : { after: before, judge: null };
      const check = requireReason([judge]);
      if (to === undefined) {
        const canNeedReason = hasBegun(before.state) && !overrideReason;
        return { after, check, needsReason: canNeedReason ? addedTo(before, after) : [] };
      }
      const bookedCase = toBooked(after, to);
      // A case that has begun claims what it really uses, not its plan.
      return { after: bookedCase, check, claims: isMoved || isChanged || hasBegun(bookedCase.state) };
    },
  );
};

/** The resources (null: the patient) that the case did not need before. */
const addedTo = (before: Case, { equipment, bed, surgeonId, patientRef }: Case) => [
  ...equipment
    .filter(
      ({ resourceId, quantity }) =>
        quantity > (before.equipment.find((need) => need.resourceId === resourceId)?.quantity ?? 0),
    )
    .map(({ resourceId }) => resourceId),
  ...(bed && (bed.resourceId !== before.bed?.resourceId || bed.nights > before.bed.nights)
    ? [bed.resourceId]
    : []),
  ...(surgeonId !== null && surgeonId !== before.surgeonId ? [surgeonId] : []),
  ...(patientRef !== null && patientRef !== before.patientRef ? [null] : []),
];

/** The fields that the rules of a placement depend on. */
const judgedFields = [
  'end',
  'setupMinutes',
  'cleanupMinutes',
  'procedureId',
  'surgeonId',
  'service',
] as const;

type CaseEdit = {
  details: Details;
  /** Null: the case stays where it is. */
  placement: Placement | null;
  /** Undefined: a case that stays where it is keeps its reason. */
  overrideReason?: string | null | undefined;
  overrideReasonCode?: string | undefined;
};

/** Returns the changed case and the check of its place. A case moved off its list loses its place there. */
export async function editCase(
  context: Context,
  before: Case,
  { details, placement, overrideReason, overrideReasonCode }: CaseEdit,
): Promise<{ after: Case; judge: Judge | null }> {
  if (details.surgeonId !== undefined) checkOwnSurgeon(context, details.surgeonId);
  const to: Placement = placement
    ? { ...placement, start: placement.start && plannedInstant(placement.start, context.zone, 'start') }
    : { roomId: before.roomId ?? undefined, start: before.start ?? undefined };
  const facts = await placementFacts(
    context.tx,
    context.request.siteId,
    { ...to, blockId: to.blockId ?? before.list?.blockId },
    {
      ...details,
      roomId: before.roomId,
      procedureId: details.procedureId === undefined ? before.procedureId : details.procedureId,
      surgeonId: details.surgeonId === undefined ? before.surgeonId : details.surgeonId,
    },
  );
  checkResources(facts, details);
  if (placement) resourceOf(facts, 'room', to.roomId, 'roomId');
  const surgeon = facts.resources.find((each) => each.kind === 'surgeon') ?? null;
  const session = facts.blocks.find((block) => block.id === to.blockId);
  const roomOf = (id: string | null | undefined) => facts.resources.find((each) => each.id === id) ?? null;
  const room = roomOf(session?.roomId ?? to.roomId);
  const needs = { ...details, service: serviceOf(context, details, surgeon, facts.procedure) };
  const defaults = { procedure: facts.procedure, room, surgeon, settings: context.settings };
  const moving = {
    ...before,
    ...turnoverAfterMove(before, { ...defaults, from: roomOf(before.roomId), to: room }),
    ...(placement && !to.blockId && { roomId: to.roomId ?? null, start: to.start ?? null }),
  };
  // A reason applies only to the place it was given for.
  const keepsReason = overrideReason === undefined && !placement;
  const changed = {
    ...changeNeeds(moving, needs, defaults),
    ...(!keepsReason && (await givenOverride(context, { overrideReason, overrideReasonCode }))),
  };
  const after = await withListPlace(context, facts, before, changed, placement && to);

  const isNewHold = before.state === 'held' && before.depotSince === null;
  if (!isNewHold && !hasProcedureOrTitle(after))
    throw invalid(missingProcedure.field, missingProcedure.reason);
  // A case that has begun is not checked: it can get a note even if it runs over, or if its block belongs to another
  // service by now.
  const isWithoutReason = before.overrideReason !== null && after.overrideReason === null;
  const isJudged =
    placement !== null ||
    (!hasBegun(before.state) &&
      (isWithoutReason || judgedFields.some((field) => after[field] !== before[field])));
  return { after, judge: isJudged ? judgePlacement(context, after, room, facts) : null };
}

/** Sets the place on a list: the requested one, or none after a move away. Refuses a change that would lose the place. */
async function withListPlace(
  context: Context,
  facts: Awaited<ReturnType<typeof placementFacts>>,
  before: Case,
  item: Case,
  to: Placement | null,
): Promise<Case> {
  if (to?.blockId !== undefined) return place(context, facts, to, item);
  if (to) return lostPlace(facts, item) ? { ...item, list: null } : item;
  const lost = mayFrom('move', before.state) && !lostPlace(facts, before) ? lostPlace(facts, item) : null;
  if (lost) throw lost;
  return item;
}
