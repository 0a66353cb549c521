import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  administrator,
  change,
  feed,
  queryDirectly,
  readResource,
  refusalOf,
} from '../../../test/administer.ts';
import { apply, check, counted, importAll, outcomeOf, upload } from '../../../test/import.ts';
import { afterStatement } from '../../../test/statements.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { listProcedures } from '../catalogue/procedures.ts';
import { listResources } from '../catalogue/resources.ts';
import { deleteImports, runImports } from './run-imports.ts';
import { applyImport, cancelImport, checkImport } from './stage-import.ts';

let setting: Laboratory;
withFreshSite((fresh) => (setting = fresh));

const named = async (kind: 'room' | 'surgeon' | 'equipment', name: string) => {
  const found = (await listResources(setting.pool, setting.siteId, { kind })).filter(
    (each) => each.name === name,
  );
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`Not one ${kind} ${name}.`);
  return only;
};

test('IM5 the check says what would be created, changed, kept and refused, and changes nothing', async () => {
  const revision = (await feed(setting)).length;
  const { file, errors, lines } = await check(
    setting,
    'rooms',
    'ID,Name,Service,Hours,Setup,Active\n' +
      'A,OR 1,Cardio,,,\n' +
      'B,Hybrid,Cardio,Mon-Fri 7:00-17:00,10,\n' +
      'C,OR 2,,,,\n' +
      'D,Late,,Mon 17:00-07:00,,\n' +
      'E,,Ortho,,,\n' +
      'F,"Line\nbreak",,,,maybe\n',
  );
  expect(counted({ file, errors, lines })).toBe('create 1, change 1, keep 1, refuse 3');
  expect(lines.map(({ line, verdict, changes }) => [line, verdict, changes])).toEqual([
    [2, 'change', [{ column: 'service', before: 'Ortho', after: 'Cardio' }]],
    [3, 'create', []],
    [4, 'keep', []],
    [5, 'refuse', []],
    [6, 'refuse', []],
    [7, 'refuse', []],
  ]);
  expect(errors).toEqual([
    '5 hours: Must be after the opening time.',
    '6 name: A new room needs a value.',
    '7 active: “maybe” must be yes or no.',
  ]);
  expect(await feed(setting)).toHaveLength(revision);
  expect(file.state).toBe('checked');
});

test('IM6 an import is done as a whole, is in the feed and the audit, and doing it again changes nothing', async () => {
  const text = 'ID;Name;Units\nE1;C-arm;3\nE2;Laser;2\n';
  const imported = await importAll(setting, 'equipment', text);
  expect([imported.file.state, counted(imported)]).toEqual(['applied', 'create 1, change 1']);
  expect((await named('equipment', 'C-arm')).capacity).toBe(3);
  const changes = await feed(setting);
  expect(changes.filter(({ type }) => type === 'resource')).toHaveLength(2);
  expect(setting.published).toContainEqual({ kind: 'site', siteId: setting.siteId });
  const { rows } = await queryDirectly(
    setting.database.ownerUrl,
    `SELECT actor ->> 'id' AS actor, detail ->> 'kind' AS kind FROM audit WHERE site_id = $1 AND action = 'import'`,
    [setting.siteId],
  );
  expect(rows).toEqual([{ actor: setting.users.administrator, kind: 'equipment' }]);

  expect(counted(await importAll(setting, 'equipment', text))).toBe('keep 2');
  expect(await feed(setting)).toEqual(changes);
});

test('IM6 a value that is the same as in the last file keeps what was changed here since', async () => {
  await importAll(setting, 'rooms', 'ID,Name,Service\nA,OR 1,Cardio\n');
  await change(setting, setting.rooms[0], { attributes: { service: 'Eyes' } });
  expect(counted(await importAll(setting, 'rooms', 'ID,Name,Service\nA,OR 1,Cardio\n'))).toBe('keep 1');
  await importAll(setting, 'rooms', 'ID,Name,Service\nA,Main 1,Cardio\n');
  const room = await readResource(setting, setting.rooms[0]);
  expect([room.name, room.attributes.service]).toEqual(['Main 1', 'Eyes']);
  // The id finds the record after its name has changed.
  expect(counted(await importAll(setting, 'rooms', 'ID,Name,Area\nA,Main 1,West\n'))).toBe('change 1');
});

