import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { createApi } from '../../scripts/api.ts';
import type { Answer, Api } from '../../scripts/api.ts';
import { at, createHospital, settings } from '../../server/test/hospital.ts';
import type { Hospital } from '../../server/test/hospital.ts';
import { checkInvariants } from '../../server/test/invariants.ts';
import { mutate } from '../../server/test/mutate.ts';
import { sendUntilAnswered, startCuttingProxy } from '../helpers/network/cutting-proxy.ts';
import type { CuttingProxy } from '../helpers/network/cutting-proxy.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { seedTests } from '../helpers/seeded-random.ts';

const origin = 'https://console.example.test';
let deployment: Deployment;
let proxy: CuttingProxy;
const { seed, random } = seedTests();

beforeAll(async () => {
  deployment = await openDeployment({ servers: 2, environment: { ALLOWED_ORIGINS: origin } });
  proxy = await startCuttingProxy(
    deployment.servers.map(({ url }) => url),
    random,
  );
});
afterAll(async () => {
  await proxy.end();
  await deployment.end();
});

const site = ({ siteId }: Hospital = deployment) => `/sites/${siteId}`;
async function register(api: Api, hospital: Hospital = deployment): Promise<string> {
  const id = randomUUID();
  const { status } = await api.post(`${site(hospital)}/devices`, { id, name: 'OR desk' });
  expect(status).toBe(200);
  return id;
}
const queued = (device: string, n: number | string, key: string = randomUUID()) => ({
  key,
  headers: { 'Slate-Device': device, 'Slate-Position': String(n) },
});
const positionIn = ({ headers }: Answer) => headers.get('Slate-Position');
const positionOf = async (device: string) => {
  const { rows } = await deployment.owner.query<{ position: number }>(
    'SELECT position::int FROM devices WHERE id = $1',
    [device],
  );
  return rows[0]?.position;
};
const add = (api: Api, options: ReturnType<typeof queued>, title = 'Appendix') =>
  api.post(`${site()}/cases`, { title }, options);
/** A refusal that is stored. */
const cancelNothing = (api: Api, options: ReturnType<typeof queued>) =>
  api.post(`${site()}/cases/${deployment.siteId}/cancel`, { version: 1, reason: 'Flu' }, options);
/** A stored refusal on a case that exists. */
const withdrawNothing = (api: Api, caseId: string, options: ReturnType<typeof queued>) =>
  api.post(`${site()}/cases/${caseId}/milestones`, { milestone: 'closed', at: null }, options);

describe('the header Slate-Position of a reply', () => {
  test('DV6 DV7 says the position after a success, a refusal and their replays', async () => {
    const api = await deployment.as(deployment.users.coordinator);
    const device = await register(api);
    const [first, second, third] = [queued(device, 1), queued(device, 2), queued(device, 3)];
    for (const [replayed, ask] of [
      [null, () => add(api, first)],
      ['true', () => add(api, first)],
    ] as const) {
      const answer = await ask();
      expect([answer.status, positionIn(answer), answer.headers.get('Idempotent-Replayed')]).toEqual([
        201,
        '1',
        replayed,
      ]);
    }
    for (const replayed of [null, 'true']) {
      const answer = await withdrawNothing(api, first.key, second);
      expect([answer.status, positionIn(answer), answer.headers.get('Idempotent-Replayed')]).toEqual([
        400,
        '2',
        replayed,
      ]);
    }
    // The case does not exist, so the server decides again (EX5). The position stays used.
    for (const answer of [await cancelNothing(api, third), await cancelNothing(api, third)]) {
      expect([answer.status, positionIn(answer)]).toEqual([404, '3']);
    }
    expect(positionIn(await add(api, queued(device, 4)))).toBe('4');
    expect(positionIn(await add(api, first))).toBe('4');
  });

  test('DV5 DV7 is missing when the position was not used', async () => {
    const api = await deployment.as(deployment.users.coordinator);
    const device = await register(api);
    const answers = await Promise.all([
      api.post(`${site()}/cases`, { title: 5 }, queued(device, 1)),
      createApi(api.url).post(`${site()}/cases`, { title: 'Appendix' }, queued(device, 1)),
      add(await deployment.as(deployment.users.viewer), queued(device, 1)),
      add(await deployment.as(deployment.users.second), queued(device, 1)),
      add(api, queued(device, 2)),
      add(api, queued(randomUUID(), 1)),
      add(api, { key: randomUUID(), headers: {} } as never),
    ]);
    expect(answers.map((each) => [each.status, each.body.code, positionIn(each)])).toEqual([
      [400, 'validation', null],
      [401, 'unauthenticated', null],
      [403, 'forbidden', null],
      [410, 'device_retired', null],
      [409, 'queue_gap', null],
      [410, 'device_retired', null],
      [201, undefined, null],
    ]);
    expect(await positionOf(device)).toBe(0);
  });

  test('a console of an allowed origin may read it, and may send both headers', async () => {
    const preflight = await fetch(`${deployment.servers[0]?.url}/api/v1${site()}/cases`, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
    });
    const listed = (name: string) => preflight.headers.get(name)?.split(', ') ?? [];
    expect(listed('Access-Control-Allow-Headers')).toEqual(
      expect.arrayContaining(['Slate-Device', 'Slate-Position']),
    );
    expect(listed('Access-Control-Expose-Headers')).toContain('Slate-Position');
  });
});

