import { z } from 'zod';
import { id } from '../fields.ts';
import { version } from '../resources.ts';
import { changeBlockTemplate, changeHoliday, createBlockTemplate, createHoliday, removal } from './blocks.ts';
import { changeClosure, changeProcedure, changeResource, createClosure } from './catalogue.ts';
import { caseInTheWay } from './decisions.ts';
import { changeRecurringClosure, createRecurringClosure } from './recurring-closures.ts';
import { atSite, revised } from './route.ts';
import type { Route } from './route.ts';

/** A change that cases can be in the way of, or that undoes one: its command with what the command gets. */
export const plannedChange = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('changeResource'), id, body: changeResource }),
  z.strictObject({ command: z.literal('createClosure'), body: createClosure }),
  z.strictObject({ command: z.literal('changeClosure'), id, body: changeClosure }),
  z.strictObject({ command: z.literal('removeClosure'), id }),
  z.strictObject({ command: z.literal('createRecurringClosure'), body: createRecurringClosure }),
  z.strictObject({ command: z.literal('changeRecurringClosure'), id, body: changeRecurringClosure }),
  z.strictObject({ command: z.literal('removeRecurringClosure'), id }),
  z.strictObject({ command: z.literal('createBlockTemplate'), body: createBlockTemplate }),
  z.strictObject({ command: z.literal('changeBlockTemplate'), id, body: changeBlockTemplate }),
  z.strictObject({ command: z.literal('removeBlockTemplate'), id, body: removal }),
  z.strictObject({ command: z.literal('createHoliday'), body: createHoliday }),
  z.strictObject({ command: z.literal('changeHoliday'), id, body: changeHoliday }),
  z.strictObject({ command: z.literal('removeHoliday'), id, body: removal }),
  z.strictObject({ command: z.literal('changeProcedure'), id, body: changeProcedure }),
]);
export type PlannedChange = z.infer<typeof plannedChange>;

export const undoChange = z.strictObject({
  /** The command that takes the change back. */
  change: plannedChange,
  /** The cases of the change, as its reply named them. */
  putBack: z
    .array(z.strictObject({ caseId: id, version }))
    .max(500)
    .refine(
      (all) => new Set(all.map(({ caseId }) => caseId)).size === all.length,
      'Each case can be put back only once.',
    ),
});
export type UndoChange = z.infer<typeof undoChange>;

/** A case that stays where it is now, because it cannot go back. */
const notPutBack = z.strictObject({ caseId: id, number: z.int(), reason: z.string() });
export type NotPutBack = z.infer<typeof notPutBack>;

export const consequenceRoutes = {
  casesInTheWay: {
    method: 'post',
    path: '/sites/:site/cases-in-the-way',
    access: 'closure.manage',
    limit: 'read',
    cost: () => 50,
    params: atSite,
    summary: 'The cases in the way of a change of the administration, with other times for each',
    body: plannedChange,
    status: 200,
    reply: z.strictObject({ cases: z.array(caseInTheWay) }),
  },
  undoChange: {
    method: 'post',
    path: '/sites/:site/undo-change',
    access: 'closure.manage',
    command: true,
    params: atSite,
    summary: 'Take a change back, and put its cases back where their time is still free',
    body: undoChange,
    status: 200,
    reply: revised({
      /** The version of the changed record, for the next undo; null: it has none. */
      version: z.int().nullable(),
      notPutBack: z.array(notPutBack),
    }),
  },
} as const satisfies Record<string, Route>;
