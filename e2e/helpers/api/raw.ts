import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Answer } from '../../../scripts/api.ts';

/** A request exactly as sent: nothing is encoded, completed or corrected. */
export type Raw = {
  method: string;
  /** The whole path, from the first slash on. */
  path: string;
  headers: Record<string, string | string[]>;
  body?: string | Buffer | undefined;
};

const agent = new Agent({ keepAlive: true });

/** An answer. Its body is the raw text if it is not JSON. */
export async function send(url: string, { method, path, headers, body }: Raw): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const outgoing = request({ hostname, port, method, path, headers: { ...length, ...headers }, agent });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  // A server that refuses a large body answers before it has read all of it, and closes.
  outgoing.on('error', () => {});
  const content = await text(incoming);
  const headerPairs = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return { status: incoming.statusCode ?? 0, headers: new Headers(headerPairs), body: parse(content) };
}

function parse(content: string): Record<string, unknown> {
  try {
    return content === '' ? {} : (JSON.parse(content) as Record<string, unknown>);
  } catch {
    return { text: content };
  }
}
