import { commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { extendedUntil } from './start-hold.ts';

/**
 * Makes another's hold one's own. The change names who held it before, so that their console tells them. The hold
 * goes on: its limit still counts from when the time was first held, or taking turns would park a room.
 */
export const takeOverHold = (deps: CommandDeps, request: CommandRequest, caseId: string) =>
  commandOnCase(
    deps,
    request,
    { caseId, commands: ['takeover'], action: 'hold.takeover', cause: 'taken_over', claims: false },
    (before, context) => ({
      after: before,
      settle: (after, now) => ({
        ...after,
        holder: context.actor,
        expiresAt: extendedUntil(before, context, now),
      }),
      from: before.holder,
    }),
  );
