import { turnoverAfterMove } from '@slate/shared/case-draft';
import type { PlaceCase } from '@slate/shared/contract/cases';
import { commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { checkPlacement, place, placementFacts, plannedInstant } from '../../commands/placement.ts';
import { givenOverride } from '../../commands/reasons.ts';
import { toBooked, causeOf } from './book.ts';
import { startHold } from './holds.ts';
import { reasonFields } from './take-off-board.ts';

/** Places a case from the depot on the board, with its needs: as a hold, or booked at once. */
export const placeCase = (deps: CommandDeps, request: CommandRequest, caseId: string, input: PlaceCase) =>
  commandOnCase(
    deps,
    request,
    {
      caseId,
      version: input.version,
      commands: ['place'],
      action: 'case.schedule',
      cause: input.to === undefined ? 'held' : causeOf[input.to],
      claims: true,
    },
    async (before, context) => {
      const placement = {
        roomId: input.roomId,
        blockId: input.blockId,
        start: input.start && plannedInstant(input.start, context.zone, 'start'),
      };
      const facts = await placementFacts(context.tx, request.siteId, placement, before);
      const room = facts.resources.find((each) => each.kind === 'room') ?? null;
      const { procedure } = facts;
      const item = {
        ...before,
        ...turnoverAfterMove(before, { from: null, to: room, procedure, settings: context.settings }),
        state: 'held' as const,
        // Facts from before the case went to the depot do not count for the new time.
        milestones: {},
        minutes: input.minutes ?? before.minutes,
        ...reasonFields(null),
        ...(await givenOverride(context, input)),
      };
      const placed = await place(context, facts, placement, item);
      const check = checkPlacement(context, placed, room, facts);
      if (input.to !== undefined) return { after: toBooked(placed, input.to), check };
      return { after: placed, check, settle: (after, now) => startHold(after, context, now) };
    },
  );
