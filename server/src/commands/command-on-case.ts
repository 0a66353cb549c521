import type { Case } from '@slate/shared/cases';
import { allowedFrom, mayFrom } from '@slate/shared/case-state';
import type { CaseCommand } from '@slate/shared/case-state';
import type { CaseCause } from '@slate/shared/changes';
import type { Actor } from '@slate/shared/fields';
import { scopeOf } from '@slate/shared/permissions';
import type { Action } from '@slate/shared/permissions';
import { caseById } from '../db/cases.sql.ts';
import { maybeOne } from '../db/query.ts';
import { checkNotOverdue } from '../domain/overdue.ts';
import { notFound, Refusal } from '../domain/refusal.ts';
import { isOwn } from '../domain/visibility.ts';
import { claimFor } from './claim.ts';
import { runCommand } from './command.ts';
import type { Check, ClaimOptions } from './claim.ts';
import type { CommandDeps, CommandReply, CommandRequest, Context } from './context.ts';

export type CaseCommandOptions = {
  caseId: string;
  /** The version the caller saw; without it, only the state is checked. */
  version?: number;
  /** Each must be allowed in the current state of the case. Empty for a fact, which is allowed in every state. */
  commands: readonly CaseCommand[];
  action: Action;
  cause: CaseCause;
  /** Whether the claims of the case may change. */
  claims: boolean;
};

/**
 * The case after the command; the same object, without `settle`, if nothing changes. `settle` sets the fields that
 * depend on the clock after the locks.
 */
export type Decision = {
  after: Case;
  settle?: (after: Case, now: string) => Case;
  /** Writes other rows after the locks, which cover the rows they refer to. */
  write?: () => Promise<unknown>;
  /** Overrides `CaseCommandOptions.claims`. */
  claims?: boolean;
  check?: Check | undefined;
  needsReason?: ClaimOptions['needsReason'];
  /** More detail for the audit. */
  detail?: Record<string, unknown>;
  /** More fields for the reply. */
  also?: (claimed: Awaited<ReturnType<typeof claimFor>>) => Promise<Record<string, unknown>>;
  from?: Actor | null;
  /** When a fact was entered, if it was sent later. */
  madeAt?: string | undefined;
};

/** Runs a command that changes one existing case. */
export const commandOnCase = (
  deps: CommandDeps,
  request: CommandRequest,
  options: CaseCommandOptions,
  decide: (before: Case, context: Context) => Promise<Decision> | Decision,
): Promise<CommandReply> =>
  runCommand(
    deps,
    request,
    options.action,
    (tx) => maybeOne(tx, caseById, [request.siteId, options.caseId]),
    async (context, found) => {
      const before = visibleCase(context, options.action, found?.case);
      for (const command of options.commands) checkHoldNotExpired(before, command, context);
      checkVersion(before, options.version);
      for (const command of options.commands) checkState(before, command, context);
      const decision = await decide(before, context);
      const {
        after: proposed,
        settle,
        write,
        claims = options.claims,
        check,
        needsReason,
        detail,
        also,
        from,
        madeAt,
      } = decision;
      const isChanged = proposed !== before || settle !== undefined;
      const updated = isChanged ? { ...proposed, version: before.version + 1 } : before;
      const claimed = await claimFor(context, [{ before, after: updated }], {
        claims,
        fact: options.commands.length === 0,
        check,
        needsReason,
      });
      const after = settle ? settle(updated, claimed.now) : updated;
      await write?.();
      const change = {
        type: 'case',
        cause: options.cause,
        case: after,
        ...(from !== undefined && { from }),
        ...(madeAt !== undefined && { madeAt }),
      } as const;
      return {
        status: 200,
        body: { case: after, ...(await also?.(claimed)) },
        ...(detail && { detail }),
        ...(isChanged ? { cases: [after], changes: [change] } : { changes: [] }),
      };
    },
    (context, found) => visibleCase(context, options.action, found?.case),
  );

/** Returns the case if the caller may do this to it. For an office, cases of other surgeons do not exist. */
export function visibleCase(context: Context, action: Action, item: Case | undefined): Case {
  const own = scopeOf(context.role, action) === 'own' || scopeOf(context.role, 'cases.read') === 'own';
  if (!item || (own && !isOwn(item, context.request.userId, context.surgeonIds))) throw notFound('case');
  return item;
}

export function checkVersion(item: Case, version: number | undefined) {
  if (version === undefined || item.version === version) return;
  throw new Refusal(
    'stale_version',
    `Case ${item.number} has changed since you opened it (now version ${item.version}). Check it before you continue.`,
  );
}

/** An expired hold is reported before any other error, whether or not it has been released yet. */
export function checkHoldNotExpired(item: Case, command: CaseCommand, { began, zone }: Context) {
  checkNotOverdue(item, began, zone);
  // An expired hold that came from the depot is back in the depot.
  if (item.state === 'expired' || (item.state === 'depot' && needsHold(command))) throw expiredHold(item);
}

export function checkState(item: Case, command: CaseCommand, context: Context) {
  if (mayFrom(command, item.state)) return;
  throw new Refusal(
    'stale_version',
    `Case ${item.number} is ${item.state.replaceAll('_', ' ')} now, so it can’t be ${participles[command]}. ` +
      `Check it before you continue (${context.request.name}).`,
  );
}

const needsHold = (command: CaseCommand) => allowedFrom[command].every((state) => state === 'held');

const participles = {
  place: 'placed',
  extend: 'extended',
  takeover: 'taken over',
  release: 'released',
  book: 'booked',
  confirm: 'confirmed',
  change: 'changed',
  move: 'moved',
  bump: 'bumped',
  cancel: 'cancelled',
  void: 'voided',
} satisfies Record<CaseCommand, string>;

const expiredHold = (item: Case) =>
  new Refusal(
    'hold_expired',
    `The hold on case ${item.number} has expired. Hold the time again if it is still free.`,
  );

/** Only the holder may change a hold. Others must take it over first, so that the holder sees it. */
export function checkHolder(item: Case, context: Context) {
  if (item.state !== 'held' || item.holder === null || item.holder.id === context.request.userId) return;
  throw new Refusal(
    'forbidden',
    `${item.holder.name} holds this time. Take over the hold first, or wait until it expires.`,
  );
}
