import { Validator } from '@seriousme/openapi-schema-validator';
import * as commands from '@slate/shared/contract/cases';
import { routes } from '@slate/shared/contract';
import type { Route } from '@slate/shared/contract/route';
import { errorCode, statusOf } from '@slate/shared/errors';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openApi } from './openapi.ts';

type Operation = {
  operationId: string;
  tags: string[];
  description: string;
  security: unknown[];
  'x-roles'?: Record<string, string>;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<
    string,
    {
      headers?: Record<string, { description: string; required?: boolean }>;
      'x-codes'?: string[];
      content?: Record<string, { schema: object }>;
    }
  >;
};

type Document = {
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
};

const document = JSON.parse(JSON.stringify(openApi({ version: '1.2.3' }))) as Document;

/** The part with its references resolved, except references to shapes. */
function resolveReferences<Part>(part: Part): Part {
  return JSON.parse(JSON.stringify(part), (_key, value: unknown) => {
    const { $ref } = (value ?? {}) as { $ref?: string };
    if (typeof $ref !== 'string' || $ref.startsWith('#/components/schemas/')) return value;
    const steps = $ref.slice(2).split('/');
    return resolveReferences(
      steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document),
    );
  }) as Part;
}

const operations = Object.entries(resolveReferences(document.paths)).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const contract = Object.entries(routes) as [string, Route][];
const operationOf = (name: string): Operation => {
  const found = operations.find(({ operation }) => operation.operationId === name);
  if (!found) throw new Error(`no operation ${name}`);
  return found.operation;
};

test('the document is a valid OpenAPI 3.1 document', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('the document has every route of the contract exactly once, and nothing else', () => {
  const documented = operations.map(({ path, method, operation }) => [operation.operationId, method, path]);
  const expected = contract.map(([name, { method, path }]) => [
    name,
    method,
    path.replaceAll(/:(\w+)/g, '{$1}'),
  ]);
  expect(documented).toEqual(expect.arrayContaining(expected));
  expect(documented).toHaveLength(expected.length);
});

test('every shape compiles as JSON Schema, and every reference resolves', () => {
  const { components } = document;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, schemas: [{ $id: 'doc', components }] });
  const shapes = operations.flatMap(({ operation }) => [
    ...operation.parameters.map(({ schema }) => schema),
    ...[operation.requestBody, ...Object.values(operation.responses)].flatMap((part) =>
      Object.values(part?.content ?? {}).map(({ schema }) => schema),
    ),
  ]);
  for (const schema of [...Object.values(components.schemas), ...shapes]) {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/')) as object;
    expect(() => ajv.compile(absolute)).not.toThrow();
  }
});

test('the document refuses the same input as the server, as far as a schema can', () => {
  const { components } = document;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const accepts = ajv.compile({ components, $ref: '#/components/schemas/MoveCaseBody' });
  const body = { version: 1, roomId: crypto.randomUUID(), start: '2026-11-23T07:30' };
  expect(accepts(body)).toBe(true);
  expect(accepts({ ...body, minutes: 4 })).toBe(false);
  expect(accepts({ ...body, surprise: 1 })).toBe(false);
  expect(accepts({ ...body, start: 'soon' })).toBe(false);
});

/** Each choice of these fields, alone and combined. */
const choices = (fields: Record<string, unknown>): Record<string, unknown>[] =>
  Object.entries(fields).reduce<Record<string, unknown>[]>(
    (all, [name, value]) => [...all, ...all.map((each) => ({ ...each, [name]: value }))],
    [{}],
  );
const id = crypto.randomUUID();
const place = { roomId: id, start: '2026-11-23T07:30', blockId: id };

