import { once } from 'node:events';
import { Agent, createServer, get as httpGet } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createShutDown } from './shut-down.ts';
import type { ShutDownParts } from './shut-down.ts';

const running: Server[] = [];
afterEach(() => {
  for (const server of running.splice(0)) server.close().closeAllConnections();
});

type Waiting = { finish: () => void; begin: () => void };

async function serve(more: Partial<ShutDownParts> = {}) {
  const waiting: Waiting[] = [];
  const answer: RequestListener = (request, response) => {
    if (request.url === '/now') response.end('now');
    else waiting.push({ begin: () => response.write('first '), finish: () => response.end('done') });
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, answer);
  running.push(server);
  const steps: string[] = [];
  const ended = Promise.withResolvers<number>();
  const record = (_details: object, message: string) => void steps.push(message);
  const step = (name: string) => async () => {
    steps.push(`${name} begins`);
    await pause(5);
    steps.push(`${name} ends`);
  };
  const shutDown = createShutDown({
    server,
    closeSockets: step('sockets'),
    stopJobs: step('jobs'),
    closeDatabase: step('database'),
    log: { info: record, error: record },
    exit: (code) => {
      steps.push(`exit ${code}`);
      ended.resolve(code);
    },
    drainMs: 30,
    limitMs: 20_000,
    ...more,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    shutDown,
    steps,
    ended: ended.promise,
    port,
    server,
    /** Resolves with the body and the Connection header of the response. */
    get: async (path: string, through: Agent | false = agent) => {
      const request = httpGet({ host: '127.0.0.1', port, path, agent: through });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return { body: await text(response), connection: response.headers.connection };
    },
    /** Resolves when the server has a request to `/slow`. */
    slowRequest: async (): Promise<Waiting | undefined> => {
      await expect.poll(() => waiting.length).toBe(1);
      return waiting[0];
    },
  };
}

test('the server shuts down in order: no new connections, requests, sockets and jobs, then the database', async () => {
  const { shutDown, steps, ended } = await serve();
  expect(shutDown.hasBegun).toBe(false);
  shutDown.begin('SIGTERM');
  expect(shutDown.hasBegun).toBe(true);
  expect(await ended).toBe(0);
  expect(steps).toEqual([
    'shutting down',
    'sockets begins',
    'jobs begins',
    'sockets ends',
    'jobs ends',
    'database begins',
    'database ends',
    'shut down',
    'exit 0',
  ]);
});

test('the server answers for a moment, so that a balancer sees that it is not ready', async () => {
  const { shutDown, get, ended, steps } = await serve({ drainMs: 1_000 });
  shutDown.begin('SIGTERM');
  expect((await get('/now', false)).body).toBe('now');
  expect(steps).toEqual(['shutting down']);
  await ended;
  await expect(get('/now', false)).rejects.toThrow('ECONNREFUSED');
});

test('the server waits for a request in progress, and closes its connection after the answer', async () => {
  const { shutDown, get, slowRequest, ended, steps } = await serve();
  const response = get('/slow');
  const request = await slowRequest();
  shutDown.begin('SIGTERM');
  await expect.poll(() => steps).toEqual(expect.arrayContaining(['sockets ends', 'jobs ends']));
  expect(steps).not.toContain('database begins');
  request?.finish();
  expect(await response).toEqual({ body: 'done', connection: 'close' });
  expect(await ended).toBe(0);
});

test('the server finishes an answer that had begun, and closes its connection', async () => {
  const { shutDown, get, slowRequest, ended, steps } = await serve();
  const response = get('/slow');
  const request = await slowRequest();
  request?.begin();
  shutDown.begin('SIGTERM');
  await expect.poll(() => steps).toContain('sockets begins');
  request?.finish();
  expect(await response).toEqual({ body: 'first done', connection: 'keep-alive' });
  expect(await ended).toBe(0);
});

test('the server does not wait for an idle connection', async () => {
  const { shutDown, get, ended } = await serve();
  expect((await get('/now')).connection).toBe('keep-alive');
  shutDown.begin('SIGTERM');
  expect(await ended).toBe(0);
});

test('a second Ctrl+C exits at once', async () => {
  const { shutDown, get, slowRequest, ended, steps } = await serve();
  get('/slow').catch(() => {});
  await slowRequest();
  shutDown.begin('SIGINT');
  shutDown.begin('SIGINT');
  expect(await ended).toBe(1);
  expect(steps).not.toContain('sockets begins');
});

test('SIGTERM after Ctrl+C changes nothing: requests in progress are answered', async () => {
  const { shutDown, get, slowRequest, ended } = await serve();
  const response = get('/slow');
  const request = await slowRequest();
  shutDown.begin('SIGINT');
  shutDown.begin('SIGTERM');
  request?.finish();
  expect((await response).body).toBe('done');
  expect(await ended).toBe(0);
});

test.each([
  ['a request that never ends', {}],
  ['a job that never ends', { stopJobs: () => new Promise<void>(() => {}) }],
  ['a socket that never ends', { closeSockets: () => new Promise<void>(() => {}) }],
  ['a database that never closes', { closeDatabase: () => new Promise<void>(() => {}) }],
])('%s does not prevent the end', async (obstacle, more) => {
  const { shutDown, get, slowRequest, ended, steps } = await serve({ limitMs: 150, ...more });
  if (obstacle.includes('request')) {
    get('/slow').catch(() => {});
    await slowRequest();
  }
  shutDown.begin('SIGTERM');
  expect(await ended).toBe(1);
  expect(steps).toContain('not shut down in time: exiting anyway');
});

test('the server reports a part that fails, and ends anyway', async () => {
  const { shutDown, ended } = await serve({ stopJobs: () => Promise.reject(new Error('stuck')) });
  shutDown.begin('SIGTERM');
  expect(await ended).toBe(1);
});

test('a connection without a request does not prevent the end', async () => {
  const { shutDown, ended, port } = await serve();
  const silent = connect(port, '127.0.0.1');
  await once(silent, 'connect');
  silent.write('GET /now HTTP/1.1\r\nHost: ');
  shutDown.begin('SIGTERM');
  expect(await ended).toBe(0);
  silent.destroy();
});

test('the server disconnects a console and does not wait for it', async () => {
  const sockets = new WebSocketServer({ noServer: true });
  const closeSockets = () => {
    for (const socket of sockets.clients) socket.close(4001, 'shutting_down');
    return Promise.resolve();
  };
  const { shutDown, ended, server, port } = await serve({ closeSockets });
  server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, () => {}));
  const console = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(console, 'open');
  const closed = once(console, 'close');
  shutDown.begin('SIGTERM');
  expect(await closed).toEqual([4001, Buffer.from('shutting_down')]);
  expect(await ended).toBe(0);
});
