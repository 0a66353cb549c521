import { z } from 'zod';
import { id } from '../fields.ts';
import { recurringClosure, recurringClosureFields } from '../recurring-closures.ts';
import { version } from '../resources.ts';
import { closure } from '../sites.ts';
import { timeRange } from '../time.ts';
import { affectedCase } from './blocks.ts';
import { bump } from './catalogue.ts';
import { decided, decisions } from './decisions.ts';
import { atSite, revised } from './route.ts';
import type { Route } from './route.ts';

const rule = {
  ...recurringClosureFields,
  quantity: recurringClosureFields.quantity.default(null),
  skipped: recurringClosureFields.skipped.default([]),
};

export const createRecurringClosure = z.strictObject({ resourceId: id, ...rule, bump, decisions });
export type CreateRecurringClosure = z.infer<typeof createRecurringClosure>;

export const changeRecurringClosure = z.strictObject({
  version,
  ...z.strictObject(recurringClosureFields).partial().shape,
  bump,
  decisions,
});
export type ChangeRecurringClosure = z.infer<typeof changeRecurringClosure>;

/** A rule as it would be. Without an `id` it is new. A removal needs no preview: it only frees time. */
export const recurringClosureEdit = z.strictObject({ id: id.optional(), resourceId: id, ...rule });
export type RecurringClosureEdit = z.infer<typeof recurringClosureEdit>;

export const closureEffect = z.strictObject({
  created: z.array(timeRange),
  changed: z.array(z.strictObject({ before: closure, after: timeRange })),
  removed: z.array(closure),
  /** The cases in the way. */
  cases: z.array(affectedCase.omit({ isOnList: true })),
});
export type ClosureEffect = z.infer<typeof closureEffect>;

const atRecurring = z.strictObject({ site: id, recurring: id });

export const recurringClosureRoutes = {
  recurringClosures: {
    method: 'get',
    path: '/sites/:site/recurring-closures',
    access: 'closure.manage',
    limit: 'read',
    cost: () => 5,
    params: atSite,
    summary: 'The recurring closures of the site',
    status: 200,
    reply: z.strictObject({ recurringClosures: z.array(recurringClosure) }),
  },
  previewRecurringClosure: {
    method: 'post',
    path: '/sites/:site/recurring-closures/preview',
    access: 'closure.manage',
    limit: 'read',
    cost: () => 20,
    params: atSite,
    summary: 'What an edit of a recurring closure would do to the dated closures, and the cases in its way',
    body: recurringClosureEdit,
    status: 200,
    reply: closureEffect,
  },
  createRecurringClosure: {
    method: 'post',
    path: '/sites/:site/recurring-closures',
    access: 'closure.manage',
    command: true,
    params: atSite,
    summary: 'Add a recurring closure and lay out its closures',
    body: createRecurringClosure,
    status: 201,
    reply: revised({ recurringClosure, bumped: z.array(id), decided }),
  },
  changeRecurringClosure: {
    method: 'patch',
    path: '/sites/:site/recurring-closures/:recurring',
    access: 'closure.manage',
    command: true,
    params: atRecurring,
    summary: 'Change a recurring closure and its future closures',
    body: changeRecurringClosure,
    status: 200,
    reply: revised({ recurringClosure, bumped: z.array(id), decided }),
  },
  removeRecurringClosure: {
    method: 'delete',
    path: '/sites/:site/recurring-closures/:recurring',
    access: 'closure.manage',
    command: true,
    params: atRecurring,
    summary: 'Remove a recurring closure and its future closures',
    status: 200,
    reply: revised({ id }),
  },
} as const satisfies Record<string, Route>;
