import type { BlockPlan } from '@slate/shared/block-templates';
import { timeOf, weekdayOf } from '@slate/shared/time';
import { beforeEach, expect, test } from 'vitest';
import { administrator, feed } from '../../../test/administer.ts';
import {
  addHoliday,
  changeTemplate,
  createTemplate,
  dateIn,
  datesOfBlocks,
  laidBlocks,
  planIn,
  weekly,
} from '../../../test/block-templates.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { layOutBlocks } from './lay-out-blocks.ts';
import { changeSettings, readSettings } from './settings.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));
let plan: BlockPlan;
beforeEach(() => {
  plan = planIn(site);
});

const blocks = () => laidBlocks(site);
const arrange = (text: string, ...values: unknown[]) => site.owner.query(text, [site.siteId, ...values]);

test('BT4 the job keeps blocks as far ahead as the settings say, and is silent otherwise', async () => {
  await createTemplate(site);
  const before = await feed(site);
  await layOutBlocks(site.deps);
  expect((await feed(site)).length).toBe(before.length);
  await site.clock.advance(14 * 86_400);
  site.published.length = 0;
  await layOutBlocks(site.deps);
  expect(await blocks()).toHaveLength(28);
  expect((await feed(site)).slice(before.length)).toEqual(
    (await blocks()).slice(-2).map((block) => ({ type: 'block', block })),
  );
  expect(site.published).toContainEqual({ kind: 'site', siteId: site.siteId });
  expect(await layOutBlocks(site.deps)).toBe(0);
});

test('BT4 the job follows a longer setting', async () => {
  await createTemplate(site);
  const { version } = await readSettings(site.pool, site.siteId);
  await changeSettings(site.deps, administrator(site), { version, blockWeeks: 30 });
  await layOutBlocks(site.deps);
  expect(await blocks()).toHaveLength(30);
});

test('BT3 the job makes the same blocks from any starting day, in any number of processes', async () => {
  await createTemplate(site, {
    recurrence: weekly({
      weekdays: [weekdayOf(dateIn(3)), weekdayOf(dateIn(5))],
      everyWeeks: 3,
      from: dateIn(3),
    }),
    exceptions: [{ date: dateIn(40), plan: { ...plan, start: '06:00' } }],
  });
  await addHoliday(site, dateIn(24));
  const laid = await blocks();
  for (const days of [-1, 17, 100]) {
    await arrange(
      'DELETE FROM blocks WHERE site_id = $1 AND template_id IS NOT NULL AND template_date > $2',
      dateIn(days),
    );
    await arrange('UPDATE block_templates SET laid_until = $2 WHERE site_id = $1', dateIn(days));
    await Promise.all([1, 2, 3, 4].map(() => layOutBlocks(site.deps)));
    expect(await blocks()).toEqual(laid);
  }
});

test('BT3 the job runs beside a command that changes the template: all blocks are of the new rule', async () => {
  const template = await createTemplate(site);
  await site.clock.advance(14 * 86_400);
  await Promise.all([
    changeTemplate(site, template, { plan: { ...plan, start: '08:00' } }),
    layOutBlocks(site.deps),
    layOutBlocks(site.deps),
  ]);
  await layOutBlocks(site.deps);
  const future = (await blocks()).filter(({ start }) => start > at('00:00', 15));
  expect(new Set(future.map(({ start }) => timeOf(start, 'UTC')))).toEqual(new Set(['08:00']));
  expect(new Set(future.map(({ start }) => start)).size).toBe(future.length);
  expect(future).toHaveLength(26);
});

test('BT10 a block that the job has no time for is reported, and the others are made', async () => {
  await createTemplate(site);
  await arrange('DELETE FROM blocks WHERE site_id = $1 AND template_id IS NOT NULL');
  await arrange('UPDATE block_templates SET laid_until = current_date - 1 WHERE site_id = $1');
  await arrange(
    `INSERT INTO blocks (site_id, id, room_id, during, service, release_at)
      VALUES ($1, gen_random_uuid(), $2, tstzrange($3, $4), 'Eyes', $3)`,
    site.rooms[0],
    at('11:00', 9),
    at('13:00', 9),
  );
  const failures: string[] = [];
  const parking = {
    parked: () => [],
    attempt: async <R>(_: string, work: () => Promise<R>) =>
      work().catch((error: Error) => void failures.push(error.message)),
  };
  await layOutBlocks(site.deps, parking);
  expect(await datesOfBlocks(site)).not.toContain(dateIn(10));
  expect(await blocks()).toHaveLength(25);
  expect(failures).toEqual([expect.stringContaining('No block for Ortho')]);
});

test('BT12 in another time zone, blocks keep their local times', async () => {
  await createTemplate(site);
  const { version } = await readSettings(site.pool, site.siteId);
  await changeSettings(site.deps, administrator(site), { version, timeZone: 'Asia/Tokyo' });
  const laid = await blocks();
  expect(laid.length).toBeGreaterThan(24);
  expect(new Set(laid.map(({ start }) => timeOf(start, 'Asia/Tokyo')))).toEqual(new Set(['07:00']));
  expect((await feed(site)).at(-1)).toMatchObject({ type: 'site' });
});
