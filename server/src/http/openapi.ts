import { routes } from '@slate/shared/contract';
import type { RouteName } from '@slate/shared/contract';
import type { Route } from '@slate/shared/contract/route';
import { role, scopeOf } from '@slate/shared/permissions';
import type { Role } from '@slate/shared/permissions';
import type { z } from 'zod';
import { conditional, createReplies, headers } from './openapi-replies.ts';
import type { Replies } from './openapi-replies.ts';
import { createShapes } from './openapi-shapes.ts';
import type { JsonSchema, Shapes } from './openapi-shapes.ts';

const description = `\
Sign in with \`login\` and send the access token as \`Authorization: Bearer …\`; it lasts minutes, \`refresh\` gives the next.

Whatever changes something is a **command**: it carries a new UUID as \`Idempotency-Key\` and is done exactly once. When no answer came, send it again with the same key: within 72 hours the answer is the same one, with \`Idempotent-Replayed: true\`. The key becomes the **id of what the command makes**, so a client knows the id of a new case, resource, procedure or closure before it is answered. The same key for anything else is refused with \`key_reused\` (422), and so is the key of what somebody else has made.

A refusal is \`application/problem+json\` with a \`code\` from a closed set and a sentence that says what to do. A \`validation\` names each field in \`errors\`. At any address, a method that is not listed is refused with \`method_not_allowed\` (405), and an address and headers over 16 kB with \`headers_too_large\` (431); a body over 64 kB is \`too_large\` (413). Every reply has an \`X-Request-Id\` to report when something is wrong, and says in \`Slate-Protocol\` which version of this contract the server speaks.

Text is trimmed and brought into Unicode's composed form; control characters, invisible ones and such that reorder text are refused. An unknown field is refused. A number in a query is written in digits.

What happens at a site is pushed over Socket.IO: [the live feed](/api-docs/live), as AsyncAPI at [/asyncapi.json](/asyncapi.json).

This document as JSON: [/openapi.json](/openapi.json)`;

/** The contract table as an OpenAPI 3.1 document. */
export function openApi({ version }: { version: string }) {
  const entries = Object.entries(routes) as [RouteName, Route][];
  const shapes = createShapes(entries);
  const replies = createReplies(shapes);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of entries) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(name, route, shapes, replies) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Slate', version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/api/v1' }],
    tags: Object.entries(areas).map(([name, { description: about }]) => ({ name, description: about })),
    paths,
    components: {
      schemas: shapes.components,
      responses: replies.refusals,
      parameters: sharedParameters,
      headers,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

const sharedParameters = {
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description:
      'A new UUID for each thing done; the same one when it is sent again. It becomes the id of what is made. Used before for something else, or by somebody else for what is there now: 422 `key_reused`.',
    schema: { type: 'string', format: 'uuid' },
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The `ETag` of the reply one has. If it is still the newest, the answer is 304.',
    schema: { type: 'string' },
  },
};
const mention = (name: keyof typeof sharedParameters) => ({ $ref: `#/components/parameters/${name}` });

function operation(name: RouteName, route: Route, shapes: Shapes, replies: Replies) {
  const roles = rolesOf(route);
  return {
    operationId: name,
    tags: [areaOf(route)],
    summary: route.summary,
    description: [mayCall(route, roles), ...paidFrom(route)].join('\n\n'),
    security: route.access === 'public' ? [] : [{ bearer: [] }],
    ...(roles && { 'x-roles': roles }),
    parameters: [
      ...parameters('path', route.params, shapes),
      ...(route.query ? parameters('query', route.query, shapes) : []),
      ...(route.command ? [mention('Idempotency-Key')] : []),
      ...(conditional.includes(name) ? [mention('If-None-Match')] : []),
    ],
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: shapes.mention(route.body) } },
      },
    }),
    responses: replies.of(name, route),
  };
}

const areas = {
  Identity: { nouns: ['auth', 'me', ''], description: 'Who one is, and where one may do what' },
  Board: { nouns: ['board', 'changes', 'openings'], description: 'What stands where, and what is free' },
  Cases: { nouns: ['cases', 'holds', 'swaps'], description: 'Hold, book, move, cancel, record' },
  Administration: { nouns: [], description: 'Rooms, people, rules, and what was done' },
} satisfies Record<string, { nouns: string[]; description: string }>;

/** By what the address is about: `/sites/:site/<noun>`, or before one is at a site, `/<noun>`. */
function areaOf({ path }: Route): string {
  const [first = '', , atSite = ''] = path.split('/').slice(1);
  const noun = first === 'sites' ? atSite : first;
  const found = Object.entries(areas).find(([, { nouns }]) => (nouns as string[]).includes(noun));
  return found?.[0] ?? 'Administration';
}

type Roles = Partial<Record<Role, 'any' | 'own'>>;

function rolesOf({ access }: Route): Roles | undefined {
  if (access === 'public' || access === 'signed-in') return undefined;
  const scopes = role.options.map((each) => [each, scopeOf(each, access)] as const);
  return Object.fromEntries(scopes.filter(([, scope]) => scope !== 'none'));
}

function mayCall({ access }: Route, roles: Roles | undefined): string {
  if (!roles) return access === 'public' ? 'For anyone.' : 'For any account.';
  const each = Object.entries(roles).map(([who, scope]) => (scope === 'own' ? `${who} (own cases)` : who));
  return `For: ${each.join(', ')}.`;
}

const paidFrom = ({ limit, cost }: Route) =>
  limit ? [`Counts against the \`${limit}\` limit${cost ? ', by what it costs' : ''}.`] : [];

function parameters(place: 'path' | 'query', schema: z.ZodType, shapes: Shapes) {
  const { properties, required } = shapes.mention(schema) as {
    properties: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    schema: each,
  }));
}
