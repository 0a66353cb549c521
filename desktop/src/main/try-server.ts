import { problem } from '@slate/shared/errors';
import { protocolHeader, protocols, readProtocols, understand } from '@slate/shared/protocol';
import { itself, serverAddress } from '../bridge.ts';
import type { ServerTrial } from '../bridge.ts';

const patienceMs = 5_000;
/** Slate's answer has a few hundred bytes. Whatever says more is something else, and is not listened to. */
const mostBytes = 65_536;

type Failure = Extract<ServerTrial, { result: 'failed' }>;
const failed = (why: Failure['why'], detail: string): Failure => ({ result: 'failed', why, detail });

type Fetch = (address: string, how: RequestInit) => Promise<Response>;
type Deps = {
  fetch: Fetch;
  /** Asked before anything leaves this computer. */
  mayReach: (address: string) => Promise<boolean>;
};

/** Whether Slate is where somebody says it is; if not, what is wrong and what to do about it. */
export async function tryServer(given: string, { fetch, mayReach }: Deps): Promise<ServerTrial> {
  const read = readAddress(given);
  if ('result' in read) return read;
  const { address } = read;
  const { host } = new URL(address);
  if (!(await mayReach(address)))
    return failed('declined', `Slate didn’t connect to ${host}: you said not to.`);
  let answer: Awaited<ReturnType<typeof ask>>;
  try {
    answer = await ask(fetch, `${address}/api/v1/me`);
  } catch (error) {
    return explain(error, host);
  }
  if (answer.protocols && !understand(answer.protocols, protocols)) {
    return { result: 'other_version', console: protocols.highest, server: answer.protocols.highest };
  }
  // Slate, and only Slate, refuses strangers like this. Busy or upgrading, it says so in the same form.
  const refusal = problem.safeParse(answer.body).data;
  if (refusal && ['unauthenticated', 'unavailable', 'rate_limited'].includes(refusal.code)) {
    return { result: 'ok', address };
  }
  return failed(
    'other',
    `Something answers at ${host}, but it isn’t Slate (it said ${answer.status}). Check the address and the port.`,
  );
}

function readAddress(given: string): Failure | { address: string } {
  const parsed = serverAddress.safeParse(withScheme(given.trim()));
  if (parsed.success) return { address: parsed.data };
  const isInsecure = parsed.error.issues.some(
    (issue) => issue.code === 'custom' && issue.params?.['insecure'],
  );
  return isInsecure
    ? failed(
        'insecure',
        'This address starts with http://, so others on the network could read what you send. Use https://.',
      )
    : failed(
        'not_an_address',
        'This isn’t a valid server address. Enter it like https://slate.example.org, or ask IT for yours.',
      );
}

/** A server on this machine itself needs no encryption, and often has none. */
function withScheme(typed: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(typed)) return typed;
  return `${itself.test(typed.split(/[:/]/)[0] ?? '') ? 'http' : 'https'}://${typed}`;
}

async function ask(fetch: Fetch, address: string) {
  const done = new AbortController();
  try {
    const response = await fetch(address, {
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      headers: { Accept: 'application/json' },
      signal: AbortSignal.any([AbortSignal.timeout(patienceMs), done.signal]),
    });
    return {
      status: response.status,
      protocols: readProtocols(response.headers.get(protocolHeader) ?? ''),
      body: await bodyOf(response),
    };
  } finally {
    // Ends the connection to whatever is still talking.
    done.abort();
  }
}

/** Undefined for what is no JSON, or too much of it. */
async function bodyOf(response: Response): Promise<unknown> {
  const body: AsyncIterable<Uint8Array> | null = response.body;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}

/** Chromium says what went wrong by a name of its own, within the message. */
function explain(error: unknown, host: string): Failure {
  const said = error instanceof Error ? `${error.name} ${error.message}` : String(error);
  const names = (pattern: RegExp) => pattern.test(said);
  if (names(/TimeoutError|AbortError|TIMED_OUT/)) {
    return failed(
      'timeout',
      `${host} didn’t answer within ${patienceMs / 1000} seconds. Check the address and the network, then try again.`,
    );
  }
  if (names(/NAME_NOT_RESOLVED|NAME_RESOLUTION|DNS_/)) {
    return failed('unknown_host', `No computer named ${host} was found. Check the spelling and the network.`);
  }
  if (names(/CERT_/)) {
    return failed(
      'certificate',
      `${host} can’t prove that it is ${host}: its certificate isn’t trusted. Don’t continue; tell IT.`,
    );
  }
  if (names(/CLIENT_AUTH/)) {
    return failed(
      'client_certificate',
      `${host} requires a certificate that proves who you are. Ask IT to set up this server on this computer.`,
    );
  }
  if (names(/SSL_/)) {
    return failed('not_encrypted', `${host} answers, but not over https://. Check the port, or tell IT.`);
  }
  if (names(/CONNECTION_REFUSED|CONNECTION_RESET|CONNECTION_CLOSED|EMPTY_RESPONSE/)) {
    return failed(
      'refused',
      `${host} doesn’t accept connections. The server may be stopped, or the port may be wrong.`,
    );
  }
  if (names(/UNREACHABLE|INTERNET_DISCONNECTED|NETWORK_CHANGED/)) {
    return failed('unknown_host', `Can’t reach ${host} from here. Check the network, then try again.`);
  }
  return failed('other', `Can’t reach Slate at ${host}. Check the address, then try again.`);
}
