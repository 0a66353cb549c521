import { stateAfter } from '@slate/shared/case-state';
import type { CaseState } from '@slate/shared/case-state';
import { claimsOf } from '@slate/shared/cases';
import type { RecordMilestone } from '@slate/shared/contract/cases';
import { addMinutes } from '@slate/shared/time';
import { isLatest } from './facts.ts';
import { plannedStateOf } from '../../db/changes.sql.ts';
import { maybeOne, run } from '../../db/query.ts';
import { invalid } from '../../domain/refusal.ts';
import { commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest, Context } from '../../commands/context.ts';
import { Conflict } from '../../commands/claim.ts';
import { blockersOf } from '../../commands/explain-conflict.ts';

/**
 * Records a milestone and its time: a fact, allowed in every state and however late. Without a time, it withdraws a
 * fact recorded by mistake. A fact that is sent late does not replace one that was entered after it. The case then claims
 * what it really uses, unless others have claimed it; the reply lists those claims.
 */
export const recordMilestone = (
  deps: CommandDeps,
  request: CommandRequest,
  caseId: string,
  { milestone, at, madeAt }: RecordMilestone,
) =>
  commandOnCase(
    deps,
    request,
    { caseId, commands: [], action: 'milestone.record', cause: 'milestone', claims: true },
    async (before, context) => {
      const { [milestone]: previous, ...others } = before.milestones;
      const isLatestFact =
        madeAt === undefined ||
        ((previous ?? null) !== at && (await isLatest(context, caseId, ['milestones', milestone], madeAt)));
      if (isLatestFact && at === null && previous === undefined)
        throw invalid('milestone', 'Isn’t recorded for this case.');
      const milestones = at === null ? others : { ...others, [milestone]: at };
      const isLast = Object.keys(milestones).length === 0;
      const planned = isLast ? await plannedState(context, caseId) : undefined;
      const after = isLatestFact
        ? { ...before, milestones, state: stateAfter(before.state, milestones, planned) }
        : before;
      const claims =
        JSON.stringify(claimsOf(before, context.zone)) !== JSON.stringify(claimsOf(after, context.zone));
      return {
        after,
        claims,
        check: (now) => {
          if (at !== null && at > addMinutes(now, 5)) throw invalid('at', 'Can’t be in the future.');
        },
        detail: { milestone, at, madeAt },
        madeAt,
        write: () =>
          run(context.tx, 'record-milestone', insertMilestone, [
            request.siteId,
            caseId,
            milestone,
            at,
            request.userId,
          ]),
        also: async ({ now, inWay }) => {
          const current = inWay.filter(({ claim }) => claim !== null && claim.end > now);
          if (current.length === 0) return { taken: [] };
          return {
            taken: await blockersOf(context.tx, request.siteId, new Conflict([], current, context, null)),
          };
        },
      };
    },
  );

/** The state before any fact. */
async function plannedState({ tx, request }: Context, caseId: string): Promise<CaseState | undefined> {
  return (await maybeOne(tx, plannedStateOf, [request.siteId, caseId]))?.state;
}

const insertMilestone =
  'INSERT INTO milestones (site_id, case_id, milestone, at, recorded_by) VALUES ($1, $2, $3, $4, $5)';
