/** A minimal server: answers a request, then sends its body to everyone over plain WebSockets. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answerQuestions } from './helper-process.ts';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(200, { 'Content-Length': 0 }).end();
    const message = Buffer.concat(chunks);
    for (const client of sockets.clients) client.send(message, { binary: false });
  });
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

answerQuestions(
  () =>
    new Promise<string>((resolve) => {
      server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      );
    }),
);
