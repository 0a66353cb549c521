import { positionHeader } from '@slate/shared/contract/devices';
import { statusOf } from '@slate/shared/errors';
import type { ErrorCode, Problem } from '@slate/shared/errors';
import type { Response } from 'express';
import { z } from 'zod';
import { isUnavailable } from '../db/failures.ts';
import { invalid, Refusal } from '../domain/refusal.ts';

export const titles = {
  validation: 'The request has invalid values',
  unauthenticated: 'Sign in first',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  method_not_allowed: 'Method not allowed',
  slot_taken: 'The time is taken',
  pool_exhausted: 'None left',
  resource_inactive: 'No longer in use',
  in_progress: 'Already in progress',
  in_use: 'In use',
  queue_gap: 'Not the next request of this queue',
  hold_expired: 'The hold has expired',
  resync: 'Too far behind',
  device_retired: 'This device is not in use',
  stale_version: 'Changed in the meantime',
  too_large: 'Too large',
  key_reused: 'Key already used',
  rate_limited: 'Too many requests',
  headers_too_large: 'Too large',
  internal: 'Something went wrong on the server',
  unavailable: 'Not available right now',
} satisfies Record<ErrorCode, string>;

/** The problem document of a refusal, for the answer and for its replays. */
export const problemOf = (
  { code, detail, ...parts }: { code: ErrorCode; detail: string } & Partial<Problem>,
  requestId: string,
): Problem => ({
  type: `urn:slate:problem:${code}`,
  title: titles[code],
  status: statusOf[code],
  code,
  detail,
  requestId,
  ...parts,
});

/** Returns the refusal for any error. Only an unexpected error is a 500. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const parsing = parsingFailure(error);
  if (parsing) return parsing;
  // Without this check, the text of a row that does not parse could look like a connection error.
  if (!(error instanceof z.ZodError) && isUnavailable(error)) {
    return new Refusal(
      'unavailable',
      'The database didn’t answer in time. Nothing is lost. Try again in a moment.',
      {
        retryAfter: 1,
      },
    );
  }
  return new Refusal(
    'internal',
    'Something went wrong on the server. Try again. If it happens again, report the request id.',
  );
}

/** Errors of Express's body parser and router, without details for the caller. */
function parsingFailure(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status < 400 || error.status >= 500) return undefined;
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large')
    return new Refusal('too_large', 'The body is too large. Send at most 64 kB.');
  if (type === 'entity.parse.failed') return invalid('body', 'Is not valid JSON.');
  if (type === 'entity.verify.failed') return invalid('body', 'Is not valid UTF-8.');
  return invalid('request', 'Couldn’t be read. Check its address, encoding and length.');
}

export function sendRefusal(response: Response, refusal: Refusal, requestId: string) {
  if (refusal.parts.retryAfter !== undefined) {
    response.setHeader('Retry-After', String(Math.max(1, Math.ceil(refusal.parts.retryAfter))));
  }
  if (refusal.position !== undefined) response.setHeader(positionHeader, String(refusal.position));
  sendProblem(
    response,
    problemOf({ code: refusal.code, detail: refusal.message, ...refusal.parts }, requestId),
  );
}

export function sendProblem(response: Response, problem: Problem) {
  response.locals.code = problem.code;
  response.status(problem.status).setHeader('Content-Type', 'application/problem+json');
  response.end(JSON.stringify(problem));
}
