import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { password, testIdentity, times } from '../../test/identity.ts';
import type { IdentitySetting } from '../../test/identity.ts';

let setting: IdentitySetting;
beforeAll(async () => {
  setting = await testIdentity();
});
afterAll(() => setting.end());

describe('registering', () => {
  test('ID3 the answer and the work are the same whether or not there is an account already', async () => {
    const { email } = await setting.person();
    const seen: unknown[] = [];
    for (const address of ['new@example.test', email, email]) {
      const before = setting.derived();
      const asked = { email: address, name: 'N. Body', password: 'another long password' };
      const answer = await setting.identity.register(asked, '10.9.9.9');
      seen.push({ answer, derived: setting.derived() - before });
    }
    expect(new Set(seen.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(seen[0]).toEqual({ answer: { status: 'pending' }, derived: 1 });
    // Neither the account that was there nor its password has changed.
    expect(await setting.identity.login({ email, password }, setting.address())).toHaveProperty(
      'accessToken',
    );
  });

  test('ID3 whoever has registered cannot sign in before being approved', async () => {
    const asked = { email: 'waiting@example.test', name: 'W. Aiting', password };
    await setting.identity.register(asked, '10.9.9.9');
    const login = () => setting.identity.login({ email: asked.email, password }, setting.address());
    await expect(login()).rejects.toMatchObject({ code: 'unauthenticated' });
    await setting.pool.query(`UPDATE users SET status = 'active' WHERE email = $1`, [asked.email]);
    expect(await login()).toHaveProperty('accessToken');
  });

  test('ID3 of many who register one address at once, one account results', async () => {
    const asked = { email: 'twice@example.test', name: 'T. Wice', password };
    await Promise.all(times(20, asked).map((each) => setting.identity.register(each, '10.9.9.9')));
    const { rows } = await setting.pool.query('SELECT status, version FROM users WHERE email = $1', [
      asked.email,
    ]);
    expect(rows).toEqual([{ status: 'pending', version: 1 }]);
  });
});
