import { routes } from '@slate/shared/contract';
import type { RouteName } from '@slate/shared/contract';
import { deviceHeader, positionHeader } from '@slate/shared/contract/devices';
import type { Route } from '@slate/shared/contract/route';
import { role, scopeOf } from '@slate/shared/permissions';
import type { Role } from '@slate/shared/permissions';
import type { z } from 'zod';
import { conditional, createReplies, headers } from './openapi-replies.ts';
import type { Replies } from './openapi-replies.ts';
import { createShapes } from './openapi-shapes.ts';
import type { JsonSchema, Shapes } from './openapi-shapes.ts';

const description = `\
Sign in with \`login\` and send the access token as \`Authorization: Bearer …\`. It is valid for some minutes; \`refresh\` returns the next one.

A request that changes something is a **command**. It carries a new UUID as \`Idempotency-Key\` and runs exactly once. If you get no reply, send it again with the same key: within 72 hours you get the same reply, with \`Idempotent-Replayed: true\`. The key becomes the **id of what the command creates**, so you know the id of a new case, resource, procedure or closure before the reply arrives. A key that was used for another request, or that is the id of something another person created, is refused with \`key_reused\` (422).

A console that works offline keeps its commands in a **queue** and sends them later, one after the other. It registers a device for each person (\`registerDevice\`) and sends each queued command with the device as \`Slate-Device\` and its place in the queue as \`Slate-Position\`: 1, 2, 3… The position is stored together with the result, so that nothing is skipped, repeated or reordered. A reply that has \`Slate-Position\`, a success or a refusal, says that your position is used, and which was the last: send the next command with the one after it. After a reply without it, use the same position again. \`queue_gap\` (409) means that this is neither the next position nor a repeated command; \`registerDevice\` tells the position of the device. \`device_retired\` (410) means that nothing is accepted from this device. Milestones, notes and lengths of cases in progress can say when they were made or what was seen (\`madeAt\`, \`noteBefore\`); then they are merged instead of refused.

A refusal is \`application/problem+json\` with a \`code\` from a fixed set and a sentence that says what to do. A \`validation\` problem lists the fields in \`errors\`. These codes can occur at any address: \`method_not_allowed\` (405) for an unlisted method, \`headers_too_large\` (431) for an address and headers over 16 kB, \`too_large\` (413) for a body over 64 kB, or a file over what its route allows. Every reply has an \`X-Request-Id\`; quote it when you report a problem. \`Slate-Protocol\` names the versions of this contract that the server speaks.

Text is trimmed and normalized to Unicode NFC. Control characters, invisible characters and characters that reorder text are refused, and so are unknown fields. Write numbers in a query in digits.

The server pushes the changes of a site over Socket.IO: see [the live feed](/api-docs/live), as AsyncAPI at [/asyncapi.json](/asyncapi.json).

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
      'A new UUID for each command; the same one when you send that command again. It becomes the id of what the command creates. If it was used for another command, or is the id of something another person created: 422 `key_reused`.',
    schema: { type: 'string', format: 'uuid' },
  },
  [deviceHeader]: {
    name: deviceHeader,
    in: 'header',
    required: false,
    description: `For a queued command, with \`${positionHeader}\`: the id of your registered device. Otherwise leave both out.`,
    schema: { type: 'string', format: 'uuid' },
  },
  [positionHeader]: {
    name: positionHeader,
    in: 'header',
    required: false,
    description:
      'For a queued command: its position in the queue of the device, one more than the last used one.',
    schema: { type: 'integer', minimum: 1, maximum: 999_999_999_999_999 },
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The `ETag` of your last reply. If nothing has changed since, the answer is 304.',
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
    description: [accessNote(route, roles), ...limitNote(route), ...fileNote(route)].join('\n\n'),
    security: route.access === 'public' ? [] : [{ bearer: [] }],
    ...(roles && { 'x-roles': roles }),
    parameters: [
      ...parameters('path', route.params, shapes),
      ...(route.query ? parameters('query', route.query, shapes) : []),
      ...(route.command ? [mention('Idempotency-Key'), mention(deviceHeader), mention(positionHeader)] : []),
      ...(conditional.includes(name) ? [mention('If-None-Match')] : []),
    ],
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: shapes.mention(route.body) } },
      },
    }),
    ...(route.file && {
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
    }),
    responses: replies.of(name, route),
  };
}

const areas = {
  Identity: {
    nouns: ['auth', 'me', 'devices', 'set-up', ''],
    description: 'Accounts, sessions, your roles, and devices with a queue',
  },
  Board: { nouns: ['board', 'changes', 'openings'], description: 'The board, its changes, and free times' },
  Cases: {
    nouns: ['cases', 'holds', 'swaps'],
    description: 'Hold, book, move and cancel cases; record milestones',
  },
  Administration: {
    nouns: [],
    description: 'Resources, closures, procedures, people, settings and the audit',
  },
} satisfies Record<string, { nouns: string[]; description: string }>;

/** The area follows from the noun in the path: `/sites/:site/<noun>`, or `/<noun>` outside a site. */
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

function accessNote({ access }: Route, roles: Roles | undefined): string {
  if (!roles) return access === 'public' ? 'Access: anyone.' : 'Access: any account.';
  const each = Object.entries(roles).map(([who, scope]) => (scope === 'own' ? `${who} (own cases)` : who));
  return `Access: ${each.join(', ')}.`;
}

const limitNote = ({ limit, cost }: Route) =>
  limit ? [`Counts against the \`${limit}\` limit${cost ? ', by its cost' : ''}.`] : [];

const fileNote = ({ file }: Route) =>
  file ? [`Takes a file of at most ${file.maxBytes / 1024 / 1024} MB.`] : [];

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
