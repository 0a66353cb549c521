import { z } from 'zod';
import { id, line } from './fields.ts';
import { recurrence, datesOf, spanOn } from './recurrence.ts';
import type { Days, LocalSpan } from './recurrence.ts';
import { version, word } from './resources.ts';
import { alsoSurgeonIds } from './sites.ts';
import type { Block } from './sites.ts';
import { addDays, instantOf, localDate, localTime } from './time.ts';

/** A block of a day in local time. Open time has no block. */
export const blockPlan = z
  .strictObject({
    roomId: id,
    start: localTime,
    end: localTime,
    service: word,
    surgeonId: id.nullable(),
    alsoSurgeonIds,
    /** With a list: places instead of free times. */
    listId: id.nullable(),
    /** It is released this many days before it starts, at the local time of its start. */
    releaseDays: z
      .int('Must be a whole number.')
      .min(0, 'Must be at least 0.')
      .max(365, 'Must be at most 365 days.'),
  })
  .refine(({ start, end }) => start < end, { path: ['end'], error: 'Must be after the start.' })
  .refine(({ surgeonId, alsoSurgeonIds: others = [] }) => surgeonId !== null || others.length === 0, {
    path: ['alsoSurgeonIds'],
    error: 'A group needs its first surgeon as `surgeonId`.',
  })
  .meta({ description: '`end` is after `start`.' });
export type BlockPlan = z.infer<typeof blockPlan>;

/** The plan of one date instead of the rule. Null: no block. A date outside the rule gets the plan in addition. */
export const blockException = z.strictObject({ date: localDate, plan: blockPlan.nullable() });
export type BlockException = z.infer<typeof blockException>;

export const blockRule = {
  plan: blockPlan,
  recurrence,
  exceptions: z
    .array(blockException)
    .max(400)
    .refine(
      (exceptions) => new Set(exceptions.map(({ date }) => date)).size === exceptions.length,
      'Each date can have only one exception.',
    ),
};

/** A rule for blocks, and its exceptions. The dated blocks are laid out from it in advance. */
export const blockTemplate = z.strictObject({ id, ...blockRule, version });
export type BlockTemplate = z.infer<typeof blockTemplate>;
export type BlockRule = Pick<BlockTemplate, 'plan' | 'recurrence' | 'exceptions'>;

export const holidayFields = {
  date: localDate,
  name: line(60),
  /** Null: all rooms. */
  roomIds: z.array(id).min(1, 'Choose at least one room.').max(500).nullable(),
};
/** A day on which templates make no blocks in these rooms. */
export const holiday = z.strictObject({ id, ...holidayFields, version });
export type Holiday = z.infer<typeof holiday>;

export type DatedPlan = { readonly date: string; readonly plan: BlockPlan };

/**
 * The blocks of a template on these days, in order. An exception overrides the rule and the holidays, because it names
 * the date.
 */
export function plansOf(
  { plan, recurrence: rule, exceptions }: BlockRule,
  holidays: readonly Pick<Holiday, 'date' | 'roomIds'>[],
  days: Days,
): DatedPlan[] {
  const named = new Set(exceptions.map(({ date }) => date));
  const isHoliday = (date: string) =>
    holidays.some((each) => each.date === date && (each.roomIds?.includes(plan.roomId) ?? true));
  const byRule = datesOf(rule, days).filter((date) => !named.has(date) && !isHoliday(date));
  const byException = exceptions.flatMap(({ date, plan: instead }) =>
    instead && days.from <= date && date <= days.until ? [{ date, plan: instead }] : [],
  );
  return [...byRule.map((date) => ({ date, plan })), ...byException].toSorted((a, b) =>
    a.date < b.date ? -1 : 1,
  );
}

/** The times of a dated plan. Its block keeps its local times when the clocks change. */
export function timesOf(
  { date, plan: { start, end, releaseDays } }: DatedPlan,
  zone: string,
): LocalSpan & Pick<Block, 'releaseAt'> {
  return {
    ...spanOn(date, start, end, zone),
    releaseAt: instantOf(addDays(date, -releaseDays), start, zone),
  };
}

/** The first date on which two templates have blocks at the same time in one room, or null. */
export function firstCollision(one: readonly DatedPlan[], other: readonly DatedPlan[]): DatedPlan | null {
  const byDate = new Map(other.map((each) => [each.date, each.plan]));
  return (
    one.flatMap(({ date, plan }) => {
      const against = byDate.get(date);
      return against?.roomId === plan.roomId && plan.start < against.end && against.start < plan.end
        ? [{ date, plan: against }]
        : [];
    })[0] ?? null
  );
}
