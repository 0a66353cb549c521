import type { WithReason } from '@slate/shared/contract/cases';
import { commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';

export const cancelCase = (deps: CommandDeps, request: CommandRequest, caseId: string, asked: WithReason) =>
  commandOnCase(
    deps,
    request,
    {
      caseId,
      version: asked.version,
      commands: ['cancel'],
      action: 'case.schedule',
      cause: 'cancelled',
      claims: true,
    },
    (before) => ({ after: { ...before, state: 'cancelled', reason: asked.reason } }),
  );
