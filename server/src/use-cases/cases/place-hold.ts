import { draftCase } from '@slate/shared/case-draft';
import type { Details } from '@slate/shared/case-draft';
import type { Case } from '@slate/shared/cases';
import type { PlaceHold } from '@slate/shared/contract/cases';
import { scopeOf } from '@slate/shared/permissions';
import type { Procedure, Resource } from '@slate/shared/resources';
import { notYourSurgeon, officeService } from '../../domain/office-service.ts';
import { claimFor } from '../../commands/claim.ts';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandReply, CommandRequest, Context } from '../../commands/context.ts';
import { givenOverride } from '../../commands/reasons.ts';
import {
  checkResources,
  checkPlacement,
  place,
  placementFacts,
  resolveStart,
} from '../../commands/placement.ts';
import { startHold } from './holds.ts';

/** Holds a room and everything else a new case needs, while someone is on the phone. */
export async function placeHold(
  deps: CommandDeps,
  request: CommandRequest,
  input: PlaceHold,
): Promise<CommandReply> {
  const { roomId, blockId, start, overrideReason, overrideReasonCode, ...details } = input;
  const placement = { roomId, blockId, start: await resolveStart(deps.pool, request.siteId, start) };
  return runCommand(
    deps,
    request,
    'case.hold',
    (tx) => placementFacts(tx, request.siteId, placement, details),
    async (context, facts) => {
      const surgeon = checkResources(facts, details);
      checkOwnSurgeon(context, details.surgeonId ?? null);
      const room = facts.resources.find((each) => each.kind === 'room') ?? null;
      const service = serviceOf(context, details, surgeon, facts.procedure);
      const draft: Case = {
        ...draftCase(
          { ...details, service },
          { procedure: facts.procedure, room, surgeon, settings: context.settings },
        ),
        id: request.key,
        number: 0,
        state: 'held',
        holder: context.actor,
        ...(await givenOverride(context, { overrideReason, overrideReasonCode })),
        createdBy: request.userId,
      };
      const placed = await place(context, facts, placement, draft);
      const { now, number } = await claimFor(context, [{ before: null, after: placed }], {
        check: checkPlacement(context, placed, room, facts),
      });
      const held = startHold({ ...placed, number }, context, now);
      return {
        status: 201,
        body: { case: held },
        cases: [held],
        changes: [{ type: 'case', cause: 'held', case: held }],
      };
    },
    (context) => checkOwnSurgeon(context, details.surgeonId ?? null),
  );
}

/** The service of the case. Callers who book only for their own surgeons cannot choose it freely. */
export const serviceOf = (
  context: Context,
  details: Details,
  surgeon: Resource | null,
  procedure: Procedure | null,
) =>
  scopeOf(context.role, 'case.hold') === 'own'
    ? officeService(surgeon ? [surgeon] : [], details, procedure)
    : details.service;

/** An office books only for its own surgeons. */
export function checkOwnSurgeon(context: Context, surgeonId: string | null) {
  if (scopeOf(context.role, 'case.hold') === 'any') return;
  if (surgeonId === null || !context.surgeonIds.includes(surgeonId)) throw notYourSurgeon();
}
