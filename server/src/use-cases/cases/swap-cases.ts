import { placedAt } from '@slate/shared/case-draft';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { SwapCases } from '@slate/shared/contract/cases';
import { caseById } from '../../db/cases.sql.ts';
import { maybeOne } from '../../db/query.ts';
import { invalid } from '../../domain/refusal.ts';
import {
  checkHolder,
  checkHoldStands,
  checkState,
  checkVersion,
  visibleCase,
} from '../../commands/command-on-case.ts';
import { claimFor } from '../../commands/claim.ts';
import { runCommand } from '../../commands/command.ts';
import type { CaseChange, Check } from '../../commands/claim.ts';
import type { CommandDeps, CommandRequest, Context } from '../../commands/context.ts';
import { checkPlacement, lostPlace, placementFacts } from '../../commands/placement.ts';

/** Two cases trade places in one command: each takes the other's room and start, and keeps its own length. */
export const swapCases = (deps: CommandDeps, request: CommandRequest, asked: SwapCases) =>
  runCommand(
    deps,
    request,
    'case.schedule',
    (tx) =>
      Promise.all([
        maybeOne(tx, caseById, [request.siteId, asked.first.caseId]),
        maybeOne(tx, caseById, [request.siteId, asked.second.caseId]),
      ]),
    async (context, found) => {
      const [first, second] = found.map((row, index) => {
        const item = visibleCase(context, 'case.schedule', row?.case);
        checkHoldStands(item, 'move', context);
        checkVersion(item, (index === 0 ? asked.first : asked.second).version);
        checkState(item, 'move', context);
        checkHolder(item, context);
        return item;
      });
      if (!first || !second || !isPlaced(first) || !isPlaced(second)) {
        throw invalid('first', 'Both cases must have a room and a time.');
      }
      const override = asked.overrideReason ?? null;
      const trades = [
        await trade(context, first, second, override),
        await trade(context, second, first, override),
      ];
      await claimFor(context, trades, { check: (now) => trades.forEach(({ check }) => check(now)) });
      const cases = trades.map(({ after }) => after);
      return {
        status: 200,
        body: { cases },
        cases,
        changes: cases.map((item) => ({ type: 'case', cause: 'moved', case: item }) as const),
      };
    },
  );

async function trade(
  context: Context,
  item: Case,
  other: Case,
  overrideReason: string | null,
): Promise<CaseChange & { check: Check }> {
  const to = {
    roomId: other.roomId ?? undefined,
    start: other.start ?? undefined,
    blockId: item.list?.blockId,
  };
  const facts = await placementFacts(context.tx, context.request.siteId, to, {
    procedureId: item.procedureId,
  });
  const moved = placedAt({ ...item, version: item.version + 1, overrideReason }, other.roomId, other.start);
  const after = lostPlace(facts, moved) ? { ...moved, list: null } : moved;
  const room = facts.resources.find((each) => each.kind === 'room') ?? null;
  return { before: item, after, check: checkPlacement(context, after, room, facts) };
}
