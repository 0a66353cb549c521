import { protocolHeader, formatProtocols } from '@slate/shared/protocol';
import axios from 'axios';
import type { AxiosAdapter } from 'axios';

/** A fake server: records requests and gives prepared answers. Import it before anything that sends requests. */
export type SentRequest = { path: string; body: unknown; signal: AbortSignal | undefined };
export type Answer = { status: number; body: unknown } | 'unreachable';

let answer: (request: SentRequest) => Answer | Promise<Answer> = () => 'unreachable';
let requests: SentRequest[] = [];
/** Starts answering, and returns the recorded requests. */
export function answerWith(reply: typeof answer): SentRequest[] {
  answer = reply;
  requests = [];
  return requests;
}

const adapter: AxiosAdapter = async (config) => {
  const signal = config.signal as AbortSignal | undefined;
  const body: unknown = typeof config.data === 'string' ? JSON.parse(config.data) : undefined;
  const request = { path: config.url ?? '', body, signal };
  requests.push(request);
  const response = await answer(request);
  if (response === 'unreachable')
    throw new axios.AxiosError('No answer.', axios.AxiosError.ERR_NETWORK, config);
  const headers = { 'content-type': 'application/json', [protocolHeader.toLowerCase()]: formatProtocols() };
  return { status: response.status, statusText: '', data: response.body, headers, config };
};
axios.defaults.adapter = adapter;
