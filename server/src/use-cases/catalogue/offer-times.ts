import { turnoverAfterMove } from '@slate/shared/case-draft';
import { claimsWithHandling } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import type { Span } from '@slate/shared/capacity';
import { cannotWait, dayTime } from '@slate/shared/contract/reads';
import type { Alternative } from '@slate/shared/errors';
import { minuteOf } from '@slate/shared/minutes';
import type { Procedure, Resource } from '@slate/shared/resources';
import { addDays, localDateOf } from '@slate/shared/time';
import type { TimeRange } from '@slate/shared/time';
import { scheduleOf } from '../../commands/alternatives.ts';
import type { InTheWay } from '../../commands/context.ts';
import { resourceIdsOf } from '../../commands/placement.ts';
import { surroundingsOf, staysOfPatients } from '../../db/openings.sql.ts';
import { proceduresById } from '../../db/procedures.sql.ts';
import { many, maybeOne } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import type { Schedule } from '../../domain/gaps.ts';
import { findOpenings } from '../../domain/openings.ts';
import { notFound } from '../../domain/refusal.ts';

const searchedDays = 7;
/** The cases of so many days share one schedule, so many cases cost few queries. */
const daysPerGroup = 7;
/** Cases of later groups get no offers until the earlier ones are decided. */
const mostGroups = 12;
const mostOffers = 4;

type Stay = { readonly patient: string; readonly caseId: string; readonly span: Span };
type Group = { readonly cases: readonly InTheWay[]; readonly schedule: Schedule };

/** The facts for the search for other times, from one transaction. */
export type Surroundings = {
  readonly groups: readonly Group[];
  readonly procedures: ReadonlyMap<string, Procedure>;
  readonly stays: readonly Stay[];
};

/** Loads the schedules around the cases: a query for each week with cases, not for each case. */
export async function loadSurroundings(
  db: Queryable,
  siteId: string,
  zone: string,
  inTheWay: readonly InTheWay[],
): Promise<Surroundings> {
  const waiting = inTheWay
    .filter(({ case: item, carry }) => item.state !== 'held' && (!carry || carry.problem !== null))
    .toSorted((a, b) => (a.case.start < b.case.start ? -1 : 1));
  const groups: { first: string; cases: InTheWay[] }[] = [];
  for (const each of waiting) {
    const day = localDateOf(each.case.start, zone);
    const last = groups.at(-1);
    if (last && day < addDays(last.first, daysPerGroup)) last.cases.push(each);
    else groups.push({ first: day, cases: [each] });
  }
  const items = waiting.map(({ case: item, carry }) => carry?.after ?? item);
  const procedureIds = [...new Set(items.flatMap(({ procedureId }) => procedureId ?? []))];
  const patients = [...new Set(items.flatMap(({ patientRef }) => patientRef ?? []))];
  const [procedures, stays, ...schedules] = await Promise.all([
    many(db, proceduresById, [siteId, procedureIds]),
    many(db, staysOfPatients, [siteId, patients]),
    ...groups.slice(0, mostGroups).map(async ({ first, cases }): Promise<Group> => {
      const needs = cases.map(({ case: item, carry }) => carry?.after ?? item);
      const around = await maybeOne(db, surroundingsOf, [
        siteId,
        first,
        null,
        daysPerGroup + searchedDays - 1,
        null,
        null,
        [...new Set(needs.flatMap((item) => [...resourceIdsOf(item), item.roomId]))],
        null,
        null,
        Math.max(0, ...needs.map(({ bed }) => bed?.nights ?? 0)),
      ]);
      if (!around) throw notFound('site');
      return { cases, schedule: scheduleOf(around) };
    }),
  ]);
  return {
    groups: schedules,
    procedures: new Map(procedures.map(({ procedure }) => [procedure.id, procedure])),
    stays: stays.map(({ patient, caseId, ...range }) => ({ patient, caseId, span: spanOf(range) })),
  };
}

/**
 * Finds other times for each case, without a reason to give, by case. The first offer of each case counts as taken for
 * the cases after it, so all first offers can be accepted together.
 */
