import { setTimeout as pause } from 'node:timers/promises';
import { problem } from '@slate/shared/errors';
import { protocolHeader, formatProtocols } from '@slate/shared/protocol';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { closeApps, send, startApp } from '../../test/http-app.ts';
import type { AppDeps } from './app.ts';
import { createMetrics } from './metrics.ts';
import { createOperations } from './operations.ts';
import type { OperationsDeps } from './operations.ts';

afterEach(closeApps);

async function serve(
  more: Partial<OperationsDeps> = {},
  app: Partial<Pick<AppDeps, 'log' | 'trustedProxies'>> = {},
) {
  const metrics = createMetrics({ version: '1.2.3' });
  const ready = () => Promise.resolve({ ready: true, reasons: [] });
  const url = await startApp({
    operations: createOperations({ metrics, ready, version: '1.2.3', ...more }),
    measure: metrics.measure,
    onUntrustedProxy: metrics.untrustedProxy,
    ...app,
  });
  return {
    url,
    get: (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers }),
  };
}

test('/healthz answers without the database', async () => {
  const { get } = await serve({ ready: () => Promise.reject(new Error('gone')) });
  const answer = await get('/healthz');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: 'ok', version: '1.2.3' });
});

test('PU19 every answer names the protocol versions, including refusals and unknown addresses', async () => {
  const { get } = await serve({ ready: () => Promise.resolve({ ready: false, reasons: ['Not now.'] }) });
  for (const path of ['/healthz', '/readyz', '/api/v1/me', '/nowhere']) {
    expect((await get(path)).headers.get(protocolHeader)).toBe(formatProtocols());
  }
});

test('/readyz answers 200 when the server can serve', async () => {
  const { get } = await serve();
  expect((await get('/readyz')).status).toBe(200);
});

test('/readyz answers 503 when the server cannot serve, with the reason as a problem document', async () => {
  const reasons = ['The server is shutting down.', 'The schema is older than this program.'];
  const { get } = await serve({ ready: () => Promise.resolve({ ready: false, reasons }) });
  const answer = await get('/readyz');
  expect(answer.status).toBe(503);
  expect(answer.headers.get('Retry-After')).toBe('1');
  const body = problem.parse(await answer.json());
  expect(body.code).toBe('unavailable');
  expect(body.detail).toBe(`Not ready: ${reasons.join(' ')}`);
});

test.each([
  ['fails', () => Promise.reject(new Error('gone'))],
  ['never answers', () => new Promise<never>(() => {})],
])('/readyz answers 503 after a second if the check %s', async (_, ready) => {
  const { get } = await serve({ ready });
  const answer = await get('/readyz');
  expect(answer.status).toBe(503);
  expect(problem.parse(await answer.json()).detail).toContain('did not answer within 1 s');
});

test('probes are not logged, not even failing ones', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const { get } = await serve(
    { ready: () => Promise.resolve({ ready: false, reasons: ['Not now.'] }) },
    { log },
  );
  for (const path of ['/healthz', '/readyz', '/metrics', '/nowhere']) await get(path);
  expect(lines.map((line) => (JSON.parse(line) as { route: string }).route)).toEqual(['none']);
});

test('concurrent probes share one check of the database', async () => {
  let checks = 0;
  const ready = async () => {
    checks++;
    await pause(50);
    return { ready: true, reasons: [] };
  };
  const { get } = await serve({ ready });
  await Promise.all(Array.from({ length: 20 }, () => get('/readyz')));
  expect(checks).toBeLessThan(20);
});

test('metrics answer this machine, but not a proxy on it', async () => {
  const { get } = await serve();
  const answer = await get('/metrics');
  expect(answer.headers.get('Content-Type')).toContain('text/plain');
  expect(await answer.text()).toContain('slate_build_info{version="1.2.3"} 1');
  for (const header of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
    const forwarded = await get('/metrics', { [header]: '10.0.0.1' });
    expect(forwarded.status).toBe(403);
    expect(problem.parse(await forwarded.json()).detail).toContain('METRICS_TOKEN');
  }
});

