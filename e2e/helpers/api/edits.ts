import type { RouteName } from '@slate/shared/contract';
import { routes } from '@slate/shared/contract';
import fc from 'fast-check';
import {
  invalidCounts,
  invalidDates,
  invalidInstants,
  invalidTimes,
  invalidVersions,
  invalidTexts,
  write,
} from './odd-values.ts';
import type { Raw } from './raw.ts';

/** A copy with another value at the path. Missing parts of the path are created. */
export function withValue(value: unknown, [key, ...rest]: string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy: object = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const own = Object.getOwnPropertyDescriptor(copy, key)?.value as unknown;
  const child = own ?? (/^\d+$/.test(rest[0] ?? '') ? [] : {});
  // `defineProperty` makes `__proto__` an ordinary key.
  const property = {
    value: withValue(child, rest, to),
    enumerable: true,
    configurable: true,
    writable: true,
  };
  return Object.defineProperty(copy, key, property);
}

/** A change to a request. A number selects the place. */
export type Edit =
  | { do: 'set' | 'add'; place: number; key: string; value: unknown }
  | { do: 'drop' | 'wrap' | 'double'; place: number }
  | { do: 'query' | 'header'; key: string; value: string }
  | { do: 'segment'; place: number; value: string }
  | { do: 'method'; value: string }
  | { do: 'cut' | 'insert'; place: number; value: string };

const someValue = fc.oneof(
  fc.constantFrom<unknown>(
    ...invalidTimes,
    ...invalidInstants,
    ...invalidDates,
    ...invalidCounts,
    ...invalidTexts,
    ...invalidVersions,
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.double(),
  fc.uuid(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);
// `String` throws for an object with its own `toString`.
const asText = (value: unknown) => (typeof value === 'string' ? value : write(value));
const someText = fc.oneof(someValue.map(asText), fc.string({ unit: 'binary', maxLength: 200 }));
const someKey = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'id',
    'version',
    'start',
    'roomId',
    'quantity',
    'bump',
    'minutes',
    'limit',
    'date',
    'days',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const someHeader = fc.constantFrom(
  'Content-Type',
  'Content-Encoding',
  'Idempotency-Key',
  'Authorization',
  'X-Request-Id',
  'If-None-Match',
  'Origin',
  'X-Forwarded-For',
  'Accept',
  'Range',
  'Cookie',
  'X-HTTP-Method-Override',
);
const place = fc.nat({ max: 10_000 });
const someEdit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom('set', 'add'), place, key: someKey, value: someValue }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('drop', 'wrap', 'double'), place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('query'), key: someKey, value: someText }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('header'), key: someHeader, value: someText }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('segment'), place, value: someText }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('method'),
      value: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cut', 'insert'), place, value: someText }) },
);
export const someRequest = fc.record({
  name: fc.constantFrom(...(Object.keys(routes) as RouteName[])),
  edits: fc.array(someEdit, { minLength: 1, maxLength: 3 }),
});

/** All paths in a value, including the root. */
function placesIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, each]) => placesIn(each, [...path, key]))];
}
const valueAt = (value: unknown, path: string[]): unknown =>
  path.reduce<unknown>((outer, key) => (outer as Record<string, unknown> | null)?.[key], value);

// Node refuses to send any other character.
const forAddress = (value: string) =>
  value
    .slice(0, 500)
    .toWellFormed()
    .replaceAll(/[^\u0021-\u007E]/gu, encodeURIComponent);
const forHeader = (value: string) =>
  value.replaceAll(/[^\t\u0020-\u007E\u0080-\u00FF]/g, '?').slice(0, 2_000);

export function withEdits(raw: Raw, body: unknown, edits: Edit[]): Raw {
  let value = body;
  let sent: Buffer | undefined;
  for (const edit of edits) {
    const places = placesIn(value);
    const path = 'place' in edit ? (places[edit.place % places.length] ?? []) : [];
    const current = valueAt(value, path);
    switch (edit.do) {
      case 'set':
        value = withValue(value, path, edit.value);
        break;
      case 'add':
        value = withValue(value, [...path, edit.key], edit.value);
        break;
      case 'drop':
        value = withValue(value, path, undefined);
        break;
      case 'wrap':
        value = withValue(value, path, [current]);
        break;
      case 'double':
        value = withValue(value, path, [current, current]);
        break;
      case 'query': {
        const [key, to] = [
          encodeURIComponent(edit.key.toWellFormed()),
          forAddress(edit.value).replaceAll('#', ''),
        ];
        raw = { ...raw, path: `${raw.path}${raw.path.includes('?') ? '&' : '?'}${key}=${to}` };
        break;
      }
      case 'header':
        raw = { ...raw, headers: { ...raw.headers, [edit.key]: forHeader(edit.value) } };
        break;
      case 'segment': {
        const segments = raw.path.split('/');
        segments[2 + (edit.place % (segments.length - 1))] = forAddress(edit.value);
        raw = { ...raw, path: segments.join('/') };
        break;
      }
      case 'method':
        raw = { ...raw, method: edit.value };
        break;
      case 'cut':
      case 'insert': {
        const bytes = sent ?? Buffer.from(value === undefined ? '' : write(value));
        const cut = edit.place % (bytes.length + 1);
        const rest = edit.do === 'cut' ? [] : [Buffer.from(edit.value, 'latin1'), bytes.subarray(cut)];
        sent = Buffer.concat([bytes.subarray(0, cut), ...rest]);
        break;
      }
    }
  }
  if (raw.method === 'GET' && body === undefined && value === undefined && !sent) return raw;
  const typed = { 'Content-Type': 'application/json', ...raw.headers };
  return { ...raw, headers: typed, body: sent ?? (value === undefined ? undefined : write(value)) };
}
