import { plannedTime } from '@slate/shared/time';
import { describe, expect, test } from 'vitest';
import { book, hold, refusalOf } from '../../../test/administer.ts';
import { holdInput, caseOf } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { changeCase } from './change-case.ts';
import { addToDepot } from './add-to-depot.ts';
import { createClosure } from '../catalogue/closures.ts';
import { placeCase } from './place-case.ts';
import { placeHold } from './place-hold.ts';

// In Chicago the clocks go from 02:00 to 03:00 on the second Sunday of March, and from 02:00 back to 01:00 on the
// first Sunday of November. Next year's dates, because the past cannot be planned (BK11).
const year = new Date().getUTCFullYear() + 1;
const sunday = (month: number, nth: number) => {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  return new Date(Date.UTC(year, month - 1, 1 + ((7 - first) % 7) + 7 * (nth - 1)))
    .toISOString()
    .slice(0, 10);
};
const spring = sunday(3, 2);
const autumn = sunday(11, 1);

let site: Laboratory;
withFreshSite((fresh) => (site = fresh), { timeZone: 'America/Chicago' });

/** Every command that takes a planned time. */
const commands: Record<string, (start: string) => Promise<unknown>> = {
  hold: (start) => placeHold(site.deps, site.request(), holdInput(site, { start })),
  move: async (start) => {
    const { id, version } = await book(site);
    return changeCase(site.deps, site.request(), id, { version, roomId: site.rooms[1], start });
  },
  place: async (start) => {
    const { id, version } = caseOf(
      await addToDepot(site.deps, site.request(), { title: 'Knee', minutes: 60 }),
    );
    return placeCase(site.deps, site.request(), id, { version, roomId: site.rooms[0], start });
  },
  close: (start) => {
    const [resourceId] = site.rooms;
    const closed = { resourceId, start, end: `${year}-12-01T12:00`, reason: 'Painting' };
    return createClosure(site.deps, site.request(), closed);
  },
};
const everyCommand = Object.entries(commands);

describe('BK10 a planned time', () => {
  test.each(everyCommand)('that the clock change skips is refused: %s', async (_, run) => {
    const { code, message } = await refusalOf(run(`${spring}T02:30`));
    expect([code, message]).toEqual([
      'validation',
      `start: ${spring}T02:30 doesn’t exist in America/Chicago that day: the clocks go forward. Choose another time.`,
    ]);
  });

  test.each(everyCommand)('that happens twice must be made unambiguous: %s', async (_, run) => {
    const { code, message, parts } = await refusalOf(run(`${autumn}T01:30`));
    const [earlier, later] = [`${autumn}T01:30:00-05:00`, `${autumn}T01:30:00-06:00`];
    expect([code, message]).toEqual([
      'validation',
      `start: ${autumn}T01:30 happens twice in America/Chicago. Choose one: ${earlier} or ${later}.`,
    ]);
    expect(parts.errors).toMatchObject([{ field: 'start', readings: [earlier, later] }]);
    for (const reading of [earlier, later]) expect(plannedTime.safeParse(reading).success).toBe(true);
  });

  test.each([
    [`${autumn}T06:30:00.000Z`, `${autumn}T06:30:00.000Z`],
    [`${spring}T01:59`, `${spring}T07:59:00.000Z`],
    [`${spring}T03:00`, `${spring}T08:00:00.000Z`],
    [`${autumn}T00:59`, `${autumn}T05:59:00.000Z`],
    [`${autumn}T02:00`, `${autumn}T08:00:00.000Z`],
    [`${year}-07-01T09:00`, `${year}-07-01T14:00:00.000Z`],
  ])('that is unambiguous is local time: %s', async (local, start) => {
    expect((await hold(site, { start: local })).start).toBe(start);
  });

  test('keeps its length across a clock change', async () => {
    const { end } = await hold(site, { start: `${spring}T01:30`, minutes: 60 });
    expect(end).toBe(`${spring}T08:30:00.000Z`);
  });

  test.each([
    ['23', spring, 18, 17],
    ['25', autumn, 17, 18],
  ])('CL3 a bed is claimed from noon to noon, local time: a night of %s hours', async (_, date, from, to) => {
    const eve = new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
    await hold(site, { start: `${eve}T09:00`, bed: { resourceId: site.beds, nights: 1 } });
    const { rows } = await site.owner.query(
      'SELECT lower(during) AS from, upper(during) AS to FROM claims WHERE site_id = $1 AND resource_id = $2',
      [site.siteId, site.beds],
    );
    expect(rows).toEqual([{ from: new Date(`${eve}T${from}:00Z`), to: new Date(`${date}T${to}:00Z`) }]);
  });
});