describe('bad input', () => {
  const wrong = ['0', '-1', '1.5', '1e3', '+1', '01', '0x1', 'NaN', 'one', '1, 2', '1 2', '9'.repeat(16)];
  test('DV5 a wrong or missing header is named, and nothing runs', async () => {
    const api = await deployment.as(deployment.users.coordinator);
    const device = await register(api);
    const { key } = queued(device, 1);
    const cases: [string, Record<string, string>][] = [
      ...wrong.map((n): [string, Record<string, string>] => [
        'Slate-Position',
        { 'Slate-Device': device, 'Slate-Position': n },
      ]),
      ['Slate-Position', { 'Slate-Device': device }],
      ['Slate-Position', { 'Slate-Device': device, 'Slate-Position': '' }],
      ['Slate-Device', { 'Slate-Position': '1' }],
      ['Slate-Device', { 'Slate-Device': 'OR desk', 'Slate-Position': '1' }],
      ['Slate-Device', { 'Slate-Device': `${device}, ${device}`, 'Slate-Position': '1' }],
    ];
    for (const [field, headers] of cases) {
      const answer = await add(api, { key, headers } as ReturnType<typeof queued>);
      expect([headers, answer.status, answer.body.errors]).toEqual([
        headers,
        400,
        [expect.objectContaining({ field })],
      ]);
    }
    expect(await positionOf(device)).toBe(0);
    // The case of an id's letters does not matter. The key was not used up.
    expect(positionIn(await add(api, queued(device.toUpperCase(), 1, key)))).toBe('1');
  });

  test('DV1 an invalid id and a name that cannot be displayed are refused', async () => {
    const api = await deployment.as(deployment.users.coordinator);
    const bodies: [string, object][] = [
      ['id', { id: 'OR desk', name: 'OR desk' }],
      ['name', { id: randomUUID(), name: '' }],
      ['name', { id: randomUUID(), name: 'OR\u0000desk' }],
      ['name', { id: randomUUID(), name: 'OR\ndesk' }],
      ['name', { id: randomUUID(), name: 'OR \u202Eksed' }],
      ['name', { id: randomUUID(), name: 'a'.repeat(121) }],
      ['secret', { id: randomUUID(), name: 'OR desk', secret: 'a' }],
    ];
    for (const [field, body] of bodies) {
      const answer = await api.post(`${site()}/devices`, body);
      expect([answer.status, answer.body.errors]).toEqual([400, [expect.objectContaining({ field })]]);
    }
  });
});

test('DV4 reading the secret of a retired device is audited with its reader', async () => {
  const [api, office] = [
    await deployment.as(deployment.users.coordinator),
    await deployment.as(deployment.users.administrator),
  ];
  const id = randomUUID();
  const { secret } = (await api.post(`${site()}/devices`, { id, name: 'OR desk' })).body;
  expect((await office.delete(`${site()}/devices/${id}`)).status).toBe(200);
  expect((await office.post(`${site()}/devices/${id}/secret`, undefined)).body).toMatchObject({ secret });
  expect((await api.post(`${site()}/devices/${id}/secret`, undefined)).status).toBe(403);
  const { rows } = await deployment.owner.query<{ action: string; by: string; detail: object }>(
    `SELECT action, actor ->> 'id' AS by, detail FROM audit WHERE site_id = $1 AND chain = 'reads'
      ORDER BY seq DESC LIMIT 2`,
    [deployment.siteId],
  );
  expect(rows.toReversed()).toEqual([
    {
      action: 'readDeviceSecret',
      by: deployment.users.administrator,
      detail: { device: id, person: deployment.users.coordinator },
    },
    {
      action: 'readDeviceSecret.refused',
      by: deployment.users.coordinator,
      detail: { device: id, code: 'forbidden' },
    },
  ]);
  // Nothing stored or logged contains the secret.
  const { rowCount } = await deployment.owner.query(
    `SELECT FROM commands WHERE body::text LIKE '%' || $1 || '%' UNION ALL
      SELECT FROM audit WHERE detail::text LIKE '%' || $1 || '%'`,
    [secret],
  );
  expect(rowCount).toBe(0);
});

