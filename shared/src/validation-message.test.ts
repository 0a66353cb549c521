import { expect, test } from 'vitest';
import { z } from 'zod';
import { routes } from './contract.ts';
import type { Route } from './contract/route.ts';
import { validationMessage } from './validation-message.ts';

const reasons = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: validationMessage }).error?.issues.map(({ message }) => message) ?? [];

test.each([
  [z.strictObject({ a: z.string() }), {}, 'Is missing.'],
  [z.string(), 5, 'Must be text.'],
  [z.string(), null, 'Must be text.'],
  [z.number(), '5', 'Must be a number.'],
  [z.coerce.number(), 'abc', 'Must be a number.'],
  [z.int(), 1.5, 'Must be a whole number.'],
  [z.boolean(), 'yes', 'Must be true or false.'],
  [z.array(z.string()), {}, 'Must be a list.'],
  [z.strictObject({}), [], 'Must be an object.'],
  [z.strictObject({}), { a: 1 }, 'Isn’t a known field. Leave it out.'],
  [z.enum(['any', 'own']), 'x', 'Must be any or own.'],
  [z.literal('pending'), 'x', 'Must be pending.'],
  [z.int().min(1), 0, 'Must be at least 1.'],
  [z.number().positive(), 0, 'Must be more than 0.'],
  [z.int().max(9), 10, 'Must be at most 9.'],
  [z.string().min(2), 'a', 'Must be at least 2 characters.'],
  [z.string().max(1), 'ab', 'Must be at most 1 character.'],
  [z.array(z.int()).min(1), [], 'Must have at least 1 entry.'],
  [z.array(z.int()).max(2), [1, 2, 3], 'Must have at most 2 entries.'],
  [z.string().regex(/^a$/), 'b', 'Isn’t in the right format.'],
  [z.union([z.string(), z.int()]), null, 'Doesn’t match any allowed form.'],
  [
    z.discriminatedUnion('type', [z.strictObject({ type: z.literal('a') })]),
    { type: 'b' },
    'Doesn’t match any allowed form.',
  ],
  [z.partialRecord(z.enum(['a']), z.int()), { b: 1 }, 'Isn’t a known field. Leave it out.'],
  [z.int().multipleOf(5), 7, 'Must be a multiple of 5.'],
  [z.string().refine(() => false), 'a', 'Isn’t valid.'],
] as const)('%#: a plain sentence', (schema, value, reason) => {
  expect(reasons(schema, value)).toEqual([reason]);
});

test('a sentence in the schema wins', () => {
  expect(reasons(z.string('Must be a name.'), 5)).toEqual(['Must be a name.']);
});

const bad = [undefined, null, 0, -1, 1.5, 1e300, Number.NaN, '', 'x', '\u0000', true, [], [[]], {}, { x: 1 }];
const parts = Object.entries(routes as Record<string, Route>).flatMap(([name, { query, body }]) =>
  [query, body].flatMap((schema) => (schema ? [[name, schema] as const] : [])),
);

test.each(parts)('%s refuses every invalid value with a whole sentence', (_name, schema) => {
  const shape = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const values = [...bad, ...shape.flatMap((field) => bad.map((value) => ({ [field]: value })))];
  for (const reason of values.flatMap((value) => reasons(schema, value))) {
    expect(reason).toMatch(/^[A-Z].*\.$/);
    expect(reason).not.toMatch(/expected|received|invalid|pattern/i);
  }
});
