import { z } from 'zod';
import { id } from './fields.ts';
import { instant } from './time.ts';

/** The closed set of reasons for which a request is not done. The sentence beside it may change, the code not. */
export const statusOf = {
  validation: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  slot_taken: 409,
  pool_exhausted: 409,
  resource_inactive: 409,
  in_progress: 409,
  in_use: 409,
  hold_expired: 410,
  resync: 410,
  stale_version: 412,
  too_large: 413,
  key_reused: 422,
  rate_limited: 429,
  headers_too_large: 431,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<string, number>;
export type ErrorCode = keyof typeof statusOf;
export const errorCode = z.enum(Object.keys(statusOf) as [ErrorCode, ...ErrorCode[]]);

export const fieldError = z.strictObject({
  field: z.string(),
  reason: z.string(),
  /** Of a local time that happens twice: what it may mean, earlier first. Either may be sent in its place. */
  readings: z.array(z.string()).length(2).optional(),
});
export type FieldError = z.infer<typeof fieldError>;

/** What stands in the way, as far as the caller may see it: a busy time has no case, holder or title. */
export const blocker = z.strictObject({
  kind: z.enum(['case', 'hold', 'closure', 'block', 'patient']),
  resourceId: id.nullable(),
  start: instant,
  end: instant,
  caseId: id.optional(),
  number: z.int().optional(),
  title: z.string().nullable().optional(),
  /** Who holds or placed it. */
  by: z.string().optional(),
  /** For a hold: when it frees itself. */
  expiresAt: instant.optional(),
  /** For a closure or a block: why, whose. */
  reason: z.string().optional(),
});
export type Blocker = z.infer<typeof blocker>;

/** A place where what was asked for would fit. */
export const alternative = z.strictObject({ roomId: id, start: instant, end: instant });
export type Alternative = z.infer<typeof alternative>;

export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: errorCode,
  detail: z.string(),
  requestId: z.string().optional(),
  errors: z.array(fieldError).optional(),
  blockers: z.array(blocker).optional(),
  alternatives: z.array(alternative).optional(),
  retryAfter: z.number().optional(),
});
export type Problem = z.infer<typeof problem>;
