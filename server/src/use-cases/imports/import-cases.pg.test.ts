import type { Case } from '@slate/shared/cases';
import { expect, test } from 'vitest';
import { administrator, book, feed, hold, queryDirectly, readCase } from '../../../test/administer.ts';
import { at } from '../../../test/hospital.ts';
import { apply, check, counted, importAll, outcomeOf } from '../../../test/import.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { changeCase } from '../cases/change-case.ts';
import { readAudit } from '../audit/entries.ts';
import { runImports } from './run-imports.ts';
import { applyImport, cancelImport } from './stage-import.ts';

let setting: Laboratory;
withFreshSite((fresh) => (setting = fresh));

const when = (time: string, days = 0) => at(time, days).slice(0, 16).replace('T', ' ');
const headings = 'ID,Room,Start,Minutes,Procedure,Surgeon,Patient,Note,Reason\n';
const allCases = async (): Promise<Case[]> => {
  const { rows } = await setting.pool.query<{ item: Case }>(
    'SELECT case_json(c) AS item FROM cases c WHERE site_id = $1 ORDER BY number',
    [setting.siteId],
  );
  return rows.map(({ item }) => item);
};
const causes = async () =>
  (await feed(setting)).flatMap((change) => (change.type === 'case' ? change.cause : []));

test('IM13 cases are booked with what they claim, through the same claims as any other', async () => {
  const text =
    headings +
    `C1,OR 1,${when('09:00')},90,Total knee,Surgeon 1,MRN-1,"Latex\nallergy",\n` +
    `C2,,,60,Total knee,,MRN-2,,\n` +
    `C3,OR 2,${when('09:00')},,Total knee,Surgeon 2,,,\n`;
  const done = await importAll(setting, 'cases', text);
  expect([done.file.state, counted(done)]).toEqual(['applied', 'create 2, depot 1']);
  const cases = await allCases();
  expect(cases).toMatchObject([
    {
      state: 'scheduled',
      roomId: setting.rooms[0],
      start: at('09:00'),
      minutes: 90,
      note: 'Latex\nallergy',
      patientRef: 'MRN-1',
    },
    { state: 'depot', roomId: null, patientRef: 'MRN-2', minutes: 60 },
    { state: 'scheduled', roomId: setting.rooms[1], minutes: 90 },
  ]);
  expect(new Set(cases.map(({ number }) => number)).size).toBe(3);
  expect(cases[1]?.depotSince).not.toBeNull();
  expect(await causes()).toEqual(['booked', 'added', 'booked']);
  expect(counted(await importAll(setting, 'cases', text))).toBe('keep 3');
  expect(await allCases()).toEqual(cases);
});

test('IM14 the check finds what is in the way: booked cases, other lines, patients, and rules without a reason', async () => {
  const { number } = await book(setting, { patientRef: 'MRN-1' });
  await hold(setting, { roomId: setting.rooms[1], surgeonId: setting.surgeons[1] });
  // The hold is overdue, and in nobody's way.
  await setting.clock.advance(3600);
  const { errors, file } = await check(
    setting,
    'cases',
    headings +
      `C1,OR 1,${when('09:30')},60,Total knee,Surgeon 3,,,\n` +
      `C2,OR 2,${when('09:00')},60,Total knee,Surgeon 2,,,\n` +
      `C3,OR 2,${when('09:30')},60,Total knee,Surgeon 3,,,\n` +
      `C4,OR 3,${when('09:00')},60,Total knee,Surgeon 3,MRN-1,,\n` +
      `C5,OR 3,${when('09:00', 1)},60,Total knee,Surgeon 3,,,\n` +
      `C6,OR 3,2020-01-01 09:00,60,Total knee,Surgeon 3,,,\n` +
      `C7,OR 9,${when('09:00', 2)},60,Other,Surgeon 9,,,\n` +
      `C8,OR 3,,60,Total knee,Surgeon 3,,,\n` +
      `C9,OR 1,${when('09:00', 3)},2,Total knee,,,,\n`,
  );
  const day = at('00:00').slice(0, 10);
  expect(errors).toEqual([
    `2 room: OR 1 is taken ${day} 08:50–10:10 by case ${number}.`,
    `4 room: OR 2 is taken ${day} 08:50–10:10 by line 3.`,
    `5 patient: The patient is taken ${day} 09:00–10:00 by case ${number}.`,
    expect.stringMatching(
      new RegExp(`^6 overrideReason: This time belongs to a list of Eyes until .* Give a reason, or choose`),
    ),
    '7 start: This time has passed. Choose a later one.',
    '8 room: There is no room “OR 9” here. Correct the name, or add it first.',
    '8 procedure: There is no procedure “Other” here. Correct the name, or add it first.',
    '8 surgeon: There is no surgeon “Surgeon 9” here. Correct the name, or add it first.',
    '9 start: A case with a room needs a start.',
    '10 minutes: Must be at least 5 minutes.',
    '10 surgeon: A booked case needs a surgeon.',
  ]);
  expect(counted({ errors, file, lines: [] })).toBe('create 1, refuse 8');
});

