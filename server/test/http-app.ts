import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Router } from 'express';
import { pino } from 'pino';
import { createApp } from '../src/http/app.ts';
import type { AppDeps } from '../src/http/app.ts';

const running: Server[] = [];

/** Starts the HTTP app with these parts and nothing else. Returns its URL. */
export async function startApp(parts: Partial<AppDeps>): Promise<string> {
  const app = createApp({
    log: pino({ level: 'silent' }),
    api: Router(),
    operations: Router(),
    updates: Router(),
    pages: Router(),
    allowedOrigins: [],
    trustedProxies: 0,
    measure: () => {},
    onUntrustedProxy: () => {},
    ...parts,
  });
  const server = app.listen(0, '127.0.0.1');
  running.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function closeApps() {
  for (const server of running.splice(0)) server.close().closeAllConnections();
}

export type RequestOptions = { method?: string; headers?: Record<string, string> };

/** Sends path and headers as they are; `fetch` normalizes paths and adds headers. Resolves when the response begins. */
export async function beginRequest(
  url: string,
  path: string,
  options: RequestOptions = {},
): Promise<IncomingMessage> {
  const request = httpRequest(url, { path, ...options }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** Resolves with the whole response. */
export async function send(url: string, path: string, options?: RequestOptions) {
  const response = await beginRequest(url, path, options);
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}
