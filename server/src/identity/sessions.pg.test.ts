import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testIdentity, password } from '../../test/identity.ts';
import type { IdentitySetting, Person } from '../../test/identity.ts';
import { join } from '../../test/members.ts';
import { rewrite } from '../../test/statements.ts';
import { createAuthority, readAccess } from './authority.ts';
import { hashOf } from './tokens.ts';

let setting: IdentitySetting;
beforeAll(async () => {
  setting = await testIdentity();
});
afterAll(() => setting.end());

let person: Person;
let firstToken: string;
beforeEach(async () => {
  person = await setting.person();
  ({ refreshToken: firstToken } = await setting.identity.login(
    { email: person.email, password },
    setting.address(),
  ));
  setting.published.length = 0;
});

const refresh = async (token: string) => (await setting.identity.refresh(token)).refreshToken;
const outcomeOf = (token: string): Promise<string> =>
  setting.identity.refresh(token).then(
    () => 'refreshed',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );
const ended = 'unauthenticated: This session has ended. Sign in again.';

/** Moves the use of the token into the past. */
const backdateUse = (token: string, seconds: number) =>
  setting.pool.query(
    'UPDATE refresh_tokens SET used_at = used_at - make_interval(secs => $2) WHERE hash = $1',
    [hashOf(token), seconds],
  );

const session = async () =>
  (
    await setting.pool.query<{ id: string; ended_because: string | null; tokens: number }>(
      `SELECT s.id, s.ended_because, (SELECT count(*)::int FROM refresh_tokens t WHERE t.session_id = s.id) AS tokens
      FROM sessions s WHERE s.user_id = $1`,
      [person.id],
    )
  ).rows[0];

describe('rotation', () => {
  test('ID12 each refresh gives new tokens of the same session and does not extend it', async () => {
    const ends = async () =>
      (await setting.pool.query<object>('SELECT expires_at FROM sessions WHERE user_id = $1', [person.id]))
        .rows;
    const before = await ends();
    const seen = new Set([firstToken]);
    let token = firstToken;
    for (let round = 0; round < 5; round++) {
      const reply = await setting.identity.refresh(token);
      token = reply.refreshToken;
      seen.add(token);
      const claims = await setting.tokens.verifyAccessToken(reply.accessToken);
      expect(claims).toMatchObject({
        userId: person.id,
        name: person.name,
        sessionId: (await session())?.id,
      });
    }
    expect(seen.size).toBe(6);
    expect(await ends()).toEqual(before);
  });

  test('ID12 the database stores only hashes of tokens', async () => {
    const second = await refresh(firstToken);
    const { rows } = await setting.pool.query('SELECT t::text FROM refresh_tokens t');
    for (const token of [firstToken, second]) {
      expect(JSON.stringify(rows)).not.toContain(token);
      expect(JSON.stringify(rows)).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
    }
  });

  test('ID13 a token repeated within 30 s gives the same successor', async () => {
    const second = await refresh(firstToken);
    await backdateUse(firstToken, 29);
    expect(await refresh(firstToken)).toBe(second);
    expect(await session()).toMatchObject({ ended_because: null, tokens: 2 });
    // The successor still works.
    expect(await refresh(second)).toBe(setting.tokens.successorOf(second));
  });

  test('ID13 twenty concurrent requests get the same successor', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => refresh(firstToken)));
    expect(new Set(all).size).toBe(1);
    expect(await session()).toMatchObject({ ended_because: null, tokens: 2 });
  });

  test('ID13 the grace counts from the first use, not from the last', async () => {
    await refresh(firstToken);
    await backdateUse(firstToken, 20);
    await refresh(firstToken);
    await backdateUse(firstToken, 11);
    expect(await outcomeOf(firstToken)).toBe(ended);
  });
});

