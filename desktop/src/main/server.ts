import { problem } from '@slate/shared/errors';
import {
  areCompatible,
  isGatewayFailure,
  protocolHeader,
  protocols,
  readProtocols,
} from '@slate/shared/protocol';
import { loopback, serverAddress } from '../bridge.ts';
import { Refused } from '../refused.ts';
import type { ServerTrial } from '../bridge.ts';
import type { Log } from './log.ts';
import type { Policy } from './policy/parse-policy.ts';
import type { Settings } from './settings.ts';

export type ServerChoice = {
  get(): string | null;
  /** Whether the policy has set the address, so that nobody here can choose another one. */
  readonly isLocked: boolean;
  /** Allows this address to be chosen, because Slate was found there. */
  addFound(address: string): void;
  choose(address: string): void;
};

/**
 * Manages the address of the server. `override` (SLATE_SERVER) applies to this run only. A recommended address of the policy
 * applies until a person chooses one.
 */
export function createServerChoice(
  override: string | undefined,
  settings: Settings,
  log: Log,
  policy?: Policy['settings']['ServerAddress'],
): ServerChoice {
  const foundAddresses = new Set<string>();
  const isLocked = policy?.isLocked ?? false;
  let server = isLocked ? null : settings.get().server;
  server ??= policy?.value ?? null;
  if (override !== undefined && isLocked) log.warn('Ignored SLATE_SERVER: the policy has set the server.');
  else if (override !== undefined) {
    const parsed = serverAddress.safeParse(override);
    if (parsed.success) server = parsed.data;
    else log.warn('Ignored SLATE_SERVER: not a server address.');
  }
  return {
    get: () => server,
    isLocked,
    addFound: (address) => {
      foundAddresses.add(address);
    },
    choose: (address) => {
      if (isLocked) throw new Refused('Your IT department has set the server of this workstation.');
      if (!foundAddresses.has(address))
        throw new Refused('Try the address first: Slate wasn’t found there yet.');
      server = address;
      settings.change({ server });
      log.info('Switched to another server.');
    },
  };
}

const timeoutMs = 5_000;
/** Slate's reply has a few hundred bytes; anything longer is not Slate. */
const maxBytes = 65_536;

type Failure = Extract<ServerTrial, { result: 'failed' }>;
const failure = (why: Failure['why'], detail: string): Failure => ({ result: 'failed', why, detail });

type Fetch = (address: string, options: RequestInit) => Promise<Response>;
type Deps = {
  fetch: Fetch;
  /** Called before any request is sent; false cancels the trial. */
  mayReach: (address: string) => Promise<boolean>;
};

/** Checks whether Slate answers at an address. If not, says what is wrong and what to do. */
export async function tryServer(typed: string, { fetch, mayReach }: Deps): Promise<ServerTrial> {
  const parsed = readAddress(typed);
  if ('result' in parsed) return parsed;
  const { address } = parsed;
  const { host } = new URL(address);
  if (!(await mayReach(address)))
    return failure('declined', `Slate didn’t connect to ${host}: you chose not to.`);
  let answer: Awaited<ReturnType<typeof request>>;
  try {
    answer = await request(fetch, `${address}/api/v1/me`);
  } catch (error) {
    return explain(error, host);
  }
  if (answer.protocols && !areCompatible(answer.protocols, protocols)) {
    return { result: 'other_version', console: protocols.highest, server: answer.protocols.highest };
  }
  // Only Slate refuses a request without a token in this format, even when it is busy or upgrading.
  const refusal = problem.safeParse(answer.body).data;
  if (refusal && ['unauthenticated', 'unavailable', 'rate_limited'].includes(refusal.code)) {
    return { result: 'ok', address };
  }
  if (!answer.protocols && isGatewayFailure(answer.status)) {
    return failure(
      'bad_gateway',
      `${host} answers, but not the Slate server behind it (${answer.status}). Tell IT.`,
    );
  }
  return notSlate(host, `it answered ${answer.status}`);
}

