import { placedAt } from '@slate/shared/case-draft';
import type { MoveCase } from '@slate/shared/commands';
import { checkHolder, commandOnCase } from './command-on-case.ts';
import type { CommandDeps, CommandRequest } from './command.ts';
import { checkPlacement, placementFacts, plannedInstant, resourceOf } from './placement.ts';

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
      const to = { roomId: asked.roomId, start };
      const facts = await placementFacts(context.tx, request.siteId, to, { procedureId: before.procedureId });
      const room = resourceOf(facts, 'room', asked.roomId, 'roomId');
      const item = {
        ...before,
        minutes: asked.minutes ?? before.minutes,
        list: stillOnList(before.list, asked.roomId === before.roomId, start),
        overrideReason: asked.overrideReason ?? null,
      };
      const after = placedAt(item, asked.roomId, start);
      return { after, check: checkPlacement(context, after, room, facts) };
    },
  );

const stillOnList = <List extends { start: string; end: string }>(
  list: List | null,
  sameRoom: boolean,
  start: string,
) => (list && sameRoom && list.start <= start && start < list.end ? list : null);
