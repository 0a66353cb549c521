import { cannotWait, dayTime } from '@slate/shared/contract/reads';
import type { DayWithout, Opening, OpeningsSearch } from '@slate/shared/contract/reads';
import { draftNeeds, turnoverOf } from '@slate/shared/case-draft';
import { scheduleOf } from '../../commands/alternatives.ts';
import { checkResources, resourceOf, resourceIdsOf } from '../../commands/placement.ts';
import { surroundingsOf } from '../../db/openings.sql.ts';
import type { Surroundings } from '../../db/openings.sql.ts';
import { maybeOne } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import type { Hours, Needs } from '../../domain/gaps.ts';
import { notYourSurgeon, officeService } from '../../domain/office-service.ts';
import { findOpenings } from '../../domain/openings.ts';
import { invalid, notFound, Refusal } from '../../domain/refusal.ts';

/** Finds times at which a case fits, best first. An office (with surgeons) gets only times it may hold (PE2). */
export async function searchOpenings(
  db: Queryable,
  siteId: string,
  search: OpeningsSearch,
  caller: { surgeonIds: string[] | null },
): Promise<{ openings: Opening[]; without: DayWithout[]; at: string }> {
  const { surgeonIds } = caller;
  if (search.surgeonId && surgeonIds?.includes(search.surgeonId) === false) throw notYourSurgeon();
  const own = search.surgeonId ? [search.surgeonId] : (surgeonIds ?? []);
  const around = await maybeOne(db, surroundingsOf, [
    siteId,
    search.date,
    null,
    search.days,
    search.roomIds ?? null,
    search.procedureId ?? null,
    [...resourceIdsOf(search), ...own],
    null,
    null,
    search.bed?.nights ?? null,
  ]);
  if (!around) throw notFound('site');
  const surgeon = checkResources(around, search);
  const surgeons = around.resources.filter(({ id }) => own.includes(id));
  // Surgeons of the office that the search does not name may be retired.
  const requestedResources = around.resources.filter(
    ({ id }) => id === search.surgeonId || !own.includes(id),
  );
  checkRoomsAndPools({ ...around, resources: requestedResources }, search);

  const { procedure } = around;
  const { settings } = around.site;
  const service = surgeonIds === null ? search.service : officeService(surgeons, search, procedure);
  const needs: Needs = {
    ...draftNeeds({ ...search, service }, { procedure, room: null, surgeon, settings }),
    procedure,
    capabilities: [...(procedure?.capabilities ?? []), ...(search.capabilities ?? [])],
    turnoverIn: (room) => turnoverOf(room, procedure, settings),
  };
  const all = surgeonIds === null ? blockKinds : blockKinds.filter((block) => block !== 'other');
  const blocks = search.blocks === 'any' ? all : [search.blocks];
  const { date, days, limit, urgency, weekdays = null } = search;
  const isSoonest = cannotWait(urgency);
  const wish = { date, days, limit, blocks, isSoonest, hours: { times: timesOf(search), weekdays } };
  return { ...findOpenings(scheduleOf(around), needs, wish), at: around.now };
}

/** Day times by default, any time if the case cannot wait. */
function timesOf({ from, to, urgency }: OpeningsSearch): Hours['times'] {
  if (from === undefined && to === undefined) return cannotWait(urgency) ? null : dayTime;
  return { from: from ?? '00:00', to: to ?? '24:00' };
}

const blockKinds = ['own', 'open', 'other'] as const;

/** Refuses a search that can never find anything. */
function checkRoomsAndPools(around: Surroundings, { roomIds, equipment }: OpeningsSearch) {
  for (const [index, roomId] of (roomIds ?? []).entries()) {
    resourceOf(around, 'room', roomId, `roomIds.${index}`);
  }
  for (const [index, { resourceId, quantity }] of (equipment ?? []).entries()) {
    const pool = around.resources.find(({ id }) => id === resourceId);
    if (pool && quantity > pool.capacity) {
      throw invalid(
        `equipment.${index}.quantity`,
        `There are only ${pool.capacity} of ${pool.name}. Ask for less.`,
      );
    }
  }
  const retired = around.resources.find(({ active }) => !active);
  if (retired) {
    throw new Refusal('resource_inactive', `${retired.name} is retired and can’t be booked. Choose another.`);
  }
}
