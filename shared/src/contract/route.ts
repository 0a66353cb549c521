import { z } from 'zod';
import { id, queryLimit } from '../fields.ts';
import type { Action } from '../permissions.ts';

export type Route = {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  readonly path: string;
  readonly summary: string;
  /** `public`: anyone; `signed-in`: any account; otherwise the action that the caller's role must allow at the site. */
  readonly access: 'public' | 'signed-in' | Action;
  /** The token bucket that it draws on besides the global one. `auth` has one per account, and is drawn on once the account is known. */
  readonly limit?: 'auth' | 'register' | 'read' | 'booking';
  /** Tokens it takes from that bucket, 1 by default. A read costs about as many as the milliseconds of server time it needs. */
  readonly cost?: (input: never) => number;
  /** A command changes something: it carries an idempotency key and runs exactly once. */
  readonly command?: true;
  readonly params: z.ZodObject;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Instead of a body: the bytes of a file, as `application/octet-stream`. `sentence` says what to do with a larger one. */
  readonly file?: { readonly maxBytes: number; readonly sentence: string };
  readonly status: number;
  readonly reply: z.ZodType | null;
  /** The type of a reply that is a file instead of JSON. */
  readonly produces?: 'text/csv';
};

export const none = z.strictObject({});
export const atSite = z.strictObject({ site: id });
export const atCase = z.strictObject({ site: id, case: id });

export const page = {
  limit: queryLimit(200).default(100),
  cursor: z.string().min(1).max(200).optional(),
};
export const pageCost = ({ limit }: { limit: number }) => 5 + limit / 10;
export const revised = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ ...shape, revision: z.int() });