export async function offerTimes({
  groups,
  procedures,
  stays,
}: Surroundings): Promise<ReadonlyMap<string, Alternative[]>> {
  const offers = new Map<string, Alternative[]>();
  const reserved = new Map<string, Span[]>();
  const reservedStays: Stay[] = [];
  for (const { cases, schedule } of groups) {
    for (const each of cases) {
      const item = each.carry?.after ?? each.case;
      const zone = schedule.site.timeZone;
      const found = openingsFor(item, {
        schedule: withClaims(schedule, reserved, each, zone),
        procedure: procedures.get(item.procedureId ?? '') ?? null,
        patient: [...stays, ...reservedStays]
          .filter(({ patient, caseId }) => patient === item.patientRef && caseId !== item.id)
          .map(({ span }) => span),
        from: localDateOf(each.case.start, zone),
      });
      const other = found.filter(
        ({ roomId, start }) => roomId !== each.case.roomId || start !== each.case.start,
      );
      offers.set(item.id, other.slice(0, mostOffers));
      const [first] = other;
      if (first) {
        const turnover = turnoverAfterMove(item, {
          from: resourceIn(schedule)(item.roomId) ?? null,
          to: resourceIn(schedule)(first.roomId) ?? null,
          procedure: procedures.get(item.procedureId ?? '') ?? null,
          settings: schedule.site.settings,
        });
        const moved = { ...item, ...turnover, ...first, list: null };
        for (const { resourceId, quantity, ...range } of claimsWithHandling(
          moved,
          zone,
          resourceIn(schedule),
        ))
          reserved.set(resourceId, [...(reserved.get(resourceId) ?? []), { ...spanOf(range), quantity }]);
        if (item.patientRef !== null)
          reservedStays.push({ patient: item.patientRef, caseId: item.id, span: spanOf(first) });
      }
      // A search takes milliseconds, and there may be hundreds: other requests come in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return offers;
}

const resourceIn =
  ({ resources }: Schedule) =>
  (id: string) =>
    resources.find((each) => each.id === id);

const spanOf = ({ start, end }: TimeRange): Span => ({
  start: minuteOf(start),
  end: minuteOf(end),
  quantity: 1,
});

/** The schedule with the reserved times, and without what the case itself still claims. */
function withClaims(
  schedule: Schedule,
  reserved: ReadonlyMap<string, readonly Span[]>,
  { case: item, why }: InTheWay,
  zone: string,
): Schedule {
  const claims = new Map(schedule.claims);
  for (const [resourceId, spans] of reserved)
    claims.set(resourceId, [...(claims.get(resourceId) ?? []), ...spans]);
  // Cases in the way of a smaller capacity have given their claims up already.
  for (const { resourceId, quantity, ...range } of why === 'claim'
    ? []
    : claimsWithHandling(item, zone, resourceIn(schedule))) {
    const own = { ...spanOf(range), quantity };
    const spans = [...(claims.get(resourceId) ?? [])];
    const at = spans.findIndex(
      (each) => each.start === own.start && each.end === own.end && each.quantity === quantity,
    );
    if (at >= 0) claims.set(resourceId, spans.toSpliced(at, 1));
  }
  return { ...schedule, claims };
}

function openingsFor(
  item: PlacedCase,
  around: { schedule: Schedule; procedure: Procedure | null; patient: readonly Span[]; from: string },
): Alternative[] {
  const { schedule, procedure, patient, from } = around;
  const { settings } = schedule.site;
  const current = resourceIn(schedule)(item.roomId) ?? null;
  const today = localDateOf(schedule.now, schedule.site.timeZone);
  const isUrgent = cannotWait(item.urgency);
  const needs = {
    ...item,
    procedure,
    capabilities: procedure?.capabilities ?? [],
    turnoverIn: (to: Resource) => turnoverAfterMove(item, { from: current, to, procedure, settings }),
    patient,
  };
  const wish = {
    date: from < today ? today : from,
    days: searchedDays,
    limit: mostOffers * 4,
    blocks: ['own', 'open'] as const,
    isSoonest: isUrgent,
    hours: { times: isUrgent ? null : dayTime, weekdays: null },
  };
  return findOpenings(schedule, needs, { ...wish, blocks: [...wish.blocks] })
    .openings.filter(({ cautions }) => cautions.length === 0)
    .map(({ roomId, start, end }) => ({ roomId, start, end }));
}
