import { randomUUID } from 'node:crypto';
import type { Case } from '@slate/shared/cases';
import { routes } from '@slate/shared/contract';
import type { RouteName } from '@slate/shared/contract';
import type { Route } from '@slate/shared/contract/route';
import type { Resource } from '@slate/shared/resources';
import { addMinutes } from '@slate/shared/time';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { openTarget, secrets, violationsOf } from '../helpers/api/bad-input.ts';
import type { Mutant, Target } from '../helpers/api/bad-input.ts';
import {
  invalidLines,
  invalidCounts,
  invalidDates,
  invalidIndexes,
  invalidInstants,
  invalidPages,
  invalidTimes,
  invalidVersions,
  invalidTexts,
} from '../helpers/api/odd-values.ts';
import type { Raw } from '../helpers/api/raw.ts';
import { password } from '../helpers/api/requests.ts';
import { field, request, violations } from '../helpers/api/wrong-requests.ts';
import type { Bad } from '../helpers/api/wrong-requests.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.end());

const times = (): Bad[] => [
  ...field('placeHold', 'start', [
    ...invalidTimes,
    '2001-01-01T00:00:00Z',
    addMinutes(at('10:00'), 801 * 1440),
  ]),
  ...field('moveCase', 'start', [...invalidTimes, null, '2001-01-01T00:00:00Z']),
  ...field('placeCase', 'start', invalidTimes),
  ...field('createClosure', 'start', invalidTimes),
  ...field('createClosure', 'end', invalidTimes),
  ...field('changeClosure', 'end', [...invalidTimes, null]),
  ...field('recordMilestone', 'at', [...invalidInstants, addMinutes(new Date().toISOString(), 60)]),
  // Null withdraws a fact, and there is none.
  ...field('recordMilestone', 'at', [null], { named: 'milestone' }),
  ...field('placeHold', 'dueBy', invalidInstants),
  ...field('board', 'date', invalidDates),
  ...field('closures', 'date', invalidDates),
  ...field('cases', 'date', invalidDates),
  ...field('openings', 'date', [...invalidDates, 5, null, []]),
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
    ...field('board', 'days', [...invalidPages, '15']),
    ...field('closures', 'days', [...invalidPages, '367']),
    ...field('cases', 'days', [...invalidPages, '367']),
    ...field('openings', 'days', [...invalidCounts, 32]),
    ...field('openings', 'minutes', [...invalidCounts, 4, 1441]),
    ...field('placeHold', 'minutes', [...invalidCounts, 4, 1441]),
    ...field('placeHold', 'setupMinutes', [...invalidCounts.slice(1, -1), 241]),
    ...field('moveCase', 'minutes', [...invalidCounts, 4, 1441]),
    ...field('createProcedure', 'minutes', [...invalidCounts, 4, 1441]),
    ...field('createProcedure', 'spread', [-1, 721, 0.5]),
    ...field('changeSettings', 'holdSeconds', [...invalidCounts, 4, 3601]),
    ...field('changeSettings', 'holdLimitSeconds', [...invalidCounts, 4, 60, 14_401]),
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
  ...field('createProcedure', 'equipment.0.quantity', invalidCounts),
  ...field('createProcedure', 'bed.nights', [...invalidCounts, 61]),
  ...field('createResource', 'capacity', [...invalidCounts, 1001]),
  ...field('createClosure', 'quantity', [...invalidCounts, 4]),
  ...field('changeResource', 'capacity', [...invalidCounts, 1001, null]),
  ...field('changeResource', 'attributes.hours.0.days', [[], '1', null, {}, Array(8).fill(1)]),
  ...field('changeResource', 'attributes.hours.0.days.0', [0, 8, 1.5, '1', null]),
  request('NaN', 'placeHold', () => ({ body: '{"minutes": NaN}' }), { named: 'body' }),
  request('Infinity', 'placeHold', () => ({ body: '{"minutes": Infinity}' }), { named: 'body' }),
];

const texts = (): Bad[] => [
  ...field('placeHold', 'title', invalidLines),
  ...field('placeHold', 'patientRef', invalidLines),
  ...field('placeHold', 'service', invalidLines),
  ...field('placeHold', 'note', invalidTexts),
  ...field('placeHold', 'overrideReason', [...invalidTexts, null]),
  ...field('addToDepot', 'title', invalidLines),
  ...field('changeCase', 'title', invalidLines),
  ...field('cancelCase', 'reason', [...invalidTexts, null]),
  ...field('createClosure', 'reason', [...invalidTexts, null]),
  ...field('createResource', 'name', [...invalidLines, null]),
  ...field('createResource', 'attributes.area', invalidLines),
  ...field('changeResource', 'attributes.capabilities.0', invalidLines),
  ...field('createProcedure', 'name', [...invalidLines, null]),
  ...field('changeSettings', 'name', [...invalidLines, null]),
  ...field('register', 'name', [...invalidLines, null]),
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
  ...field('openings', 'service', invalidLines),
  ...field('openings', 'capabilities.0', invalidLines),
];

const pages = (): Bad[] => [
  ...field('cases', 'limit', [...invalidPages, '201']),
  ...field('users', 'limit', [...invalidPages, '201']),
  ...field('audit', 'limit', [...invalidPages, '201']),
  ...field('audit', 'before', [...invalidIndexes, '0']),
  ...field('audit', 'chain', ['everything', '', 'reads\0']),
  ...field('verifyAudit', 'after', [...invalidIndexes, '0']),
  ...field('verifyAudit', 'hash', ['', 'f', 'G'.repeat(64)]),
  ...field('changes', 'limit', [...invalidPages, '1001']),
  ...field('changes', 'after', invalidIndexes),
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
  ...field('searchCases', 'limit', [...invalidCounts, 201]),
  ...field('openings', 'limit', [...invalidCounts, 101]),
  ...field('changeResource', 'bump', [Array.from({ length: 201 }, () => randomUUID())]),
];

