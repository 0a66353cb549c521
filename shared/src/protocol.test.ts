import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { routes } from './contract.ts';
import type { Route } from './contract/route.ts';
import { problem } from './errors.ts';
import { protocols, protocolVersion, readProtocols, formatProtocols, areCompatible } from './protocol.ts';
import { clientEvents, followReply, handshake, serverEvents } from './socket-events.ts';

// If this fails, a wire shape has changed: raise the version as CONTRIBUTING.md says, and put the new hash here.
const known = { version: 5, hash: 'f1f7cc3345511796' };

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

test('PV2 two programs are compatible when their ranges overlap; one header carries the range', () => {
  const range = (lowest: number, highest: number) => ({ lowest, highest });
  expect(areCompatible(range(3, 5), range(5, 6))).toBe(true);
  expect(areCompatible(range(5, 6), range(3, 5))).toBe(true);
  expect(areCompatible(range(3, 4), range(5, 6))).toBe(false);
  expect(areCompatible(protocols, protocols)).toBe(true);
  expect(readProtocols(formatProtocols(range(3, 5)))).toEqual(range(3, 5));
  for (const text of ['', '5', '5-', 'x-5', '5-6-7']) expect(readProtocols(text)).toBeNull();
});
