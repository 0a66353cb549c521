import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/**
 * By what is in it, not by its date: packages from the registry all bear the same one, and after an upgrade
 * a browser would go on with what it had.
 */
export const tagOf = (body: string | Buffer) =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;

/** Sends what is asked for anew each time, unless the caller has the very same. */
export function sendUnlessSame(
  { headers }: Request,
  response: Response,
  { body, tag, type }: { body: string | Buffer; tag: string; type: string },
) {
  response.setHeader('ETag', tag);
  response.setHeader('Cache-Control', 'no-cache');
  if (headers['if-none-match'] === tag) {
    response.status(304).end();
    return;
  }
  response.setHeader('Content-Type', type);
  response.end(body);
}