test('IM14 cases without a place go to the depot if the administrator chooses so', async () => {
  await book(setting);
  const text = headings + `C1,OR 1,${when('09:30')},60,Total knee,Surgeon 3,,,\n`;
  const done = await apply(setting, await check(setting, 'cases', text, { toDepot: true }));
  expect([counted(done), done.errors.length]).toEqual(['depot 1', 1]);
  expect((await allCases())[1]).toMatchObject({ state: 'depot', roomId: null, start: null });
});

/** Three lines, and a case that takes the time of the second since they were checked. */
async function overtaken(toDepot = false) {
  const text =
    headings +
    `C1,OR 1,${when('09:00')},60,Total knee,Surgeon 1,,,\n` +
    `C2,OR 2,${when('09:00')},60,Total knee,Surgeon 2,,,\n` +
    `C3,OR 3,${when('15:00')},60,Total knee,Surgeon 3,,,\n`;
  const checked = await check(setting, 'cases', text, { toDepot });
  expect(counted(checked)).toBe('create 3');
  return checked;
}
const overtake = () => book(setting, { roomId: setting.rooms[1], surgeonId: setting.surgeons[1] });

test('IM15 an import never books twice: a time that is taken since the check is a refused line', async () => {
  const checked = await overtaken();
  const other = await overtake();
  const done = await apply(setting, checked, 'good');
  expect([done.file.state, counted(done)]).toEqual(['applied', 'create 2, refuse 1']);
  expect(done.errors[0]).toContain(`by case ${other.number}`);
});

test.each([false, true])(
  'IM15 a time that is taken during the import is found under the locks (to the depot: %s)',
  async (toDepot) => {
    const checked = await overtaken(toDepot);
    await applyImport(setting.deps, administrator(setting), checked.file.id, {
      mode: toDepot ? 'all' : 'good',
    });
    await runImports(beforeFirstBatch(overtake));
    const done = await outcomeOf(setting, checked.file.id);
    expect([done.file.state, counted(done)]).toEqual([
      'applied',
      toDepot ? 'create 2, depot 1' : 'create 2, refuse 1',
    ]);
    expect(done.errors).toHaveLength(1);
    expect((await allCases()).filter(({ state }) => state === 'depot')).toHaveLength(toDepot ? 1 : 0);
  },
);

/** Acts once after the import was planned, before its first batch. */
function beforeFirstBatch(act: () => Promise<unknown>) {
  let isDone = false;
  const pool = new Proxy(setting.pool, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'connect' || isDone)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async () => {
        isDone = true;
        await act();
        return target.connect();
      };
    },
  });
  return { ...setting.deps, pool };
}

test('IM16 all or nothing: if a line is refused while cases are booked, those are taken back', async () => {
  const checked = await overtaken();
  await applyImport(setting.deps, administrator(setting), checked.file.id, { mode: 'all' });
  await runImports(beforeFirstBatch(overtake));
  const done = await outcomeOf(setting, checked.file.id);
  expect([done.file.state, done.file.reason]).toEqual([
    'failed',
    'Something has changed since the check, and lines are refused now. Nothing was imported.',
  ]);
  expect((await allCases()).filter(({ state }) => state === 'scheduled')).toHaveLength(1);
});

