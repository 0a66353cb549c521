import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../scripts/api.ts';
import type { Answer, Api } from '../../scripts/api.ts';
import { at } from '../../server/test/hospital.ts';
import { openDeployment, unlimited } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { mutant } from '../helpers/mutant.ts';
import { delayErrors } from '../helpers/api/delay-errors.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await openDeployment({ servers: 0, environment: { TRUSTED_PROXIES: '1' } });
});
afterAll(() => deployment.end());

describe('token buckets', () => {
  /** Two requests at once, then one every two seconds. */
  const rate = '2/4s';
  const secondsPerToken = 2;
  /** Sends a request of a caller that has its own bucket. */
  type Caller = () => Promise<Answer>;
  type Bucket = {
    name: string;
    limit: string;
    rate?: string;
    callers: (url: string) => Promise<[Caller, Caller]>;
  };

  const people = async (url: string): Promise<[Api, Api]> => [
    await deployment.as(deployment.users.coordinator, url),
    await deployment.as(deployment.users.second, url),
  ];
  const byPerson =
    (request: (api: Api) => Caller) =>
    async (url: string): Promise<[Caller, Caller]> => {
      const [first, second] = await people(url);
      return [request(first), request(second)];
    };
  const byAddress =
    (request: (api: Api, headers: Record<string, string>) => Promise<Answer>) =>
    (url: string): Promise<[Caller, Caller]> => {
      const api = createApi(url);
      const from = (address: string) => () => request(api, { 'X-Forwarded-For': address });
      return Promise.resolve([from('198.51.100.7'), from('198.51.100.8')]);
    };
  let hosts = 0;
  /** Two callers in different networks. Each request comes from another address of the network. */
  const byNetwork =
    (request: (api: Api, headers: Record<string, string>) => Promise<Answer>) =>
    (url: string): Promise<[Caller, Caller]> => {
      const api = createApi(url);
      const from = (network: string) => () =>
        request(api, { 'X-Forwarded-For': `${network}::${(++hosts).toString(16)}` });
      return Promise.resolve([from('2001:db8:7:7'), from('2001:db8:7:8')]);
    };

  const buckets: Bucket[] = [
    {
      name: 'read',
      limit: 'LIMIT_READ',
      // Each of these requests costs five tokens.
      rate: '10/4s',
      callers: byPerson(
        (api) => () => api.get(`/sites/${deployment.siteId}/closures?date=${at('09:00').slice(0, 10)}`),
      ),
    },
    {
      name: 'booking',
      limit: 'LIMIT_BOOKING',
      callers: byPerson((api) => {
        // Always the same command: `rate_limited` is not stored as its answer.
        const key = randomUUID();
        return () => api.post(`/sites/${deployment.siteId}/cases`, { title: 'Knee' }, { key });
      }),
    },
    {
      name: 'auth',
      limit: 'LIMIT_AUTH',
      callers: (url) => {
        const api = createApi(url);
        const as = (email: string) => () =>
          api.post(
            '/auth/login',
            { email, password: 'wrong' },
            { headers: { 'X-Forwarded-For': '198.51.100.9' } },
          );
        return Promise.resolve([as('one@example.test'), as('other@example.test')]);
      },
    },
    {
      name: 'register',
      limit: 'LIMIT_REGISTER',
      callers: byAddress((api, headers) =>
        api.post('/auth/register', { email: `${randomUUID()}@example.test`, name: 'N. Body' }, { headers }),
      ),
    },
    {
      name: 'global',
      limit: 'LIMIT_GLOBAL',
      callers: byAddress((api, headers) => api.get('/me', { headers })),
    },
    {
      name: 'LI9 global, by /64,',
      limit: 'LIMIT_GLOBAL',
      callers: byNetwork((api, headers) => api.get('/me', { headers })),
    },
    { name: 'global, signed in,', limit: 'LIMIT_GLOBAL', callers: byPerson((api) => () => api.get('/me')) },
  ];

  async function violations({ callers }: Bucket, url: string): Promise<string[]> {
    const [first, second] = await callers(url);
    const started = performance.now();
    const answers = await Promise.all(Array.from({ length: 8 }, first));
    const filled = Math.floor((performance.now() - started) / 1000 / secondsPerToken);
    const refused = answers.filter(({ status }) => status === 429);
    const passed = answers.length - refused.length;
    const waits = refused.map(({ headers }) => Number(headers.get('Retry-After')));
    const found = [
      ...(passed >= 2 && passed <= 2 + filled ? [] : [`${passed} of 8 at once were let through`]),
      ...(waits.every((seconds) => seconds <= secondsPerToken)
        ? []
        : [`a caller must wait ${Math.max(...waits)} s`]),
      ...refused.flatMap((answer) => delayErrors(answer, 'rate_limited')),
    ];
    if ((await second()).status === 429) found.push('one caller pays for another');
    await pause(Math.max(0, ...waits) * 1000);
    if ((await first()).status === 429) found.push('a caller who waited until the named time is refused');
    return found;
  }

  test.concurrent.each(buckets)(
    'LI1 $name: each caller is refused beyond the rate, until the named time',
    async (bucket) => {
      const server = await deployment.startServer({ ...unlimited, [bucket.limit]: bucket.rate ?? rate });
      expect(await violations(bucket, server.url)).toEqual([]);
      await server.kill9();
    },
  );

  const file = 'server/src/limits.ts';
  const mutants: {
    without: string;
    limit?: string;
    environment: () => Record<string, string>;
    caught: RegExp;
  }[] = [
    { without: 'buckets', environment: () => unlimited, caught: /8 of 8 at once/ },
    {
      without: 'correct waiting times',
      // So long that only a wrong time lets a caller return too early.
      limit: '2/60s',
      environment: () => mutant({ file, from: 'resolve(wait / 1000)', to: 'resolve(wait / 1_000_000)' }),
      caught: /a caller who waited until the named time is refused/,
    },
    {
      without: 'callers',
      environment: () =>
        mutant(
          { file, from: 'fullAt.get(caller)', to: "fullAt.get('')" },
          { file, from: 'fullAt.set(caller,', to: "fullAt.set(''," },
        ),
      caught: /one caller pays for another/,
    },
  ];
  test.concurrent.each(mutants)(
    'LI1 is violated without $without',
    async ({ limit = rate, environment, caught }) => {
      const booking = buckets.find(({ name }) => name === 'booking');
      const server = await deployment.startServer({ ...unlimited, LIMIT_BOOKING: limit, ...environment() });
      expect((await violations(booking as Bucket, server.url)).join('\n')).toMatch(caught);
      await server.kill9();
    },
  );

  /** Counts how many requests of each kind an account may send before it is refused. Each kind uses another account. */
  async function allowances(environment: Record<string, string>) {
    const server = await deployment.startServer({ ...unlimited, LIMIT_READ: '120/3600s', ...environment });
    const site = `/sites/${deployment.siteId}`;
    const date = at('09:00').slice(0, 10);
    const { rows } = await deployment.owner.query<{ at: string }>(
      `SELECT concat('epoch=', epoch, '&after=', revision) AS at FROM sites WHERE id = $1`,
      [deployment.siteId],
    );
    const { coordinator, second, viewer, administrator, office } = deployment.users;
    const changes = `${site}/changes?${rows[0]?.at}&limit=`;
    const requests: [userId: string, (api: Api) => Promise<Answer>][] = [
      [coordinator, (api) => api.get(`${changes}500`)],
      [second, (api) => api.get(`${changes}10`)],
      [viewer, (api) => api.get(`${site}/board?date=${date}&days=14`)],
      [administrator, (api) => api.post(`${site}/openings`, { date, days: 31, minutes: 60 })],
      [office, (api) => api.post(`${site}/openings`, { date, days: 1, minutes: 60 })],
    ];
    const counts: number[] = [];
    for (const [userId, request] of requests) {
      const api = await deployment.as(userId, server.url);
      let count = 0;
      while (count < 30 && (await request(api)).status === 200) count++;
      counts.push(count);
    }
    await server.kill9();
    return counts;
  }

  test('LI8 a large read pays its cost', async () => {
    expect(await allowances({})).toEqual([2, 20, 3, 2, 10]);
  });

  test('LI8 is violated without a cost', async () => {
    const change = {
      file: 'server/src/http/router.ts',
      from: 'route.cost?.((body ?? query) as never)',
      to: '1',
    };
    expect(await allowances(mutant(change))).toEqual([30, 30, 30, 30, 30]);
  });

  test('LI2 a forwarded address is not trusted', async () => {
    const server = await deployment.startServer({ ...unlimited, LIMIT_GLOBAL: rate, TRUSTED_PROXIES: '0' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        createApi(server.url).get('/me', { headers: { 'X-Forwarded-For': `198.51.100.${index}` } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  });
});
