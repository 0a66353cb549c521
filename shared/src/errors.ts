import { z } from 'zod';
import { id } from './fields.ts';
import { instant } from './time.ts';

/** Every reason why a request can be refused. The sentence that goes with a code may change; the code may not. */
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
  queue_gap: 409,
  hold_expired: 410,
  resync: 410,
  device_retired: 410,
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
  /** For a local time that occurs twice: the two instants it can mean, the earlier first. Send one of them instead. */
  readings: z.array(z.string()).length(2).optional(),
});
export type FieldError = z.infer<typeof fieldError>;

/** Something in the way, as far as the caller may see it: a busy time has no case, holder or title. */
export const blocker = z.strictObject({
  kind: z.enum(['case', 'hold', 'closure', 'block', 'patient']),
  resourceId: id.nullable(),
  start: instant,
  end: instant,
  caseId: id.optional(),
  number: z.int().optional(),
  title: z.string().nullable().optional(),
  /** The name of the person who holds or placed it. */
  by: z.string().optional(),
  /** For a hold: when it expires. */
  expiresAt: instant.optional(),
  /** For a closure: its reason. For a block: its owner. */
  reason: z.string().optional(),
});
export type Blocker = z.infer<typeof blocker>;

/** A place where the requested case would fit. */
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
