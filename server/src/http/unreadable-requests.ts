import { randomUUID } from 'node:crypto';
import { maxHeaderSize } from 'node:http';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { protocolHeader, formatProtocols } from '@slate/shared/protocol';
import { invalid, Refusal } from '../domain/refusal.ts';
import { problemOf } from './problem.ts';

/** A request that Node cannot parse reaches no route, but is still refused with a problem document. */
export function refuseUnreadable(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const requestId = randomUUID();
    const refusal = refusalOf(error.code);
    const problem = problemOf({ code: refusal.code, detail: refusal.message, ...refusal.parts }, requestId);
    const body = JSON.stringify(problem);
    const head = [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      `${protocolHeader}: ${formatProtocols()}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  });
}

function refusalOf(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new Refusal(
      'headers_too_large',
      `The address and the headers are too large together. Send at most ${maxHeaderSize / 1024} kB.`,
    );
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return invalid('request', 'Did not arrive in time. Send it again.');
  return invalid('request', 'Is not valid HTTP.');
}
