import { z } from 'zod';
import { blockTemplate, holiday } from './block-templates.ts';
import { busyTime, surgicalCase } from './cases.ts';
import { actor, id } from './fields.ts';
import { recurringClosure } from './recurring-closures.ts';
import { procedure, resource } from './resources.ts';
import { block, closure, site } from './sites.ts';
import { instant } from './time.ts';

/** The kind of change to a case. The change also carries the whole case as it is now. */
export const caseCause = z.enum([
  'added',
  'held',
  'changed',
  'extended',
  'taken_over',
  'booked',
  'confirmed',
  'released',
  'expired',
  'cancelled',
  'moved',
  'bumped',
  'voided',
  'milestone',
]);
export type CaseCause = z.infer<typeof caseCause>;

/** One change as the whole new state: applying it twice is the same as applying it once. */
export const changeBody = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('case'),
    cause: caseCause,
    case: surgicalCase,
    /** After a takeover: the previous holder. */
    from: actor.nullable().optional(),
    /** When the fact was entered, if it was sent later. */
    madeAt: instant.optional(),
  }),
  z.strictObject({ type: z.literal('busy'), busy: busyTime }),
  z.strictObject({ type: z.literal('gone'), id }),
  z.strictObject({ type: z.literal('resource'), resource }),
  z.strictObject({ type: z.literal('procedure'), procedure }),
  z.strictObject({ type: z.literal('block'), block }),
  z.strictObject({ type: z.literal('closure'), closure }),
  z.strictObject({ type: z.literal('closure_removed'), id }),
  z.strictObject({ type: z.literal('site'), site }),
  z.strictObject({ type: z.literal('block_template'), template: blockTemplate }),
  z.strictObject({ type: z.literal('holiday'), holiday }),
  z.strictObject({ type: z.literal('recurring_closure'), recurring: recurringClosure }),
  z.strictObject({
    type: z.literal('removed'),
    of: z.enum(['block', 'block_template', 'holiday', 'recurring_closure']),
    id,
  }),
  /** A change that the receiver may not see. It keeps the revisions without gaps. */
  z.strictObject({ type: z.literal('hidden') }),
]);
export type ChangeBody = z.infer<typeof changeBody>;

export const change = z.strictObject({
  revision: z.int(),
  at: instant,
  by: actor.nullable(),
  body: changeBody,
});
export type Change = z.infer<typeof change>;

/** Changes without gaps: they take a board from revision `from` to revision `to`. */
export const changesBatch = z.strictObject({
  epoch: id,
  from: z.int(),
  to: z.int(),
  changes: z.array(change),
});
export type ChangesBatch = z.infer<typeof changesBatch>;
