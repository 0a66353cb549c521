import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Case } from '@slate/shared/cases';
import { routes } from '@slate/shared/contract';
import type { Route, RouteName } from '@slate/shared/contract';
import type { Resource } from '@slate/shared/resources';
import { addMinutes } from '@slate/shared/time';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, plantHospital, settings } from '../server/test/hospital.ts';
import type { Hospital } from '../server/test/hospital.ts';
import { checkInvariants } from '../server/test/invariants.ts';
import { edited, someRequest } from './edits.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';
import { mutant } from './mutant.ts';
import type { Change } from './mutant.ts';
import {
  brokenLine,
  noCount,
  noDate,
  noInstant,
  noPage,
  noTime,
  noVersion,
  unreadable,
} from './odd-values.ts';
import { send } from './raw.ts';
import type { Raw } from './raw.ts';
import { createWorld, password } from './requests.ts';
import type { World } from './requests.ts';
import { createBench, field, headers, misanswered, request, violations } from './wrong-requests.ts';
import type { Bad, Bench } from './wrong-requests.ts';

let house: House;
let world: World;
let bench: Bench;
let elsewhere: Hospital;
let folder: string;
let logFile: string;
let url: string;
beforeAll(async () => {
  // A site whose clocks change, and whose holds outlast the test.
  house = await openHouse({
    servers: 0,
    hospital: {
      timeZone: 'America/Chicago',
      site: { ...settings, holdSeconds: 3_600, holdLimitSeconds: 3_600 },
    },
  });
  elsewhere = await plantHospital(house.urls.ownerUrl);
  folder = await mkdtemp(join(tmpdir(), 'slate-log-'));
  logFile = join(folder, 'server.log');
  ({ url } = await house.startServer({ LOG_LEVEL: 'trace' }, logFile));
  world = await createWorld(house);
  bench = createBench(house, world);
});
afterAll(async () => {
  await house.end();
  await rm(folder, { recursive: true });
});

// What can be wrong

const times = (): Bad[] => [
  ...field('placeHold', 'start', [...noTime, '2001-01-01T00:00:00Z', addMinutes(at('10:00'), 801 * 1440)]),
  ...field('moveCase', 'start', [...noTime, null, '2001-01-01T00:00:00Z']),
  ...field('placeCase', 'start', noTime),
  ...field('createClosure', 'start', noTime),
  ...field('createClosure', 'end', noTime),
  ...field('changeClosure', 'end', [...noTime, null]),
  ...field('recordMilestone', 'at', [...noInstant, addMinutes(new Date().toISOString(), 60), null]),
  ...field('placeHold', 'dueBy', noInstant),
  ...field('board', 'date', noDate),
  ...field('closures', 'date', noDate),
  ...field('cases', 'date', noDate),
  ...field('openings', 'date', [...noDate, 5, null, []]),
  ...field('changeResource', 'attributes.hours.0.open', ['7am', '25:00', '07:60', '', 7, null]),
];

const ranges = (): Bad[] => {
  const [start, reversed] = [at('10:00', 20), at('09:00', 20)];
  const closing = (what: string, body: object) =>
    request(
      what,
      'createClosure',
      (raw) => ({ body: JSON.stringify({ ...(JSON.parse(String(raw.body)) as object), ...body }) }),
      { named: 'end' },
    );
  return [
    closing('reversed', { start, end: reversed }),
    closing('zero-length', { start, end: start }),
    closing('of a century', { start: '2001-01-01T00:00:00Z', end: '2099-12-31T00:00:00Z' }),
    ...field('changeClosure', 'end', [at('00:00', 5), '2099-12-31T00:00:00Z']),
    ...field('changeResource', 'attributes.hours.0.close', ['06:00', '07:00', '24:01']),
    ...field('board', 'days', [...noPage, '15']),
    ...field('closures', 'days', [...noPage, '367']),
    ...field('cases', 'days', [...noPage, '367']),
    ...field('openings', 'days', [...noCount, 32]),
    ...field('openings', 'minutes', [...noCount, 4, 1441]),
    ...field('placeHold', 'minutes', [...noCount, 4, 1441]),
    ...field('placeHold', 'setupMinutes', [...noCount.slice(1, -1), 241]),
    ...field('moveCase', 'minutes', [...noCount, 4, 1441]),
    ...field('createProcedure', 'minutes', [...noCount, 4, 1441]),
    ...field('createProcedure', 'spread', [-1, 721, 0.5]),
    ...field('changeSettings', 'holdSeconds', [...noCount, 4, 3601]),
    ...field('changeSettings', 'holdLimitSeconds', [...noCount, 4, 60, 14_401]),
    ...field('changeSettings', 'timeZone', [
      'Mars/Olympus',
      'US/Pacific-New',
      'UTC+1',
      '+05:00',
      '',
      'a/b'.repeat(3_000),
      5,
      'Europe/Berlin\0',
    ]),
  ];
};