test('DV2 the queue of a disabled person waits, and continues when the person is enabled again', async () => {
  const hospital = await createHospital(deployment.urls.ownerUrl);
  const { coordinator, administrator } = hospital.users;
  const [api, admin] = [await deployment.as(coordinator), await deployment.as(administrator)];
  const device = await register(api, hospital);
  const send = (by: Api, n: number) =>
    by.post(`${site(hospital)}/cases`, { title: 'Appendix' }, queued(device, n));
  expect(positionIn(await send(api, 1))).toBe('1');
  const status = async (value: string) => {
    const { rows } = await deployment.owner.query<{ version: number }>(
      'SELECT version FROM users WHERE id = $1',
      [coordinator],
    );
    const path = `${site(hospital)}/users/${coordinator}`;
    expect((await admin.patch(path, { version: rows[0]?.version, status: value })).status).toBe(200);
  };
  await status('disabled');
  expect((await send(api, 2)).status).toBe(401);
  await status('active');
  expect(positionIn(await send(await deployment.as(coordinator), 2))).toBe('2');
});

test('DV10 20 simultaneous attempts at one position, on two servers, have one effect', async () => {
  const desks = await Promise.all(
    deployment.servers.map(({ url }) => deployment.as(deployment.users.coordinator, url)),
  );
  const [first] = desks as [Api, Api];
  const device = await register(first);
  const request = queued(device, 1);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => add(desks[index % 2] ?? first, request)),
  );
  expect(answers.every((each) => each.status === 201 && positionIn(each) === '1')).toBe(true);
  expect(answers.filter(({ headers }) => !headers.has('Idempotent-Replayed'))).toHaveLength(1);
  const { rowCount } = await deployment.owner.query(
    `SELECT FROM changes WHERE site_id = $1 AND body #>> '{case,id}' = $2`,
    [deployment.siteId, request.key],
  );
  expect(rowCount).toBe(1);
});

/** One request of a queue, the number of copies that are sent at once, and the request that follows. */
const step = fc.record({
  kind: fc.constantFrom('add' as const, 'fact' as const, 'refused' as const),
  copies: fc.integer({ min: 1, max: 3 }),
  after: fc.constantFrom('next' as const, 'again' as const, 'other key' as const, 'ahead' as const),
});
const queue = fc.array(step, { minLength: 1, maxLength: 12 });
type Step = typeof step extends fc.Arbitrary<infer Of> ? Of : never;

