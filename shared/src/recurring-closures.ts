import { z } from 'zod';
import { reason } from './cases.ts';
import { actor, id } from './fields.ts';
import { datesOf, recurrence, spanOn } from './recurrence.ts';
import type { Days, LocalSpan } from './recurrence.ts';
import { version } from './resources.ts';
import { localDate, localTime } from './time.ts';

const clockTime = localTime.refine((time) => time !== '24:00', 'Must be a time from 00:00 to 23:59.');

export const recurringClosureFields = {
  recurrence,
  start: clockTime,
  /** Not after the start: it ends on the next day. */
  end: clockTime,
  /** How many of a pool to close; null: all of it. */
  quantity: z.int().min(1).max(1000).nullable(),
  reason,
  /** Dates without a closure. A closure that is changed or removed by hand adds its date. */
  skipped: z.array(localDate).max(400),
};
/** A rule for closures: terminal cleaning every Sunday night. The dated closures are laid out from it in advance. */
export const recurringClosure = z.strictObject({
  id,
  resourceId: id,
  ...recurringClosureFields,
  createdBy: actor,
  version,
});
export type RecurringClosure = z.infer<typeof recurringClosure>;
export type ClosureRule = Pick<RecurringClosure, keyof typeof recurringClosureFields>;

/** The closures of a rule on these days, in order. Each keeps its local times when the clocks change. */
export const closuresOf = (
  { recurrence: rule, start, end, skipped }: ClosureRule,
  days: Days,
  zone: string,
): (LocalSpan & { readonly date: string })[] =>
  datesOf(rule, days)
    .filter((date) => !skipped.includes(date))
    .map((date) => ({ date, ...spanOn(date, start, end, zone) }));
