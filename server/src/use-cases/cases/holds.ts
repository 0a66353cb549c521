import type { Case } from '@slate/shared/cases';
import type { ReleaseHold } from '@slate/shared/contract/cases';
import type { GivenReason } from '@slate/shared/reasons';
import { minutesOf } from '@slate/shared/time';
import { checkHolder, commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest, Context } from '../../commands/context.ts';
import { givenReason } from '../../commands/reasons.ts';
import { Refusal } from '../../domain/refusal.ts';
import { reasonFields, toDepot } from './take-off-board.ts';

/** Extends a hold, up to the site's limit. */
export const extendHold = (deps: CommandDeps, request: CommandRequest, caseId: string) =>
  commandOnCase(
    deps,
    request,
    { caseId, commands: ['extend'], action: 'case.hold', cause: 'extended', claims: false },
    (before, context) => {
      checkHolder(before, context);
      return {
        after: before,
        settle: (after, now) => {
          const expiresAt = extendedUntil(before, context, now);
          if (before.expiresAt !== null && expiresAt <= before.expiresAt) {
            const { holdLimitSeconds: limit } = context.settings;
            const longest = limit % 60 === 0 ? minutesOf(limit / 60) : `${limit} seconds`;
            throw new Refusal(
              'in_use',
              `This hold already lasts ${longest}, the most allowed. Book it or release it.`,
            );
          }
          return { ...after, expiresAt };
        },
      };
    },
  );

/**
 * Makes someone else's hold the caller's own. The change names the previous holder, so that their console can tell
 * them. The limit still counts from when the time was first held; otherwise people could block a room by taking
 * turns.
 */
export const takeOverHold = (deps: CommandDeps, request: CommandRequest, caseId: string) =>
  commandOnCase(
    deps,
    request,
    { caseId, commands: ['takeover'], action: 'hold.takeover', cause: 'taken_over', claims: false },
    (before, context) => ({
      after: before,
      settle: (after, now) => ({
        ...after,
        holder: context.actor,
        expiresAt: extendedUntil(before, context, now),
      }),
      from: before.holder,
    }),
  );

/** Releases a hold before it expires. */
export const releaseHold = (
  deps: CommandDeps,
  request: CommandRequest,
  caseId: string,
  input: ReleaseHold = {},
) =>
  commandOnCase(
    deps,
    request,
    { caseId, commands: ['release'], action: 'case.hold', cause: 'released', claims: true },
    async (before, context) => {
      checkHolder(before, context);
      return { after: toReleased(before, await givenReason(context, 'release', input)) };
    },
  );

/** A hold from the depot goes back there; any other is released. */
export const toReleased = (item: Case, reason: GivenReason | null): Case =>
  item.depotSince === null
    ? { ...item, state: 'released', expiresAt: null, ...reasonFields(reason) }
    : toDepot(item, reason);

const secondsAfter = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1000).toISOString();

/** A hold starts at the database's clock, read after the locks. */
export const startHold = (item: Case, { actor, settings }: Context, now: string): Case => ({
  ...item,
  state: 'held',
  holder: actor,
  heldSince: now,
  expiresAt: secondsAfter(now, settings.holdSeconds),
});

/** Returns the new expiry: a full hold length from now, but not past the limit, and not earlier than before. */
function extendedUntil({ heldSince, expiresAt }: Case, { settings }: Context, now: string): string {
  const limit = secondsAfter(heldSince ?? now, settings.holdLimitSeconds);
  const again = secondsAfter(now, settings.holdSeconds);
  const until = again < limit ? again : limit;
  return expiresAt !== null && expiresAt > until ? expiresAt : until;
}
