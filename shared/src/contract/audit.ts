import { z } from 'zod';
import { actor, queryNumber } from '../fields.ts';
import { instant } from '../time.ts';
import { atSite, page, pageCost } from './route.ts';
import type { Route } from './route.ts';

/** `reads` includes forbidden attempts; `identity` is about accounts and sessions. */
export const auditChain = z.enum(['commands', 'reads', 'identity']);
export const auditEntry = z.strictObject({
  chain: auditChain,
  seq: z.int(),
  at: instant,
  actor: actor.nullable(),
  action: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

export const auditRoutes = {
  audit: {
    method: 'get',
    path: '/sites/:site/audit',
    access: 'audit.read',
    limit: 'read',
    cost: pageCost,
    params: atSite,
    summary: 'The audit of commands, reads or sign-ins, latest first',
    query: z.strictObject({
      chain: auditChain.default('commands'),
      before: queryNumber(z.int().min(1)).optional(),
      limit: page.limit,
    }),
    status: 200,
    reply: z.strictObject({ at: instant, entries: z.array(auditEntry) }),
  },
} as const satisfies Record<string, Route>;
