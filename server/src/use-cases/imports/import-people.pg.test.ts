import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, test } from 'vitest';
import { administrator, feed, queryDirectly } from '../../../test/administer.ts';
import { apply, check, counted, importAll } from '../../../test/import.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { afterStatement } from '../../../test/statements.ts';
import { exportList } from '../transfer/export-list.ts';
import { runImports } from './run-imports.ts';
import { applyImport } from './stage-import.ts';

let setting: Laboratory;
withFreshSite((fresh) => (setting = fresh));

const ask = (sql: string, values: unknown[] = []) => queryDirectly(setting.database.ownerUrl, sql, values);

const addAccount = async (status: 'active' | 'pending', site?: string) => {
  const id = randomUUID();
  const email = `${id}@example.test`;
  await ask(`INSERT INTO users (id, email, name, status) VALUES ($1, $2, 'Ada', $3)`, [id, email, status]);
  if (site !== undefined)
    await ask(`INSERT INTO memberships (site_id, user_id, role) VALUES ($1, $2, 'viewer')`, [site, id]);
  return { id, email };
};
const accountOf = async (email: string) =>
  (
    await ask(
      `SELECT u.id, u.name, u.status, u.password_hash, m.role, m.surgeon_ids FROM users u
        LEFT JOIN memberships m ON m.user_id = u.id AND m.site_id = $2 WHERE u.email = $1`,
      [email, setting.siteId],
    )
  ).rows[0];

let surgeon: string;
beforeEach(async () => {
  const { rows } = await ask('SELECT name FROM resources WHERE site_id = $1 AND id = $2', [
    setting.siteId,
    setting.surgeons[0],
  ]);
  surgeon = String(rows[0]?.name);
});

test('IM19 an import makes accounts without a password and changes roles, with both in the audit', async () => {
  const known = await addAccount('active', setting.siteId);
  const address = `${randomUUID()}@example.test`;
  const file =
    `ID,Name,Email,Role,Surgeons\nN,Grace,${address.toUpperCase()},office,${surgeon}\n` +
    `K,Ada,${known.email},coordinator,\n`;
  const before = await feed(setting);
  expect(counted(await importAll(setting, 'people', file))).toBe('create 1, change 1');
  const added = await accountOf(address);
  expect(added).toMatchObject({
    name: 'Grace',
    status: 'active',
    password_hash: null,
    role: 'office',
    surgeon_ids: [setting.surgeons[0]],
  });
  expect(await accountOf(known.email)).toMatchObject({ role: 'coordinator' });
  expect(await feed(setting)).toEqual(before);
  expect(setting.published).toContainEqual({ kind: 'user', userId: known.id });
  const { rows } = await ask(
    `SELECT detail -> 'people' AS people FROM audit WHERE site_id = $1 AND action = 'import'`,
    [setting.siteId],
  );
  expect(rows).toEqual([
    {
      people: [
        { user: added?.id, role: 'office', surgeonIds: [setting.surgeons[0]] },
        { user: known.id, role: 'coordinator', surgeonIds: [] },
      ],
    },
  ]);
  expect(counted(await importAll(setting, 'people', file))).toBe('keep 2');
});

test('IM1 IM19 the exported list of people, imported again, changes nothing', async () => {
  const file = await text(exportList(setting.pool, setting.siteId, 'people'));
  const { file: checked, errors } = await check(setting, 'people', file);
  expect(errors).toEqual([]);
  expect(checked.counts).toMatchObject({
    create: 0,
    change: 0,
    keep: Object.keys(setting.users).length,
    refuse: 0,
  });
});

test('IM19 names, addresses, the own role, people who wait and people of other sites are refused', async () => {
  const { rows } = await ask('SELECT id FROM sites WHERE id <> $1 LIMIT 1', [setting.siteId]);
  const elsewhere = await addAccount('active', String(rows[0]?.id));
  const waiting = await addAccount('pending');
  const here = await addAccount('active', setting.siteId);
  const { users } = setting;
  const { rows: own } = await ask('SELECT name, email FROM users WHERE id = $1', [users.administrator]);
  const { errors } = await check(
    setting,
    'people',
    'ID,Name,Email,Role,Surgeons\n' +
      `1,Ada,${elsewhere.email},administrator,\n` +
      `2,Ada,${waiting.email},administrator,\n` +
      `3,Eve,${here.email},administrator,\n` +
      `${here.id},Ada,eve@example.test,administrator,\n` +
      `5,${String(own[0]?.name)},${String(own[0]?.email)},viewer,\n` +
      '6,New,new@example.test,office,\n' +
      '7,New,no address,viewer,\n' +
      '8,Twin,twin@example.test,viewer,\n' +
      '9,Twin,twin@example.test,viewer,\n',
  );
  expect(errors).toEqual([
    `2 email: ${elsewhere.email} belongs to somebody at another site of this server. Invite the person instead.`,
    '3 -: Ada is waiting for approval. Approve the account under People.',
    '4 name: An import can’t change the name of Ada, which belongs to the account.',
    '5 email: An import can’t change the address of Ada, which belongs to the account.',
    '6 role: You can’t change your own role with an import.',
    '7 surgeons: Choose at least one surgeon for the office.',
    '8 email: Must be an email address.',
    '10 email: twin@example.test is the address of somebody else here or in another line.',
  ]);
});

test('IM19 an account made since the check is a refused line, and a person who lost the role imports nothing', async () => {
  const address = `${randomUUID()}@example.test`;
  const good = await check(setting, 'people', `ID,Name,Email,Role\nN,Ada,${address},viewer\n`);
  await ask(`INSERT INTO users (id, email, name, status) VALUES ($1, $2, 'Ada', 'pending')`, [
    randomUUID(),
    address,
  ]);
  const { file, errors } = await apply(setting, good);
  expect(file.state).toBe('checked');
  expect(errors).toEqual(['2 -: Ada is waiting for approval. Approve the account under People.']);

  const other = `${randomUUID()}@example.test`;
  const { file: next } = await check(setting, 'people', `ID,Name,Email,Role\nM,Ben,${other},viewer\n`);
  await applyImport(setting.deps, administrator(setting), next.id, { mode: 'all' });
  const demote = () =>
    ask(`UPDATE memberships SET role = 'viewer' WHERE site_id = $1 AND user_id = $2`, [
      setting.siteId,
      setting.users.administrator,
    ]);
  let isFirst = true;
  const pool = afterStatement(setting.pool, 'staged-import-lines', async () => {
    if (isFirst) await demote();
    isFirst = false;
  });
  await runImports({ ...setting.deps, pool });
  expect(await accountOf(other)).toBeUndefined();
});
