import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { MoveCases, SwapCases } from '@slate/shared/contract/cases';
import type { FieldError } from '@slate/shared/errors';
import { caseById } from '../../db/cases.sql.ts';
import { maybeOne } from '../../db/query.ts';
import { invalid, Refusal } from '../../domain/refusal.ts';
import { editCase } from './change-case.ts';
import {
  checkHolder,
  checkHoldNotExpired,
  checkState,
  checkVersion,
  visibleCase,
} from '../../commands/command-on-case.ts';
import { claimFor } from '../../commands/claim.ts';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandReply, CommandRequest, Context } from '../../commands/context.ts';
import { givenReason } from '../../commands/reasons.ts';
import { requireReason } from '../../commands/placement.ts';
import type { Judge } from '../../commands/placement.ts';

type CaseVersion = { caseId: string; version: number };
type Move = {
  roomId: string;
  start: string;
  minutes?: number | undefined;
  overrideReason?: string | undefined;
  overrideReasonCode?: string | undefined;
};

/** Moves several cases in one command, each to a time that another may give up: all of them, or none. */
export const moveCases = (
  deps: CommandDeps,
  request: CommandRequest,
  { moves, delayReason: reason, delayReasonCode: reasonCode }: MoveCases,
) =>
  moveAll(
    deps,
    request,
    moves,
    () => moves,
    (index) => `moves.${index}.`,
    async (context) => {
      const given = await givenReason(context, 'delay', { reason, reasonCode }, 'delayReasonCode');
      return given ? { delayReason: given.text, delayReasonCode: given.code } : {};
    },
  );

/** Swaps two cases: each gets the other's room and start, and keeps its own length. */
export const swapCases = (
  deps: CommandDeps,
  request: CommandRequest,
  { first, second, overrideReason, overrideReasonCode }: SwapCases,
) =>
  moveAll(deps, request, [first, second], ([one, other]) => {
    if (!one || !other || !isPlaced(one) || !isPlaced(other))
      throw invalid('first', 'Both cases must have a room and a time.');
    return [other, one].map(({ roomId, start }) => ({
      roomId,
      start,
      overrideReason,
      overrideReasonCode,
    }));
  });

const moveAll = (
  deps: CommandDeps,
  request: CommandRequest,
  versions: readonly CaseVersion[],
  movesOf: (cases: readonly Case[]) => readonly Move[],
  prefixOf: (index: number) => string = () => '',
  alsoOf: (context: Context) => Promise<Partial<Case>> = () => Promise.resolve({}),
): Promise<CommandReply> =>
  runCommand(
    deps,
    request,
    'case.schedule',
    (tx) => Promise.all(versions.map(({ caseId }) => maybeOne(tx, caseById, [request.siteId, caseId]))),
    async (context, found) => {
      const before = versions.map(({ version }, index) => {
        const item = visibleCase(context, 'case.schedule', found[index]?.case);
        checkHoldNotExpired(item, 'move', context);
        checkVersion(item, version);
        checkState(item, 'move', context);
        checkHolder(item, context);
        return item;
      });
      const also = await alsoOf(context);
      const moves = movesOf(before);
      const moved = [];
      for (const [index, item] of before.entries()) {
        const { minutes, roomId, start, ...reason } = moves[index] as Move;
        const details = minutes === undefined ? {} : { minutes };
        const edit = { details, placement: { roomId, start }, ...reason };
        const prefix = prefixOf(index);
        const { after, judge } = await editCase(context, item, edit).catch((error: unknown) => {
          throw withPrefix(error, prefix);
        });
        moved.push({
          before: item,
          after: { ...after, ...also, version: item.version + 1 },
          judge: judge && prefixed(judge, prefix),
        });
      }
      await claimFor(context, moved, { check: requireReason(moved.map(({ judge }) => judge)) });
      const cases = moved.map(({ after }) => after);
      return {
        status: 200,
        body: { cases },
        cases,
        changes: cases.map((item) => ({ type: 'case', cause: 'moved', case: item }) as const),
      };
    },
  );

/** Names the fields of a refusal as in the request: `moves.2.start`. */
const addPrefix = (errors: readonly FieldError[], prefix: string) =>
  errors.map((error) => ({ ...error, field: `${prefix}${error.field}` }));

export function withPrefix(error: unknown, prefix: string): unknown {
  if (!(error instanceof Refusal) || !error.parts.errors) return error;
  return new Refusal(error.code, error.message, {
    ...error.parts,
    errors: addPrefix(error.parts.errors, prefix),
  });
}

export const prefixed =
  (judge: Judge, prefix: string): Judge =>
  (now) => {
    try {
      return addPrefix(judge(now), prefix);
    } catch (error) {
      throw withPrefix(error, prefix);
    }
  };
