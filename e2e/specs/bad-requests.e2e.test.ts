import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { routes } from '@slate/shared/contract';
import type { RouteName } from '@slate/shared/contract';
import type { Route } from '@slate/shared/contract/route';
import { problem } from '@slate/shared/errors';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTarget, secrets, violationsOf } from '../helpers/api/bad-input.ts';
import type { Mutant, Target } from '../helpers/api/bad-input.ts';
import { send } from '../helpers/api/raw.ts';
import { field, headers, request, violations } from '../helpers/api/wrong-requests.ts';
import type { Bad } from '../helpers/api/wrong-requests.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.end());

const shapes = (): Bad[] => {
  const commands = (Object.entries(routes) as [RouteName, Route][]).filter(([, { body }]) => body);
  const odd = {
    extra: 1,
    isAdmin: true,
    constructor: {},
    prototype: {},
    toString: 'x',
    site_id: randomUUID(),
    '': 1,
  };
  return [
    ...commands.flatMap(([name]) => [
      ...Object.entries(odd).map(([key, value]) =>
        request(
          `${name} with ${key}`,
          name,
          (raw) => ({
            body: JSON.stringify({ ...(JSON.parse(String(raw.body)) as object), [key]: value }),
          }),
          key === '' ? {} : { named: key },
        ),
      ),
      request(
        `${name} with __proto__`,
        name,
        (raw) => ({
          body: String(raw.body).replace(/^\{/, '{"__proto__":{"isAdmin":true},').replace(',}', '}'),
        }),
        { named: '__proto__' },
      ),
      ...[
        '[]',
        '[{}]',
        '"x"',
        '5',
        'null',
        'true',
        '{',
        '{"a":',
        "{'a':1}",
        '{"a":1}}',
        '\uFEFF{',
        '{"a":\u0001}',
        '\0',
      ].map((body) => request(`${name} of ${JSON.stringify(body)}`, name, () => ({ body }))),
    ]),
    request('a case of nothing', 'addToDepot', () => ({ body: '{}' }), { named: 'procedureId' }),
    ...field('createProcedure', 'bed.extra', [1]),
    ...field('createProcedure', 'equipment.0.extra', [1]),
    ...field('changeResource', 'attributes.extra', [1]),
    ...field('changeResource', 'attributes.hours.0.extra', [1]),
    ...field('swapCases', 'first.extra', [1]),
    ...field('placeHold', 'equipment', [{}, 'x', 5, null, { 0: {} }]),
    ...field('placeHold', 'bed', [[], 'x', 5]),
    ...field('createProcedure', 'equipment', [
      Array.from({ length: 21 }, () => ({ resourceId: randomUUID(), quantity: 1 })),
    ]),
    ...field('createResource', 'attributes', [[], 'x', 5, null]),
    ...field('createResource', 'kind', ['', 'ROOM', 'surgeon\0', 5, null]),
    request(
      'nested a thousand deep',
      'placeHold',
      () => ({ body: '{"equipment":'.concat('['.repeat(30_000), ']'.repeat(30_000), '}') }),
      {
        named: 'equipment.0',
      },
    ),
    request(
      'nested objects',
      'placeHold',
      () => ({ body: `${'{"bed":'.repeat(5_000)}1${'}'.repeat(5_000)}` }),
      { named: 'bed.bed' },
    ),
    ...commands.map(([name]) =>
      request(`${name} of 70 kB`, name, () => ({ body: `{"note":"${'x'.repeat(70_000)}"}` }), {
        status: 413,
      }),
    ),
    request(
      'a thousand unknown fields',
      'placeHold',
      () => ({
        body: JSON.stringify(Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`f${n}`, n]))),
      }),
      { named: 'f0' },
    ),
    request(
      'broken UTF-8',
      'placeHold',
      (raw) => ({
        body: Buffer.from(String(raw.body).replace('SECRET-TITLE', 'SECRET-\u00FF'), 'latin1'),
      }),
      { named: 'body' },
    ),
    request('a field twice in the query', 'board', (raw) => ({ path: `${raw.path}&date=2027-01-01` }), {
      named: 'date',
    }),
    request('a number twice in the query', 'board', (raw) => ({ path: `${raw.path}&days=1` }), {
      named: 'days',
    }),
    request('an unknown query', 'board', (raw) => ({ path: `${raw.path}&x=1` }), { named: 'x' }),
    request('a query __proto__', 'board', (raw) => ({ path: `${raw.path}&__proto__=1` }), {
      named: '__proto__',
    }),
    request('a nested query', 'board', (raw) => ({ path: `${raw.path}&date[x]=1` }), { named: 'date[x]' }),
    request('a query of garbage', 'board', (raw) => ({ path: `${raw.path.split('?')[0]}?date=%E0%A4%A` }), {
      named: 'date',
    }),
    request('a query of garbage instead of all', 'board', (raw) => ({
      path: `${raw.path.split('?')[0]}?%%%&&==&=`,
    })),
  ];
};