test.each([
  ['PlaceHoldBody', commands.placeHold, choices({ ...place, title: null })],
  ['PlaceCaseBody', commands.placeCase, choices(place).map((each) => ({ version: 1, ...each }))],
  [
    'ChangeCaseBody',
    commands.changeCase,
    choices({
      version: 1,
      note: 'N',
      noteBefore: null,
      minutes: 30,
      madeAt: '2026-11-23T07:30:00.000Z',
      title: 'T',
    }),
  ],
  ['AddToDepotBody', commands.addToDepot, [...choices({ procedureId: id, title: 'Knee' }), { title: null }]],
])('BI12 %s accepts the same combinations of fields as the server', (name, schema, bodies) => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const accepts = ajv.compile({ components: document.components, $ref: `#/components/schemas/${name}` });
  const expected = bodies.map((body) => ({ body, accepted: schema.safeParse(body).success }));
  expect(bodies.map((body) => ({ body, accepted: accepts(body) }))).toEqual(expected);
  expect(new Set(expected.map(({ accepted }) => accepted)).size).toBe(2);
});

type Shape = {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: unknown;
  const?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  items?: Shape;
  anyOf?: Shape[];
  oneOf?: Shape[];
  properties?: Record<string, Shape>;
};

/** The places where a request may contain text or lists without a maximum. */
function unbounded(shape: Shape, path: string): string[] {
  const { $ref, type, items, anyOf = [], oneOf = [], properties = {} } = shape;
  if ($ref) {
    const found = document.components.schemas[$ref.split('/').at(-1) ?? ''];
    return found ? unbounded(found, path) : [`${path}: ${$ref}`];
  }
  const isText =
    type === 'string' && !shape.format && !shape.enum && !shape.pattern && shape.const === undefined;
  // Secrets are only compared; an empty one is wrong like any other.
  const mayBeEmpty = /\.(password|workstation)$/.test(path);
  return [
    ...(isText && shape.maxLength === undefined ? [`${path}: maxLength`] : []),
    ...(isText && !shape.minLength && !mayBeEmpty ? [`${path}: minLength`] : []),
    ...(type === 'array' && shape.maxItems === undefined ? [`${path}: maxItems`] : []),
    ...[...anyOf, ...oneOf, ...(items ? [items] : [])].flatMap((each) => unbounded(each, path)),
    ...Object.entries(properties).flatMap(([name, each]) => unbounded(each, `${path}.${name}`)),
  ];
}

test.each(operations)(
  'BI12 $operation.operationId limits the length of each text and list',
  ({ operation }) => {
    const body = operation.requestBody?.content['application/json']?.schema;
    const parts = [
      ...operation.parameters.flatMap((each) =>
        each.in === 'header' ? [] : [[each.name, each.schema] as const],
      ),
      ['body', body] as const,
    ];
    expect(parts.flatMap(([name, schema]) => (schema ? unbounded(schema, name) : []))).toEqual([]);
  },
);

test.each(contract)('the reply of %s has the same shape for input and output', (_name, { reply }) => {
  const shape = (io: 'input' | 'output') => reply && requireOnlyWithoutDefault(z.toJSONSchema(reply, { io }));
  expect(shape('output')).toEqual(shape('input'));
});

/** The server sends every field. A console fills in those that a server of an earlier version does not know. */
const requireOnlyWithoutDefault = (schema: unknown): unknown =>
  JSON.parse(
    JSON.stringify(schema),
    (_key, value: { required?: string[]; properties?: Record<string, object> } | null) =>
      value?.required && value.properties
        ? {
            ...value,
            required: value.required.filter((name) => !('default' in (value.properties?.[name] ?? {}))),
          }
        : value,
  );

test.each(contract)('%s has a key and may be a replay if it is a command', (name, route) => {
  const { parameters, responses } = operationOf(name);
  const { command = false, status } = route;
  expect(parameters.some((each) => each.name === 'Idempotency-Key' && each.required)).toBe(command);
  expect('Idempotent-Replayed' in (responses[status]?.headers ?? {})).toBe(command);
  // DV5 DV6 Queued commands.
  const queued = parameters.filter((each) => /^Slate-(Device|Position)$/.test(each.name));
  expect(queued.map(({ required }) => required)).toEqual(command ? [false, false] : []);
  for (const each of [status, 409]) {
    expect('Slate-Position' in (responses[each]?.headers ?? {})).toBe(command);
  }
});

