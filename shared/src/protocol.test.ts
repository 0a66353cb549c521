import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { routes } from './contract.ts';
import type { Route } from './contract.ts';
import { problem } from './errors.ts';
import { protocolVersion } from './protocol.ts';
import { clientEvents, followReply, handshake, serverEvents } from './socket-events.ts';

// When this fails, a wire shape has changed: raise `protocolVersion`, and put the new hash here beside it.
const known = { version: 5, hash: '86903dcb7b3d1f3d' };

test('PV1 a change of any wire shape raises the protocol version', () => {
  const shapes = {
    routes: Object.entries(routes as Record<string, Route>).map(([name, route]) => ({
      name,
      method: route.method,
      path: route.path,
      status: route.status,
      ...Object.fromEntries(
        (['params', 'query', 'body', 'reply'] as const).map((part) => [
          part,
          route[part] ? schemaOf(route[part]) : null,
        ]),
      ),
    })),
    events: { ...serverEvents, ...clientEvents, followReply, handshake, problem },
  };
  const events = Object.entries(shapes.events).map(([name, schema]) => [name, schemaOf(schema)]);
  const hash = createHash('sha256')
    .update(JSON.stringify([shapes.routes, events]))
    .digest('hex')
    .slice(0, 16);
  expect({ version: protocolVersion, hash }).toEqual(known);
});

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' });
