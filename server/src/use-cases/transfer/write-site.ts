import { hasBegun } from '@slate/shared/case-state';
import { claimsOf, patientStay } from '@slate/shared/cases';
import type { Actor } from '@slate/shared/fields';
import type { SiteDocument } from '@slate/shared/site-document';
import { addMinutes, rangeOf } from '@slate/shared/time';
import { insertBlocks } from '../../db/block-templates.sql.ts';
import { storedCase } from '../../db/cases.sql.ts';
import { claimsKeptDays } from '../../db/claims.sql.ts';
import { claim } from '../../db/commands.sql.ts';
import type { InWay } from '../../db/commands.sql.ts';
import { breaksConstraint } from '../../db/failures.ts';
import { one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import {
  writeCases,
  writeClosures,
  writeExternalIds,
  writeHolidays,
  writeMilestones,
  writeProcedures,
  writeRecurringClosures,
  writeResources,
  writeTemplates,
} from '../../db/site-document.sql.ts';
import { Refusal } from '../../domain/refusal.ts';

/** Small enough that each statement ends well within the time limit of the database. */
const batch = 200;

type Written = SiteDocument['cases'][number];
type Claimed = { readonly claims: object[]; readonly stay: object | null };

/**
 * Plans must fit. Facts claim what is free: first plans that have milestones or are over already, then cases that have begun.
 */
const ranks = ['plan', 'past', 'begun'] as const;
type Rank = (typeof ranks)[number];

/**
 * Writes the records of a document into a site that has none, except its settings and people. Everything planned gets its
 * claims from the engine, so it must fit; of what has begun or is over, the free parts are claimed.
 */
export async function writeSite(
  tx: Queryable,
  siteId: string,
  document: SiteDocument,
  { by, now }: { by: Actor; now: string },
): Promise<void> {
  const write = async (
    { name, text }: { name: string; text: string },
    items: readonly object[],
    ...more: unknown[]
  ) => {
    for (let at = 0; at < items.length; at += batch) {
      await run(tx, name, text, [siteId, JSON.stringify(items.slice(at, at + batch)), ...more]);
    }
  };
  try {
    await write(writeResources, document.resources);
    await write(writeProcedures, document.procedures);
    await write(writeHolidays, document.holidays);
    await write(writeTemplates, document.blockTemplates);
    await write(
      insertBlocks,
      document.blocks.map(({ templateDate: date, ...block }) => ({ ...block, date })),
    );
    await write(writeRecurringClosures, document.recurringClosures);
    await write(writeClosures, document.closures);
    for (const rank of ranks) await writeClaiming(tx, siteId, document, rank, now);
    await write(writeMilestones, document.cases, by.id);
    await write(writeExternalIds, document.externalIds);
  } catch (error) {
    if (!breaksConstraint(error)) throw error;
    throw new Refusal(
      'validation',
      'The file contradicts itself, so nothing was imported. Export the site again.',
    );
  }
}

/**
 * Cases are saved with their claims, batch by batch: the engine claims what a saved case under way uses, whenever somebody
 * else wants it.
 */
async function writeClaiming(tx: Queryable, siteId: string, document: SiteDocument, rank: Rank, now: string) {
  const zone = document.site.timeZone;
  const closures = document.closures.filter(({ end }) => rank === (end > now ? 'plan' : 'past'));
  const cases = document.cases.filter((item) => rank === rankOf(item, now));
  const items = [...closures, ...cases];
  for (let at = 0; at < items.length; at += batch) {
    const some = items.slice(at, at + batch);
    const saving = some.filter((item) => 'state' in item);
    const claimed = some.map((item): Claimed =>
      'state' in item ? claimedByCase(item, zone, now) : claimedByClosure(item, now),
    );
    await run(tx, writeCases.name, writeCases.text, [siteId, JSON.stringify(saving.map(storedCase))]);
    const { in_way: inWay } = await one(tx, claim, [
      siteId,
      saving.map(({ id }) => id),
      JSON.stringify(claimed.flatMap(({ claims }) => claims)),
      JSON.stringify(claimed.flatMap(({ stay }) => stay ?? [])),
      false,
      true,
    ]);
    const [first] = inWay;
    if (rank === 'plan' && first) throw claimedTwice(document, first);
  }
}

function rankOf({ state, milestones, end }: Written, now: string): Rank {
  if (hasBegun(state)) return 'begun';
  return Object.keys(milestones).length === 0 && (end ?? now) > now ? 'plan' : 'past';
}

/** Claims that ended long ago are not kept. */
const isKept =
  (now: string) =>
  ({ end }: { end: string }) =>
    end > addMinutes(now, -claimsKeptDays * 24 * 60);

function claimedByClosure(
  { id, resourceId, ...item }: SiteDocument['closures'][number],
  now: string,
): Claimed {
  const { start, end, quantity } = item;
  const claims = [{ closure: id, resource: resourceId, start, end, quantity }];
  return { claims: claims.filter(isKept(now)), stay: null };
}

const claimedByCase = (item: Written, zone: string, now: string): Claimed => ({
  claims: claimsOf(item, zone)
    .filter(isKept(now))
    .map(({ resourceId: resource, ...claimed }) => ({ case: item.id, resource, ...claimed })),
  stay: patientStay(item),
});

function claimedTwice(
  { resources, cases, closures, site }: SiteDocument,
  { resource, for: requesting, claim: other }: InWay,
): Refusal {
  const name = resources.find(({ id }) => id === resource)?.name ?? 'the patient';
  const nameOf = (item: string | null | undefined) => {
    const number = cases.find(({ id }) => id === item)?.number;
    return number === undefined
      ? `the closure “${closures.find(({ id }) => id === item)?.reason}”`
      : `case ${number}`;
  };
  const first = other
    ? `, but ${nameOf(other.case ?? other.closure)} has it ${rangeOf(other.start, other.end, site.timeZone)}`
    : ', more than there is';
  return new Refusal(
    'validation',
    `The file plans something twice, so nothing was imported: ${nameOf(requesting)} needs ${name}${first}.`,
  );
}