/** Invalid ids: unknown ones, those of another kind or site, and values that are no ids. */
const ids = (): Bad[] => {
  const { deployment, otherSite } = target;
  const noId = ['', 'x', '../1', 5, [], {}, `${randomUUID()}\0`, randomUUID().replaceAll('-', '')];
  const unknown = (room: boolean) => [
    randomUUID(),
    '00000000-0000-0000-0000-000000000000',
    otherSite.rooms[0],
    otherSite.surgeons[0],
    otherSite.equipment[0],
    otherSite.beds,
    room ? deployment.surgeons[0] : deployment.rooms[0],
  ];
  return [
    ...field('placeHold', 'roomId', [...noId, ...unknown(true)]),
    ...field('placeHold', 'surgeonId', [...noId, ...unknown(false)]),
    ...field('placeHold', 'procedureId', [...noId, randomUUID(), otherSite.procedure]),
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

/** Every route with an entity's id in its path. */
function inPaths(): Bad[] {
  const { otherSite } = target;
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
      ...[randomUUID(), otherSite[each === 'site' ? 'siteId' : each === 'user' ? 'list' : 'procedure']].map(
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
    'changeReasons',
    'changeUser',
    'resetPassword',
  ];
  return [
    ...withVersion.flatMap((name) => [
      ...field(name, 'version', invalidVersions),
      ...field(name, 'version', [77, 2_147_483_647, 9_007_199_254_740_991], { status: 412 }),
    ]),
    ...field('swapCases', 'second.version', invalidVersions),
    ...field('swapCases', 'second.version', [77], { status: 412 }),
  ];
};

const kinds: [string, () => Bad[]][] = [
  ['impossible, ambiguous, endless and far-off times', times],
  ['reversed, zero-length and absurd ranges', ranges],
  ['negative, huge, fractional and endless quantities', quantities],
  ['control characters, broken Unicode and ten thousand characters', texts],
  ['enormous pages and made-up positions', pages],
  ["unknown ids and another site's", ids],
  ['stale and impossible versions', versions],
];
test.each(kinds)(
  'BI1 BI10 BI11 the server refuses %s with the field and the reason, and nothing happens',
  async (_, bads) => {
    expect(await violations(target.bench, bads(), target.url)).toEqual([]);
  },
);

test('BI2 a resource cannot shrink below its claims, and a room cannot close under a case: both are refused with the claims', async () => {
  const { deployment, world, bench, url } = target;
  const desk = await deployment.as(deployment.users.administrator, url);
  const pool = await world.resource();
  const enough = {
    ...(await desk.patch(`${world.site}/resources/${pool.id}`, { version: 1, capacity: 3 })).body,
  };
  const { version } = enough.resource as Resource;
  const hold = {
    ...world.place(),
    ...world.detailsFor({
      userId: deployment.users.coordinator,
      surgeonId: deployment.surgeons[1],
      words: 'SECRET',
    }),
    equipment: [{ resourceId: pool.id, quantity: 2 }],
  };
  const { id, roomId, start, end } = (await desk.post(`${world.site}/holds`, hold)).body.case as Case;
  await desk.post(`${world.site}/cases/${id}/confirm`, {});

  const before = await bench.storedState();
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
  expect(await bench.storedState()).toBe(before);
});

describe('a missing protection is noticed:', () => {
  const mutants: Mutant[] = [
    // This comes first, because the next one makes the feed unreadable.
    {
      without: 'requiring digits',
      bads: () => field('changes', 'after', invalidIndexes),
      caught: [/changes after "": answers (200|410)/, /changes after "0x2": answers (200|410)/],
      change: {
        file: 'shared/src/fields.ts',
        from: String.raw`/^-?\d+(\.\d+)?$/.test(value)`,
        to: 'true',
      },
    },
    {
      without: 'refusing unreadable text',
      bads: () => field('addToDepot', 'title', invalidLines),
      caught: [/addToDepot title "a\\u0000b": answers 500/, /addToDepot title "abc\u202Ecba": answers 201/],
      change: {
        file: 'shared/src/fields.ts',
        from: 'const isReadable = (value: string) =>\n  value.isWellFormed() &&\n  (!unreadable',
        to: 'const isReadable = (value: string) =>\n  true ||\n  (!unreadable',
      },
    },
    {
      without: 'versions',
      bads: () => field('cancelCase', 'version', [77], { status: 412 }),
      caught: [/cancelCase version 77: answers 200/],
      change: {
        file: 'server/src/commands/command-on-case.ts',
        from: 'if (version === undefined || item.version === version) return;',
        to: 'return;',
      },
    },
  ];
  test.each(mutants)('BI1 BI10 $without', async (each) => {
    const found = await violationsOf(each, target);
    for (const violation of each.caught) expect(found).toMatch(violation);
  });
});

test('BI7 the log of these tests contains no patient, password or token', async () => {
  const log = await target.log();
  expect(log.split('\n').length).toBeGreaterThan(1_500);
  expect(log.split('\n').filter((each) => secrets.test(each))).toEqual([]);
});