const notSlate = (host: string, reason: string) =>
  failure(
    'other',
    `Something answers at ${host}, but it isn’t Slate (${reason}). Check the address and the port.`,
  );

function readAddress(typed: string): Failure | { address: string } {
  const parsed = serverAddress.safeParse(withScheme(typed.trim()));
  if (parsed.success) return { address: parsed.data };
  const isInsecure = parsed.error.issues.some(
    (issue) => issue.code === 'custom' && issue.params?.['insecure'],
  );
  return isInsecure
    ? failure(
        'insecure',
        'This address starts with http://, so others on the network could read what you send. Use https://.',
      )
    : failure(
        'not_an_address',
        'This isn’t a valid server address. Enter it like https://slate.example.org, or ask IT for yours.',
      );
}

/** Adds the scheme if it is missing: `http` for this computer, otherwise `https`. */
function withScheme(typed: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(typed)) return typed;
  return `${loopback.test(typed.split(/[:/]/)[0] ?? '') ? 'http' : 'https'}://${typed}`;
}

async function request(fetch: Fetch, address: string) {
  const controller = new AbortController();
  // A signal of `AbortSignal.any` may be garbage-collected with its time limit, and the request would never end.
  const timer = setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), timeoutMs);
  try {
    const response = await fetch(address, {
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      headers: { Accept: 'application/json' },
      signal: controller.signal,
    });
    return {
      status: response.status,
      protocols: readProtocols(response.headers.get(protocolHeader) ?? ''),
      body: await bodyOf(response),
    };
  } finally {
    clearTimeout(timer);
    // Closes the connection even if the server is still sending.
    controller.abort();
  }
}

/** Returns the parsed body; undefined if it is not JSON or too long. */
async function bodyOf(response: Response): Promise<unknown> {
  const body: AsyncIterable<Uint8Array> | null = response.body;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}

/** Explains a failed request. Chromium names the cause in the error's message. */
function explain(error: unknown, host: string): Failure {
  const text = error instanceof Error ? `${error.name} ${error.message}` : String(error);
  const has = (pattern: RegExp) => pattern.test(text);
  if (has(/TimeoutError|AbortError|TIMED_OUT/)) {
    return failure(
      'timeout',
      `${host} didn’t answer within ${timeoutMs / 1000} seconds. Check the address and the network, then try again.`,
    );
  }
  if (has(/redirect/i)) return notSlate(host, 'it redirects to another address');
  if (has(/INTERNET_DISCONNECTED/)) {
    return failure('no_network', 'This computer has no network. Check the cable or Wi-Fi, then try again.');
  }
  if (has(/PROXY_|TUNNEL_/)) {
    return failure('proxy', `The proxy of this network doesn’t let Slate reach ${host}. Tell IT.`);
  }
  if (has(/NAME_NOT_RESOLVED|NAME_RESOLUTION|DNS_/)) {
    return failure(
      'unknown_host',
      `No computer named ${host} was found. Check the spelling and the network.`,
    );
  }
  if (has(/CERT_DATE_INVALID/)) {
    return failure(
      'certificate_date',
      `The certificate of ${host} has expired, or this computer’s clock is wrong. Don’t continue; tell IT.`,
    );
  }
  if (has(/CERT_/)) {
    return failure(
      'certificate',
      `${host} can’t prove that it is ${host}: its certificate isn’t trusted. Don’t continue; tell IT.`,
    );
  }
  if (has(/CLIENT_AUTH/)) {
    return failure(
      'client_certificate',
      `${host} requires a certificate that proves who you are. Ask IT to set up this server on this computer.`,
    );
  }
  if (has(/SSL_/)) {
    return failure('not_encrypted', `${host} answers, but not over https://. Check the port, or tell IT.`);
  }
  if (has(/CONNECTION_REFUSED|CONNECTION_RESET|CONNECTION_CLOSED|EMPTY_RESPONSE/)) {
    return failure(
      'refused',
      `${host} doesn’t accept connections. The server may be stopped, or the port may be wrong.`,
    );
  }
  return failure('unreachable', `Can’t reach ${host} from here. Check the network, then try again.`);
}
