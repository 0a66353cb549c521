import type { Case } from '@slate/shared/cases';
import type { Context } from '../../commands/context.ts';

const secondsAfter = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1000).toISOString();

/** A hold begins on the database's clock, read after the locks, and ends by itself. */
export const startHold = (item: Case, { actor, settings }: Context, now: string): Case => ({
  ...item,
  state: 'held',
  holder: actor,
  heldSince: now,
  expiresAt: secondsAfter(now, settings.holdSeconds),
});

/** As long again, but never past the limit counted from when the hold began, and never less than it has. */
export function extendedUntil({ heldSince, expiresAt }: Case, { settings }: Context, now: string): string {
  const limit = secondsAfter(heldSince ?? now, settings.holdLimitSeconds);
  const again = secondsAfter(now, settings.holdSeconds);
  const until = again < limit ? again : limit;
  return expiresAt !== null && expiresAt > until ? expiresAt : until;
}