describe('ID14 a token used again later', () => {
  test('ends the session: all its refresh tokens, and its access token', async () => {
    const second = await refresh(firstToken);
    const { accessToken, refreshToken: third } = await setting.identity.refresh(second);
    const { userId, sessionId } = await setting.tokens.verifyAccessToken(accessToken);
    const authority = createAuthority(setting.pool);
    expect(await authority.accessOf(userId, sessionId)).not.toBeNull();

    await backdateUse(firstToken, 31);
    expect(await outcomeOf(firstToken)).toBe(ended);
    expect(setting.published).toEqual([{ kind: 'user', userId: person.id }]);
    authority.forget(userId);
    expect(await authority.accessOf(userId, sessionId)).toBeNull();
    for (const token of [third, second, firstToken]) expect(await outcomeOf(token)).toBe(ended);
    expect(await session()).toMatchObject({ ended_because: 'reused' });

    // Published and recorded once, however often the token comes.
    expect(setting.published).toHaveLength(1);
    const entries = (await setting.audit('refresh.reused')).filter(({ detail }) => detail.user === person.id);
    expect(entries).toEqual([{ actor: null, detail: { user: person.id, session: sessionId } }]);
  });

  test('does not end other sessions of the person', async () => {
    const other = await setting.identity.login({ email: person.email, password }, setting.address());
    await refresh(firstToken);
    await backdateUse(firstToken, 31);
    expect(await outcomeOf(firstToken)).toBe(ended);
    expect(await refresh(other.refreshToken)).toEqual(expect.any(String));
  });

  test('would go unnoticed if the use were not recorded', async () => {
    const unmarked = rewrite(setting.pool, {
      'use-refresh-token': (text) => text.replace('coalesce(t.used_at, clock_timestamp())', 'NULL'),
    });
    const identity = setting.identityWith({ pool: unmarked });
    await identity.refresh(firstToken).catch(() => {});
    await backdateUse(firstToken, 31);
    await identity.refresh(firstToken).catch(() => {});
    expect((await session())?.ended_because).not.toBe('reused');
  });
});

describe('ID15 a refresh is refused', () => {
  test('for an inactive account', async () => {
    await setting.pool.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [person.id]);
    expect(await outcomeOf(firstToken)).toBe(ended);
  });

  test('for an expired session', async () => {
    await setting.pool.query('UPDATE sessions SET expires_at = clock_timestamp() WHERE user_id = $1', [
      person.id,
    ]);
    expect(await outcomeOf(firstToken)).toBe(ended);
    const access = createAuthority(setting.pool).accessOf(person.id, (await session())?.id ?? '');
    expect(await access).toBeNull();
  });

  test.each(['x'.repeat(43), '', "'; DROP TABLE sessions; --", '\u0000'])(
    'for an invalid token (%j)',
    async (token) => {
      expect(await outcomeOf(token)).toBe(ended);
    },
  );
});

describe('ID30 an idle session', () => {
  /** Time passes without a refresh. */
  const beIdle = (minutes: number) =>
    setting.pool.query(
      'UPDATE sessions SET idle_until = idle_until - make_interval(mins => $2) WHERE user_id = $1',
      [person.id, minutes],
    );
  const access = async () => createAuthority(setting.pool).accessOf(person.id, (await session())?.id ?? '');
  const isConnected = async () => (await readAccess(setting.pool, [(await session())?.id ?? ''])).size > 0;

  test('ends: it cannot be refreshed, used or connected with', async () => {
    await beIdle(59);
    expect(await access()).not.toBeNull();
    expect(await isConnected()).toBe(true);
    await beIdle(1);
    expect(await access()).toBeNull();
    expect(await isConnected()).toBe(false);
    expect(await outcomeOf(firstToken)).toBe(ended);
  });

  test('stays open as long as it is refreshed', async () => {
    let token = firstToken;
    for (let round = 0; round < 3; round++) {
      await beIdle(59);
      token = await refresh(token);
    }
    expect(await access()).not.toBeNull();
  });

  test('never ends on a wall board, but does once the account has other roles', async () => {
    await join(setting, setting, person.id, 'wall');
    const token = await refresh(firstToken);
    await beIdle(100_000);
    expect(await access()).not.toBeNull();
    await setting.pool.query(`UPDATE memberships SET role = 'coordinator' WHERE user_id = $1`, [person.id]);
    await refresh(token);
    await beIdle(60);
    expect(await access()).toBeNull();
  });
});

describe('ID16 signing out', () => {
  test('ends the session and notifies, once', async () => {
    const second = await refresh(firstToken);
    await setting.identity.logout(second);
    await setting.identity.logout(second);
    expect(await outcomeOf(second)).toBe(ended);
    expect(await session()).toMatchObject({ ended_because: 'logout' });
    expect(setting.published).toEqual([{ kind: 'user', userId: person.id }]);
    const entries = (await setting.audit('logout')).filter(({ actor }) => actor?.id === person.id);
    expect(entries).toHaveLength(1);
  });

  test('works with an older token of the session too', async () => {
    const second = await refresh(firstToken);
    await setting.identity.logout(firstToken);
    expect(await outcomeOf(second)).toBe(ended);
  });

  test('answers the same for an invalid token', async () => {
    await setting.identity.logout('no such token, and no such session');
    expect(setting.published).toEqual([]);
  });
});
