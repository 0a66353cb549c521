import type { Case } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import { many, one } from '../../db/query.ts';
import { overLimit, lockCasesAndExpireHolds } from '../../db/resources.sql.ts';
import type { BlockingClaim } from '../../db/resources.sql.ts';
import { invalid } from '../../domain/refusal.ts';
import { withBump, toDepot } from '../cases/take-off-board.ts';
import { toReleased } from '../cases/holds.ts';
import { claimFor } from '../../commands/claim.ts';
import type { CaseChange } from '../../commands/claim.ts';
import type { Context } from '../../commands/context.ts';
import { canBump, inUse } from '../../commands/in-use.ts';

/**
 * A reduction of a resource, for a while (a closure) or for good (a lower capacity, a retirement). At most `limit` of it
 * may be claimed between `start` (or now) and `end` (or without end).
 */
export type Reduction = {
  resourceId: string;
  start: string | null;
  end: string | null;
  limit: number;
  closuresCount: boolean;
  /** The cases that may be bumped. */
  bump: readonly string[] | undefined;
  /** The reason recorded with the bumped cases. */
  reason: string;
  /** How a refusal begins: "OR 2 can’t be retired". */
  refusalStart: string;
};

export type Displaced = { ids: string[]; cases: Case[]; changes: ChangeBody[] };

/**
 * Bumps the named cases, or refuses with everything in the way. The caller has locked the resource, so nothing can be
 * claimed of it meanwhile.
 */
export async function freeCapacity(context: Context, reduction: Reduction): Promise<Displaced> {
  const { tx, request, zone } = context;
  const bump = [...new Set(reduction.bump)];
  const readInTheWay = () =>
    many(tx, overLimit, [
      request.siteId,
      reduction.resourceId,
      reduction.start,
      reduction.end,
      reduction.limit,
      reduction.closuresCount,
      bump,
    ]);
  const refuse = (inTheWay: readonly BlockingClaim[], total?: number) =>
    inUse(reduction.refusalStart, inTheWay, zone, total);

  const [{ expired }, before] = await Promise.all([
    one(tx, lockCasesAndExpireHolds, [request.siteId, reduction.resourceId, bump]),
    readInTheWay(),
  ]);
  context.expired.push(...expired);
  if (bump.length === 0) {
    if (before.length > 0) throw refuse(before, before[0]?.total);
    return { ids: [], cases: [], changes: [] };
  }

  const toBump = claimsToBump(reduction, before, expired);
  const immovable = toBump.filter((claim) => !canBump(claim));
  if (immovable.length > 0) throw refuse(immovable);
  const pairs = toBump.flatMap(({ case: item }) => (item ? [bumpOrRelease(item, reduction.reason)] : []));
  const { now } = await claimFor(context, pairs, { settled: true });

  const after = await readInTheWay();
  if (after.length > 0) throw refuse(after, after[0]?.total);
  const cases = pairs.map(({ before: old, after: item }) =>
    item.state === 'depot' && old?.state !== 'held' ? withBump(item, context.actor, now) : item,
  );
  return { ids: bump, cases, changes: cases.map(changeOf) };
}

/** The claims of the named cases. A case that is not in the way is refused, not bumped. */
function claimsToBump(
  { bump = [] }: Reduction,
  inTheWay: readonly BlockingClaim[],
  expired: readonly Case[],
): BlockingClaim[] {
  const toBump = new Map<string, BlockingClaim>();
  for (const [index, id] of bump.entries()) {
    const claim = inTheWay.find((each) => each.case?.id === id);
    if (claim) toBump.set(id, claim);
    else if (!expired.some((item) => item.id === id)) {
      throw invalid(`bump.${index}`, 'This case isn’t in the way anymore. Check again before you continue.');
    }
  }
  return [...toBump.values()];
}

/** A booked case goes to the depot. A hold is released, or goes back to the depot if it came from there. */
function bumpOrRelease(before: Case, reason: string): CaseChange {
  const version = before.version + 1;
  const after = before.state === 'held' ? toReleased(before, reason) : toDepot(before, reason);
  return { before, after: { ...after, version } };
}

const changeOf = (item: Case): ChangeBody => ({
  type: 'case',
  cause: item.state === 'released' ? 'released' : 'bumped',
  case: item,
});