const requestErrors = (): Bad[] => [
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'json',
    '',
    'application/jsonx',
    '*/*',
  ].map((type) =>
    request(`sent as ${type}`, 'placeHold', (raw) => headers(raw, { 'Content-Type': type }), {
      named: 'Content-Type',
    }),
  ),
  ...['application/json; charset=latin1', 'application/json; charset=x'].map((type) =>
    request(`sent as ${type}`, 'placeHold', (raw) => headers(raw, { 'Content-Type': type })),
  ),
  ...['gzip', 'br', 'deflate', 'zip', 'gzip, gzip'].map((encoding) =>
    request(`declared as ${encoding}`, 'placeHold', (raw) => headers(raw, { 'Content-Encoding': encoding })),
  ),
  ...[
    '',
    'x',
    '5',
    `${randomUUID()}x`,
    randomUUID().slice(1),
    `{${randomUUID()}}`,
    'é',
    'x'.repeat(5_000),
  ].map((key) =>
    request(
      `EX6 with the key ${key.slice(0, 40)}`,
      'placeHold',
      (raw) => headers(raw, { 'Idempotency-Key': Buffer.from(key).toString('latin1') }),
      {
        named: 'Idempotency-Key',
      },
    ),
  ),
  request(
    'EX6 with two keys',
    'placeHold',
    (raw) => headers(raw, { 'Idempotency-Key': [randomUUID(), randomUUID()] }),
    { named: 'Idempotency-Key' },
  ),
  request(
    'EX6 without a key',
    'removeClosure',
    ({ headers: { 'Idempotency-Key': _key, ...rest } }) => ({ headers: rest }),
    {
      named: 'Idempotency-Key',
    },
  ),
  ...['%E0%A4%A', '%', '%zz', '%FF%FE', '..%2f..%2fetc%2fpasswd', '%C0%80'].map((garbage) =>
    request(`at ${garbage}`, 'board', () => ({ path: `/api/v1/sites/${garbage}/board` })),
  ),
  ...[
    '/api/v1',
    '/api/v1/',
    '/api/v1//me',
    '/api/v2/me',
    '/api/v1/ME',
    '/API/v1/me',
    '/api/v1/me/x',
    '/api/v1/..;/me',
    '/x'.repeat(2_000),
  ].map((path) => request(`at ${path.slice(0, 40)}`, 'me', () => ({ path }), { status: 404 })),
  ...['PUT', 'TRACE', 'PROPFIND', 'LINK', 'QUERY', 'PURGE'].map((method) =>
    request(`as ${method}`, 'me', () => ({ method }), { status: 405 }),
  ),
  request('deleted', 'board', () => ({ method: 'DELETE' }), { status: 405 }),
  request('posted', 'settings', () => ({ method: 'POST' }), { status: 405 }),
];

/** Invalid or expired tokens. */
const signIns = (): Bad[] => {
  const key = new TextEncoder().encode('another secret that is long enough');
  const exp = Math.floor(Date.now() / 1000) + 600;
  const claims = {
    sid: randomUUID(),
    name: 'T',
    sub: target.deployment.users.administrator,
    iss: 'slate',
    aud: 'slate',
    exp,
  };
  const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  /** A valid token and its three parts. */
  const signedIn = (
    what: string,
    authorization: (token: string, parts: string[]) => string | Promise<string>,
  ) =>
    request(
      what,
      'me',
      async (raw) => {
        const token = String(raw.headers.Authorization).slice('Bearer '.length);
        return headers(raw, { Authorization: await authorization(token, token.split('.')) });
      },
      { status: 401 },
    );
  const values = [
    '',
    'Bearer',
    'Bearer ',
    'Bearer x',
    'Bearer a.b.c',
    'Bearer ..',
    'Basic YTpi',
    'Bearer null',
    'Bearer  ',
  ];
  return [
    ...[...values, `Bearer ${'x'.repeat(8_000)}`].map((value) =>
      signedIn(`Authorization: ${value.slice(0, 40)}`, () => value),
    ),
    signedIn(
      'a token without a signature',
      () => `Bearer ${json({ alg: 'none', typ: 'JWT' })}.${json(claims)}.`,
    ),
    signedIn(
      'a token that declares no signature',
      (_, [, body]) => `Bearer ${json({ alg: 'none' })}.${body}.`,
    ),
    signedIn(
      'a token with other claims',
      (_, [header, , signature]) => `Bearer ${header}.${json(claims)}.${signature}`,
    ),
    signedIn(
      'a token signed with another key',
      async () => `Bearer ${await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key)}`,
    ),
    signedIn('half a token', (token) => `Bearer ${token.slice(0, -10)}`),
    signedIn('a token in quotes', (token) => `Bearer "${token}"`),
    signedIn('a token without its scheme', (token) => token),
    request(
      'a token in the address',
      'me',
      ({ path, headers: { Authorization: token, ...rest } }) => ({
        path: `${path}?access_token=${String(token).slice('Bearer '.length)}`,
        headers: rest,
      }),
      { status: 401 },
    ),
  ];
};

