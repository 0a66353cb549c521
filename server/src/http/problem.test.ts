import { errorCode, problem } from '@slate/shared/errors';
import express from 'express';
import type { Response } from 'express';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Unavailable } from '../db/failures.ts';
import { Refusal } from '../domain/refusal.ts';
import { problemOf, refusalOf, sendRefusal } from './problem.ts';

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

test.each(errorCode.options)('%s makes a problem document that matches the contract', (code) => {
  const document = problemOf({ code, detail: 'Why.' }, 'r1');
  expect(problem.parse(document)).toEqual(document);
  expect(document.type).toBe(`urn:slate:problem:${code}`);
});

test('a refusal is returned unchanged', () => {
  const refusal = new Refusal('slot_taken', 'Taken.');
  expect(refusalOf(refusal)).toBe(refusal);
});

test('a database row that does not parse is a 500, whatever it contains', () => {
  const error = thrownBy(() => z.enum(['closed', 'timeout']).parse('Connection'));
  expect(refusalOf(error).code).toBe('internal');
});

test.each([
  new Unavailable('no'),
  new Error('Query read timeout'),
  Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
  Object.assign(new Error('x'), { code: '57P01' }),
  Object.assign(new Error('x'), { code: '53300' }),
])('an unreachable database is unavailable, with the time to retry (%#)', (error) => {
  expect(refusalOf(error)).toMatchObject({ code: 'unavailable', parts: { retryAfter: 1 } });
});

test.each([
  new TypeError('x is not a function'),
  Object.assign(new Error('x'), { code: '23502' }),
  'text',
  null,
])('any other error is internal and hides its details (%#)', (error) => {
  const { code, message } = refusalOf(error);
  expect(code).toBe('internal');
  expect(message).not.toContain('x is not');
});

test.each([
  [{ status: 400, type: 'entity.parse.failed' }, 'body: Is not valid JSON.'],
  [{ status: 403, type: 'entity.verify.failed' }, 'body: Is not valid UTF-8.'],
  [{ status: 415, type: 'charset.unsupported' }, 'request: Couldn’t be read.'],
])('a request that Express cannot read is a 400 with the reason (%#)', (parts, sentence) => {
  const refusal = refusalOf(Object.assign(new Error('secret'), parts));
  expect(refusal.code).toBe('validation');
  expect(refusal.message).toContain(sentence);
});

test('BI9 a body that is too large is too_large', () => {
  const error = Object.assign(new Error('secret'), { status: 413, type: 'entity.too.large' });
  expect(refusalOf(error)).toMatchObject({ code: 'too_large', status: 413 });
});

test('a malformed address is refused and is not an internal error', async () => {
  const app = express();
  app.get('/:id', (_request, response) => void response.end());
  let caught: unknown;
  app.use((error: unknown, _request: unknown, response: Response, _next: unknown) => {
    caught = error;
    response.end();
  });
  const server = app.listen(0, '127.0.0.1');
  try {
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as { port: number };
    await fetch(`http://127.0.0.1:${port}/%zz`);
  } finally {
    server.close();
  }
  expect(refusalOf(caught).code).toBe('validation');
});

test('a refusal gives the wait in whole seconds, at least one', () => {
  const sent = { headers: {} as Record<string, string>, code: 0, text: '' };
  const response = {
    locals: {},
    setHeader: (name: string, value: string) => void (sent.headers[name] = value),
    status(code: number) {
      sent.code = code;
      return this;
    },
    end: (text: string) => void (sent.text = text),
  } as unknown as Response;
  sendRefusal(response, new Refusal('rate_limited', 'Wait.', { retryAfter: 0.2 }), 'r1');
  expect(sent.code).toBe(429);
  expect(sent.headers).toEqual({ 'Retry-After': '1', 'Content-Type': 'application/problem+json' });
  expect(JSON.parse(sent.text)).toMatchObject({ code: 'rate_limited', requestId: 'r1' });
});
