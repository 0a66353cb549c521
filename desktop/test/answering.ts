import { protocolHeader, formatProtocols } from '@slate/shared/protocol';
import axios from 'axios';
import type { AxiosAdapter } from 'axios';

/** A fake server: records requests and gives prepared answers. Import it before anything that sends requests. */
export type Asked = { path: string; body: unknown; signal: AbortSignal | undefined };
export type Answer = { status: number; body: unknown } | 'unreachable';

let answer: (asked: Asked) => Answer | Promise<Answer> = () => 'unreachable';
let asked: Asked[] = [];
/** Starts answering, and returns the recorded requests. */
export function answerWith(given: typeof answer): Asked[] {
  answer = given;
  asked = [];
  return asked;
}

const adapter: AxiosAdapter = async (config) => {
  const signal = config.signal as AbortSignal | undefined;
  const body: unknown = typeof config.data === 'string' ? JSON.parse(config.data) : undefined;
  const one = { path: config.url ?? '', body, signal };
  asked.push(one);
  const said = await answer(one);
  if (said === 'unreachable') throw new axios.AxiosError('No answer.', axios.AxiosError.ERR_NETWORK, config);
  const headers = { 'content-type': 'application/json', [protocolHeader.toLowerCase()]: formatProtocols() };
  return { status: said.status, statusText: '', data: said.body, headers, config };
};
axios.defaults.adapter = adapter;
