import { z } from 'zod';
import { caseMinutes, equipmentNeeds, reason, turnoverMinutes } from '../cases.ts';
import { alternative } from '../errors.ts';
import { id } from '../fields.ts';
import { bedNights, version } from '../resources.ts';
import { instant, plannedTime } from '../time.ts';

const ofCase = { caseId: id, version };

/** The decision about one case in the way of a change. It is carried out in the transaction of the change. */
export const decision = z.discriminatedUnion('action', [
  z.strictObject({
    ...ofCase,
    action: z.literal('move'),
    roomId: id,
    start: plannedTime,
    overrideReason: reason.optional(),
  }),
  /** A hold is released instead. */
  z.strictObject({ ...ofCase, action: z.literal('depot'), reason }),
  /** The note becomes the reason for the place of the case. */
  z.strictObject({ ...ofCase, action: z.literal('leave'), note: reason.optional() }),
  /** Only for a change of its procedure: the case takes the new values at its place. */
  z.strictObject({ ...ofCase, action: z.literal('carry'), overrideReason: reason.optional() }),
]);
export type Decision = z.infer<typeof decision>;

/** One decision for each case in the way. */
export const decisions = z
  .array(decision)
  .max(500)
  .refine(
    (all) => new Set(all.map(({ caseId }) => caseId)).size === all.length,
    'Each case can be decided only once.',
  )
  .optional();

/** The cases that a command changed because they were in its way. An earlier server does not send them. */
export const decided = z.array(z.strictObject(ofCase)).default([]);

const needs = z.strictObject({
  minutes: caseMinutes,
  setupMinutes: turnoverMinutes,
  cleanupMinutes: turnoverMinutes,
  equipment: equipmentNeeds,
  bed: bedNights.nullable(),
});
export type CarriedNeeds = z.infer<typeof needs>;

/** A case in the way of a change, and the decisions that are possible. */
export const caseInTheWay = z.strictObject({
  ...ofCase,
  number: z.int(),
  title: z.string().nullable(),
  roomId: id,
  start: instant,
  end: instant,
  /** The name of the person who holds the time; null: it is booked. */
  heldBy: z.string().nullable(),
  /** `claim`: it claims what would go. `hours`: the room would be closed or not equipped. `block`, `list`: its block. */
  why: z.enum(['claim', 'hours', 'block', 'list', 'procedure']),
  canStay: z.boolean(),
  canMove: z.boolean(),
  /** For a change of its procedure: what the case needs now and would need, and what stops that; null: it fits. */
  carry: z.strictObject({ from: needs, to: needs, problem: z.string().nullable() }).nullable(),
  /** Other times. The first one of each case collides with the first one of no other case. */
  offers: z.array(alternative),
});
export type CaseInTheWay = z.infer<typeof caseInTheWay>;
