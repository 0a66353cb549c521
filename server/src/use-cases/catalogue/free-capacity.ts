import { claimsOf, isPlaced } from '@slate/shared/cases';
import { noHandling } from '@slate/shared/resources';
import type { Handling } from '@slate/shared/resources';
import { overlaps } from '@slate/shared/time';
import type { Context, InTheWay } from '../../commands/context.ts';
import { canBump, inUse } from '../../commands/in-use.ts';
import { many, one } from '../../db/query.ts';
import { overLimit, lockCasesAndExpireHolds } from '../../db/resources.sql.ts';
import type { BlockingClaim } from '../../db/resources.sql.ts';
import { decideCases } from './decide-cases.ts';
import type { Choice, Displaced } from './decide-cases.ts';

/**
 * A reduction of a resource, for a while (closures) or for good (a lower capacity, longer handling, a retirement). At most `limit` of it
 * may be claimed in each of the ranges.
 */
export type Reduction = {
  resourceId: string;
  /** From the start (null: now) to the end (null: without end). */
  ranges: readonly { start: string | null; end: string | null }[];
  limit: number;
  closuresCount: boolean;
  /** How many minutes more each case takes for the handling of the equipment. */
  longer?: Handling;
  /** The reason recorded with the bumped cases, if the request has none. */
  reason: string;
  /** How a refusal begins: "OR 2 can’t be retired". */
  refusalStart: string;
};

/**
 * Carries out the decisions about the cases in the way, or refuses with everything in the way. The caller has locked the
 * resource, so nothing can be claimed of it meanwhile.
 */
export async function freeCapacity(
  context: Context,
  reduction: Reduction,
  choice: Choice,
): Promise<Displaced> {
  const { tx, request, zone } = context;
  const { resourceId, ranges, limit, closuresCount, longer = noHandling, refusalStart, reason } = reduction;
  const chosen = [
    ...new Set([...(choice.bump ?? []), ...(choice.decisions ?? []).map(({ caseId }) => caseId)]),
  ];
  const readInTheWay = async () => {
    const claims = await Promise.all(
      ranges.map(({ start, end }) =>
        many(tx, overLimit, [
          request.siteId,
          resourceId,
          start,
          end,
          limit,
          closuresCount,
          chosen,
          longer.transportMinutes,
          longer.reprocessMinutes,
        ]),
      ),
    );
    return claims.flat();
  };
  const refuse = (inTheWay: readonly BlockingClaim[], total?: number) =>
    inUse(refusalStart, inTheWay, zone, total);

  const [{ expired }, before] = await Promise.all([
    one(tx, lockCasesAndExpireHolds, [request.siteId, resourceId, chosen]),
    readInTheWay(),
  ]);
  context.expired.push(...expired);
  const total = ranges.length === 1 ? before[0]?.total : undefined;
  // Closures and cases under way stay, whatever is decided.
  const isHopeless = limit === 0 && !before.every(canBump);
  if (before.length > 0 && (isHopeless || (chosen.length === 0 && !request.preview)))
    throw refuse(before, total);

  const claims = new Map(before.flatMap((claim) => (claim.case ? [[claim.case.id, claim]] : [])));
  const inTheWay = [...claims.values()].flatMap(({ case: item }): InTheWay[] =>
    item && isPlaced(item) ? [{ case: item, why: 'claim', canStay: limit > 0 }] : [],
  );
  const isOpen = (caseId: string) => !expired.some(({ id }) => id === caseId);
  const displaced = await decideCases(
    context,
    inTheWay,
    {
      bump: choice.bump?.filter(isOpen),
      decisions: choice.decisions?.filter(({ caseId }) => isOpen(caseId)),
    },
    {
      reason,
      refuse: (cases) => refuse(cases.flatMap(({ case: { id } }) => claims.get(id) ?? [])),
      takes: (place) =>
        claimsOf(place, zone).some(
          (claim) =>
            claim.resourceId === resourceId && ranges.some((range) => overlaps(claim, boundless(range))),
        ),
    },
  );
  if (before.length === 0) return displaced;
  const after = await readInTheWay();
  if (after.length > 0) throw refuse(after, ranges.length === 1 ? after[0]?.total : undefined);
  return displaced;
}

const boundless = ({ start, end }: { start: string | null; end: string | null }) => ({
  start: start ?? '0',
  end: end ?? '9',
});
