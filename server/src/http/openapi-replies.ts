import type { Route, RouteName } from '@slate/shared/contract';
import { problem, statusOf } from '@slate/shared/errors';
import type { ErrorCode } from '@slate/shared/errors';
import type { JsonSchema, Shapes } from './openapi-shapes.ts';
import { problemOf, titles } from './problem.ts';
import { refusalsOf } from './route-refusals.ts';

/** Reads that answer "nothing new" to whoever has the newest already. */
export const conditional: readonly RouteName[] = ['board'];

const header = (description: string, schema: JsonSchema) => ({ description, schema });

export const headers = {
  ETag: header('Send it as `If-None-Match` next time.', { type: 'string' }),
  'Idempotent-Replayed': header('Only on a repeated key: this was done before, and here is what was said.', {
    type: 'string',
    const: 'true',
  }),
  'Retry-After': header('After how many seconds it makes sense to try again.', {
    type: 'integer',
    minimum: 1,
  }),
};

const mentionAll = (names: readonly (keyof typeof headers)[]) =>
  names.length > 0 && {
    headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
  };

const worthWaiting: readonly ErrorCode[] = ['in_progress', 'rate_limited', 'unavailable'];
/** Judged anew each time; every other refusal of a command is kept and said again for the same key. */
const neverReplayed = [401, 403, 429, 500, 503];

/** The replies of every route; refusals that are the same for many are written down once. */
export function createReplies(shapes: Shapes) {
  const refusals: Record<string, unknown> = {};

  function refusal(status: number, codes: readonly ErrorCode[], isCommand: boolean) {
    const isReplayed = isCommand && !neverReplayed.includes(status);
    const name = [...codes, ...(isReplayed ? ['of_command'] : [])].join('.');
    refusals[name] ??= {
      description: codes.map((code) => `\`${code}\`: ${titles[code]}.`).join(' '),
      'x-codes': codes,
      ...mentionAll([
        ...(codes.some((code) => worthWaiting.includes(code)) ? ['Retry-After' as const] : []),
        ...(isReplayed ? ['Idempotent-Replayed' as const] : []),
      ]),
      content: {
        'application/problem+json': { schema: shapes.mention(problem), examples: examplesOf(codes) },
      },
    };
    return { $ref: `#/components/responses/${name}` };
  }

  function done(name: RouteName, { status, reply, command }: Route) {
    const isConditional = conditional.includes(name);
    return {
      [status]: {
        description: 'Done.',
        ...mentionAll([
          ...(command ? ['Idempotent-Replayed' as const] : []),
          ...(isConditional ? ['ETag' as const] : []),
        ]),
        ...(reply && { content: { 'application/json': { schema: shapes.mention(reply) } } }),
      },
      ...(isConditional && { 304: { description: 'Nothing new.', ...mentionAll(['ETag']) } }),
    };
  }

  return {
    refusals,
    of(name: RouteName, route: Route) {
      const byStatus = Map.groupBy(refusalsOf(name, route), (code) => statusOf[code]);
      const refused = [...byStatus].map(
        ([status, codes]) => [status, refusal(status, codes, route.command ?? false)] as const,
      );
      return { ...done(name, route), ...Object.fromEntries(refused) };
    },
  };
}
export type Replies = ReturnType<typeof createReplies>;

const examplesOf = (codes: readonly ErrorCode[]) => {
  const detail = 'What happened, why, and what to do now.';
  return Object.fromEntries(codes.map((code) => [code, { value: problemOf({ code, detail }, 'r-4711') }]));
};
