import type { RouteName } from '@slate/shared/contract';
import { positionHeader } from '@slate/shared/contract/devices';
import type { Route } from '@slate/shared/contract/route';
import { problem, statusOf } from '@slate/shared/errors';
import type { ErrorCode } from '@slate/shared/errors';
import type { JsonSchema, Shapes } from './openapi-shapes.ts';
import { problemOf, titles } from './problem.ts';
import { refusalsOf, temporary } from './route-refusals.ts';

/** Reads that support `If-None-Match`. */
export const conditional: readonly RouteName[] = ['board'];

const header = (description: string, schema: JsonSchema) => ({ description, schema });

export const headers = {
  ETag: header('Send it as `If-None-Match` next time.', { type: 'string' }),
  'Idempotent-Replayed': header(
    'Only for a repeated key: the command ran before, and this is its stored reply.',
    {
      type: 'string',
      const: 'true',
    },
  ),
  [positionHeader]: header(
    'Only for a queued command whose position is used now: the last used position of the device.',
    { type: 'integer', minimum: 1 },
  ),
  'Retry-After': {
    required: true,
    ...header('Retry after this many seconds.', { type: 'integer', minimum: 1 }),
  },
  'Retry-After-In-Progress': header('Only with `in_progress`: retry after this many seconds.', {
    type: 'integer',
    minimum: 1,
  }),
};
type HeaderName = 'ETag' | 'Idempotent-Replayed' | 'Retry-After' | typeof positionHeader;

const mentionAll = (mentioned: { [Name in HeaderName]?: keyof typeof headers | false }) => {
  const entries = Object.entries(mentioned).filter(([, which]) => which !== false);
  return (
    entries.length > 0 && {
      headers: Object.fromEntries(
        entries.map(([name, which]) => [name, { $ref: `#/components/headers/${which}` }]),
      ),
    }
  );
};

/** Checked on every request. Other refusals of a command are stored and replayed for its key. */
const neverReplayed = [401, 403, 413, 429, 500, 503];

/** The replies of every route. Refusals that several routes share are listed once. */
export function createReplies(shapes: Shapes) {
  const refusals: Record<string, unknown> = {};

  function refusal(status: number, codes: readonly ErrorCode[], isCommand: boolean) {
    const isReplayed = isCommand && !neverReplayed.includes(status);
    const waits = codes.filter((code) => temporary.includes(code));
    const name = [...codes, ...(isReplayed ? ['of_command'] : [])].join('.');
    refusals[name] ??= {
      description: codes.map((code) => `\`${code}\`: ${titles[code]}.`).join(' '),
      'x-codes': codes,
      ...mentionAll({
        'Retry-After':
          waits.length === codes.length
            ? 'Retry-After'
            : waits.includes('in_progress') && 'Retry-After-In-Progress',
        'Idempotent-Replayed': isReplayed && 'Idempotent-Replayed',
        [positionHeader]: isReplayed && positionHeader,
      }),
      content: {
        'application/problem+json': { schema: shapes.mention(problem), examples: examplesOf(codes) },
      },
    };
    return { $ref: `#/components/responses/${name}` };
  }

  function success(name: RouteName, { status, reply, produces, command }: Route) {
    const isConditional = conditional.includes(name);
    return {
      [status]: {
        description: 'Done.',
        ...mentionAll({
          'Idempotent-Replayed': command === true && 'Idempotent-Replayed',
          [positionHeader]: command === true && positionHeader,
          ETag: isConditional && 'ETag',
        }),
        ...(produces && { content: { [produces]: { schema: { type: 'string' } } } }),
        ...(reply && { content: { 'application/json': { schema: shapes.mention(reply) } } }),
      },
      ...(isConditional && { 304: { description: 'Not changed.', ...mentionAll({ ETag: 'ETag' }) } }),
    };
  }

  return {
    refusals,
    of(name: RouteName, route: Route) {
      const byStatus = Map.groupBy(refusalsOf(name, route), (code) => statusOf[code]);
      const refusalEntries = [...byStatus].map(
        ([status, codes]) => [status, refusal(status, codes, route.command ?? false)] as const,
      );
      return { ...success(name, route), ...Object.fromEntries(refusalEntries) };
    },
  };
}
export type Replies = ReturnType<typeof createReplies>;

const examplesOf = (codes: readonly ErrorCode[]) => {
  const detail = 'What happened, why, and what to do.';
  return Object.fromEntries(codes.map((code) => [code, { value: problemOf({ code, detail }, 'r-4711') }]));
};
