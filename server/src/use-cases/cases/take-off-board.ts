import { placedAt } from '@slate/shared/case-draft';
import type { Case } from '@slate/shared/cases';
import type { WithReason } from '@slate/shared/contract/cases';
import type { GivenReason } from '@slate/shared/reasons';
import type { Actor } from '@slate/shared/fields';
import { commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { givenReason } from '../../commands/reasons.ts';

/** Sends a case back to the depot with its needs. */
export const bumpCase = (deps: CommandDeps, request: CommandRequest, caseId: string, input: WithReason) =>
  commandOnCase(
    deps,
    request,
    {
      caseId,
      version: input.version,
      commands: ['bump'],
      action: 'case.schedule',
      cause: 'bumped',
      claims: true,
    },
    async (before, context) => ({
      after: toDepot(before, await givenReason(context, 'bump', input)),
      settle: (after, now) => withBump(after, context.actor, now),
    }),
  );

/** The case without a place, with its needs. */
export const toDepot = (item: Case, reason: GivenReason | null): Case => ({
  ...placedAt(item, null, null),
  state: 'depot',
  list: null,
  holder: null,
  heldSince: null,
  expiresAt: null,
  ...reasonFields(reason),
});

/** The fields of a case for a reason. */
export const reasonFields = (reason: GivenReason | null) => ({
  reason: reason?.text ?? null,
  reasonCode: reason?.code ?? null,
});

/** Records who bumped a booked case. Keeps the original waiting time. */
export const withBump = (item: Case, by: Actor, now: string): Case => ({
  ...item,
  depotSince: item.depotSince ?? now,
  bumped: { by, at: now, reason: item.reason },
});

export const cancelCase = (deps: CommandDeps, request: CommandRequest, caseId: string, input: WithReason) =>
  commandOnCase(
    deps,
    request,
    {
      caseId,
      version: input.version,
      commands: ['cancel'],
      action: 'case.schedule',
      cause: 'cancelled',
      claims: true,
    },
    async (before, context) => ({
      after: {
        ...before,
        state: 'cancelled',
        ...reasonFields(await givenReason(context, 'cancel', input)),
      },
    }),
  );

/** For a case entered in error. It stays readable. */
export const voidCase = (deps: CommandDeps, request: CommandRequest, caseId: string, input: WithReason) =>
  commandOnCase(
    deps,
    request,
    {
      caseId,
      version: input.version,
      commands: ['void'],
      action: 'case.void',
      cause: 'voided',
      claims: true,
    },
    async (before, context) => ({
      after: { ...before, state: 'voided', ...reasonFields(await givenReason(context, 'void', input)) },
    }),
  );
