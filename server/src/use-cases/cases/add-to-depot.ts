import { draftCase } from '@slate/shared/case-draft';
import type { AddToDepot } from '@slate/shared/contract/cases';
import { claimFor } from '../../commands/claim.ts';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { checkResources, placementFacts } from '../../commands/placement.ts';

/** Adds a case without a time. */
export const addToDepot = (deps: CommandDeps, request: CommandRequest, details: AddToDepot) =>
  runCommand(
    deps,
    request,
    'case.schedule',
    (tx) => placementFacts(tx, request.siteId, {}, details),
    async (context, facts) => {
      const surgeon = checkResources(facts, details);
      const draft = {
        ...draftCase(details, {
          procedure: facts.procedure,
          room: null,
          surgeon,
          settings: context.settings,
        }),
        id: request.key,
        number: 0,
        createdBy: request.userId,
      };
      const { now, number } = await claimFor(context, [{ before: null, after: draft }], { claims: false });
      const item = { ...draft, number, depotSince: now };
      return {
        status: 201,
        body: { case: item },
        cases: [item],
        changes: [{ type: 'case', cause: 'added', case: item }],
      };
    },
  );
