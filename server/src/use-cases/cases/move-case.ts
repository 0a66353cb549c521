import { placedAt } from '@slate/shared/case-draft';
import type { MoveCase } from '@slate/shared/contract/cases';
import { checkHolder, commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import {
  checkPlacement,
  lostPlace,
  placementFacts,
  plannedInstant,
  resourceOf,
} from '../../commands/placement.ts';

/** To another room or time, its own overlapping time included. A case that leaves its list gives up its place. */
export const moveCase = (deps: CommandDeps, request: CommandRequest, caseId: string, asked: MoveCase) =>
  commandOnCase(
    deps,
    request,
    {
      caseId,
      version: asked.version,
      command: 'move',
      action: 'case.schedule',
      cause: 'moved',
      claims: true,
    },
    async (before, context) => {
      checkHolder(before, context);
      const start = plannedInstant(asked.start, context.zone, 'start');
      const to = { roomId: asked.roomId, start, blockId: before.list?.blockId };
      const facts = await placementFacts(context.tx, request.siteId, to, { procedureId: before.procedureId });
      const room = resourceOf(facts, 'room', asked.roomId, 'roomId');
      const item = {
        ...before,
        minutes: asked.minutes ?? before.minutes,
        overrideReason: asked.overrideReason ?? null,
      };
      const moved = placedAt(item, asked.roomId, start);
      const after = lostPlace(facts, moved) ? { ...moved, list: null } : moved;
      return { after, check: checkPlacement(context, after, room, facts) };
    },
  );
