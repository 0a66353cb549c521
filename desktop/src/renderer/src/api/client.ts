import { routes } from '@slate/shared/contract';
import type { RouteName, RouteReply } from '@slate/shared/contract';
import { deviceHeader, positionHeader } from '@slate/shared/contract/devices';
import { problem } from '@slate/shared/errors';
import type { Problem } from '@slate/shared/errors';
import { protocolHeader, readProtocols } from '@slate/shared/protocol';
import type { Protocols } from '@slate/shared/protocol';
import axios from 'axios';
import { z } from 'zod';
import { pace } from './pace.ts';

type PartOf<Name extends RouteName, Part extends string> =
  (typeof routes)[Name] extends Record<Part, infer Schema extends z.ZodType>
    ? z.input<Schema> extends Record<string, never>
      ? undefined
      : z.input<Schema>
    : undefined;
type OmitUndefined<T> = { [Key in keyof T as T[Key] extends undefined ? never : Key]: T[Key] };

/** The input of a route, before it is parsed. */
export type Input<Name extends RouteName> = OmitUndefined<{
  params: PartOf<Name, 'params'>;
  query: PartOf<Name, 'query'>;
  body: PartOf<Name, 'body'>;
}>;

export type Outcome<Reply> =
  | { kind: 'done'; reply: Reply; etag?: string; position?: number }
  | { kind: 'refused'; problem: Problem; position?: number }
  /** No reply, or not from Slate: unknown whether the request was executed. */
  | { kind: 'unreachable' };

export type Options<Reply = unknown> = {
  key?: string;
  /** For a queued command: its position in the queue of the device. */
  queued?: { device: string; n: number } | undefined;
  /** A cached reply, returned if the server has nothing newer. */
  cached?: { reply: Reply; etag: string } | undefined;
  signal?: AbortSignal;
  /** It may take minutes. */
  isLong?: true;
  /** The file of a route that takes one. */
  file?: Blob;
  /** Returns the text of the reply and its file name, for `download`. */
  asFile?: true;
  /** Whether it may be repeated with a renewed token. By then, somebody else may be signed in. */
  mayRepeat?: () => boolean;
};

type Connection = {
  server: string;
  /** Returns a valid token, renewed if necessary; null: nobody is signed in. */
  token: () => Promise<string | null>;
  /** Called when the server has refused this token, by default the current one. */
  tokenRefused: (token?: string) => void;
};

let connection: Connection | undefined;
/** Called once, by `main.tsx`. */
export const connectClient = (to: Connection) => {
  connection = to;
};
export const serverUrl = () => connection?.server ?? '';
export const currentToken = () => connection?.token() ?? Promise.resolve(null);
export const reportRefusedToken = (token?: string) => connection?.tokenRefused(token);

type AnswerListener = (protocols: Protocols) => void;
const answerListeners = new Set<AnswerListener>();
/** Calls the listener after every answer of Slate, with the protocol versions of the server. */
export function onAnswered(listener: AnswerListener): () => void {
  answerListeners.add(listener);
  return () => void answerListeners.delete(listener);
}

const unansweredListeners = new Set<() => void>();
/** Calls the listener when a request has waited too long for its answer. */
export function onUnanswered(listener: () => void): () => void {
  unansweredListeners.add(listener);
  return () => void unansweredListeners.delete(listener);
}

let cutOff = new AbortController();
/**
 * Aborts the pending requests, because the server is unreachable. Requests without a token continue: if the answer to a
 * renewal is lost, a second renewal can end the session.
 */
export function giveUpRequests(): void {
  cutOff.abort();
  cutOff = new AbortController();
}

const http = axios.create({ timeout: pace.requestMs, validateStatus: () => true });

const health = z.object({ version: z.string().max(100) });
/** The version of the server; null: it does not answer, or a proxy blocks this address. */
export async function readServerVersion(): Promise<string | null> {
  const answer = await http.get<unknown>(`${serverUrl()}/healthz`).catch(() => null);
  return health.safeParse(answer?.data).data?.version ?? null;
}

/**
 * Sends one request of the contract. Replies are not parsed: the handshake has checked the protocol version, which is
 * guarded by a hash of every schema.
 */