const quantities = (): Bad[] => [
  ...field('placeHold', 'equipment.0', [5, 'x', null, []], { named: 'equipment.0' }),
  ...field('createProcedure', 'equipment.0.quantity', noCount),
  ...field('createProcedure', 'bed.nights', [...noCount, 61]),
  ...field('createResource', 'capacity', [...noCount, 1001]),
  ...field('createClosure', 'quantity', [...noCount, 4]),
  ...field('changeResource', 'capacity', [...noCount, 1001, null]),
  ...field('changeResource', 'attributes.hours.0.days', [[], '1', null, {}, Array(8).fill(1)]),
  ...field('changeResource', 'attributes.hours.0.days.0', [0, 8, 1.5, '1', null]),
  request('NaN', 'placeHold', () => ({ body: '{"minutes": NaN}' }), { named: 'body' }),
  request('Infinity', 'placeHold', () => ({ body: '{"minutes": Infinity}' }), { named: 'body' }),
];

const texts = (): Bad[] => [
  ...field('placeHold', 'title', brokenLine),
  ...field('placeHold', 'patientRef', brokenLine),
  ...field('placeHold', 'service', brokenLine),
  ...field('placeHold', 'note', unreadable),
  ...field('placeHold', 'overrideReason', [...unreadable, null]),
  ...field('addToDepot', 'title', brokenLine),
  ...field('changeCase', 'title', brokenLine),
  ...field('cancelCase', 'reason', [...unreadable, null]),
  ...field('createClosure', 'reason', [...unreadable, null]),
  ...field('createResource', 'name', [...brokenLine, null]),
  ...field('createResource', 'attributes.area', brokenLine),
  ...field('changeResource', 'attributes.capabilities.0', brokenLine),
  ...field('createProcedure', 'name', [...brokenLine, null]),
  ...field('changeSettings', 'name', [...brokenLine, null]),
  ...field('register', 'name', [...brokenLine, null]),
  ...field('register', 'email', [
    'x',
    'a@b',
    'a@b.de\0',
    'a b@c.de',
    '\u202Ea@b.de',
    `${'a'.repeat(10_000)}@b.de`,
    '',
    5,
    null,
  ]),
  ...field('register', 'password', ['short', 'x'.repeat(10_000), '\uD800'.repeat(12), 5, null]),
  ...field('changePassword', 'newPassword', [
    'short',
    'x'.repeat(10_000),
    '\uD800'.repeat(12),
    password,
    5,
    null,
  ]),
  ...field('login', 'password', ['x'.repeat(10_000), 5, null, {}]),
  ...field('login', 'email', ['x', '', 'a@b.de\0', `${'a'.repeat(10_000)}@b.de`, 5, null, {}]),
  ...field('refresh', 'refreshToken', ['', 'x'.repeat(10_000), 5, null]),
  ...field('searchCases', 'patientRef', [
    '',
    '\0',
    'x\0y',
    '\uD800',
    '\u202Ex',
    'x'.repeat(10_000),
    5,
    null,
    [],
  ]),
  ...field('openings', 'service', brokenLine),
  ...field('openings', 'capabilities.0', brokenLine),
];

