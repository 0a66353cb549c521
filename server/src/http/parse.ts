import type { Route } from '@slate/shared/contract/route';
import { validationMessage } from '@slate/shared/validation-message';
import type { Request } from 'express';
import type { z } from 'zod';
import { invalid, Refusal } from '../domain/refusal.ts';

/**
 * Parses the input of a caller, or refuses it with each invalid field. Only here, a zod error becomes a `validation`
 * refusal: a database row that does not parse is our fault, and a 500.
 */
export function parse<Parsed>(schema: z.ZodType<Parsed>, value: unknown): Parsed {
  const parsed = schema.safeParse(value, { error: validationMessage });
  if (parsed.success) return parsed.data;
  throw refusalOf(parsed.error.issues);
}

/** The body of a request; without one, an empty object, which some commands accept. */
export function bodyOf({ body, headers }: Request): unknown {
  if (body !== undefined) return body;
  // A body without the JSON content type was not read.
  if (Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined) {
    throw invalid('Content-Type', 'Must be application/json.');
  }
  return {};
}

/**
 * Reads an uploaded file, after the caller's role was checked. What is too large is refused without being read further; the
 * connection then ends with the answer.
 */
export async function readFile(
  request: Request,
  { maxBytes, sentence }: NonNullable<Route['file']>,
): Promise<Buffer> {
  if (!request.is('application/octet-stream'))
    throw invalid('Content-Type', 'Must be application/octet-stream.');
  const parts: Buffer[] = [];
  let bytes = 0;
  const tooLarge = () => {
    request.res?.setHeader('Connection', 'close');
    return new Refusal(
      'too_large',
      `The file is larger than ${maxBytes / 1024 / 1024} MB, so nothing was imported. ${sentence}`,
    );
  };
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function refusalOf(issues: z.core.$ZodIssue[]): Refusal {
  const reasons = new Map<string, string>();
  for (const issue of issues) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [key]) : [[]];
    for (const key of keys) {
      const field = [...issue.path, ...key].map(String).join('.') || 'body';
      // One reason per field, the first.
      if (!reasons.has(field)) reasons.set(field, issue.message);
    }
  }
  const errors = [...reasons].map(([field, reason]) => ({ field: clip(field), reason }));
  const [first] = errors;
  if (!first) return new Refusal('validation', 'The request couldn’t be understood.');
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new Refusal('validation', `${first.field}: ${first.reason}${more}`, { errors: errors.slice(0, 50) });
}

/** Names of unknown fields come from the caller, so shorten them. */
const clip = (field: string) => (field.length > 100 ? `${field.slice(0, 100)}…` : field);
