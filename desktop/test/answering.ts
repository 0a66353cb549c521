import { protocolHeader, formatProtocols } from '@slate/shared/protocol';
import axios from 'axios';
import type { AxiosAdapter } from 'axios';

/** A fake server: records requests and gives prepared answers. Import it before anything that sends requests. */
export type SentRequest = {
  path: string;
  query?: unknown;
  body: unknown;
  /** The idempotency key of a command. */
  key?: unknown;
  signal: AbortSignal | undefined;
};
export type Answer = { status: number; body: unknown; headers?: Record<string, string> } | 'unreachable';

let answer: (request: SentRequest) => Answer | Promise<Answer> = () => 'unreachable';
let requests: SentRequest[] = [];
/** Starts answering, and returns the recorded requests. */
export function answerWith(reply: typeof answer): SentRequest[] {
  answer = reply;
  requests = [];
  return requests;
}

/** The same for commands: nobody waits for approval, and reads are not recorded. */
export function answerCommandsWith(reply: typeof answer): SentRequest[] {
  const commands: SentRequest[] = [];
  answerWith((request) => {
    if (request.body === undefined) return { status: 200, body: { users: [], next: null } };
    commands.push(request);
    return reply(request);
  });
  return commands;
}

const adapter: AxiosAdapter = async (config) => {
  const signal = config.signal as AbortSignal | undefined;
  const body: unknown = typeof config.data === 'string' ? JSON.parse(config.data) : undefined;
  const key: unknown = config.headers['Idempotency-Key'];
  const request = { path: config.url ?? '', query: config.params as unknown, body, key, signal };
  requests.push(request);
  const response = await answer(request);
  if (response === 'unreachable')
    throw new axios.AxiosError('No answer.', axios.AxiosError.ERR_NETWORK, config);
  const headers = {
    'content-type': 'application/json',
    [protocolHeader.toLowerCase()]: formatProtocols(),
    ...response.headers,
  };
  return { status: response.status, statusText: '', data: response.body, headers, config };
};
axios.defaults.adapter = adapter;
