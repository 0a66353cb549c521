import { checkHolder, commandOnCase } from './command-on-case.ts';
import type { CommandDeps, CommandRequest } from './command.ts';

/** Gives a hold back before it ends by itself. */
export const releaseHold = (deps: CommandDeps, request: CommandRequest, caseId: string) =>
  commandOnCase(
    deps,
    request,
    { caseId, command: 'release', action: 'case.hold', cause: 'released', claims: true },
    (before, context) => {
      checkHolder(before, context);
      return { after: { ...before, state: 'released', expiresAt: null } };
    },
  );