const pages = (): Bad[] => [
  ...field('cases', 'limit', [...noPage, '201']),
  ...field('users', 'limit', [...noPage, '201']),
  ...field('audit', 'limit', [...noPage, '201']),
  ...field('audit', 'before', ['0', '-1', '1.5', '1e30', 'x']),
  ...field('audit', 'chain', ['identity', '', 'reads\0']),
  ...field('changes', 'limit', [...noPage, '1001']),
  ...field('changes', 'after', ['-1', '1.5', '1e30', 'x', 'Infinity']),
  ...field('changes', 'after', ['9007199254740991'], { status: 410 }),
  ...field('changes', 'epoch', ['x', '', randomUUID().slice(1)]),
  ...field('cases', 'cursor', [
    'x',
    '',
    'W10',
    'x'.repeat(201),
    '\0',
    Buffer.from('["x","y"]').toString('base64url'),
  ]),
  ...field('users', 'cursor', ['x', '\0', 'x'.repeat(10_000).slice(0, 201)]),
  ...field('cases', 'state', ['nowhere', '', 'held\0']),
  ...field('resources', 'kind', ['everything', '']),
  ...field('searchCases', 'limit', [...noCount, 201]),
  ...field('openings', 'limit', [...noCount, 101]),
  ...field('changeResource', 'bump', [Array.from({ length: 201 }, () => randomUUID())]),
];

/** Ids that stand for nothing here: made up, of another kind, of another site, and what is no id at all. */
const ids = (): Bad[] => {
  const noId = ['', 'x', '../1', 5, [], {}, `${randomUUID()}\0`, randomUUID().replaceAll('-', '')];
  const unknown = (room: boolean) => [
    randomUUID(),
    '00000000-0000-0000-0000-000000000000',
    elsewhere.rooms[0],
    elsewhere.surgeons[0],
    elsewhere.equipment[0],
    elsewhere.beds,
    room ? house.surgeons[0] : house.rooms[0],
  ];
  return [
    ...field('placeHold', 'roomId', [...noId, ...unknown(true)]),
    ...field('placeHold', 'surgeonId', [...noId, ...unknown(false)]),
    ...field('placeHold', 'procedureId', [...noId, randomUUID(), elsewhere.procedure]),
    ...field('createProcedure', 'equipment.0.resourceId', [...noId, ...unknown(false)]),
    ...field('createProcedure', 'bed.resourceId', [...noId, ...unknown(false)]),
    ...field('moveCase', 'roomId', [...noId, null, ...unknown(true)]),
    ...field('changeCase', 'surgeonId', [...noId, ...unknown(false)]),
    ...field('createClosure', 'resourceId', [...noId, ...unknown(false).slice(0, -1)]),
    ...field('changeUser', 'surgeonIds.0', noId),
    ...field('changeUser', 'surgeonIds.0', unknown(false), { named: 'surgeonIds' }),
    ...field('openings', 'roomIds.0', [...noId, ...unknown(true)]),
    ...field('openings', 'surgeonId', [...noId, ...unknown(false)]),
    ...field('swapCases', 'first.caseId', noId),
    ...field('swapCases', 'first.caseId', [randomUUID()], { status: 404 }),
    ...field('createClosure', 'bump', [[randomUUID()]], { named: 'bump.0' }),
    ...field('cases', 'roomId', ['x', '']),
    ...inPaths(),
  ];
};

/** Every route that has an id of something in its address. */
function inPaths(): Bad[] {
  return (Object.entries(routes) as [RouteName, Route][]).flatMap(([name, route]) => {
    const named = Object.keys(route.params.shape).filter((each) => each !== 'site');
    const put = (segment: string, to: string) => (raw: Raw) => {
      const place = route.path.split('/').indexOf(`:${segment}`);
      const segments = raw.path.split('?')[0]?.split('/') ?? [];
      segments[place + 2] = to;
      return { path: [segments.join('/'), ...raw.path.split('?').slice(1)].join('?') };
    };
    const places = 'site' in route.params.shape ? ['site', ...named] : named;
    return places.flatMap((each) => [
      ...['x', '5', '%20', '%00', randomUUID().slice(1)].map((to) =>
        request(`${name} of the ${each} ${to}`, name, put(each, to), { named: each }),
      ),
      ...[randomUUID(), elsewhere[each === 'site' ? 'siteId' : each === 'user' ? 'list' : 'procedure']].map(
        (to) => request(`${name} of an unknown ${each}`, name, put(each, to), { status: 404 }),
      ),
    ]);
  });
}

