import { addToDepot, moveCase, placeHold } from '@slate/shared/contract/cases';
import type { Request } from 'express';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import { bodyOf, parse } from './parse.ts';

function refusalOf(schema: z.ZodType, value: unknown): Refusal {
  try {
    parse(schema, value);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was accepted');
}
const fieldsOf = (schema: z.ZodType, value: unknown) => refusalOf(schema, value).parts.errors;

const id = '0b54b2a1-6a0e-4a4e-8a53-0d3f3f0f6f11';

test('a refusal names each field once, with its first reason', () => {
  const refusal = refusalOf(moveCase, { version: '1', roomId: id, start: '2026-11-23T07:30', minutes: 1.5 });
  expect(refusal.status).toBe(400);
  expect(refusal.parts.errors).toEqual([
    { field: 'version', reason: 'Must be a number.' },
    { field: 'minutes', reason: 'Must be whole minutes.' },
  ]);
  expect(refusal.message).toBe('version: Must be a number. (and 1 more)');
});

test.each(['soon', '2026-02-30T10:00', '2026-11-23T07:30:15Z', '1999-01-01T00:00', 7, null])(
  'a planned time of %j gets one sentence with both forms it may have',
  (start) => {
    expect(fieldsOf(moveCase, { version: 1, roomId: id, start })).toEqual([
      {
        field: 'start',
        reason:
          'Must be a whole minute as an instant (2026-11-21T07:30:00Z) or as local time (2026-11-21T07:30).',
      },
    ]);
  },
);

test('a refusal lists the forms of a placement', () => {
  const { message } = refusalOf(placeHold, { roomId: id });
  expect(message).toMatch(/^start: Give a room and a start, or the block of a list/);
});

test.each([{}, { title: null }, { procedureId: null, title: null, surgeonId: id }])(
  'BK12 a case for the depot needs a procedure or a title: %j is refused',
  (body) => {
    expect(fieldsOf(addToDepot, body)).toEqual([
      { field: 'procedureId', reason: 'Choose a procedure or enter a title.' },
    ]);
  },
);

test.each([{ title: 'Knee' }, { procedureId: id }, { procedureId: id, title: null }])(
  'BK12 a case for the depot needs a procedure or a title: %j is accepted',
  (body) => {
    expect(parse(addToDepot, body)).toEqual(body);
  },
);

test('unknown fields are refused anywhere, with their full name', () => {
  const value = {
    title: 'Knee',
    equipment: [{ resourceId: id, quantity: 1, colour: 'red' }],
    bed: { resourceId: id, nights: 1, x: 1 },
  };
  expect(fieldsOf(addToDepot, { ...value, a: 1, b: 2 })).toEqual([
    { field: 'equipment.0.colour', reason: 'Isn’t a known field. Leave it out.' },
    { field: 'bed.x', reason: 'Isn’t a known field. Leave it out.' },
    { field: 'a', reason: 'Isn’t a known field. Leave it out.' },
    { field: 'b', reason: 'Isn’t a known field. Leave it out.' },
  ]);
});

test('a body of an unknown kind is refused at the field that names the kind', () => {
  const shape = z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('a'), a: z.int() }),
    z.strictObject({ type: z.literal('b') }),
  ]);
  expect(fieldsOf(shape, { type: 'c' })?.[0]?.field).toBe('type');
  expect(fieldsOf(shape, { type: 'a', a: 'x' })).toEqual([{ field: 'a', reason: 'Must be a number.' }]);
});

test.each([[[]], ['text'], [null]])('a body that is not an object is refused: %j', (body) => {
  expect(fieldsOf(moveCase, body)).toEqual([{ field: 'body', reason: 'Must be an object.' }]);
});

test('a refusal has a limited size', () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`${n}`.padStart(2_000, 'x'), n]));
  const { message, parts } = refusalOf(addToDepot, { title: 'Knee', ...many });
  expect(parts.errors).toHaveLength(50);
  expect(JSON.stringify(parts).length).toBeLessThan(10_000);
  expect(message).toContain('(and 4999 more)');
});

test('a query that repeats a parameter or names the prototype is refused', () => {
  const query = z.strictObject({ date: z.string() });
  expect(fieldsOf(query, { date: ['a', 'b'] })).toEqual([{ field: 'date', reason: 'Must be text.' }]);
  expect(fieldsOf(query, JSON.parse('{"date":"a","__proto__":"x"}'))?.[0]?.field).toBe('__proto__');
});

test('a body that is not JSON is refused, and no body counts as an empty one', () => {
  const request = (headers: Record<string, string>, body?: unknown) =>
    ({ headers, body }) as unknown as Request;
  expect(bodyOf(request({}))).toEqual({});
  expect(bodyOf(request({ 'content-length': '0' }))).toEqual({});
  expect(bodyOf(request({ 'content-length': '2' }, { a: 1 }))).toEqual({ a: 1 });
  expect(() => bodyOf(request({ 'content-length': '12', 'content-type': 'text/plain' }))).toThrow(
    'Content-Type: Must be application/json.',
  );
  expect(() => bodyOf(request({ 'transfer-encoding': 'chunked' }))).toThrow('Content-Type');
});
