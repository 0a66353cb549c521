import { routes } from '@slate/shared/contract';
import type { Route } from '@slate/shared/contract/route';
import { problem } from '@slate/shared/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeApps, startApp } from '../../test/http-app.ts';
import type { Handlers } from './call.ts';
import { createMetrics } from './metrics.ts';
import type { Answered } from './metrics.ts';
import { createOperations } from './operations.ts';
import { createRouter } from './router.ts';

const measured: Answered[] = [];
let url: string;
beforeAll(async () => {
  const unlimited = () => Promise.resolve(0);
  const api = createRouter({
    handlers: {} as Handlers,
    authority: { accessOf: () => Promise.resolve(null), forget: () => {}, forgetAll: () => {} },
    verifyToken: () => Promise.reject(new Error('Nobody is signed in here.')),
    auditRefusal: () => Promise.resolve(),
    limits: { global: unlimited, read: unlimited, booking: unlimited, register: unlimited },
    inTurn: (_, work) => work(),
  });
  const operations = createOperations({
    metrics: createMetrics({ version: '1.2.3' }),
    ready: () => Promise.resolve({ ready: true, reasons: [] }),
    version: '1.2.3',
  });
  url = await startApp({ api, operations, measure: (answered) => measured.push(answered) });
});
afterAll(closeApps);

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const addresses = [...new Set(Object.values(routes as Record<string, Route>).map(({ path }) => path))];
/** The methods that the contract has at an address, also by a path with parameters. */
const methodsOf = (address: string) => {
  const fits = (path: string) =>
    new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(address.replaceAll(':', ''));
  const here = Object.values(routes as Record<string, Route>).filter(({ path }) => fits(path));
  return here.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
};

describe('BI8 a method that an address does not have is refused, and the refusal lists the methods it has', () => {
  const table: [path: string, has: string[]][] = [
    ...addresses.map((path): [string, string[]] => [`/api/v1${path}`, methodsOf(path)]),
    ...[
      '/healthz',
      '/readyz',
      '/metrics',
      '/openapi.json',
      '/asyncapi.json',
      '/api-docs/',
      '/api-docs/live',
      '/api-docs/init.mjs',
    ].map((path): [string, string[]] => [path, ['GET', 'HEAD']]),
  ];
  test.each(table)('%s', async (path, has) => {
    const address = url + path.replaceAll(':', '');
    for (const method of methods.filter((each) => !has.includes(each))) {
      const answer = await fetch(address, { method });
      expect([method, answer.status]).toEqual([method, 405]);
      expect(new Set(answer.headers.get('Allow')?.split(', '))).toEqual(new Set([...has, 'OPTIONS']));
      if (method === 'HEAD') continue;
      expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
      const { code, detail } = problem.parse(await answer.json());
      expect([code, detail]).toEqual(['method_not_allowed', expect.stringContaining(`${method} isn’t`)]);
    }
    const options = await fetch(address, { method: 'OPTIONS' });
    expect([options.status, await options.text()]).toEqual([204, '']);
    expect(new Set(options.headers.get('Allow')?.split(', '))).toEqual(new Set([...has, 'OPTIONS']));
  });

  test('an unknown address is not found with any method', async () => {
    for (const method of methods) {
      for (const path of ['/nowhere', '/api/v1/nowhere', '/api/v1/me/x', '/api-docs/nowhere']) {
        const answer = await fetch(url + path, { method });
        expect([answer.status, answer.headers.get('Allow')]).toEqual([404, null]);
      }
    }
  });

  test('a refused method is counted under its route', async () => {
    measured.length = 0;
    await fetch(`${url}/api/v1/me`, { method: 'PUT' });
    await expect
      .poll(() => measured)
      .toMatchObject([{ route: '/me', status: 405, code: 'method_not_allowed' }]);
  });
});
