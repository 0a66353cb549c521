import { randomUUID } from 'node:crypto';
import { routes } from '@slate/shared/contract';
import type { RouteName } from '@slate/shared/contract';
import type { Route } from '@slate/shared/contract/route';
import { problem } from '@slate/shared/errors';
import type { Answer } from '../../../scripts/api.ts';
import { refusalsOf, temporary } from '../../../server/src/http/route-refusals.ts';
import { withValue } from './edits.ts';
import type { Deployment } from '../deployment.ts';
import { write } from './odd-values.ts';
import { send } from './raw.ts';
import type { Raw } from './raw.ts';
import { requestOf } from './requests.ts';
import type { Request, World } from './requests.ts';

/** Valid requests, from which the invalid ones are made. */
export type Bench = ReturnType<typeof createBench>;

export function createBench(deployment: Deployment, world: World) {
  const author = { userId: deployment.users.coordinator, surgeonId: deployment.surgeons[1], words: 'SECRET' };
  const samples = new Map<RouteName, Promise<Request>>();
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (userId: string) => {
    const token = tokens.get(userId) ?? deployment.tokenOf(userId);
    tokens.set(userId, token);
    return token;
  };

  return {
    /** A refused request can be reused for the next error. */
    sampleOf: (name: RouteName) => {
      const sample = samples.get(name) ?? requestOf(name, world, author);
      samples.set(name, sample);
      return sample;
    },
    /** Call this after the request succeeded, because it cannot be repeated. */
    forget: (name: RouteName) => samples.delete(name),

    /** A request of the administrator, or of the coordinator for a command on holds. */
    rawOf: async (name: RouteName, { path, body }: Request): Promise<Raw> => {
      const { method, access }: Route = routes[name];
      const userId = access === 'case.hold' ? deployment.users.coordinator : deployment.users.administrator;
      return {
        method: method.toUpperCase(),
        path: `/api/v1${path}`,
        headers: {
          Authorization: `Bearer ${await tokenOf(userId)}`,
          'Idempotency-Key': randomUUID(),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      };
    },

    /** State that a refused request must not change. */
    storedState: async (): Promise<string> => {
      const { rows } = await deployment.owner.query<{ text: string }>(`SELECT concat_ws(' ',
        (SELECT sum(revision) FROM sites), (SELECT count(*) FROM cases), (SELECT count(*) FROM claims),
        (SELECT count(*) FROM resources), (SELECT count(*) FROM closures), (SELECT count(*) FROM milestones),
        (SELECT jsonb_agg(jsonb_build_array(id, status, version) ORDER BY id) FROM users),
        (SELECT jsonb_agg(m ORDER BY user_id) FROM memberships m)) AS text`);
      return rows[0]?.text ?? '';
    },
  };
}

/** A request with one error, and the expected answer. */
export type Bad = {
  what: string;
  name: RouteName;
  raw: (bench: Bench) => Promise<Raw>;
  status: number;
  /** The field that the refusal must name. */
  field?: string | undefined;
};

/** A field of the body or query, and its invalid values. */
export function field(
  name: RouteName,
  path: string,
  values: unknown[],
  { status = 400, named = path } = {},
): Bad[] {
  const inQuery = (routes[name] as Route).body === undefined;
  return values.map((value) => ({
    what: `${name} ${path} ${describeValue(value)}`,
    name,
    status,
    field: status === 400 ? named : undefined,
    raw: async ({ sampleOf, rawOf }) => {
      const sample = await sampleOf(name);
      const raw = await rawOf(name, sample);
      if (!inQuery) return { ...raw, body: write(withValue(sample.body, path.split('.'), value)) };
      const [address = '', query] = raw.path.split('?');
      const params = new URLSearchParams(query);
      params.set(path, String(value));
      return { ...raw, path: `${address}?${params.toString()}` };
    },
  }));
}
const describeValue = (value: unknown) => {
  const text = typeof value === 'string' ? JSON.stringify(value) : write(value ?? null);
  return text.length > 60 ? `${text.slice(0, 50)}… (${text.length})` : text;
};

/** Any other error in a request to this route. */
export const request = (
  what: string,
  name: RouteName,
  change: (raw: Raw) => Partial<Raw> | Promise<Partial<Raw>>,
  { status = 400, named }: { status?: number; named?: string } = {},
): Bad => ({
  what,
  name,
  status,
  field: named,
  raw: async ({ sampleOf, rawOf }) => {
    const raw = await rawOf(name, await sampleOf(name));
    return { ...raw, ...(await change(raw)) };
  },
});
export const headers = (raw: Raw, more: Record<string, string | string[]>) => ({
  headers: { ...raw.headers, ...more },
});

/** Finds the errors of an answer: it must be a success as in the contract, or a problem document with the error. */
export function answerErrors(name: RouteName, { status, headers: received, body }: Answer): string[] {
  if (status < 300) {
    const parsed = (routes[name] as Route).reply?.safeParse(body);
    return parsed?.success === false ? ['its answer does not match the contract'] : [];
  }
  if (status >= 500) return [`answers ${status}: ${JSON.stringify(body)}`];
  const parsed = problem.safeParse(body);
  if (!parsed.success || parsed.data.status !== status)
    return [`is not a problem: ${status} ${JSON.stringify(body)}`];
  const { code, errors = [], requestId } = parsed.data;
  const route: Route = routes[name];
  // A body that the route does not take may still be too large for the server.
  const isOfRoute =
    !['not_found', 'method_not_allowed'].includes(code) && (route.body !== undefined || code !== 'too_large');
  return [
    ...(!isOfRoute || refusalsOf(name, routes[name]).has(code)
      ? []
      : [`answers ${code}, which the route does not declare`]),
    ...(temporary.includes(code) === received.has('Retry-After') ? [] : ['has a wrong Retry-After']),
    ...(received.get('Content-Type') === 'application/problem+json' ? [] : ['is not sent as a problem']),
    ...(requestId === received.get('X-Request-Id') ? [] : ['has no request id']),
    ...(code !== 'validation' || errors.some(({ field: which, reason }) => which !== '' && reason.length > 5)
      ? []
      : ['does not name the error']),
  ];
}

/** Sends all of them to this server. Returns those that were not refused correctly. */
export async function violations(bench: Bench, bads: Bad[], server: string): Promise<string[]> {
  const found: string[] = [];
  for (const { what, name, raw, status, field: named } of bads) {
    const wrongRequest = await raw(bench);
    const before = await bench.storedState();
    const answer = await send(server, wrongRequest);
    const fields = (answer.body.errors as { field: string }[] | undefined)?.map((each) => each.field) ?? [];
    const wrong = [
      ...(answer.status === status
        ? []
        : [`answers ${answer.status} ${JSON.stringify(answer.body)}, not ${status}`]),
      ...(named === undefined || fields.includes(named) ? [] : [`names ${fields.join()}, not ${named}`]),
      ...(answer.status >= 400 ? answerErrors(name, answer) : []),
      ...((await bench.storedState()) === before ? [] : ['has changed something']),
    ];
    found.push(...wrong.map((each) => `${what}: ${each}`));
    // A request that succeeded anyway cannot be repeated.
    if (wrong.length > 0) bench.forget(name);
  }
  return found;
}
