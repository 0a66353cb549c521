import type { Case } from '@slate/shared/cases';
import { toDepot } from './bump-case.ts';
import { checkHolder, commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';

/** Gives a hold back before it ends by itself. */
export const releaseHold = (deps: CommandDeps, request: CommandRequest, caseId: string) =>
  commandOnCase(
    deps,
    request,
    { caseId, commands: ['release'], action: 'case.hold', cause: 'released', claims: true },
    (before, context) => {
      checkHolder(before, context);
      return { after: released(before, null) };
    },
  );

/** A hold that came from the depot goes back there; any other one is over. */
export const released = (item: Case, reason: string | null): Case =>
  item.depotSince === null ? { ...item, state: 'released', expiresAt: null, reason } : toDepot(item, reason);
