import { beforeEach, describe, expect, test } from 'vitest';
import { password, outcomeOf } from '../../../test/identity.ts';
import type { Person } from '../../../test/identity.ts';
import { withTwoHospitals } from '../../../test/members.ts';
import type { TwoHospitals } from '../../../test/members.ts';

const newPassword = 'battery staple horse';

let setting: TwoHospitals['setting'];
let here: TwoHospitals['here'];
let there: TwoHospitals['there'];
let join: TwoHospitals['join'];
let changeMember: TwoHospitals['change'];
let person: Person;
withTwoHospitals((hospitals) => ({ setting, here, there, join, change: changeMember } = hospitals));
beforeEach(async () => {
  person = await setting.person();
  await join(here, person.id, 'viewer');
});

const request = (userId = here.users.administrator) => ({
  ...setting.request('resetPassword', { userId }),
  siteId: here.siteId,
});
const reset = (command = request(), version = 1, identity = setting.identity) =>
  identity.resetPassword(command, person.id, { version });
const temporaryOf = async (command = request()) => String((await reset(command)).body.temporaryPassword);
const login = (typed: string) =>
  setting.identity.login({ email: person.email, password: typed }, setting.address());
const change = (typed: string) =>
  setting.identity.changePassword({ email: person.email, password: typed, newPassword }, setting.address());
const refused = (code: string) => expect.objectContaining({ code }) as unknown;

describe('ID28 a temporary password', () => {
  test('opens no session, and can be changed to one that does', async () => {
    const temporary = await temporaryOf();
    expect(await outcomeOf(login(password))).toEqual(refused('unauthenticated'));
    expect(await outcomeOf(login(temporary))).toEqual(refused('forbidden'));
    const { refreshToken } = await change(temporary);
    await setting.identity.refresh(refreshToken);
    expect(await outcomeOf(change(temporary))).toEqual(refused('unauthenticated'));
    await login(newPassword);
  });

  test('ends all sessions of the person and notifies their consoles', async () => {
    const { refreshToken } = await login(password);
    setting.published.length = 0;
    await reset();
    expect(await outcomeOf(setting.identity.refresh(refreshToken))).toEqual(refused('unauthenticated'));
    expect(setting.published).toContainEqual({ kind: 'user', userId: person.id });
  });

  test('is valid for a day', async () => {
    const [first, second] = [await temporaryOf(), String((await reset(request(), 2)).body.temporaryPassword)];
    const age = (text: string) =>
      setting.pool.query(`UPDATE users SET password_until = password_until - $2::interval WHERE id = $1`, [
        person.id,
        text,
      ]);
    await age('23 h 59 min');
    expect(await outcomeOf(change(first))).toEqual(refused('unauthenticated'));
    expect(await outcomeOf(login(second))).toEqual(refused('forbidden'));
    await age('1 min');
    expect(await outcomeOf(login(second))).toEqual(refused('unauthenticated'));
    expect(await outcomeOf(change(second))).toEqual(refused('unauthenticated'));
  });

  test('needs an administrator of all sites of an active person, at the version they saw', async () => {
    expect(await outcomeOf(reset(request(here.users.coordinator)))).toEqual(refused('forbidden'));
    expect(await outcomeOf(reset(request(person.id)))).toEqual(refused('validation'));
    expect(await outcomeOf(reset(request(), 2))).toEqual(refused('stale_version'));
    await join(there, person.id, 'viewer');
    expect(await outcomeOf(reset())).toEqual(refused('forbidden'));
    await join(there, here.users.administrator, 'administrator');
    await reset();
    person = await setting.person('pending');
    expect(await outcomeOf(reset())).toEqual(refused('validation'));
    person = await setting.person();
    await join(there, person.id, 'viewer');
    await changeMember(here.users.administrator, { version: 1, role: null }, { at: there });
    expect(await outcomeOf(reset())).toEqual(refused('not_found'));
  });
});

describe('ID29 a temporary password', () => {
  test('is the same for a repeated request, and another for another reset', async () => {
    const command = request();
    const first = await reset(command);
    expect(await reset(command)).toEqual({ ...first, replayed: true });
    const other = await reset(request(), 2);
    expect(other.body.temporaryPassword).not.toBe(first.body.temporaryPassword);
    expect(first.body.temporaryPassword).toMatch(/^[0-9a-f]{5}(-[0-9a-f]{5}){3}$/);
  });

  test('is stored nowhere', async () => {
    const temporary = await temporaryOf();
    const { rows } = await setting.pool.query<{ table: string; found: boolean }>(
      ['users', 'commands', 'audit', 'changes', 'sessions', 'sign_in_failures']
        .map((table) => `SELECT '${table}' AS table, bool_or(t::text LIKE $1) AS found FROM ${table} t`)
        .join(' UNION ALL '),
      [`%${temporary}%`],
    );
    expect(rows).toHaveLength(6);
    expect(rows.filter(({ found }) => found)).toEqual([]);
    const { rows: entries } = await setting.pool.query(
      `SELECT action, detail FROM audit WHERE site_id = $1 AND chain = 'commands'`,
      [here.siteId],
    );
    expect(entries).toEqual([{ action: 'resetPassword', detail: { user: person.id, cases: [] } }]);
  });
});
