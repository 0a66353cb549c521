import { claimsWithHandling, isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Blocker } from '@slate/shared/errors';
import { conflictSentence, handlingInTheWay, retiredSentence } from '@slate/shared/conflict-sentence';
import type { ResourceConflict, OtherUse } from '@slate/shared/conflict-sentence';
import { handlingOf } from '@slate/shared/resources';
import { dayAndTimeOf, timeOf } from '@slate/shared/time';
import { conflictDetailsOf } from '../db/cases.sql.ts';
import type { InWay } from '../db/commands.sql.ts';
import { one } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { Refusal } from '../domain/refusal.ts';
import { isOwn } from '../domain/visibility.ts';
import { limitConcurrency } from '../limit-concurrency.ts';
import type { Conflict } from './claim.ts';
import { loadAlternatives } from './alternatives.ts';

// If a hundred requests compete for one time, ninety-nine need an explanation. Without a limit, their queries would
// take all connections from the requests that still run.
const limited = limitConcurrency(4);

/** Builds the refusal: what is in the way, as far as the caller may see it, and alternatives. */
export const explainConflict = (db: Queryable, siteId: string, conflict: Conflict): Promise<Refusal> =>
  limited(() => explain(db, siteId, conflict));

/** Returns what is in the way, as in a refusal. */
export const blockersOf = async (db: Queryable, siteId: string, conflict: Conflict): Promise<Blocker[]> =>
  (await explain(db, siteId, conflict)).parts.blockers ?? [];

async function explain(db: Queryable, siteId: string, conflict: Conflict): Promise<Refusal> {
  const { inWay, inactive, requested, before, isCaution, zone, oneOfMany } = conflict;
  const ids = (pick: (item: (typeof inWay)[number]) => string | null | undefined) =>
    inWay.map(pick).filter((id) => typeof id === 'string');
  // Alternatives would reveal where the patient is to a caller who may not see it.
  const isUnseenPatient = conflict.own !== null && inWay.some(({ resource }) => resource === null);
  const [details, found] = await Promise.all([
    one(db, conflictDetailsOf, [
      siteId,
      [...ids((item) => item.resource), ...inactive],
      ids((item) => item.claim?.case),
      ids((item) => item.claim?.closure),
    ]),
    requested && isPlaced(requested) && !isUnseenPatient && !isCaution
      ? loadAlternatives(db, siteId, requested, conflict.own === null, before)
      : [],
  ]);

  const alternatives = found.filter((place) => !oneOfMany?.takes(place));
  const nameOf = (resourceId: string | null) =>
    details.resources.find((each) => each.id === resourceId)?.name ?? 'The patient';
  const visible = (item: Case) =>
    conflict.own === null || isOwn(item, conflict.own.userId, conflict.own.surgeonIds);
  const seenCase = ({ claim }: InWay) => {
    const item = details.cases.find((each) => each.id === claim?.case);
    return item && visible(item) ? item : null;
  };
  const isRoom = (id: string | null) =>
    details.resources.some((each) => each.id === id && each.kind === 'room');
  // Of a case the caller may not see, only the claim on its room is visible (FE3).
  const hidesTimes = (each: InWay) =>
    each.claim !== null && each.claim.closure === null && !isRoom(each.resource) && seenCase(each) === null;

  const resourceOf = (id: string | null) => details.resources.find((each) => each.id === id);
  const requestedClaims = requested ? claimsWithHandling(requested, zone, resourceOf) : [];

  const obstacleOf = (id: string | null): ResourceConflict => {
    const here = inWay.filter(({ resource }) => resource === id);
    const resource = resourceOf(id);
    const handling = handlingOf(resource);
    const wanted = requestedClaims.find(({ resourceId }) => resourceId === id);
    return {
      kind: resource?.kind ?? 'patient',
      name: nameOf(id),
      capacity: resource?.capacity ?? 1,
      quantity: requested?.equipment.find((need) => need.resourceId === id)?.quantity ?? 1,
      uses: here.flatMap((each): OtherUse[] => {
        const { claim } = each;
        if (!claim) return [];
        const seen = seenCase(each);
        return [
          {
            ...claim,
            hidesTimes: hidesTimes(each),
            handling: wanted && claim.case && seen ? handlingInTheWay(claim, wanted, handling) : null,
            title: seen?.title,
            room: seen && seen.roomId !== id ? nameOf(seen.roomId) : null,
            heldBy: seen?.state === 'held' && id !== null ? seen.holder?.name : null,
            expiresAt: seen?.expiresAt,
            closedFor: details.closures.find(({ id: closure }) => closure === claim.closure)?.reason,
          },
        ];
      }),
    };
  };

  const blockers: Blocker[] = inWay.flatMap((each): Blocker[] => {
    const { resource, claim } = each;
    if (!claim) return [];
    const { start, end } = hidesTimes(each) && requested && isPlaced(requested) ? requested : claim;
    const closure = details.closures.find(({ id }) => id === claim.closure);
    if (closure) return [{ kind: 'closure', resourceId: resource, start, end, reason: closure.reason }];
    const kind = resource === null ? 'patient' : 'case';
    const item = seenCase(each);
    if (!item) return [{ kind, resourceId: resource, start, end }];
    return [
      {
        kind: item.state === 'held' && resource !== null ? 'hold' : kind,
        resourceId: resource,
        start,
        end,
        caseId: item.id,
        number: item.number,
        title: item.title,
        ...(item.holder && { by: item.holder.name }),
        ...(item.expiresAt && { expiresAt: item.expiresAt }),
      },
    ];
  });

  const times = {
    until: (instant: string) => dayAndTimeOf(instant, zone),
    ends: (instant: string) => timeOf(instant, zone),
  };
  const sentences = [
    ...inactive.map((id) => `${retiredSentence(nameOf(id))}.${isCaution ? '' : ' Choose another.'}`),
    ...[...new Set(inWay.map(({ resource }) => resource))].map(
      (id) => `${conflictSentence(obstacleOf(id), times)}.`,
    ),
  ].slice(0, 5);
  const named = withoutRepeats(blockers).slice(0, 20);
  if (isCaution) {
    return new Refusal(conflict.code, `${sentences.join(' ')} Give a reason to continue.`, {
      errors: sentences.map((reason) => ({ field: 'overrideReason', reason })),
      blockers: named,
    });
  }
  const advice =
    alternatives.length > 0
      ? ' Pick one of the alternatives or choose another time.'
      : ' Choose another time or room.';
  const subject = oneOfMany ? `Case ${oneOfMany.number}: ` : '';
  return new Refusal(conflict.code, subject + sentences.join(' ') + advice, {
    ...(oneOfMany && { errors: [{ field: oneOfMany.field, reason: sentences.join(' ') }] }),
    blockers: named,
    alternatives,
  });
}

/** Cases with hidden times look the same. Merging them hides their number too. */
const withoutRepeats = (blockers: readonly Blocker[]) => [
  ...new Map(blockers.map((blocker) => [JSON.stringify(blocker), blocker])).values(),
];
