import { problem } from '@slate/shared/errors';
import { protocolHeader, protocolVersion } from '@slate/shared/protocol';
import { serverAddress } from '../bridge.ts';
import type { ServerTrial } from '../bridge.ts';

const patienceMs = 5_000;

type Failure = Extract<ServerTrial, { result: 'failed' }>;
const failed = (why: Failure['why'], detail: string): Failure => ({ result: 'failed', why, detail });

type Fetch = (address: string, how: RequestInit) => Promise<Response>;

/** Whether Slate is where somebody says it is; if not, what is wrong and what to do about it. */
export async function tryServer(given: string, fetch: Fetch): Promise<ServerTrial> {
  const read = readAddress(given);
  if ('result' in read) return read;
  const { address } = read;
  const { host } = new URL(address);
  let answer: Awaited<ReturnType<typeof ask>>;
  try {
    answer = await ask(fetch, `${address}/api/v1/me`);
  } catch (error) {
    return explain(error, host);
  }
  if (answer.protocol !== null && answer.protocol !== protocolVersion) {
    return { result: 'other_version', console: protocolVersion, server: answer.protocol };
  }
  // Slate, and only Slate, refuses strangers like this. Busy or upgrading, it says so in the same form.
  const refusal = problem.safeParse(answer.body).data;
  if (refusal && ['unauthenticated', 'unavailable', 'rate_limited'].includes(refusal.code)) {
    return { result: 'ok', address };
  }
  return failed(
    'other',
    `Something answers at ${host}, but it is not Slate (it said ${answer.status}). Check the address and the port.`,
  );
}

function readAddress(given: string): Failure | { address: string } {
  const typed = given.trim();
  const parsed = serverAddress.safeParse(/^[a-z][a-z\d+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`);
  if (parsed.success) return { address: parsed.data };
  const isInsecure = parsed.error.issues.some(
    (issue) => issue.code === 'custom' && issue.params?.['insecure'],
  );
  return isInsecure
    ? failed(
        'insecure',
        'This address begins with http://, so what you do would cross the network unencrypted. Use https://.',
      )
    : failed(
        'not_an_address',
        'This is not the address of a server. It looks like https://slate.example.org; ask IT for yours.',
      );
}

async function ask(fetch: Fetch, address: string) {
  const response = await fetch(address, {
    redirect: 'error',
    credentials: 'omit',
    cache: 'no-store',
    headers: { Accept: 'application/json' },
    signal: AbortSignal.timeout(patienceMs),
  });
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.status, protocol: protocolOf(response), body };
}

/** Null for what is not Slate, or so old that it does not say. */
function protocolOf({ headers }: Response): number | null {
  const said = headers.get(protocolHeader) ?? '';
  return /^\d{1,9}$/.test(said) ? Number(said) : null;
}

/** Chromium says what went wrong by a name of its own, within the message. */
function explain(error: unknown, host: string): Failure {
  const said = error instanceof Error ? `${error.name} ${error.message}` : String(error);
  const names = (pattern: RegExp) => pattern.test(said);
  if (names(/TimeoutError|AbortError|TIMED_OUT/)) {
    return failed(
      'timeout',
      `${host} did not answer within ${patienceMs / 1000} seconds. Check the address and the network, then try again.`,
    );
  }
  if (names(/NAME_NOT_RESOLVED|NAME_RESOLUTION|DNS_/)) {
    return failed('unknown_host', `Nobody knows ${host} here. Check the spelling and the network.`);
  }
  if (names(/CERT_/)) {
    return failed(
      'certificate',
      `${host} cannot prove that it is ${host}: its certificate is not trusted. Do not go on; tell IT.`,
    );
  }
  if (names(/SSL_/)) {
    return failed(
      'certificate',
      `${host} answers, but not encrypted as https:// needs it. Check the port, or tell IT.`,
    );
  }
  if (names(/CONNECTION_REFUSED|CONNECTION_RESET|CONNECTION_CLOSED|EMPTY_RESPONSE/)) {
    return failed(
      'refused',
      `${host} accepts no connection. The server may be stopped, or its port is another one.`,
    );
  }
  if (names(/UNREACHABLE|INTERNET_DISCONNECTED|NETWORK_CHANGED/)) {
    return failed('unknown_host', `There is no way to ${host} from here. Check the network, then try again.`);
  }
  return failed('other', `${host} cannot be reached as Slate. Check the address, then try again.`);
}
