import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { protocolHeader, formatProtocols } from '@slate/shared/protocol';

export type ReceivedRequest = {
  method: string;
  path: string;
  key: string | undefined;
  token: string | undefined;
  body: unknown;
};
/** A status with a body, or no answer. */
export type Answer = { status: number; body?: unknown } | 'hang up';

/** A fake server for tests of how the console handles answers. */
export async function startFakeServer(answer: (request: ReceivedRequest) => Answer | Promise<Answer>) {
  const received: ReceivedRequest[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const part of request) text += String(part);
    const receivedRequest: ReceivedRequest = {
      method: request.method ?? '',
      path: (request.url ?? '').replace('/api/v1', ''),
      key: request.headers['idempotency-key'] as string | undefined,
      token: request.headers.authorization?.replace('Bearer ', ''),
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
    received.push(receivedRequest);
    const reply = await answer(receivedRequest);
    if (reply === 'hang up') return request.socket.destroy();
    response.writeHead(reply.status, {
      'Content-Type': 'application/json',
      [protocolHeader]: formatProtocols(),
    });
    return response.end(reply.status === 204 ? undefined : JSON.stringify(reply.body ?? {}));
  };
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    end: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
export type FakeServer = Awaited<ReturnType<typeof startFakeServer>>;
