import { changePassword as changePasswordSchema } from '@slate/shared/contract/identity';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { password, outcomeOf, testIdentity, times, wrongPassword } from '../../test/identity.ts';
import type { IdentitySetting, Person } from '../../test/identity.ts';
import { rewrite } from '../../test/statements.ts';
import type { Database } from '../db/pool.ts';
import { createAuthority } from './authority.ts';
import type { Derive } from './passwords.ts';

const newPassword = 'battery staple horse';

let setting: IdentitySetting;
let person: Person;
beforeAll(async () => {
  setting = await testIdentity();
});
afterAll(() => setting.end());
beforeEach(async () => {
  person = await setting.person();
});

const login = (typed: string, identity = setting.identity) =>
  identity.login({ email: person.email, password: typed }, setting.address());
const change = (
  more: { email?: string; password?: string; newPassword?: string } = {},
  identity = setting.identity,
) => identity.changePassword({ email: person.email, password, newPassword, ...more }, setting.address());
const refused = expect.objectContaining({ code: 'unauthenticated' }) as unknown;

describe('ID27 a changed password', () => {
  test('replaces the old one', async () => {
    await change();
    expect(await outcomeOf(login(password))).toEqual(refused);
    expect(await outcomeOf(change())).toEqual(refused);
    await login(newPassword);
  });

  test('ends every session, notifies their consoles, and opens a new session', async () => {
    const before = await Promise.all([login(password), login(password)]);
    setting.published.length = 0;
    const reply = await change();
    for (const { refreshToken } of before) {
      expect(await outcomeOf(setting.identity.refresh(refreshToken))).toEqual(refused);
    }
    expect(setting.published).toEqual([{ kind: 'user', userId: person.id }]);
    const authority = createAuthority(setting.pool);
    const signedIn = await Promise.all(
      [...before, reply].map(async ({ accessToken }) => {
        const { userId, sessionId } = await setting.tokens.verifyAccessToken(accessToken);
        return (await authority.accessOf(userId, sessionId))?.user.id;
      }),
    );
    expect(signedIn).toEqual([undefined, undefined, person.id]);
    await setting.identity.refresh(reply.refreshToken);
  });

  test('must differ from the current password', () => {
    const same = changePasswordSchema.safeParse({ email: person.email, password, newPassword: password });
    expect(same.error?.issues).toMatchObject([
      { path: ['newPassword'], message: 'Must be different from the current password.' },
    ]);
  });

  test('is set by the first of two concurrent changes', async () => {
    const answers = await Promise.all(
      ['one more password', 'and another password'].map((each) => outcomeOf(change({ newPassword: each }))),
    );
    expect(answers).toContain('done');
    expect(answers).toContainEqual(refused);
    const { rows } = await setting.pool.query(
      'SELECT FROM sessions WHERE user_id = $1 AND ended_at IS NULL',
      [person.id],
    );
    expect(rows).toHaveLength(1);
  });
});

describe('ID27 a caller with a wrong password or without an active account', () => {
  test('gets the answer of a failed sign-in after the same work, and changes nothing', async () => {
    const [pending, disabled] = [await setting.person('pending'), await setting.person('disabled')];
    const attempts = [
      { email: person.email, password: wrongPassword },
      { email: 'nobody@example.test' },
      { email: pending.email },
      { email: disabled.email },
    ];
    const seen = new Set([JSON.stringify([await outcomeOf(login(wrongPassword)), 1])]);
    setting.published.length = 0;
    for (const attempt of attempts) {
      const before = setting.derived();
      const answer = await outcomeOf(change(attempt));
      seen.add(JSON.stringify([answer, setting.derived() - before]));
    }
    expect(seen.size).toBe(1);
    expect(setting.published).toEqual([]);
    await login(password);
  });

  test('must wait as after failed sign-ins: both count together', async () => {
    const pool = rewrite(setting.pool, {
      'count-attempt': (text) => text.replace('power(2,', '900 * power(2,'),
    });
    const identity = setting.identityWith({ pool });
    const before = setting.derived();
    await Promise.all(times(2, () => outcomeOf(login(wrongPassword, identity))));
    await Promise.all(times(20, () => outcomeOf(change({ password: wrongPassword }, identity))));
    expect(setting.derived() - before).toBe(5);
    expect(await outcomeOf(change({}, identity))).toMatchObject({ code: 'rate_limited' });
    expect(await outcomeOf(login(password, identity))).toMatchObject({ code: 'rate_limited' });
  });
});

test('ID33 a guessable password is refused each time, and a good one then accepted', async () => {
  for (let round = 0; round < 7; round++) {
    const guessable = round % 2 ? 'password1234' : `${person.email.slice(0, 8)}-2026`;
    expect(await outcomeOf(change({ newPassword: guessable }))).toMatchObject({
      code: 'validation',
      errors: [{ field: 'newPassword' }],
    });
  }
  await login(password);
  expect(await outcomeOf(change({}))).toBe('done');
});

test('ID26 a sign-in opens no session if the password changes meanwhile', async () => {
  /** Signs in; the password is changed right after it was verified. */
  const attempt = async (pool: Database) => {
    person = await setting.person();
    const derive: Derive = async (...input) => {
      const tag = await setting.derive(...input);
      await change();
      return tag;
    };
    return outcomeOf(login(password, setting.identityWith({ pool, limits: { derive } })));
  };
  expect(await attempt(setting.pool)).toEqual(refused);
  const anyPassword = (text: string) => text.replace('u.password_hash = $4', 'u.password_hash <> $4');
  expect(await attempt(rewrite(setting.pool, { 'open-session': anyPassword }))).toBe('done');
});

test('ID25 the audit records a change, without either password', async () => {
  await change();
  const [entry] = (await setting.audit('password.changed')).slice(-1);
  expect(entry).toEqual({
    actor: { id: person.id, name: person.name },
    detail: { session: expect.any(String) as string, address: expect.any(String) as string },
  });
  const all = JSON.stringify((await setting.pool.query('SELECT * FROM audit')).rows);
  for (const secret of [password, newPassword, person.email]) expect(all).not.toContain(secret);
});
