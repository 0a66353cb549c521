import { commandOnCase } from './command-on-case.ts';
import type { CommandDeps, CommandRequest } from './command.ts';
import { startHold } from './start-hold.ts';

/** Makes another's hold one's own. The change names who held it before, so that their console tells them. */
export const takeOverHold = (deps: CommandDeps, request: CommandRequest, caseId: string) =>
  commandOnCase(
    deps,
    request,
    { caseId, command: 'takeover', action: 'hold.takeover', cause: 'taken_over', claims: false },
    (before, context) => ({
      after: before,
      settle: (after, now) => startHold(after, context, now),
      from: before.holder,
    }),
  );
