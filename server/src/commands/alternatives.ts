import type { PlacedCase } from '@slate/shared/cases';
import type { Alternative } from '@slate/shared/errors';
import { surroundingsOf } from '../db/openings.sql.ts';
import type { Surroundings } from '../db/openings.sql.ts';
import { maybeOne } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { nearestAlternatives } from '../domain/alternatives.ts';
import type { Needs, Schedule } from '../domain/gaps.ts';
import { notFound } from '../domain/refusal.ts';
import { resourcesNamed } from './placement.ts';

/**
 * Other places for the case on its day, nearest first. Its own claims do not block it. Callers who may not see all of
 * the patient's cases must not learn their times from the alternatives that are left out (PE3).
 */
export async function loadAlternatives(
  db: Queryable,
  siteId: string,
  wanted: PlacedCase,
  seesPatients = true,
): Promise<Alternative[]> {
  // A place on a list has no alternatives.
  if (wanted.list) return [];
  const around = await maybeOne(db, surroundingsOf, [
    siteId,
    null,
    wanted.start,
    1,
    null,
    wanted.procedureId,
    resourcesNamed(wanted),
    wanted.id,
    seesPatients ? wanted.patientRef : null,
    wanted.bed?.nights ?? null,
  ]);
  if (!around) throw notFound('site');
  const { procedure, patient } = around;
  const { setupMinutes, cleanupMinutes } = wanted;
  const needs: Needs = {
    ...wanted,
    procedure,
    capabilities: procedure?.capabilities ?? [],
    turnoverIn: () => ({ setupMinutes, cleanupMinutes }),
    patient,
  };
  return nearestAlternatives(scheduleOf(around), needs, wanted);
}

export const scheduleOf = ({ site, now, resources, blocks, claims }: Surroundings): Schedule => ({
  site,
  now,
  resources,
  blocks,
  claims: new Map(Object.entries(claims)),
});
