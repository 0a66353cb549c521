import { placedAt } from '@slate/shared/case-draft';
import type { Case } from '@slate/shared/cases';
import type { WithReason } from '@slate/shared/commands';
import { commandOnCase } from './command-on-case.ts';
import type { CommandDeps, CommandRequest } from './command.ts';

/** Sends a case back to the depot, where it waits for another time with all that it needs. */
export const bumpCase = (deps: CommandDeps, request: CommandRequest, caseId: string, asked: WithReason) =>
  commandOnCase(
    deps,
    request,
    {
      caseId,
      version: asked.version,
      command: 'bump',
      action: 'case.schedule',
      cause: 'bumped',
      claims: true,
    },
    (before) => ({ after: bumped(before, asked.reason), settle: waitingSince }),
  );

/** Back to the depot: without a place, with all that it needs. */
export const bumped = (item: Case, reason: string | null): Case => ({
  ...placedAt(item, null, null),
  state: 'depot',
  list: null,
  holder: null,
  heldSince: null,
  expiresAt: null,
  reason,
});

/** Whoever waited before has waited since then. */
export const waitingSince = (item: Case, now: string): Case => ({
  ...item,
  depotSince: item.depotSince ?? now,
});
