import { changeNeeds } from '@slate/shared/case-draft';
import { hasBegun, mayFrom } from '@slate/shared/case-state';
import { saysWhat, whatIsMissing } from '@slate/shared/cases';
import type { ChangeCase } from '@slate/shared/contract/cases';
import { actionFor, scopeOf } from '@slate/shared/permissions';
import { invalid } from '../../domain/refusal.ts';
import { checkHolder, commandOnCase } from '../../commands/command-on-case.ts';
import { forbidden } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { checkNamed, checkPlacement, lostPlace, placementFacts } from '../../commands/placement.ts';
import { checkOwnSurgeon, serviceOf } from './place-hold.ts';

/** What the rules of a placement look at. */
const judged = ['end', 'setupMinutes', 'cleanupMinutes', 'procedureId', 'surgeonId', 'service'] as const;

/** Changes what a case is and needs, and with it what it claims: all of it, or none. */
export const changeCase = (deps: CommandDeps, request: CommandRequest, caseId: string, asked: ChangeCase) => {
  const { version, overrideReason, ...details } = asked;
  return commandOnCase(
    deps,
    request,
    { caseId, version, command: 'change', action: 'case.hold', cause: 'changed', claims: true },
    async (before, context) => {
      checkHolder(before, context);
      if (scopeOf(context.role, actionFor('change', before.state)) === 'none') throw forbidden(context.role);
      if (details.surgeonId !== undefined) checkOwnSurgeon(context, details.surgeonId);

      const facts = await placementFacts(
        context.tx,
        request.siteId,
        {
          roomId: before.roomId ?? undefined,
          start: before.start ?? undefined,
          blockId: before.list?.blockId,
        },
        {
          ...details,
          procedureId: details.procedureId === undefined ? before.procedureId : details.procedureId,
          surgeonId: details.surgeonId === undefined ? before.surgeonId : details.surgeonId,
        },
      );
      checkNamed(facts, details);
      const surgeon = facts.resources.find((each) => each.kind === 'surgeon') ?? null;
      const room = facts.resources.find((each) => each.kind === 'room') ?? null;
      const usual = { procedure: facts.procedure, room, surgeon, settings: context.settings };
      const after = {
        ...changeNeeds(
          before,
          { ...details, service: serviceOf(context, details, surgeon, facts.procedure) },
          usual,
        ),
        overrideReason: overrideReason ?? before.overrideReason,
      };
      const isNewHold = before.state === 'held' && before.depotSince === null;
      if (!isNewHold && !saysWhat(after)) throw invalid(whatIsMissing.field, whatIsMissing.reason);
      // A case that is under way takes as long as it takes.
      const lost =
        mayFrom('move', before.state) && !lostPlace(facts, before) ? lostPlace(facts, after) : null;
      if (lost) throw lost;
      // A case that has begun takes as long as it takes. A note can be added to one that runs over, or whose block has
      // become somebody else's since.
      const isJudged = !hasBegun(before.state) && judged.some((field) => after[field] !== before[field]);
      return { after, check: isJudged ? checkPlacement(context, after, room, facts) : undefined };
    },
  );
};
