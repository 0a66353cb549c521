import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { nginx } from '../../scripts/nginx.ts';
import type { ServerProcess } from '../../scripts/server-process.ts';
import { layCable } from '../helpers/network/cable.ts';
import { openFeedDeployment } from '../helpers/console/feed-deployment.ts';
import type { FeedConsole, FeedDeployment } from '../helpers/console/feed-deployment.ts';
import { startNginx } from '../helpers/network/nginx.ts';
import type { Nginx } from '../helpers/network/nginx.ts';

// The example in docs/nginx.conf, with a real nginx between the console and the servers.

const program = nginx();
if (program === undefined) {
  console.warn('Skipped, because there is no nginx. Install it, or set NGINX_PATH.');
}

describe.skipIf(program === undefined)('behind nginx', () => {
  let deployment: FeedDeployment;
  let folder: string;
  let logFile: string;
  let server: ServerProcess;
  let proxy: Nginx;
  let opened: FeedConsole | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slate-nginx-log-'));
    logFile = join(folder, 'log');
    deployment = await openFeedDeployment();
  });
  afterAll(async () => {
    await deployment.end();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    await opened?.end();
    opened = undefined;
    await proxy.stop();
    await deployment.releaseAll();
    vi.unstubAllGlobals();
  });

  async function start(hasUpgrade: boolean) {
    server = await deployment.startServer({ TRUSTED_PROXIES: '1' }, logFile);
    const { host } = new URL(server.url);
    proxy = await startNginx(program ?? '', { servers: [host], hasUpgrade });
  }

  async function open(hasUpgrade: boolean): Promise<FeedConsole> {
    await start(hasUpgrade);
    opened = await deployment.openConsole({ cable: await layCable(proxy.url), isHasty: true });
    return opened;
  }

  const whyOffline = ({ connection }: FeedConsole) => {
    const now = connection();
    return now.status === 'offline' ? now.why : undefined;
  };

  test('as in the example, changes are pushed', async () => {
    const console = await open(true);
    await console.until(console.isPushed);
    await console.until(() => console.people() !== null);
    await console.untilShown(await deployment.hold());
    expect(await console.isUpToDate()).toBe(true);
  });

  test('NW5 without the headers for WebSockets, changes are polled, and the console says that it is slower', async () => {
    const console = await open(false);
    await console.until(console.isPolled);
    expect(console.states).not.toContain('offline');
    await console.untilShown(await deployment.hold());
    expect(await console.isUpToDate()).toBe(true);
  });

  test('NW1 NW4 the console names a dead server behind nginx, and then a dead nginx', async () => {
    const console = await open(true);
    await console.until(console.isPushed);
    await server.kill9();
    await console.until(() => whyOffline(console) === 'bad_gateway');
    expect(console.board()).not.toBeNull();
    await proxy.stop();
    await console.until(() => whyOffline(console) === 'unreachable');
  });

  test('the server sees the real address of the client, not one that the client claims', async () => {
    await start(true);
    const url = new URL('/api/v1/me', proxy.url);
    const headers = { 'X-Forwarded-For': '10.20.30.40' };
    const [reply] = (await once(
      request(url, { headers, localAddress: '127.70.80.90' }).end(),
      'response',
    )) as [IncomingMessage];
    reply.resume();
    expect(reply.statusCode).toBe(401);
    await expect.poll(() => readFile(logFile, 'utf8')).toContain('"network":"127.70.80.');
    expect(await readFile(logFile, 'utf8')).not.toContain('10.20.30.');
  });
});