test('BI12 the document says that the key becomes the id of the created entity, and that a reused key is 422', () => {
  const { description } = (document as unknown as { info: { description: string } }).info;
  expect(description).toContain('The key becomes the **id of what the command creates**');
  expect(description).toContain('`key_reused` (422)');
  const key = operationOf('placeHold').parameters.find(({ name }) => name === 'Idempotency-Key');
  expect(key).toMatchObject({
    description: expect.stringContaining('the id of what the command creates') as string,
  });
});

test('the document names the permitted roles', () => {
  expect(operationOf('placeHold')['x-roles']).toEqual({
    office: 'own',
    coordinator: 'any',
    administrator: 'any',
  });
  expect(operationOf('placeHold').description).toContain('office (own cases)');
  expect(operationOf('login').security).toEqual([]);
  expect(operationOf('me').security).toEqual([{ bearer: [] }]);
});

test('the board can answer "not modified"', () => {
  const { parameters, responses } = operationOf('board');
  expect(parameters.map(({ name }) => name)).toEqual(['site', 'date', 'days', 'If-None-Match']);
  expect(responses).toHaveProperty('304.headers.ETag');
  expect(responses).toHaveProperty('200.headers.ETag');
});

test('the document lists refusals by status, and documents when to retry', () => {
  const listed = new Set<string>();
  for (const { operation } of operations) {
    for (const [status, { 'x-codes': codes = [] }] of Object.entries(operation.responses)) {
      for (const code of codes.map((each) => errorCode.parse(each))) {
        expect({ code, status: statusOf[code] }).toEqual({ code, status: Number(status) });
        listed.add(code);
      }
    }
    expect(operation.responses).toHaveProperty('429.headers.Retry-After');
  }
  // Refusals of requests that match no operation belong to none.
  const outsideOperations = ['method_not_allowed', 'headers_too_large'];
  const ofOperations = errorCode.options.filter((code) => !outsideOperations.includes(code));
  expect([...listed].toSorted()).toEqual(ofOperations.toSorted());
  expect(operationOf('moveCase').responses['409']?.['x-codes']).toContain('slot_taken');
  expect(operationOf('moveCase').responses['412']?.['x-codes']).toEqual(['stale_version']);
  expect(operationOf('openings').responses['409']?.['x-codes']).toEqual(['resource_inactive']);
  expect(operationOf('placeHold').responses['413']?.['x-codes']).toEqual(['too_large']);
  expect(operationOf('recordMilestone').responses['410']?.['x-codes']).toEqual(['device_retired']);
});

test('LI4 the document lists Retry-After where it is sent: always, or only with in_progress', () => {
  const declared = operations.flatMap(({ operation }) =>
    Object.values(operation.responses).flatMap(({ headers, 'x-codes': codes = [] }) => {
      const header = headers?.['Retry-After'];
      return header ? [{ codes, isAlways: header.required ?? false, description: header.description }] : [];
    }),
  );
  const temporary = ['in_progress', 'rate_limited', 'unavailable'];
  for (const { codes, isAlways, description } of declared) {
    expect({ codes, isAlways }).toEqual({ codes, isAlways: codes.every((code) => temporary.includes(code)) });
    expect(isAlways || codes.includes('in_progress')).toBe(true);
    expect(description.includes('Only with `in_progress`')).toBe(!isAlways);
  }
  const declaring = new Set(declared.flatMap(({ codes }) => codes));
  for (const code of temporary) expect(declaring).toContain(code);
  expect(operationOf('openings').responses['409']?.headers).toBeUndefined();
});

test('every operation is in one of the areas', () => {
  const areas = document.tags.map(({ name }) => name);
  for (const { operation } of operations) expect(areas).toContain(operation.tags[0]);
  expect(operationOf('me').tags).toEqual(['Identity']);
  expect(operationOf('sites').tags).toEqual(['Identity']);
  expect(operationOf('cancelCase').tags).toEqual(['Cases']);
  expect(operationOf('changeUser').tags).toEqual(['Administration']);
});