/** Sends a queue as a console does: in order, each request until it is answered. Returns the differences from the model. */
async function drain(hospital: Hospital, userId: string, steps: readonly Step[], offset: number) {
  const wrong: string[] = [];
  const [api, safe] = [await deployment.as(userId, proxy.url), await deployment.as(userId)];
  const device = await register(safe, hospital);
  const { id: caseId } = (await safe.post(`${site(hospital)}/cases`, { title: `Facts of ${device}` })).body
    .case as Case;
  const sent: (() => Promise<Answer>)[] = [];
  const [cases, facts]: [string[], string[]] = [[], []];
  const expected = { add: 201, fact: 200, refused: 404 };
  for (const [index, { kind, copies, after }] of steps.entries()) {
    const n = index + 1;
    const options = queued(device, n);
    // In the past at any hour: the last queue begins 20 hours after the first.
    const time = addMinutes(at('00:00', -5), offset * 20 + index);
    const send = () => {
      if (kind === 'add') return api.post(`${site(hospital)}/cases`, { title: `${device} ${n}` }, options);
      const path = `${site(hospital)}/cases/${kind === 'fact' ? caseId : device}/milestones`;
      return api.post(path, { milestone: 'in_holding', at: time }, options);
    };
    if (kind === 'add') cases.push(options.key);
    if (kind === 'fact') facts.push(time);
    sent.push(send);
    const check = (what: string, answer: Answer, expectedReply: [number, string | null]) => {
      const reply = [answer.status, positionIn(answer)];
      if (JSON.stringify(reply) !== JSON.stringify(expectedReply))
        wrong.push(`${what} of ${kind} ${n}: ${reply.join()}`);
    };
    for (const answer of await Promise.all(Array.from({ length: copies }, () => sendUntilAnswered(send))))
      check('a copy', answer, [expected[kind], String(n)]);
    if (after === 'again') {
      const repeated = Math.floor(random() * sent.length);
      const answer = await sendUntilAnswered(sent[repeated] ?? send);
      check(`request ${repeated + 1} again`, answer, [expected[steps[repeated]?.kind ?? kind], String(n)]);
    }
    // Far ahead: a copy that the network delays must not become the next one.
    const other = { 'other key': n, ahead: n + 1_000, next: 0, again: 0 }[after];
    if (other > 0) {
      const wrongPosition = queued(device, other);
      const answer = await sendUntilAnswered(() =>
        api.post(`${site(hospital)}/cases`, { title: 'Never' }, wrongPosition),
      );
      check(after, answer, [409, after === 'ahead' ? null : String(n)]);
    }
  }
  const { rows } = await deployment.owner.query<{ position: number; cases: string[]; facts: string[] }>(
    `SELECT position::int,
      ARRAY(SELECT c.body #>> '{case,id}' FROM changes c WHERE c.site_id = d.site_id
        AND c.body #>> '{case,title}' LIKE d.id || ' %' ORDER BY c.revision) AS cases,
      ARRAY(SELECT wire(m.at) FROM milestones m WHERE m.site_id = d.site_id AND m.case_id = $3
        ORDER BY m.recorded_at) AS facts
      FROM devices d WHERE d.site_id = $1 AND d.id = $2`,
    [hospital.siteId, device, caseId],
  );
  const model = { position: steps.length, cases, facts };
  if (JSON.stringify(rows[0]) !== JSON.stringify(model)) {
    wrong.push(`${JSON.stringify(rows[0])}, not ${JSON.stringify(model)}`);
  }
  return wrong;
}

test('DV10 every request of every queue takes effect once and in order, even if it is repeated, reordered or cut', async () => {
  const hospital = await createHospital(deployment.urls.ownerUrl, {
    site: { ...settings, holdSeconds: 3_600, holdLimitSeconds: 3_600 },
  });
  const { coordinator, second } = hospital.users;
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(queue, queue, queue, async (...queues) => {
      // Two devices of one person, and one of another, side by side.
      const owners = [coordinator, coordinator, second];
      const wrong = await Promise.all(
        queues.map((steps, index) => drain(hospital, owners[index] ?? second, steps, runs++)),
      );
      expect(wrong.flat()).toEqual([]);
      const { rowCount } = await deployment.owner.query(
        `SELECT FROM cases WHERE site_id = $1 AND title = 'Never'`,
        [hospital.siteId],
      );
      expect(rowCount).toBe(0);
    }),
    { numRuns: 20, seed, endOnFailure: true },
  );
  expect(await checkInvariants(deployment.owner, hospital.siteId)).toEqual([]);
  for (const count of Object.values(proxy.cuts)) expect(count).toBeGreaterThan(5);
});

describe('DV10 the model notices when', () => {
  const stepsOfAllKinds: Step[] = (['add', 'refused', 'fact', 'add'] as const).map((kind) => ({
    kind,
    copies: 2,
    after: 'other key',
  }));
  const currentPosition = '(SELECT d.position FROM devices d WHERE d.site_id = p_site AND d.id = p_device)';
  test.each([
    ['positions are not written', 'take_position', 'IF p_n = v_before + 1 THEN', 'IF false THEN'],
    [
      'a refusal uses no position',
      'store_refusal',
      'take_position(p_site, p_user, p_device, p_n)',
      currentPosition,
    ],
    [
      'a command uses no position',
      'begin_command',
      'take_position(p_site, p_user, p_device, p_n)',
      currentPosition,
    ],
  ])('%s', async (_, name, from, to) => {
    const { rows } = await deployment.owner.query<{ text: string }>(
      'SELECT pg_get_functiondef($1::regproc) AS text',
      [name],
    );
    await mutate(deployment.owner, name, [from, to]);
    const hospital = await createHospital(deployment.urls.ownerUrl);
    const wrong = await drain(hospital, hospital.users.coordinator, stepsOfAllKinds, 0);
    await deployment.owner.query(rows[0]?.text ?? '');
    expect(wrong).not.toEqual([]);
  });
});
