import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { password, outcomeOf, testIdentity, times } from '../../test/identity.ts';
import type { IdentitySetting } from '../../test/identity.ts';
import { changeReply } from '../../test/members.ts';
import { rewrite } from '../../test/statements.ts';

let setting: IdentitySetting;
let statements: string[];
beforeAll(async () => {
  setting = await testIdentity();
});
beforeEach(() => {
  statements = [];
});
afterAll(() => setting.end());

const register = (email: string, name = 'N. Body') => setting.identity.register({ email, name }, '10.9.9.9');
const login = (email: string, typed: string) =>
  setting.identity.login({ email, password: typed }, setting.address());
const idOf = async (email: string) =>
  (await setting.pool.query<{ id: string }>('SELECT id FROM users WHERE email = $1', [email])).rows[0]?.id ??
  '';
const unauthenticated = expect.objectContaining({ code: 'unauthenticated' }) as unknown;

describe('registering', () => {
  test('ID3 the answer and the work are the same whether or not an account exists', async () => {
    const { email } = await setting.person();
    const noted = rewrite(
      setting.pool,
      Object.fromEntries(
        ['add-account', 'account-by-email', 'append-identity-audit'].map((name) => [
          name,
          (text: string) => (statements.push(name), `${text} `),
        ]),
      ),
    );
    const identity = setting.identityWith({ pool: noted });
    const seen: unknown[] = [];
    for (const address of ['new@example.test', email, email]) {
      statements = [];
      const answer = await identity.register({ email: address, name: 'N. Body' }, '10.9.9.9');
      seen.push({ answer, statements });
    }
    expect(new Set(seen.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(seen[0]).toMatchObject({ answer: { status: 'pending' } });
    // The existing account and its password are unchanged.
    expect(await login(email, password)).toHaveProperty('accessToken');
  });

  test('ID3 concurrent requests for one address create one account', async () => {
    await Promise.all(times(20, () => register('twice@example.test')));
    const { rows } = await setting.pool.query('SELECT status, version FROM users WHERE email = $1', [
      'twice@example.test',
    ]);
    expect(rows).toEqual([{ status: 'pending', version: 1 }]);
  });
});

describe('ID31 the password comes from approval', () => {
  const approve = async (email: string, key?: string) =>
    changeReply(
      setting,
      await idOf(email),
      { version: 1, status: 'active', role: 'coordinator' },
      { at: setting, ...(key !== undefined && { key }) },
    );

  test('the person who registers an address does not choose its password; the administrator gets it', async () => {
    const email = 'owner@example.test';
    await register(email, 'Somebody Else');
    await register(email, 'The Owner');
    expect(await outcomeOf(login(email, password))).toEqual(unauthenticated);
    const { body } = await approve(email);
    expect(await outcomeOf(login(email, password))).toEqual(unauthenticated);
    const temporary = String(body.temporaryPassword);
    expect(await outcomeOf(login(email, temporary))).toMatchObject({ code: 'forbidden' });
    await setting.identity.changePassword(
      { email, password: temporary, newPassword: password },
      setting.address(),
    );
    await login(email, password);
  });

  test('a repeated request gets the same password, which is not stored', async () => {
    const email = 'lost@example.test';
    await register(email);
    const key = randomUUID();
    const { body } = await approve(email, key);
    expect(body.temporaryPassword).toMatch(/^[0-9a-f]{5}(-[0-9a-f]{5}){3}$/);
    expect(await approve(email, key)).toMatchObject({ body, replayed: true });
    const { rows } = await setting.pool.query<{ body: object }>('SELECT body FROM commands WHERE key = $1', [
      key,
    ]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(body.temporaryPassword);
  });

  test('a person who is enabled again needs a new password; an active person keeps the old one', async () => {
    const person = await setting.person();
    const change = async (version: number, fields: object) =>
      (await changeReply(setting, person.id, { version, ...fields }, { at: setting })).body.temporaryPassword;
    expect(await change(1, { status: 'active', role: 'viewer' })).toBeNull();
    await login(person.email, password);
    expect(await change(2, { status: 'disabled' })).toBeNull();
    const temporary = await change(3, { status: 'active' });
    expect(await outcomeOf(login(person.email, password))).toEqual(unauthenticated);
    expect(await outcomeOf(login(person.email, String(temporary)))).toMatchObject({ code: 'forbidden' });
  });
});
