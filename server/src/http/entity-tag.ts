import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/**
 * A tag from the content, not the date: files of npm packages all have the same date, so browsers would keep old
 * files after an upgrade.
 */
export const tagOf = (body: string | Buffer) =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;

/** Sends the body, unless the caller has this version. */
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
