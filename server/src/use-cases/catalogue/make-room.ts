import type { Case } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import { many, one } from '../../db/query.ts';
import { overLimit, lockCasesAndExpireHolds } from '../../db/resources.sql.ts';
import type { BlockingClaim } from '../../db/resources.sql.ts';
import { invalid } from '../../domain/refusal.ts';
import { bumped, toDepot } from '../cases/take-off-board.ts';
import { released } from '../cases/holds.ts';
import { claimFor } from '../../commands/claim.ts';
import type { CaseChange } from '../../commands/claim.ts';
import type { Context } from '../../commands/context.ts';
import { canGo, inUse } from '../../commands/in-use.ts';

/**
 * Less of a resource, for a while (a closure) or from now on (a cut, a retirement). All of these ask the
 * same: that no more than `limit` of it is claimed between `start` (or now) and `end` (or ever).
 */
export type Room = {
  resourceId: string;
  start: string | null;
  end: string | null;
  limit: number;
  closuresCount: boolean;
  /** The cases that may be sent away for it. */
  bump: readonly string[] | undefined;
  /** What happens to the resource: the reason that the cases are given. */
  reason: string;
  /** How a refusal begins: "OR 2 cannot be retired". */
  refused: string;
};

export type Displaced = { ids: string[]; cases: Case[]; changes: ChangeBody[] };

/**
 * Sends away the cases that were named, or refuses with all that is in the way. The caller has locked the
 * resource, so nothing is claimed of it meanwhile.
 */
export async function makeRoom(context: Context, room: Room): Promise<Displaced> {
  const { tx, request, zone } = context;
  const bump = [...new Set(room.bump)];
  const look = () =>
    many(tx, overLimit, [
      request.siteId,
      room.resourceId,
      room.start,
      room.end,
      room.limit,
      room.closuresCount,
      bump,
    ]);
  const refuse = (inTheWay: readonly BlockingClaim[], total?: number) =>
    inUse(room.refused, inTheWay, zone, total);

  const [{ expired }, before] = await Promise.all([
    one(tx, lockCasesAndExpireHolds, [request.siteId, room.resourceId, bump]),
    look(),
  ]);
  context.expired.push(...expired);
  if (bump.length === 0) {
    if (before.length > 0) throw refuse(before, before[0]?.total);
    return { ids: [], cases: [], changes: [] };
  }

  const going = casesToGo(room, before, expired);
  const staying = going.filter((claim) => !canGo(claim));
  if (staying.length > 0) throw refuse(staying);
  const pairs = going.flatMap(({ case: item }) => (item ? [sentAway(item, room.reason)] : []));
  const { now } = await claimFor(context, pairs, { settled: true });

  const after = await look();
  if (after.length > 0) throw refuse(after, after[0]?.total);
  const cases = pairs.map(({ before: was, after: item }) =>
    item.state === 'depot' && was?.state !== 'held' ? bumped(item, context.actor, now) : item,
  );
  return { ids: bump, cases, changes: cases.map(changeOf) };
}

/** The claims of the named cases. Who is not in the way is not sent away by mistake. */
function casesToGo(
  { bump = [] }: Room,
  inTheWay: readonly BlockingClaim[],
  expired: readonly Case[],
): BlockingClaim[] {
  const going = new Map<string, BlockingClaim>();
  for (const [index, id] of bump.entries()) {
    const claim = inTheWay.find((each) => each.case?.id === id);
    if (claim) going.set(id, claim);
    else if (!expired.some((item) => item.id === id)) {
      throw invalid(`bump.${index}`, 'This case isn’t in the way anymore. Check again before you continue.');
    }
  }
  return [...going.values()];
}

/** A booked case goes to the depot; a hold ends, and goes there if it came from there. */
function sentAway(before: Case, reason: string): CaseChange {
  const version = before.version + 1;
  const after = before.state === 'held' ? released(before, reason) : toDepot(before, reason);
  return { before, after: { ...after, version } };
}

const changeOf = (item: Case): ChangeBody => ({
  type: 'case',
  cause: item.state === 'released' ? 'released' : 'bumped',
  case: item,
});