export async function call<Name extends RouteName>(
  name: Name,
  input: Input<Name>,
  options: Options<RouteReply<Name>> = {},
): Promise<Outcome<RouteReply<Name>>> {
  if (routes[name].access === 'public') return request(name, input, null, options);
  const token = await currentToken();
  const outcome = await request(name, input, token, options);
  const isRefused = outcome.kind === 'refused' && outcome.problem.code === 'unauthenticated';
  if (!isRefused) return outcome;
  // Repeat it once with a renewed token, if there is one.
  reportRefusedToken(token ?? undefined);
  if (token === null) return outcome;
  const renewed = await currentToken();
  const cannotRepeat = renewed === null || renewed === token || options.mayRepeat?.() === false;
  return cannotRepeat ? outcome : request(name, input, renewed, options);
}

async function request<Name extends RouteName>(
  name: Name,
  input: Input<Name>,
  token: string | null,
  { key, queued, signal, cached, isLong, file, asFile }: Options<RouteReply<Name>>,
): Promise<Outcome<RouteReply<Name>>> {
  const { method, path } = routes[name];
  const { params = {}, query, body } = input as Record<string, Record<string, string> | undefined>;
  const signals = [signal, token === null ? undefined : cutOff.signal].filter((each) => each !== undefined);
  const doubt = setTimeout(() => unansweredListeners.forEach((listener) => listener()), pace.doubtMs);
  const url = path.replace(/:(\w+)/g, (_all, part: string) => encodeURIComponent(params[part] ?? ''));
  try {
    const { status, data, headers } = await http.request<unknown>({
      baseURL: `${serverUrl()}/api/v1`,
      url,
      method,
      params: query,
      data: file ?? body,
      ...(isLong && { timeout: pace.longMs }),
      ...(asFile && { responseType: 'text', transformResponse: (text: unknown) => text }),
      headers: {
        ...(file && { 'Content-Type': 'application/octet-stream' }),
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...(key !== undefined && { 'Idempotency-Key': key }),
        ...(queued && { [deviceHeader]: queued.device, [positionHeader]: String(queued.n) }),
        ...(cached && { 'If-None-Match': cached.etag }),
      },
      signal: AbortSignal.any(signals),
    });
    // Not from Slate: for example the sign-in page of a guest network, or a proxy's error.
    const protocols = readProtocols(String(headers[protocolHeader.toLowerCase()]));
    if (!protocols) return { kind: 'unreachable' };
    for (const listener of answerListeners) listener(protocols);
    const position = positionOf(headers[positionHeader.toLowerCase()]);
    if (asFile && status === 200) {
      const fileName = fileNameIn(headers['content-disposition']);
      // Reading a text drops its byte order mark, which spreadsheets need.
      const reply: FileReply = {
        name: fileName,
        text: (fileName.endsWith('.csv') ? '\uFEFF' : '') + String(data),
      };
      return { kind: 'done', reply: reply as unknown as RouteReply<Name> };
    }
    if (status === 304 && cached) return { kind: 'done', ...cached };
    if (status >= 200 && status < 300 && (status === 204 || isJson(headers['content-type']))) {
      const etag: unknown = headers['etag'];
      const reply = data as RouteReply<Name>;
      return { kind: 'done', reply, ...(typeof etag === 'string' && { etag }), ...position };
    }
    const parsed = problem.safeParse(asFile ? parseJson(data) : data);
    return parsed.success ? { kind: 'refused', problem: parsed.data, ...position } : { kind: 'unreachable' };
  } catch (error) {
    if (axios.isAxiosError(error)) return { kind: 'unreachable' };
    throw error;
  } finally {
    clearTimeout(doubt);
  }
}

export type FileReply = { text: string; name: string };
/** Gets a file that the server makes, whole or not at all. */
export const download = <Name extends RouteName>(
  name: Name,
  input: Input<Name>,
  options: { signal?: AbortSignal } = {},
) => call(name, input, { ...options, asFile: true, isLong: true }) as Promise<Outcome<FileReply>>;

const fileNameIn = (header: unknown) =>
  decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(String(header))?.[1] ?? 'slate');

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}

/** The position of the device after a queued command, if the command has used its own. */
const positionOf = (header: unknown) =>
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? { position: Number(header) } : {};

const isJson = (type: unknown) => typeof type === 'string' && type.includes('json');
