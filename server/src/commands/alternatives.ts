import { turnoverAfterMove } from '@slate/shared/case-draft';
import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Alternative } from '@slate/shared/errors';
import { surroundingsOf } from '../db/openings.sql.ts';
import type { Surroundings } from '../db/openings.sql.ts';
import { maybeOne } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { nearestAlternatives } from '../domain/alternatives.ts';
import { withForecast } from '../domain/forecast.ts';
import type { Needs, Schedule } from '../domain/gaps.ts';
import { notFound } from '../domain/refusal.ts';
import { resourceIdsOf } from './placement.ts';

/**
 * Loads other places for the case on its day, nearest first. Its own claims do not block it. Callers who may not see
 * all of the patient's cases must not learn their times from the alternatives that are left out (PE3). `before`: the case
 * as it is; its current place is not an alternative.
 */
export async function loadAlternatives(
  db: Queryable,
  siteId: string,
  requested: PlacedCase,
  seesPatients = true,
  before: Case | null = null,
): Promise<Alternative[]> {
  // A place on a list has no alternatives.
  if (requested.list) return [];
  const around = await maybeOne(db, surroundingsOf, [
    siteId,
    null,
    requested.start,
    1,
    null,
    requested.procedureId,
    [...resourceIdsOf(requested), requested.roomId],
    requested.id,
    seesPatients ? requested.patientRef : null,
    requested.bed?.nights ?? null,
  ]);
  if (!around) throw notFound('site');
  const { procedure, patient } = around;
  const { settings } = around.site;
  const from = around.resources.find(({ id }) => id === requested.roomId) ?? null;
  const needs: Needs = {
    ...requested,
    procedure,
    capabilities: procedure?.capabilities ?? [],
    turnoverIn: (to) => turnoverAfterMove(requested, { from, to, procedure, settings }),
    patient,
  };
  const current = before && isPlaced(before) ? before : null;
  return nearestAlternatives(scheduleOf(around), needs, requested, current);
}

/** The time that late and delayed cases are expected to use counts as taken (RE14). */
export function scheduleOf({ site, now, resources, blocks, claims, cases, pools }: Surroundings): Schedule {
  const byId = new Map(pools.map((pool) => [pool.id, pool]));
  return {
    site,
    now,
    resources,
    blocks,
    claims: withForecast(new Map(Object.entries(claims)), cases, byId, now),
  };
}