test('IM7 the lines can refer to each other’s lists by name or by id', async () => {
  await importAll(setting, 'beds', 'ID,Name,Beds\nICU-1,ICU,6\n');
  const checked = await check(
    setting,
    'procedures',
    'ID,Name,Service,Minutes,Setup,Cleanup,Equipment,Bed,Nights\n' +
      'P1,Hip,Ortho,120,20,20,C-arm x2; Navigation,icu-1,2\n' +
      'P2,Knee,Ortho,5000,20,20,,,\n' +
      'P3,Ankle,Ortho,60,20,20,Robot,ICU,\n' +
      'P4,Wrist,Ortho,60,20,20,C-arm; C-arm,ICU,90\n',
  );
  expect(checked.errors).toEqual([
    '3 minutes: Must be at most 1440.',
    '4 equipment: There is no equipment “Robot” here. Correct the name, or add it first.',
    '5 nights: Must be at most 60 nights.',
  ]);
  await apply(setting, checked, 'good');
  const hip = (await listProcedures(setting.pool, setting.siteId)).find(({ name }) => name === 'Hip');
  expect(hip).toMatchObject({
    minutes: 120,
    equipment: [
      { resourceId: setting.equipment[0], quantity: 2 },
      { resourceId: setting.equipment[1], quantity: 1 },
    ],
    bed: { nights: 2 },
  });
});

test('IM7 the same ID twice, repeated headings, too many cells and odd characters are refused by line', async () => {
  const { errors } = await check(
    setting,
    'surgeons',
    `ID,Name\n1,Ada\n2,Ben\n1,Cem\nID,Name\n,Dan\n4,Eva,x\n5,"F\u200Bay"\n6,${'x'.repeat(5000)}\n7,"Two\nlines"\n`,
  );
  expect(errors).toEqual([
    '2 externalId: The ID “1” is also in line 4. Each ID can be there once.',
    '4 externalId: The ID “1” is also in line 2. Each ID can be there once.',
    '5 -: This line repeats the headings. Delete it.',
    '6 externalId: Give the line an ID that stays the same in every file.',
    '7 -: This line has 3 cells, but there are 2 headings. Check its separators and quotes.',
    '8 name: Contains characters that can’t be displayed.',
    '9 name: Must be at most 120 characters.',
    '10 name: Must be a single line.',
  ]);
});

test('IM8 an import never changes the handling of equipment that is there already', async () => {
  const file = 'ID,Name,Units,Transport minutes,Reprocessing minutes\nE,Navigation,1,,30\nN,Laser,1,5,20\n';
  const { errors } = await check(setting, 'equipment', file);
  expect(errors).toEqual([
    '2 reprocessMinutes: An import can’t change the transport and the reprocessing of Navigation. Do it on its page, which shows the cases in the way.',
  ]);
});

test('IM8 an import never retires a resource or reduces a capacity', async () => {
  const { errors } = await check(setting, 'beds', 'ID,Name,Beds,Active\nB,PACU,2,no\n');
  expect(errors).toEqual([
    '2 active: An import can’t retire PACU. Do it on its page, which shows the cases in the way.',
    '2 capacity: An import can’t reduce PACU from 3 to 2. Do it on its page, which shows the cases in the way.',
  ]);
});

test('IM9 all or nothing: a refused line, also one that is refused only since the check, leaves everything as it was', async () => {
  const bad = await check(setting, 'rooms', 'ID,Name\nA,New 1\nB,\n');
  const refusal = await refusalOf(apply(setting, bad));
  expect([refusal.code, refusal.message]).toEqual([
    'in_use',
    '1 line is refused. Correct the file, or import the good lines only.',
  ]);
  expect(counted(await apply(setting, bad, 'good'))).toBe('create 1, refuse 1');

  const good = await check(setting, 'equipment', 'ID,Name,Units\nX,C-arm,2\nY,Robot,1\n');
  await change(setting, setting.equipment[0], { capacity: 5 });
  const { file, errors } = await apply(setting, good);
  expect([file.state, file.reason]).toEqual([
    'checked',
    'Something has changed since the check, and lines are refused now. Nothing was imported.',
  ]);
  expect(errors).toHaveLength(1);
  expect(await listResources(setting.pool, setting.siteId, { kind: 'equipment' })).toHaveLength(2);
});

