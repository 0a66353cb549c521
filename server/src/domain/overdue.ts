import type { Case } from '@slate/shared/cases';
import { timeOf } from '@slate/shared/time';
import { Refusal } from './refusal.ts';

/** `now`: the database's clock, read after the locks. */
export function checkNotOverdue(item: Case, now: string, zone: string) {
  if (item.state !== 'held' || item.expiresAt === null || item.expiresAt > now) return;
  throw new Refusal(
    'hold_expired',
    `The hold on case ${item.number} expired at ${timeOf(item.expiresAt, zone)}. Hold the time again if it is still free.`,
  );
}
