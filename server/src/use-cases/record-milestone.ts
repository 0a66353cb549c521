import type { RecordMilestone } from '@slate/shared/commands';
import { stateAfter } from '@slate/shared/case-state';
import { addMinutes } from '@slate/shared/time';
import { run } from '../db/query.ts';
import { invalid } from '../domain/refusal.ts';
import { commandOnCase } from './command-on-case.ts';
import type { CommandDeps, CommandRequest } from './command.ts';

/**
 * What really happened, and when: a fact, taken whatever state the case is in and however late it arrives.
 * A patient who left early frees the rest of what was claimed; a fact never claims more.
 */
export const recordMilestone = (
  deps: CommandDeps,
  request: CommandRequest,
  caseId: string,
  fact: RecordMilestone,
) =>
  commandOnCase(
    deps,
    request,
    { caseId, command: null, action: 'milestone.record', cause: 'milestone', claims: false },
    (before, context) => {
      const milestones = { ...before.milestones, [fact.milestone]: fact.at };
      const left = before.milestones.out_of_room;
      return {
        after: { ...before, milestones, state: stateAfter(before.state, milestones) },
        // A correction to a later time leaves to others what was freed before.
        check: (now) => {
          if (fact.at > addMinutes(now, 5)) throw invalid('at', 'Lies in the future.');
        },
        claims: fact.milestone === 'out_of_room' && (left === undefined || fact.at <= left),
        write: () =>
          run(context.tx, 'record-milestone', insertMilestone, [
            request.siteId,
            caseId,
            fact.milestone,
            fact.at,
            request.userId,
          ]),
      };
    },
  );

const insertMilestone =
  'INSERT INTO milestones (site_id, case_id, milestone, at, recorded_by) VALUES ($1, $2, $3, $4, $5)';
