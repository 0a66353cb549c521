import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { problem } from '@slate/shared/errors';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { closeApps, send, startApp } from '../../test/http-app.ts';
import type { RequestOptions } from '../../test/http-app.ts';
import { createConsole } from './console.ts';

const script = `console.log(${JSON.stringify('operating room '.repeat(400))});`;
const uncompressed = (body: Buffer) => body;
const page =
  '<html><head><meta name="csp-nonce" content="__NONCE__"><script type="module" nonce="__NONCE__" ' +
  'src="./assets/index-a1b2.js"></script></head></html>';

let parent: string;
let folder: string;

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'slate-console-'));
  folder = join(parent, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(parent, 'secret.txt'), 'nobody reads this');
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, '.env'), 'nobody reads this');
  writeFileSync(join(folder, 'assets', 'index-a1b2.js'), script);
  writeFileSync(join(folder, 'assets', 'inter-c3d4.woff2'), Buffer.alloc(3000, 1));
  symlinkSync(join(parent, 'secret.txt'), join(folder, 'assets', 'linked.js'));
});
afterAll(() => rmSync(parent, { recursive: true }));
afterEach(closeApps);

async function serve(pages = createConsole(folder)) {
  const url = await startApp({ pages, allowedOrigins: ['app://slate'] });
  return (path: string, options?: RequestOptions) => send(url, path, options);
}

describe('the page', () => {
  test('is never cached, and its nonce is the one of its policy', async () => {
    const get = await serve();
    const { status, headers, body } = await get('/');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    const nonce = /'nonce-([\w-]{20,})'/.exec(String(headers['content-security-policy']))?.[1];
    expect(body.toString()).toBe(page.replaceAll('__NONCE__', String(nonce)));
  });

  test('has a new nonce each time', async () => {
    const get = await serve();
    const policies = await Promise.all(Array.from({ length: 20 }, () => get('/')));
    expect(new Set(policies.map(({ headers }) => headers['content-security-policy'])).size).toBe(20);
  });

  test('may load only from this server, and runs no inline scripts', async () => {
    const get = await serve();
    const { headers } = await get('/', { headers: { Host: 'or.example.org:8443' } });
    const directives = String(headers['content-security-policy']).split('; ');
    expect(directives).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      expect.stringMatching(/^style-src 'self' 'nonce-[\w-]+'$/),
      "img-src 'self'",
      "font-src 'self'",
      "connect-src 'self' ws://or.example.org:8443 wss://or.example.org:8443",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  test.each(['a;script-src *', 'a b', "a'unsafe-inline'", 'a,b', '*'])(
    'a Host of %j adds nothing to the policy',
    async (host) => {
      const get = await serve();
      const { headers } = await get('/', { headers: { Host: host } });
      expect(headers['content-security-policy']).toContain("; connect-src 'self'; base-uri");
    },
  );

  test('is also at /index.html', async () => {
    const get = await serve();
    const { status, headers, body } = await get('/index.html');
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(body.toString()).not.toContain('__NONCE__');
  });
});

describe('files of the page', () => {
  test('are cached for a year: their names contain a hash', async () => {
    const get = await serve();
    for (const [path, type] of [
      ['/assets/index-a1b2.js', 'text/javascript; charset=utf-8'],
      ['/assets/inter-c3d4.woff2', 'font/woff2'],
    ] as const) {
      const { status, headers } = await get(path);
      expect(status).toBe(200);
      expect(headers['content-type']).toBe(type);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test.each([
    ['br', 'gzip, deflate, br, zstd', brotliDecompressSync],
    ['gzip', 'gzip, deflate', gunzipSync],
    ['gzip', 'br;q=0, gzip', gunzipSync],
    [undefined, 'identity', uncompressed],
    [undefined, undefined, uncompressed],
  ])('come as %s to a client that accepts %s', async (encoding, accepted, unpack) => {
    const get = await serve();
    const options = { headers: accepted === undefined ? {} : { 'Accept-Encoding': accepted } };
    const { headers, body } = await get('/assets/index-a1b2.js', options);
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers.vary).toContain('Accept-Encoding');
    expect(headers['content-length']).toBe(String(body.length));
    expect(unpack(body).toString()).toBe(script);
  });

  test('are a fraction of their size when compressed', async () => {
    const get = await serve();
    for (const encoding of ['br', 'gzip']) {
      const { body } = await get('/assets/index-a1b2.js', { headers: { 'Accept-Encoding': encoding } });
      expect(body.length).toBeLessThan(script.length / 5);
    }
  });

  test('are not compressed twice: fonts are compressed already', async () => {
    const get = await serve();
    const { headers, body } = await get('/assets/inter-c3d4.woff2', { headers: { 'Accept-Encoding': 'br' } });
    expect(headers['content-encoding']).toBeUndefined();
    expect(body.length).toBe(3000);
  });

  test('without a hash in the name, are revalidated each time and sent once', async () => {
    const get = await serve();
    const { headers } = await get('/icon.svg');
    expect(headers['cache-control']).toBe('no-cache');
    const again = await get('/icon.svg', { headers: { 'If-None-Match': String(headers.etag) } });
    expect(again.status).toBe(304);
  });
});

test('HEAD answers the same without a body', async () => {
  const get = await serve();
  for (const path of ['/', '/assets/index-a1b2.js', '/icon.svg']) {
    const { status, headers, body } = await get(path, { method: 'HEAD' });
    expect([status, body.length]).toEqual([200, 0]);
    expect(headers['content-type']).toBe((await get(path)).headers['content-type']);
  }
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is not allowed', async (method) => {
  const get = await serve();
  for (const path of ['/', '/assets/index-a1b2.js']) {
    const { status, headers, body } = await get(path, { method });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect(problem.parse(JSON.parse(body.toString())).code).toBe('method_not_allowed');
  }
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '/assets/..%5c..%5csecret.txt',
  '/assets/....//....//secret.txt',
  '//secret.txt',
  '/assets/linked.js',
  '/assets',
  '/assets/',
  '/.env',
  '/assets/%00',
  '/assets/%',
  '/constructor',
])('%s serves no file', async (path) => {
  const get = await serve();
  const { status, headers, body } = await get(path);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(body.toString()).not.toContain('nobody');
});

test('an unknown address is still a problem document', async () => {
  const get = await serve();
  const { status, headers } = await get('/api/v1/nothing');
  expect(status).toBe(404);
  expect(headers['content-type']).toBe('application/problem+json');
});

test('without a build, the page says how to build it', async () => {
  const get = await serve(createConsole(join(parent, 'not-built')));
  const { status, headers, body } = await get('/');
  expect(status).toBe(404);
  expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  expect(body.toString()).toContain('npm run build');
  expect(body.toString()).toContain('/api-docs');
});

test('the desktop program may call from its own origin, a foreign page may not', async () => {
  const get = await serve();
  const preflight = (origin: string) => get('/api/v1/me', { method: 'OPTIONS', headers: { Origin: origin } });
  const desktop = await preflight('app://slate');
  expect(desktop.status).toBe(204);
  expect(desktop.headers['access-control-allow-origin']).toBe('app://slate');
  expect(desktop.headers['access-control-allow-credentials']).toBeUndefined();
  const foreign = await preflight('https://foreign.example');
  expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
});
