import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { administrator, book, feed, readResource } from '../../../test/administer.ts';
import { createTemplate, dateIn, planIn, weekly } from '../../../test/block-templates.ts';
import { at } from '../../../test/hospital.ts';
import { apply, check, counted, importAll, outcomeOf } from '../../../test/import.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { afterStatement } from '../../../test/statements.ts';
import { listBlockTemplates } from '../catalogue/block-templates.ts';
import { exportList } from '../transfer/export-list.ts';
import { runImports } from './run-imports.ts';
import { applyImport } from './stage-import.ts';

let setting: Laboratory;
withFreshSite((fresh) => (setting = fresh));

const templates = async () => (await listBlockTemplates(setting.pool, setting.siteId)).templates;
const weekday = () => ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][(weekly().weekdays[0] ?? 1) - 1];
const headings = 'ID,Room,Weekdays,Start,End,Service,From,Surgeons\n';
const line = (id: string, start: string, end: string, room = setting.rooms[0], surgeons = '') =>
  `${id},${room},${weekday()},${start},${end},Eyes,${dateIn(0)},${surgeons}\n`;

test('IM20 an import makes blocks, lays them out and changes them; the same file again changes nothing', async () => {
  const surgeon = await readResource(setting, setting.surgeons[0]);
  const file = headings + line('A', '13:00', '15:00', setting.rooms[0], surgeon.name);
  expect(counted(await importAll(setting, 'blocks', file))).toBe('create 1');
  const [made] = await templates();
  expect(made).toMatchObject({
    plan: {
      roomId: setting.rooms[0],
      start: '13:00',
      service: 'Eyes',
      surgeonId: surgeon.id,
      releaseDays: 7,
    },
    recurrence: { everyWeeks: 1, until: null },
  });
  const laid = (await feed(setting)).filter(({ type }) => type === 'block').length;
  expect(laid).toBeGreaterThan(20);
  expect(counted(await importAll(setting, 'blocks', file))).toBe('keep 1');
  expect(counted(await importAll(setting, 'blocks', file.replace('15:00', '16:00')))).toBe('change 1');
  expect((await templates())[0]).toMatchObject({ id: made?.id, version: 2, plan: { end: '16:00' } });
});

test('IM1 IM20 the exported list of blocks, imported again, changes nothing', async () => {
  await createTemplate(setting, {
    exceptions: [{ date: dateIn(10), plan: null }],
    plan: {
      ...planIn(setting),
      surgeonId: setting.surgeons[0],
      alsoSurgeonIds: setting.surgeons.slice(1, 2),
    },
  });
  const file = await text(exportList(setting.pool, setting.siteId, 'blocks'));
  const checked = await check(setting, 'blocks', file);
  expect([checked.errors, counted(checked)]).toEqual([[], 'keep 1']);
});

test('IM20 a block over the time of another one, also of an earlier line, is a refused line', async () => {
  await createTemplate(setting);
  const checked = await check(
    setting,
    'blocks',
    headings +
      line('A', '11:00', '13:00') +
      line('B', '14:00', '16:00') +
      line('C', '15:00', '17:00') +
      line('D', '18:00', '17:00'),
  );
  expect(checked.errors).toEqual([
    expect.stringMatching(/^2 -: Ortho has a block in this room on .+ from 07:00 to 12:00\. Choose another/),
    expect.stringMatching(/^4 -: Eyes has a block in this room on .+ from 14:00 to 16:00\. Choose another/),
    '5 end: Must be after the start.',
  ]);
  expect(counted(await apply(setting, checked, 'good'))).toBe('create 1, refuse 3');
  expect(await templates()).toHaveLength(2);
});

test('IM20 a change that takes a planned case out of its block is a refused line', async () => {
  const template = await createTemplate(setting);
  const { number } = await book(setting, { start: at('09:00', 2) });
  const checked = await check(setting, 'blocks', `ID,Start,Service\n${template.id},10:30,\n`);
  expect(checked.errors).toEqual([
    `2 -: Cases would no longer be in their block: ${number}. Do it under Blocks, which shows the cases in the way.`,
  ]);
});

test('IM9 IM20 a block that became impossible since the check leaves everything as it was', async () => {
  const file = headings + line('A', '13:00', '15:00', setting.rooms[1]) + line('B', '08:00', '10:00');
  const early = await check(setting, 'blocks', file);
  const late = await check(setting, 'blocks', file);
  await applyImport(setting.deps, administrator(setting), late.file.id, { mode: 'all' });
  let planned = 0;
  const pool = afterStatement(setting.pool, 'room-plan-of', async () => {
    planned++;
    // The plan is made, and nothing is written yet.
    if (planned === 2) await createTemplate(setting);
  });
  await runImports({ ...setting.deps, pool });
  const { file: failed } = await outcomeOf(setting, late.file.id);
  expect([failed.state, failed.reason]).toEqual([
    'failed',
    expect.stringMatching(/^Line 3: Ortho has a block in this room on .+ Nothing was imported\.$/),
  ]);
  const { file: checked } = await apply(setting, early);
  expect([checked.state, checked.counts]).toEqual(['checked', expect.objectContaining({ refuse: 1 })]);
  expect(await templates()).toHaveLength(1);
});