test('IM16 a cancelled import of all or nothing is taken back; a case that somebody has changed since stays', async () => {
  const text =
    headings +
    `C1,OR 1,${when('09:00')},60,Total knee,Surgeon 1,,,\n` +
    `C2,OR 2,${when('09:00')},60,Total knee,Surgeon 2,,,\n`;
  const done = await importAll(setting, 'cases', text);
  const [first] = await allCases();
  await changeCase(setting.deps, setting.request(), first?.id ?? '', { version: 1, note: 'Mine' });
  await queryDirectly(
    setting.database.ownerUrl,
    `UPDATE imports SET state = 'applying', is_cancelled = true WHERE id = $1`,
    [done.file.id],
  );
  await runImports(setting.deps);
  const { file } = await outcomeOf(setting, done.file.id);
  expect([file.state, file.reason]).toEqual([
    'cancelled',
    'On the board stays what somebody has changed since then: 1 of the cases.',
  ]);
  expect((await allCases()).map(({ state }) => state)).toEqual(['scheduled', 'voided']);
  expect((await readCase(setting, first?.id ?? '')).note).toBe('Mine');
  const { entries } = await readAudit(setting.pool, setting.siteId, { chain: 'commands', limit: 10 });
  await queryDirectly(
    setting.database.ownerUrl,
    `UPDATE imports SET state = 'undoing', leased_until = NULL WHERE id = $1`,
    [done.file.id],
  );
  await runImports(setting.deps);
  // Nothing is left to take back, so there is no entry.
  const after = await readAudit(setting.pool, setting.siteId, { chain: 'commands', limit: 10 });
  expect(after.entries).toEqual(entries);
  // The voided one can be imported again.
  expect(counted(await check(setting, 'cases', text))).toBe('create 1, keep 1');
});

test('IM10 an import of the good lines that is cancelled keeps what is booked, and books nothing more', async () => {
  const checked = await overtaken();
  await applyImport(setting.deps, administrator(setting), checked.file.id, { mode: 'good' });
  await cancelImport(setting.pool, setting.siteId, checked.file.id);
  await runImports(setting.deps);
  expect((await outcomeOf(setting, checked.file.id)).file.state).toBe('cancelled');
  expect(await allCases()).toEqual([]);
});

test('IM17 after a crash another process goes on: every line is booked once', async () => {
  const checked = await overtaken();
  await applyImport(setting.deps, administrator(setting), checked.file.id, { mode: 'all' });
  // A process has booked the first batch and stopped.
  await runImports(setting.deps);
  await queryDirectly(
    setting.database.ownerUrl,
    `UPDATE imports SET state = 'applying', leased_until = clock_timestamp() - interval '1 second' WHERE id = $1`,
    [checked.file.id],
  );
  await runImports(setting.deps);
  const done = await outcomeOf(setting, checked.file.id);
  expect([done.file.state, counted(done)]).toEqual(['applied', 'create 3']);
  expect(await allCases()).toHaveLength(3);
});

test('IM17 a process that has lost an import to another one books nothing more', async () => {
  const checked = await overtaken();
  await applyImport(setting.deps, administrator(setting), checked.file.id, { mode: 'all' });
  const leaseToAnother = () =>
    queryDirectly(
      setting.database.ownerUrl,
      `UPDATE imports SET leased_until = clock_timestamp() + interval '1 hour' WHERE id = $1`,
      [checked.file.id],
    );
  await runImports(beforeFirstBatch(leaseToAnother));
  expect((await outcomeOf(setting, checked.file.id)).file.state).toBe('applying');
  expect(await allCases()).toEqual([]);
});

test('IM15 a case that was imported is changed on the board, not by a file', async () => {
  const text = headings + `C1,OR 1,${when('09:00')},60,Total knee,Surgeon 1,,,\n`;
  await importAll(setting, 'cases', text);
  const { errors } = await check(setting, 'cases', text.replace(',60,', ',90,'));
  expect(errors).toEqual([
    '2 minutes: This case is on the board already, and the file says something else now. Change it on the board.',
  ]);
});