const versions = (): Bad[] => {
  const withVersion: RouteName[] = [
    'changeCase',
    'placeCase',
    'moveCase',
    'bumpCase',
    'cancelCase',
    'voidCase',
    'changeResource',
    'changeClosure',
    'changeProcedure',
    'changeSettings',
    'changeUser',
  ];
  return [
    ...withVersion.flatMap((name) => [
      ...field(name, 'version', noVersion),
      ...field(name, 'version', [77, 2_147_483_647, 9_007_199_254_740_991], { status: 412 }),
    ]),
    ...field('swapCases', 'second.version', noVersion),
    ...field('swapCases', 'second.version', [77], { status: 412 }),
  ];
};

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
    request('a megabyte', 'placeHold', () => ({ body: JSON.stringify({ note: 'x'.repeat(1_048_576) }) }), {
      named: 'body',
    }),
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

const wire = (): Bad[] => [
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
    request(`said to be ${encoding}`, 'placeHold', (raw) => headers(raw, { 'Content-Encoding': encoding })),
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
      `with the key ${key.slice(0, 40)}`,
      'placeHold',
      (raw) => headers(raw, { 'Idempotency-Key': Buffer.from(key).toString('latin1') }),
      {
        named: 'Idempotency-Key',
      },
    ),
  ),
  request(
    'with two keys',
    'placeHold',
    (raw) => headers(raw, { 'Idempotency-Key': [randomUUID(), randomUUID()] }),
    { named: 'Idempotency-Key' },
  ),
  request(
    'without a key',
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

/** Tokens that are none of ours, or not any more. */
const signIns = (): Bad[] => {
  const key = new TextEncoder().encode('another secret that is long enough');
  const exp = Math.floor(Date.now() / 1000) + 600;
  const claims = {
    sid: randomUUID(),
    name: 'T',
    sub: house.users.administrator,
    iss: 'slate',
    aud: 'slate',
    exp,
  };
  const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  /** Our own token is at hand, and its three parts. */
  const signedIn = (
    what: string,
    authorization: (ours: string, parts: string[]) => string | Promise<string>,
  ) =>
    request(
      what,
      'me',
      async (raw) => {
        const ours = String(raw.headers.Authorization).slice('Bearer '.length);
        return headers(raw, { Authorization: await authorization(ours, ours.split('.')) });
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
    signedIn('a token that says it needs none', (_, [, body]) => `Bearer ${json({ alg: 'none' })}.${body}.`),
    signedIn(
      'a token whose claims were exchanged',
      (_, [header, , signature]) => `Bearer ${header}.${json(claims)}.${signature}`,
    ),
    signedIn(
      'a token signed by another',
      async () => `Bearer ${await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key)}`,
    ),
    signedIn('half a token', (ours) => `Bearer ${ours.slice(0, -10)}`),
    signedIn('a token in quotes', (ours) => `Bearer "${ours}"`),
    signedIn('a token without its scheme', (ours) => ours),
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

const quality: [string, () => Bad[]][] = [
  ['impossible, ambiguous, endless and far-off times', times],
  ['reversed, zero-length and absurd ranges', ranges],
  ['negative, huge, fractional and endless quantities', quantities],
  ['control characters, broken Unicode and ten thousand characters', texts],
  ['enormous pages and made-up positions', pages],
  ["unknown ids and another site's", ids],
  ['stale and impossible versions', versions],
  ['unknown fields, wrong shapes and broken JSON', shapes],
  ['wrong types, keys, addresses and methods', wire],
  ['made-up sign-ins', signIns],
];
test.each(quality)('BI1 %s: refused with the field and the reason, nothing done', async (_, bads) => {
  expect(await violations(bench, bads(), url)).toEqual([]);
});

test('BI2 less of a resource than is booked of it, and a room closed under a case: refused with what is booked', async () => {
  const desk = await house.as(house.users.administrator, url);
  const pool = await world.resource();
  const enough = {
    ...(await desk.patch(`${world.site}/resources/${pool.id}`, { version: 1, capacity: 3 })).body,
  };
  const { version } = enough.resource as Resource;
  const hold = {
    ...world.place(),
    ...world.described({ userId: house.users.coordinator, surgeonId: house.surgeons[1], words: 'SECRET' }),
    equipment: [{ resourceId: pool.id, quantity: 2 }],
  };
  const { id, roomId, start, end } = (await desk.post(`${world.site}/holds`, hold)).body.case as Case;
  await desk.post(`${world.site}/cases/${id}/confirm`, {});

  const before = await bench.everything();
  const closing = { resourceId: roomId, start, end, reason: 'Cleaning' };
  const answers = [
    await desk.patch(`${world.site}/resources/${pool.id}`, { version, capacity: 1 }),
    await desk.patch(`${world.site}/resources/${pool.id}`, { version, active: false }),
    await desk.post(`${world.site}/closures`, closing),
    await desk.post(`${world.site}/closures`, { ...closing, resourceId: pool.id, quantity: 2 }),
    await desk.patch(`${world.site}/settings`, {
      version: (await world.head()).version,
      timeZone: 'Asia/Tokyo',
    }),
  ];
  for (const { status, body } of answers) {
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'in_use' });
    expect(body.blockers).toContainEqual(expect.objectContaining({ caseId: id }));
  }
  expect(await bench.everything()).toBe(before);
});

test('BI3 an id for the request that cannot stand in a log is not taken over', async () => {
  const asked = await bench.rawOf('me', await bench.sampleOf('me'));
  const idOf = async (id: string) => {
    const answer = await send(url, { ...asked, headers: { ...asked.headers, 'X-Request-Id': id } });
    return answer.headers.get('X-Request-Id');
  };
  expect(await idOf('from-proxy_1.2')).toBe('from-proxy_1.2');
  for (const odd of ['', ' ', 'a b', 'x'.repeat(65), '<script>', '\u00E9', '"},{"level":60,"msg":"x']) {
    expect(await idOf(odd)).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('BI4 what is no HTTP is refused, and the others are answered all the same', async () => {
  const garbage = [
    'GARBAGE\r\n\r\n',
    'GET /api/v1/me HTTP/9.9\r\n\r\n',
    'GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n',
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    `GET /api/v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${'x'.repeat(100_000)}\r\n\r\n`,
    `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    '\x16\x03\x01\x02\0\x01\0\x01\xFC',
  ];
  for (const bytes of garbage) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(bytes, 'latin1');
    // What was not read when it hung up may have cost us the answer.
    const said = await text(socket).catch(() => 'HTTP/1.1 4xx reset');
    expect(said).toMatch(/^HTTP\/1\.1 4[\dx]{2} /);
  }
  expect((await send(url, await bench.rawOf('me', { path: '/me' }))).status).toBe(200);
});

// What nobody thought of

/** So many requests with something wrong, or right all the same. Answers how they were answered. */
async function fuzz(runs: number, server = url): Promise<Map<number, number>> {
  const answered = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(someRequest, async ({ name, edits }) => {
      const sample = await bench.sampleOf(name);
      const asked = edited(await bench.rawOf(name, sample), sample.body, edits);
      const answer = await send(server, asked);
      answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1);
      if (answer.status < 400) bench.forget(name);
      const isItself =
        asked.method === routes[name].method.toUpperCase() && !edits.some((edit) => edit.do === 'segment');
      const wrong = answer.status >= 400 || isItself ? misanswered(name, answer) : [];
      if (asked.method !== 'HEAD' && wrong.length > 0) {
        throw new Error(`${asked.method} ${asked.path} ${String(asked.body)}: ${wrong.join()}`);
      }
    }),
    { numRuns: runs, endOnFailure: true },
  );
  return answered;
}

test('BI5 1,500 requests with anything wrong in them: never a 5xx, and nothing is broken afterwards', async () => {
  const answered = await fuzz(1_500);
  expect(answered.get(400)).toBeGreaterThan(500);
  expect((answered.get(200) ?? 0) + (answered.get(201) ?? 0)).toBeGreaterThan(50);
  expect(await checkInvariants(house.owner, house.siteId)).toEqual([]);
  expect(await checkInvariants(house.owner, elsewhere.siteId)).toEqual([]);
});

/** The database refuses a case for a reason that nobody foresaw; what it says of it has the whole row in it. */
async function unforeseen(server: string) {
  await house.owner.query(
    `ALTER TABLE cases ADD CONSTRAINT unforeseen CHECK (title <> 'Unforeseen') NOT VALID`,
  );
  try {
    const { path, body } = await bench.sampleOf('placeHold');
    return await send(
      server,
      await bench.rawOf('placeHold', { path, body: { ...(body as object), title: 'Unforeseen' } }),
    );
  } finally {
    await house.owner.query('ALTER TABLE cases DROP CONSTRAINT unforeseen');
  }
}

const secrets = /-PATIENT|-NOTE|eyJ|correct horse|Failing row/;

test('BI6 what nobody foresaw is answered with 500 and no word of what it was', async () => {
  const { status, body } = await unforeseen(url);
  expect(status).toBe(500);
  expect(body).toMatchObject({ code: 'internal' });
  expect(JSON.stringify(body)).not.toMatch(/Unforeseen|cases|constraint/);
});

describe('and without a protection it is noticed:', () => {
  type Mutant = { without: string; bads: () => Bad[]; caught: RegExp[]; change: Change };
  const mutants: Mutant[] = [
    {
      without: 'refusing unknown fields',
      bads: () => shapes().filter(({ name }) => name === 'placeHold'),
      caught: [/placeHold with isAdmin: answers 201/, /placeHold with extra: has changed something/],
      change: {
        file: 'shared/src/commands.ts',
        from: 'export const placeHold = z\n  .strictObject(',
        to: 'export const placeHold = z.object(',
      },
    },
    {
      without: 'refusing what cannot be read',
      bads: () => field('addToDepot', 'title', brokenLine),
      caught: [/addToDepot title "a\\u0000b": answers 500/, /addToDepot title "abc\u202Ecba": answers 201/],
      change: {
        file: 'shared/src/text.ts',
        from: 'value.isWellFormed() && !unreadable.test(value)',
        to: 'true',
      },
    },
    {
      without: 'versions',
      bads: () => field('cancelCase', 'version', [77], { status: 412 }),
      caught: [/cancelCase version 77: answers 200/],
      change: {
        file: 'server/src/use-cases/command-on-case.ts',
        from: 'if (version === undefined || item.version === version) return;',
        to: 'return;',
      },
    },
    {
      without: 'checking what the text is encoded in',
      bads: () => shapes().filter(({ what }) => what === 'broken UTF-8'),
      caught: [/broken UTF-8: answers 201/],
      change: { file: 'server/src/http/app.ts', from: 'if (!isUtf8(bytes))', to: 'if (false)' },
    },
  ];
  test.each(mutants)('BI1 $without', async ({ bads, caught, change }) => {
    const server = await house.startServer(mutant(change));
    const found = (await violations(bench, bads(), server.url)).join('\n');
    for (const violation of caught) expect(found).toMatch(violation);
    await server.kill9();
  });

  test('BI5 parsing', async () => {
    const change = {
      file: 'server/src/http/parse.ts',
      from: 'if (parsed.success) return parsed.data;',
      to: 'return value as Parsed;',
    };
    const server = await house.startServer(mutant(change));
    await expect(fuzz(300, server.url)).rejects.toThrow(/Property failed/);
    await server.kill9();
  });

  test('BI7 leaving out of the log what PostgreSQL quotes', async () => {
    const log = join(folder, 'mutant.log');
    const change = { file: 'server/src/main.ts', from: 'serializers: { err: loggableError },', to: '' };
    const server = await house.startServer(mutant(change), log);
    await unforeseen(server.url);
    await server.stop();
    expect(await readFile(log, 'utf8')).toMatch(secrets);
  });
});

test('BI7 the log of all of this names no patient and has no password and no token in it', async () => {
  await house.servers[0]?.stop();
  const log = await readFile(logFile, 'utf8');
  expect(log.split('\n').length).toBeGreaterThan(3_000);
  // The refusal of the database is there, and what it is about is not.
  expect(log).toContain('23514');
  expect(log.split('\n').filter((each) => secrets.test(each))).toEqual([]);
});
