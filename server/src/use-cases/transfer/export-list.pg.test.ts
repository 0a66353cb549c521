import { text } from 'node:stream/consumers';
import { exportedList } from '@slate/shared/contract/site-documents';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { administrator, book, change, queryDirectly } from '../../../test/administer.ts';
import { at, testHospital } from '../../../test/hospital.ts';
import type { Setting } from '../../../test/hospital.ts';
import { createClosure } from '../catalogue/closures.ts';
import { exportCases, exportList } from './export-list.ts';
import { exportFileName } from './export-site.ts';

let hospital: Setting;
beforeAll(async () => {
  hospital = await testHospital({ timeZone: 'Europe/Berlin' });
});
afterAll(() => hospital.end());

/** The lines of a file, each as its cells. */
function linesOf(file: string): string[][] {
  expect(file.startsWith('\uFEFF')).toBe(true);
  expect(file.endsWith('\r\n')).toBe(true);
  return file
    .slice(1, -2)
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].slice(0, -1).map(([, cell = '']) => cell),
    );
}
const read = async (list: Parameters<typeof exportList>[2]) =>
  linesOf(await text(exportList(hospital.pool, hospital.siteId, list)));

test('EL1 a list is a CSV file for spreadsheets: UTF-8 with a byte order mark, quoted, and without formulas', async () => {
  await change(hospital, hospital.rooms[0], { name: '=HYPERLINK("http://evil.example")' });
  await change(hospital, hospital.rooms[1], {
    name: '-2+3',
    attributes: { service: '@SUM(A1), Ortho', setupMinutes: 0 },
  });
  await change(hospital, hospital.rooms[2], { name: 'Säal "Ost"; 3' });
  const [headings, ...rooms] = await read('rooms');
  expect(headings?.slice(0, 4)).toEqual(['ID', 'Name', 'Suite', 'Service']);
  expect(new Set(rooms.map(([id]) => id))).toEqual(new Set(hospital.rooms));
  const nameAt = (index: number) => rooms.find(([id]) => id === hospital.rooms[index])?.[1];
  expect(nameAt(0)).toBe(`"'=HYPERLINK(""http://evil.example"")"`);
  expect(nameAt(1)).toBe("'-2+3");
  expect(nameAt(2)).toBe('"Säal ""Ost""; 3"');
  const second = rooms.find(([id]) => id === hospital.rooms[1]);
  expect(second).toContain(`"'@SUM(A1), Ortho"`);
  // Numbers stay numbers.
  expect(second).toContain('0');
});

test('EL1 an imported record has the id of its file, so that the list can be imported again', async () => {
  await queryDirectly(
    hospital.database.ownerUrl,
    `INSERT INTO external_ids (site_id, list, external_id, record_id, cells) VALUES ($1, 'surgeons', 'S-7', $2, '{}')`,
    [hospital.siteId, hospital.surgeons[0]],
  );
  const ids = (await read('surgeons')).slice(1).map(([each]) => each);
  expect(new Set(ids)).toEqual(new Set(['S-7', ...hospital.surgeons.slice(1)]));
});

test('EL1 every list has its records', async () => {
  const closure = { resourceId: hospital.equipment[0], start: at('08:00'), end: at('10:00'), quantity: 1 };
  await createClosure(hospital.deps, administrator(hospital), { ...closure, reason: '+Repair' });
  const counts: Record<string, number> = {};
  for (const list of exportedList.options) counts[list] = (await read(list)).length - 1;
  expect(counts).toEqual({
    rooms: 3,
    equipment: 2,
    beds: 1,
    surgeons: 3,
    lists: 1,
    procedures: 1,
    blocks: 0,
    holidays: 0,
    closures: 1,
    recurring: 0,
    people: 6,
  });
  const [, line] = await read('closures');
  expect(line?.slice(3)).toEqual(['1', "'+Repair", 'administrator person']);
  expect(await exportFileName(hospital.pool, hospital.siteId, 'csv', 'rooms')).toMatch(
    /^test-hospital-rooms-\d{4}-\d{2}-\d{2}\.csv$/,
  );
});

test('EL2 the cases of some days have what the caller may see', async () => {
  const [mine, other] = hospital.surgeons;
  await book(hospital, { surgeonId: mine, start: at('09:00', 3), patientRef: 'MINE-1' });
  await book(hospital, { surgeonId: other, start: at('12:00', 3), patientRef: 'OTHER-1' });
  const search = { date: at('00:00', 3).slice(0, 10), days: 1, limit: 200 };
  const all = await text(exportCases(hospital.pool, hospital.siteId, search, { kind: 'all' }));
  expect(linesOf(all)).toHaveLength(3);
  expect(all).toContain('Total knee');
  expect(all).toContain('OTHER-1');
  const view = { kind: 'own', userId: hospital.users.office, surgeonIds: [mine] } as const;
  const own = await text(exportCases(hospital.pool, hospital.siteId, search, view));
  expect(own).toContain('MINE-1');
  expect(own).not.toContain('OTHER-1');
});

test('EI4 EL1 a process makes four files at once, and refuses more until a reader has finished or left', async () => {
  const begin = async () => {
    const file = exportList(hospital.pool, hospital.siteId, 'rooms');
    await file.next();
    return file;
  };
  const [first, ...others] = await Promise.all(Array.from({ length: 4 }, begin));
  await expect(begin()).rejects.toMatchObject({ code: 'rate_limited', parts: { retryAfter: 5 } });
  await first?.return();
  const next = await begin();
  await Promise.all([next, ...others].map((file) => file.return()));
  expect((await read('rooms')).length).toBe(4);
});