test('LI7 metrics answer to the names of this machine only', async () => {
  const { url } = await serve();
  const statusFor = async (host: string) => (await send(url, '/metrics', { headers: { Host: host } })).status;
  for (const own of ['localhost:4680', 'LOCALHOST', '127.0.0.1:4680', '[::1]:4680']) {
    expect([own, await statusFor(own)]).toEqual([own, 200]);
  }
  for (const other of ['rebound.example', 'localhost.rebound.example', '127.0.0.1.rebound.example:4680']) {
    expect([other, await statusFor(other)]).toEqual([other, 403]);
  }
});

test('with a token, metrics answer only to a request that has it', async () => {
  const { get } = await serve({ metricsToken: 'watches-over-slate' });
  expect((await get('/metrics')).status).toBe(401);
  expect((await get('/metrics', { Authorization: 'Bearer watches-over-slat' })).status).toBe(401);
  expect((await get('/metrics', { Authorization: 'Basic watches-over-slate' })).status).toBe(401);
  const forwarded = { Authorization: 'Bearer watches-over-slate', 'X-Forwarded-For': '10.0.0.1' };
  expect((await get('/metrics', forwarded)).status).toBe(200);
});

test('metrics count the requests of health checks and of unknown addresses by route', async () => {
  const { get } = await serve();
  await get('/healthz?anything');
  await get('/no/such/place');
  const text = await (await get('/metrics')).text();
  expect(text).toContain('slate_http_request_seconds_count{route="/healthz",method="GET",status="2xx"} 1');
  expect(text).toContain('slate_http_request_seconds_count{route="none",method="GET",status="4xx"} 1');
  expect(text).not.toContain('/no/such');
});

test.each([
  [0, 1, 2],
  [1, 0, 0],
])(
  'LI6 with %i trusted proxies, forwarded requests are logged %i time(s) and counted %i times',
  async (trustedProxies, logged, counted) => {
    const lines: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
    const { get } = await serve({ metricsToken: 'watches-over-slate' }, { log, trustedProxies });
    for (const address of ['198.51.100.1', '198.51.100.2'])
      await get('/healthz', { 'X-Forwarded-For': address });
    await get('/healthz');
    expect(lines.map((line) => line.includes('TRUSTED_PROXIES'))).toEqual(Array(logged).fill(true));
    const text = await (await get('/metrics', { Authorization: 'Bearer watches-over-slate' })).text();
    expect(text).toContain(`slate_distrusted_proxy_requests_total ${counted}`);
  },
);

test.each([
  ['/openapi.json', { openapi: '3.1.0' }],
  ['/asyncapi.json', { asyncapi: '3.0.0' }],
])('%s is sent once', async (address, kind) => {
  const { get } = await serve();
  const answer = await get(address);
  expect(await answer.json()).toMatchObject({ ...kind, info: { version: '1.2.3' } });
  const etag = answer.headers.get('ETag') ?? '';
  const again = await get(address, { 'If-None-Match': etag });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe('');
});

test.each(['/api-docs', '/api-docs/live'])(
  '%s loads everything from this server, and its policy allows nothing else',
  async (address) => {
    const { get } = await serve();
    const page = await get(address);
    const policy = page.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const html = await page.text();
    const needed = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to]) => to ?? '');
    for (const part of needed.filter((each) => each !== 'data:,' && !each.startsWith('#'))) {
      expect(part).toMatch(/^\//);
      const answer = await get(part);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
    }
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
    expect((await get('/api-docs/package.json')).status).toBe(404);
    expect((await get('/api-docs/..%2fconfig.ts')).status).toBe(404);
  },
);

test('an unchanged page is not sent again', async () => {
  const { get, url } = await serve();
  const etag = (await get('/api-docs/swagger-ui-bundle.js')).headers.get('ETag') ?? '';
  // Not `fetch`, which sets cache headers of its own.
  const { status } = await send(url, '/api-docs/swagger-ui-bundle.js', {
    headers: { 'If-None-Match': etag },
  });
  expect(status).toBe(304);
});