test('IM17 a check whose columns are chosen again meanwhile ends with the columns that were chosen last', async () => {
  const { id } = await upload(setting, 'rooms', 'ID,Name\nA,New 1\n');
  const checkWith = (name: 'name' | null) =>
    checkImport(setting.pool, setting.siteId, id, { mapping: ['externalId', name], toDepot: false });
  await checkWith('name');
  let isFirst = true;
  const pool = afterStatement(setting.pool, 'staged-import-lines', async () => {
    if (isFirst) await checkWith(null);
    isFirst = false;
  });
  await runImports({ ...setting.deps, pool });
  expect((await outcomeOf(setting, id)).errors).toEqual(['2 name: A new room needs a value.']);
});

test('IM10 a cancelled import has changed nothing', async () => {
  const { file } = await check(setting, 'rooms', 'ID,Name\nA,New 1\n');
  await applyImport(setting.deps, administrator(setting), file.id, { mode: 'all' });
  await cancelImport(setting.pool, setting.siteId, file.id);
  await runImports(setting.deps);
  expect((await outcomeOf(setting, file.id)).file.state).toBe('cancelled');
  expect(await listResources(setting.pool, setting.siteId, { kind: 'room' })).toHaveLength(3);
  expect(
    (await refusalOf(applyImport(setting.deps, administrator(setting), file.id, { mode: 'all' }))).code,
  ).toBe('in_use');
});

test('IM2 the mapping of the last file is proposed again, and a wrong one is refused', async () => {
  const text = 'Key,Room,Remarks\nA,Main 1,West\n';
  const { id, mapping } = await upload(setting, 'rooms', text);
  expect(mapping).toEqual(['externalId', 'name', null]);
  const checkWith = (to: (string | null)[]) =>
    checkImport(setting.pool, setting.siteId, id, { mapping: to, toDepot: false });
  expect((await refusalOf(checkWith(['name', 'externalId']))).message).toMatch(/has 3 columns/);
  expect((await refusalOf(checkWith(['externalId', 'name', 'name']))).message).toMatch(
    /Name is chosen twice/,
  );
  expect((await refusalOf(checkWith([null, 'name', null]))).message).toMatch(/Choose the column with the ID/);
  expect((await refusalOf(checkWith(['externalId', 'name', 'units']))).message).toMatch(/no such column/);
  await checkWith(['externalId', 'name', 'area']);
  expect((await upload(setting, 'rooms', text)).mapping).toEqual(['externalId', 'name', 'area']);
  // Another site, another kind.
  expect((await upload(setting, 'beds', text)).mapping).toEqual(['externalId', null, null]);
});

test('IM11 a repeated upload is ignored; a file that cannot be read is refused; files go after a day', async () => {
  const id = randomUUID();
  const first = await upload(setting, 'rooms', 'ID,Name\nA,New 1\n', id);
  expect(await upload(setting, 'rooms', 'ID,Name\nA,New 1\n', id)).toEqual(first);
  const refusal = await refusalOf(upload(setting, 'rooms', 'ID,Name\nA,"New 1\n'));
  expect(refusal.message).toBe(
    'file: The quote that begins in line 2 is never closed. Close it, or remove it.',
  );
  await queryDirectly(
    setting.database.ownerUrl,
    `UPDATE imports SET created_at = clock_timestamp() - interval '25 hours' WHERE id = $1`,
    [first.id],
  );
  await deleteImports(setting.pool);
  await expect(outcomeOf(setting, first.id)).rejects.toThrow('no such import');
});

test('IM12 an import stops when its person may no longer import', async () => {
  const { file } = await check(setting, 'rooms', 'ID,Name\nA,New 1\n');
  await applyImport(setting.deps, administrator(setting), file.id, { mode: 'all' });
  await queryDirectly(setting.database.ownerUrl, `UPDATE users SET status = 'disabled' WHERE id = $1`, [
    setting.users.administrator,
  ]);
  await runImports(setting.deps);
  const { file: after } = await outcomeOf(setting, file.id);
  expect([after.state, after.reason]).toEqual(['failed', 'administrator person may no longer import.']);
  expect(await listResources(setting.pool, setting.siteId, { kind: 'room' })).toHaveLength(3);
});
