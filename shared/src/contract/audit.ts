import { z } from 'zod';
import { actor, id, line, queryNumber } from '../fields.ts';
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

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'Must be a hash of 64 hexadecimal digits.');
/** How many entries one step of a verification checks at most. */
export const entriesPerStep = 10_000;

const filters = {
  chain: auditChain.default('commands'),
  /** The person who did it; in `identity`, the person whose account it is about. */
  person: id.optional(),
  /** Commands that changed this case, or reads of it alone. */
  case: id.optional(),
  action: line(60).optional(),
  from: instant.optional(),
  to: instant.optional(),
};

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
      ...filters,
      before: queryNumber(z.int().min(1)).optional(),
      limit: page.limit,
    }),
    status: 200,
    reply: z.strictObject({ at: instant, entries: z.array(auditEntry) }),
  },
  exportAudit: {
    method: 'get',
    path: '/sites/:site/audit/file',
    access: 'audit.read',
    limit: 'read',
    cost: () => 50,
    params: atSite,
    summary: 'All entries that match as CSV, latest first',
    query: z.strictObject(filters),
    status: 200,
    reply: null,
    produces: 'text/csv',
  },
  verifyAudit: {
    method: 'get',
    path: '/sites/:site/audit/verification',
    access: 'audit.read',
    limit: 'read',
    cost: () => 50,
    params: atSite,
    summary: 'One step of the verification of a chain: recomputes the hashes of the next entries',
    query: z
      .strictObject({
        chain: auditChain,
        /** The last entry of the step before, and its hash. Without them it is the first step. */
        after: queryNumber(z.int().min(1)).optional(),
        hash: hash.optional(),
      })
      .refine(({ after, hash: last }) => (after === undefined) === (last === undefined), {
        path: ['hash'],
        error: 'Send the number of the last entry together with its hash.',
      })
      .meta({ description: '`after` and `hash` come together.' }),
    status: 200,
    reply: z.strictObject({
      /** The last entry of this step, and its hash: the start of the next one. */
      after: z.int(),
      hash: z.string(),
      /** How many entries the chain has. */
      length: z.int(),
      isDone: z.boolean(),
      /** The first problem found. It ends the verification. */
      problem: z.string().nullable(),
    }),
  },
} as const satisfies Record<string, Route>;
