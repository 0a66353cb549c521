import { routes } from '@slate/shared/contract';
import type { RouteName, RouteReply } from '@slate/shared/contract';
import { problem } from '@slate/shared/errors';
import type { Problem } from '@slate/shared/errors';
import { protocolHeader, readProtocols } from '@slate/shared/protocol';
import type { Protocols } from '@slate/shared/protocol';
import axios from 'axios';
import type { z } from 'zod';

type PartOf<Name extends RouteName, Part extends string> =
  (typeof routes)[Name] extends Record<Part, infer Schema extends z.ZodType>
    ? z.input<Schema> extends Record<string, never>
      ? undefined
      : z.input<Schema>
    : undefined;
type Needed<T> = { [Key in keyof T as T[Key] extends undefined ? never : Key]: T[Key] };

/** The input of a route, before it is parsed. */
export type Input<Name extends RouteName> = Needed<{
  params: PartOf<Name, 'params'>;
  query: PartOf<Name, 'query'>;
  body: PartOf<Name, 'body'>;
}>;

export type Outcome<Reply> =
  | { kind: 'done'; reply: Reply; etag?: string }
  | { kind: 'refused'; problem: Problem }
  /** No answer, or none from Slate: nobody knows whether it was done. */
  | { kind: 'unreachable' };

export type Options<Reply = unknown> = {
  key?: string;
  /** A known reply: the answer if the server has nothing newer. */
  known?: { reply: Reply; etag: string } | undefined;
  signal?: AbortSignal;
  /** Whether to repeat it with a renewed token: by then, somebody else may be signed in. */
  mayRepeat?: () => boolean;
};

type Connection = {
  server: string;
  /** A valid token, renewed if necessary; null: nobody is signed in. */
  token: () => Promise<string | null>;
  /** The server refused this token, or the current one. */
  refused: (token?: string) => void;
};

let connection: Connection | undefined;
/** Called once, by `main.tsx`. */
export const connectClient = (to: Connection) => {
  connection = to;
};
export const serverUrl = () => connection?.server ?? '';
export const currentToken = () => connection?.token() ?? Promise.resolve(null);
export const tokenRefused = (token?: string) => connection?.refused(token);

type Answered = (protocols: Protocols) => void;
const answered = new Set<Answered>();
/** Calls each time Slate answers anything, with the versions that it speaks. */
export function onAnswered(listener: Answered): () => void {
  answered.add(listener);
  return () => void answered.delete(listener);
}

/** An answer usually takes a fraction of a second. After this time the connection may be dead. */
const doubtMs = 3_000;
const unanswered = new Set<() => void>();
/** Calls when a request has waited suspiciously long for its answer. */
export function onUnanswered(listener: () => void): () => void {
  unanswered.add(listener);
  return () => void unanswered.delete(listener);
}

let cutOff = new AbortController();
/**
 * Ends the requests under way: the server is out of reach, so nobody should wait for their answers. Not those without a
 * token: a second attempt to renew a session after a lost answer can end it.
 */
export function giveUpRequests(): void {
  cutOff.abort();
  cutOff = new AbortController();
}

const http = axios.create({ timeout: 10_000, validateStatus: () => true });

/**
 * Sends one request of the contract. Replies are not parsed: the handshake has checked the protocol version, which is
 * guarded by a hash of every schema.
 */
export async function call<Name extends RouteName>(
  name: Name,
  input: Input<Name>,
  options: Options<RouteReply<Name>> = {},
): Promise<Outcome<RouteReply<Name>>> {
  if (routes[name].access === 'public') return ask(name, input, null, options);
  const token = await currentToken();
  const outcome = await ask(name, input, token, options);
  const isRefused = outcome.kind === 'refused' && outcome.problem.code === 'unauthenticated';
  if (token === null || !isRefused) return outcome;
  // Repeats it once with a renewed token, if there is one.
  tokenRefused(token);
  const renewed = await currentToken();
  const isOver = renewed === null || renewed === token || options.mayRepeat?.() === false;
  return isOver ? outcome : ask(name, input, renewed, options);
}

async function ask<Name extends RouteName>(
  name: Name,
  input: Input<Name>,
  token: string | null,
  { key, signal, known }: Options<RouteReply<Name>>,
): Promise<Outcome<RouteReply<Name>>> {
  const { method, path } = routes[name];
  const { params = {}, query, body } = input as Record<string, Record<string, string> | undefined>;
  const signals = [signal, token === null ? undefined : cutOff.signal].filter((each) => each !== undefined);
  const doubt = setTimeout(() => unanswered.forEach((listener) => listener()), doubtMs);
  const filled = path.replace(/:(\w+)/g, (_all, part: string) => encodeURIComponent(params[part] ?? ''));
  try {
    const { status, data, headers } = await http.request<unknown>({
      baseURL: `${serverUrl()}/api/v1`,
      url: filled,
      method,
      params: query,
      data: body,
      headers: {
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...(key !== undefined && { 'Idempotency-Key': key }),
        ...(known && { 'If-None-Match': known.etag }),
      },
      signal: AbortSignal.any(signals),
    });
    // Anything else comes from the network in between: the sign-in page of a guest network, a proxy's error.
    const protocols = readProtocols(String(headers[protocolHeader.toLowerCase()]));
    if (!protocols) return { kind: 'unreachable' };
    for (const listener of answered) listener(protocols);
    if (status === 304 && known) return { kind: 'done', ...known };
    if (status >= 200 && status < 300 && (status === 204 || isJson(headers['content-type']))) {
      const etag: unknown = headers['etag'];
      return { kind: 'done', reply: data as RouteReply<Name>, ...(typeof etag === 'string' && { etag }) };
    }
    const parsed = problem.safeParse(data);
    return parsed.success ? { kind: 'refused', problem: parsed.data } : { kind: 'unreachable' };
  } catch (error) {
    if (axios.isAxiosError(error)) return { kind: 'unreachable' };
    throw error;
  } finally {
    clearTimeout(doubt);
  }
}

const isJson = (type: unknown) => typeof type === 'string' && type.includes('json');
