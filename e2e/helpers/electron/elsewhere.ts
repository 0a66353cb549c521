/** Foreign servers on loopback. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { protocolHeader, formatProtocols } from '@slate/shared/protocol';
import type { Protocols } from '@slate/shared/protocol';

export type Elsewhere = {
  url: string;
  /** The paths of the requests it received. */
  requests: string[];
  [Symbol.asyncDispose](): Promise<void>;
};

/** A server that answers every origin. Its page has no policy. */
export const openElsewhere = () =>
  open(createServer, 'http', (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (request.url?.endsWith('.js')) {
      response
        .setHeader('Content-Type', 'text/javascript')
        .end(`globalThis.ran?.('remote ${request.url.slice(1, -3)}');`);
    } else {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Elsewhere</title>');
    }
  });

/** Answers like Slate without a session. Its responses are cacheable and contain `secret`. */
export const openStrangersSlate = (secret = '', protocols?: Protocols) =>
  open(createServer, 'http', (request, response) => {
    if (protocols) response.setHeader(protocolHeader, formatProtocols(protocols));
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    response.setHeader('Cache-Control', 'private, max-age=3600');
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    // The status must be cacheable too.
    response.writeHead(request.url === '/keep-me' ? 200 : 401, {
      'Content-Type': 'application/problem+json',
    });
    response.end(
      JSON.stringify({
        type: 'about:blank',
        title: 'Not signed in',
        status: 401,
        code: 'unauthenticated',
        detail: `Sign in. ${secret}`,
      }),
    );
  });

/** A server with a self-signed certificate. */
export const openUntrusted = () =>
  open(
    (listener) => createSecureServer({ key, cert }, listener),
    'https',
    (_request, response) => {
      response.end('{}');
    },
  );

/** A server whose response never ends. `sent` counts the bytes. */
export async function openFlood(): Promise<Elsewhere & { sent(): number }> {
  const chunk = Buffer.alloc(1 << 20, ' ');
  let sent = 0;
  const flood = await open(createServer, 'http', (_request, response) => {
    const fill = () => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
    };
    response.writeHead(401, { 'Content-Type': 'application/problem+json' }).on('drain', fill);
    fill();
  });
  return { ...flood, sent: () => sent };
}

export const openRedirect = (to: string) =>
  open(createServer, 'http', (_request, response) => {
    response.writeHead(307, { Location: to }).end();
  });

/** A server that accepts connections and never answers. */
export const openSilent = () => open(createServer, 'http', () => {});

async function open(
  create: (listener: RequestListener) => Server,
  scheme: string,
  listener: RequestListener,
): Promise<Elsewhere> {
  const requests: string[] = [];
  const server = create((request, response) => {
    requests.push(request.url ?? '');
    listener(request, response);
  });
  server.on('upgrade', (request, socket) => {
    requests.push(request.url ?? '');
    socket.destroy();
  });
  // Idle connections too: otherwise closing the server would wait for them.
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

// A key and certificate made for this file only.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIuPhNOVuxn13zAWc
MEQcueHL9nBRLPiemPIvr0mlnWGhRANCAATUTCl5L1liy2m78DiVI4fYWVALFA2N
CiHh06+tLyZDBLLaqBvMLjegM7KOPQTvM5mGA4SSe+QCc0Pm0eWJwyu1
-----END PRIVATE KEY-----
`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUEpGUZ45wzB64fSYBMs2wKpOFtDAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTA2MjU0MVoYDzIxMjYxMDI4
MDYyNTQxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATUTCl5L1liy2m78DiVI4fYWVALFA2NCiHh06+tLyZDBLLaqBvMLjeg
M7KOPQTvM5mGA4SSe+QCc0Pm0eWJwyu1o28wbTAdBgNVHQ4EFgQU+VoH37Ju74wu
cSgZVNBjl334AT4wHwYDVR0jBBgwFoAU+VoH37Ju74wucSgZVNBjl334AT4wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAPIvuQqMRMC0aAVlOBLi6AFDWWzSMlhd7Af2FXPQ3J+zAiEA
giHqcZfm8SFi8wPrEgUNsIhqWtjSfFsdmM40vKintGQ=
-----END CERTIFICATE-----
`;