const kinds: [string, () => Bad[]][] = [
  ['unknown fields, wrong shapes and broken JSON', shapes],
  ['wrong types, keys, addresses and methods', requestErrors],
  ['made-up sign-ins', signIns],
];
test.each(kinds)(
  'BI1 BI9 BI11 LI4 the server refuses %s with the field and the reason, and nothing happens',
  async (_, bads) => {
    expect(await violations(target.bench, bads(), target.url)).toEqual([]);
  },
);

test('BI3 a request id that is unsafe to log is not adopted', async () => {
  const { bench, url } = target;
  const me = await bench.rawOf('me', await bench.sampleOf('me'));
  const idOf = async (id: string) => {
    const answer = await send(url, { ...me, headers: { ...me.headers, 'X-Request-Id': id } });
    return answer.headers.get('X-Request-Id');
  };
  expect(await idOf('from-proxy_1.2')).toBe('from-proxy_1.2');
  for (const odd of ['', ' ', 'a b', 'x'.repeat(65), '<script>', '\u00E9', '"},{"level":60,"msg":"x']) {
    expect(await idOf(odd)).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('BI4 anything that is not HTTP is refused, and others are still answered', async () => {
  const { bench, url } = target;
  const garbage = [
    'GARBAGE\r\n\r\n',
    'GET /api/v1/me HTTP/9.9\r\n\r\n',
    'GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n',
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    '\x16\x03\x01\x02\0\x01\0\x01\xFC',
  ];
  for (const bytes of garbage) {
    expect(problemIn(await answerTo(url, bytes))).toMatchObject({ status: 400, code: 'validation' });
  }
  expect((await send(url, await bench.rawOf('me', { path: '/me' }))).status).toBe(200);
});

test.each([
  ['an address', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ['a header', `GET /api/v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${'x'.repeat(20_000)}\r\n\r\n`],
])('BI9 %s that is too large is refused as too large', async (_, bytes) => {
  const answer = await answerTo(target.url, bytes);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(answer).toContain('Content-Type: application/problem+json');
  expect(problemIn(answer)).toMatchObject({ status: 431, code: 'headers_too_large' });
});

/** Sends these bytes and returns everything that the server answers until it closes the connection. */
async function answerTo(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes, 'latin1');
  let received = '';
  socket.setEncoding('latin1').on('data', (part: string) => (received += part));
  // Unread bytes reset the connection after the response.
  await new Promise((resolve) => socket.once('close', resolve).on('error', () => {}));
  return received;
}
const problemIn = (answer: string) => problem.parse(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))));

describe('a missing protection is noticed:', () => {
  const mutants: Mutant[] = [
    {
      without: 'refusing unknown fields',
      bads: () => shapes().filter(({ name }) => name === 'placeHold'),
      caught: [/placeHold with isAdmin: answers 201/, /placeHold with extra: has changed something/],
      change: {
        file: 'shared/src/contract/cases.ts',
        from: 'export const placeHold = z\n  .strictObject(',
        to: 'export const placeHold = z.object(',
      },
    },
    {
      without: 'checking the encoding of the text',
      bads: () => shapes().filter(({ what }) => what === 'broken UTF-8'),
      caught: [/broken UTF-8: answers 201/],
      change: { file: 'server/src/http/app.ts', from: 'if (!isUtf8(bytes))', to: 'if (false)' },
    },
  ];
  test.each(mutants)('BI1 $without', async (each) => {
    const found = await violationsOf(each, target);
    for (const violation of each.caught) expect(found).toMatch(violation);
  });
});

test('BI7 the log of these tests contains no patient, password or token', async () => {
  const log = await target.log();
  expect(log.split('\n').length).toBeGreaterThan(500);
  expect(log.split('\n').filter((each) => secrets.test(each))).toEqual([]);
});
