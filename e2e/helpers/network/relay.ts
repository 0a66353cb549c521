import { once } from 'node:events';
import { createServer, request as openRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

type Answer = { status: number; headers: IncomingMessage['headers']; body: string };

/** An HTTP relay that delays requests. `onPass` sees every answer. */
export async function startRelay(
  upstream: string,
  {
    random,
    isUnreliable,
    onPass,
  }: {
    random: () => number;
    /** Whether it sends every fourth request twice and loses the answer to every fifth. */
    isUnreliable: boolean;
    onPass?: (path: string, send: () => Promise<Answer>) => Promise<Answer>;
  },
) {
  let count = 0;
  let doubled = 0;
  let lost = 0;
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      let body = '';
      for await (const part of incoming) body += String(part);
      const { method = 'GET', url: path = '', headers } = incoming;
      const send = () => forward(new URL(path, upstream), method, headers, body);
      try {
        await pause(random() * 6);
        const sendOnce = () => (onPass ? onPass(path, send) : send());
        const nth = ++count;
        const isDoubled = isUnreliable && nth % 4 === 1;
        const [answer] = await Promise.all([sendOnce(), isDoubled ? send().catch(() => {}) : null]);
        if (isDoubled) doubled++;
        if (isUnreliable && nth % 5 === 2) {
          lost++;
          throw new Error('The answer is lost.');
        }
        outgoing.writeHead(answer.status, answer.headers);
        outgoing.end(answer.body);
      } catch {
        incoming.socket.destroy();
      }
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    doubled: () => doubled,
    lost: () => lost,
    end: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function forward(url: URL, method: string, headers: IncomingMessage['headers'], body: string) {
  return new Promise<Answer>((resolve, reject) => {
    const { connection: _, host: __, 'transfer-encoding': ___, ...rest } = headers;
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const request = openRequest(url, { method, headers: { ...rest, ...length }, agent: false }, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (part: string) => (text += part));
      reply.on('end', () =>
        reply.complete
          ? resolve({ status: reply.statusCode ?? 502, headers: reply.headers, body: text })
          : reject(new Error('cut')),
      );
      reply.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}
