import type { PlaceCase } from '@slate/shared/commands';
import { commandOnCase } from './command-on-case.ts';
import type { CommandDeps, CommandRequest } from './command.ts';
import { checkPlacement, place, placementFacts, resolveStart } from './placement.ts';
import { startHold } from './start-hold.ts';

/** From the depot onto the board, as a hold with everything the case needs. */
export async function placeCase(
  deps: CommandDeps,
  request: CommandRequest,
  caseId: string,
  asked: PlaceCase,
) {
  const start = await resolveStart(deps.pool, request.siteId, asked.start);
  const placement = { roomId: asked.roomId, blockId: asked.blockId, start };
  return commandOnCase(
    deps,
    request,
    {
      caseId,
      version: asked.version,
      command: 'place',
      action: 'case.schedule',
      cause: 'held',
      claims: true,
    },
    async (before, context) => {
      const facts = await placementFacts(context.tx, request.siteId, placement, before);
      const room = facts.resources.find((each) => each.kind === 'room') ?? null;
      const item = {
        ...before,
        state: 'held' as const,
        // What happened when it was on the board before is history: nothing of this attempt has happened yet.
        milestones: {},
        minutes: asked.minutes ?? before.minutes,
        reason: null,
        overrideReason: asked.overrideReason ?? null,
      };
      const placed = await place(context, facts, placement, item);
      if (room) checkPlacement(context, placed, { room, procedure: facts.procedure, blocks: facts.blocks });
      return { after: placed, settle: (after, now) => startHold(after, context, now) };
    },
  );
}
