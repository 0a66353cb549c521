import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problem } from '@slate/shared/errors';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manifestOf } from '../../../shared/test/update-manifests.ts';
import { beginRequest, closeApps, send, startApp } from '../../test/http-app.ts';
import type { RequestOptions } from '../../test/http-app.ts';
import { createPublishedReader, createUpdateFiles } from './update-files.ts';
import type { UpdateFilesDeps } from './update-files.ts';

const contents = Buffer.from(Array.from({ length: 5000 }, (_, at) => at % 251));
const name = 'slate-0.2.0-linux-x64.tar.gz';
const file = (bytes: Buffer, fileName: string) => ({
  platform: 'linux',
  arch: 'x64',
  kind: 'tar.gz',
  name: fileName,
  size: bytes.length,
  sha512: createHash('sha512').update(bytes).digest('hex'),
});
const path = `/updates/stable/${name}`;

let parent: string;
let folder: string;
let lines: string[];
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'slate-updates-'));
  folder = join(parent, 'updates');
  lines = [];
  mkdirSync(join(folder, 'stable'), { recursive: true });
  writeFileSync(join(parent, 'secret'), 'nobody reads this');
  writeFileSync(join(folder, 'stable', name), contents);
  publish([file(contents, name)]);
});
afterEach(() => {
  closeApps();
  rmSync(parent, { recursive: true });
});

function publish(files: ReturnType<typeof file>[], version = '0.2.0') {
  const manifest = JSON.stringify(manifestOf({ version, files }));
  const signed = { manifest, signature: Buffer.alloc(64).toString('base64') };
  writeFileSync(join(folder, 'stable', 'manifest.json'), JSON.stringify(signed));
}

async function serve(more: Partial<UpdateFilesDeps> = {}) {
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const readPublished = createPublishedReader(folder, log);
  const limit = () => Promise.resolve(0);
  const downloads: string[] = [];
  const updates = createUpdateFiles({
    folder,
    readPublished,
    limit,
    atOnce: 20,
    log,
    onDownload: (result) => downloads.push(result),
    ...more,
  });
  const url = await startApp({ updates });
  const get = (address: string, options?: RequestOptions) => send(url, address, options);
  const begin = (address: string) => beginRequest(url, address);
  return { begin, get, downloads, readPublished };
}

test('UP4 a file that the manifest names is served whole, with its length', async () => {
  const { get, downloads } = await serve();
  const { status, headers, body } = await get(path);
  expect([status, headers['content-length'], headers['accept-ranges']]).toEqual([200, '5000', 'bytes']);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(body.equals(contents)).toBe(true);
  await expect.poll(() => downloads).toEqual(['complete']);
});

test('UP4 a download is resumed where it was cut', async () => {
  const { get } = await serve();
  const { status, headers, body } = await get(path, { headers: { Range: 'bytes=4990-' } });
  expect([status, headers['content-range']]).toEqual([206, 'bytes 4990-4999/5000']);
  expect(body.equals(contents.subarray(4990))).toBe(true);
});

test('UP4 a range at the end of the file is refused, and other ranges give the whole file', async () => {
  const { get } = await serve();
  const beyond = await get(path, { headers: { Range: 'bytes=5000-' } });
  expect([beyond.status, beyond.headers['content-range'], beyond.body.length]).toEqual([
    416,
    'bytes */5000',
    0,
  ]);
  for (const range of ['bytes=-5', 'bytes=0-1,3-4', 'bytes=9-2', 'lines=1-', 'bytes=0-'])
    expect(await get(path, { headers: { Range: range } })).toMatchObject({ status: 200, body: contents });
});

test('UP4 a resumed download of another file begins anew', async () => {
  const { get } = await serve();
  const { headers } = await get(path);
  const resume = (tag: string) => get(path, { headers: { Range: 'bytes=4000-', 'If-Range': tag } });
  expect((await resume(String(headers.etag))).status).toBe(206);
  expect((await resume('"another"')).status).toBe(200);
});

test('UP4 HEAD answers with the length and no body', async () => {
  const { get } = await serve();
  const { status, headers, body } = await get(path, { method: 'HEAD' });
  expect([status, headers['content-length'], body.length]).toEqual([200, '5000', 0]);
  expect((await get(path, { method: 'POST' })).status).toBe(405);
});

test.each([
  '/updates/stable/manifest.json',
  '/updates/stable/other.tar.gz',
  '/updates/early/other.tar.gz',
  `/updates/early/${name}`,
  `/updates/nightly/${name}`,
  '/updates/stable/../../secret',
  '/updates/stable/..%2f..%2fsecret',
  '/updates/stable/%2e%2e/%2e%2e/secret',
  '/updates/..%2f/secret',
  '/updates/stable/',
  `/updates/stable/${name}%00`,
  `/updates/stable/./${name}`,
  `/updates//stable/${name}`,
])('UP4 nothing else is served: %s', async (address) => {
  writeFileSync(join(folder, 'stable', 'other.tar.gz'), 'nobody reads this');
  const { get } = await serve();
  const { status, body } = await get(address);
  expect(status).toBe(404);
  expect(body.toString()).not.toContain('nobody');
});

test('UP4 a link or a file of another size is not served, and the log names it', async () => {
  const secret = Buffer.from('nobody reads this');
  symlinkSync(join(parent, 'secret'), join(folder, 'stable', 'linked.deb'));
  linkSync(join(parent, 'secret'), join(folder, 'stable', 'longer.deb'));
  publish([file(secret, 'linked.deb'), file(Buffer.alloc(3), 'longer.deb'), file(secret, 'missing.deb')]);
  const { get } = await serve();
  for (const each of ['linked.deb', 'longer.deb', 'missing.deb']) {
    const answer = await get(`/updates/stable/${each}`);
    expect([answer.status, problem.parse(JSON.parse(answer.body.toString())).code]).toEqual([
      404,
      'not_found',
    ]);
    expect(lines.at(-1)).toContain(each);
  }
});

test('UP4 the number of downloads at a time is limited, and a further one gets the time to retry', async () => {
  const big = Buffer.alloc(40_000_000, 7);
  writeFileSync(join(folder, 'stable', name), big);
  publish([file(big, name)]);
  const { begin, get, downloads } = await serve({ atOnce: 1 });
  const first = await begin(path);
  const second = await get(path);
  expect([second.status, second.headers['retry-after']]).toEqual([429, '1']);
  // The place is free again when the first one has gone.
  first.destroy();
  await expect.poll(() => downloads).toEqual(['cut']);
  expect((await get(path)).body.equals(big)).toBe(true);
});

test('UP4 requests for files draw on the limit of their address', async () => {
  const { get } = await serve({ limit: () => Promise.resolve(7) });
  expect(await get(path)).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
});

test('UP5 an update is published by replacing its manifest; a malformed one offers nothing and is reported once', async () => {
  const { readPublished } = await serve();
  expect((await readPublished('stable'))?.manifest.version).toBe('0.2.0');
  expect(await readPublished('early')).toBeNull();
  publish([], '0.3.0');
  expect((await readPublished('stable'))?.manifest.version).toBe('0.3.0');
  writeFileSync(join(folder, 'stable', 'manifest.json'), '{"manifest":');
  expect([await readPublished('stable'), await readPublished('stable')]).toEqual([null, null]);
  expect(lines.filter((line) => line.includes('malformed'))).toHaveLength(1);
});
