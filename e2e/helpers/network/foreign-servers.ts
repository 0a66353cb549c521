/** Foreign servers on loopback. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { protocolHeader, formatProtocols } from '@slate/shared/protocol';
import type { Protocols } from '@slate/shared/protocol';

export type ForeignServer = {
  url: string;
  /** The paths of the requests it received. */
  requests: string[];
  [Symbol.asyncDispose](): Promise<void>;
};

/** A server that answers every origin. Its page has no policy. */
export const openForeignPage = () =>
  open(createServer, 'http', (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (request.url?.endsWith('.js')) {
      response
        .setHeader('Content-Type', 'text/javascript')
        .end(`globalThis.ran?.('remote ${request.url.slice(1, -3)}');`);
    } else {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Foreign page</title>');
    }
  });

/** A proxy whose server is down. */
export const openDeadGateway = () =>
  open(createServer, 'http', (_request, response) => {
    response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>502 Bad Gateway</h1>');
  });

/** Answers like Slate without a session. Its responses are cacheable and contain `secret`. */
export const openSlateStub = (secret = '', protocols?: Protocols) =>
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

/**
 * A proxy with a self-signed certificate in front of a server. `received` counts the bytes of the requests. `renew` gives it
 * another certificate, or the first one again, and ends its connections.
 */
export async function openTlsProxy(server: string) {
  const to = new URL(server);
  const sockets = new Set<Socket>();
  let received = 0;
  const proxy = createTlsServer({ key, cert }, (client) => {
    const upstream = connect(Number(to.port), to.hostname);
    for (const end of [client, upstream]) {
      sockets.add(end);
      end
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(end);
          client.destroy();
          upstream.destroy();
        });
    }
    client.on('data', (bytes: Buffer) => (received += bytes.length));
    client.pipe(upstream).pipe(client);
  });
  // Also those in the middle of a handshake, which `close` would wait for.
  proxy.on('connection', (client: Socket) => {
    sockets.add(client);
    client.on('close', () => sockets.delete(client));
  });
  // A client that does not trust the certificate ends the handshake.
  proxy.on('tlsClientError', () => {});
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    received: () => received,
    renew: (nth: 0 | 1 | 2) => {
      proxy.setSecureContext({ key, cert: [cert, ...otherCerts][nth] });
      cut();
    },
    [Symbol.asyncDispose]: async () => {
      cut();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

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
export async function openFlood(): Promise<ForeignServer & { sent(): number }> {
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
): Promise<ForeignServer> {
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
/** More certificates for the same key, because Chromium remembers its verdict on each. */
const otherCerts = [
  `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUA5m8dntLH3j5XNFtuZue9x7lw0cwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDEzMTE0N1oYDzIxMjYxMTA2
MTMxMTQ3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATUTCl5L1liy2m78DiVI4fYWVALFA2NCiHh06+tLyZDBLLaqBvMLjeg
M7KOPQTvM5mGA4SSe+QCc0Pm0eWJwyu1o28wbTAdBgNVHQ4EFgQU+VoH37Ju74wu
cSgZVNBjl334AT4wHwYDVR0jBBgwFoAU+VoH37Ju74wucSgZVNBjl334AT4wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgQuhl+jzOgMd6tA2Af0E0jUlAcrgSYlUFTPJMC7jfFXcCIASu
jj5qEDyqE80aIDC5NYTtMLkOvfAQJruDNL0MfLuB
-----END CERTIFICATE-----
`,
  `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUbVCquSy3CmyuCp65bueKnLfip50wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDEzMTE0N1oYDzIxMjYxMTA2
MTMxMTQ3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATUTCl5L1liy2m78DiVI4fYWVALFA2NCiHh06+tLyZDBLLaqBvMLjeg
M7KOPQTvM5mGA4SSe+QCc0Pm0eWJwyu1o28wbTAdBgNVHQ4EFgQU+VoH37Ju74wu
cSgZVNBjl334AT4wHwYDVR0jBBgwFoAU+VoH37Ju74wucSgZVNBjl334AT4wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAOwo78bJ5PK5m0qIyGF+57ZXe5MOWs0h4i691vpMeP+8AiA7
teYIkA1w4awLVW5fluk+GJeU5fZNrSMDEpkI2U3Iwg==
-----END CERTIFICATE-----
`,
];
