import { randomUUID } from 'node:crypto';
import { caseState, milestone } from '@slate/shared/case-state';
import type { PlacedCase } from '@slate/shared/cases';
import { expectedAt, shownIn } from '@slate/shared/reality';
import { addDays, addMinutes, localDateOf, localDay } from '@slate/shared/time';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { book } from '../../../test/administer.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { siteHeadOf } from '../../db/board.sql.ts';
import { storedCase } from '../../db/cases.sql.ts';
import { one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { listCases } from './list-cases.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const dateOf = (days: number) => at('00:00', days).slice(0, 10);

/** Returns the ids of all pages. */
async function listed(db: Queryable, date: string, days: number, limit = 200): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const search = { date, days, limit, ...(cursor !== undefined && { cursor }) };
    const { cases, next } = await listCases(db, site.siteId, search, { kind: 'all' });
    ids.push(...cases.map(({ id }) => id));
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

test('RE9 a case over midnight is on the list of both days, in the order of their starts', async () => {
  const over = await book(site, { start: at('23:00'), minutes: 120 });
  const next = await book(site, { start: at('02:00', 1), minutes: 60 });
  expect(await listed(site.pool, dateOf(0), 1)).toEqual([over.id]);
  expect(await listed(site.pool, dateOf(1), 1)).toEqual([over.id, next.id]);
  expect(await listed(site.pool, dateOf(1), 1, 1)).toEqual([over.id, next.id]);
  expect(await listed(site.pool, dateOf(0), 2)).toEqual([over.id, next.id]);
  expect(await listed(site.pool, dateOf(2), 1)).toEqual([]);
});

test('RE9 with any facts, the list of a day has the cases that take place on it or are late into it', async () => {
  const plan = (await book(site, { start: at('12:00', 9) })) as PlacedCase;
  const moments = fc.integer({ min: -30 * 60, max: 30 * 60 });
  const cases = fc.sample(
    fc.record({
      state: fc.constantFrom(
        ...caseState.options.filter(
          (state) => !['held', 'depot', 'expired', 'released', 'voided'].includes(state),
        ),
      ),
      start: moments,
      minutes: fc.integer({ min: 5, max: 1440 }),
      milestones: fc.dictionary(fc.constantFrom(...milestone.options), moments, { maxKeys: 4 }),
    }),
    600,
  );
  // A day in this zone begins within an hour of now, so that many cases are late or run over its midnight.
  const west = new Date().getUTCHours();
  const zone = west <= 12 ? `Etc/GMT+${west}` : `Etc/GMT-${24 - west}`;
  const now = new Date().toISOString();
  const stored = cases.map(({ start, milestones, ...drawn }, index): PlacedCase => ({
    ...plan,
    ...drawn,
    id: randomUUID(),
    number: index + 1,
    start: addMinutes(now, start),
    end: addMinutes(now, start + drawn.minutes),
    milestones: Object.fromEntries(
      Object.entries(milestones).map(([fact, minute]) => [fact, addMinutes(now, minute)]),
    ),
  }));
  let late = 0;
  await site.owner.query('BEGIN');
  try {
    await site.owner.query('UPDATE sites SET time_zone = $2 WHERE id = $1', [site.siteId, zone]);
    await site.owner.query('SELECT save_cases($1, $2)', [
      site.siteId,
      JSON.stringify(stored.map(storedCase)),
    ]);
    const today = localDateOf(now, zone);
    for (const date of [addDays(today, -1), today, addDays(today, 1)]) {
      const day = localDay(date, zone);
      const before = await clockOf(site.owner);
      const found = await listed(site.owner, date, 1);
      const clocks = [before, await clockOf(site.owner)];
      for (const item of stored) {
        const isOn = clocks.map((clock) => shownIn(day, item, () => expectedAt(item, clock), clock) !== null);
        // The clock may reach the moment that decides it in between.
        expect(isOn).toContain(found.includes(item.id));
        if (date === today && item.end < day.start && isOn[0]) late++;
      }
    }
  } finally {
    await site.owner.query('ROLLBACK');
  }
  expect(late).toBeGreaterThan(5);
});

async function clockOf(owner: Queryable): Promise<string> {
  const { at: clock } = await one(owner, siteHeadOf, [site.siteId]);
  return clock;
}
