import type { WithReason } from '@slate/shared/contract/cases';
import { commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';

/** Entered in error: it is struck out, and stays readable as that. */
export const voidCase = (deps: CommandDeps, request: CommandRequest, caseId: string, asked: WithReason) =>
  commandOnCase(
    deps,
    request,
    {
      caseId,
      version: asked.version,
      commands: ['void'],
      action: 'case.void',
      cause: 'voided',
      claims: true,
    },
    (before) => ({ after: { ...before, state: 'voided', reason: asked.reason } }),
  );
