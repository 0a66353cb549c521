import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilBlocked } from '../../test/database.ts';
import { password, outcomeOf, testIdentity, wrongPassword } from '../../test/identity.ts';
import type { IdentitySetting } from '../../test/identity.ts';
import { rewrite } from '../../test/statements.ts';
import type { Database } from '../db/pool.ts';
import { readMe, readSites } from './account.ts';

let setting: IdentitySetting;
beforeAll(async () => {
  setting = await testIdentity();
});
afterAll(() => setting.end());

describe('signing in', () => {
  test('opens a session of 30 days with tokens that name the person', async () => {
    const person = await setting.person();
    const reply = await setting.identity.login({ email: person.email, password }, setting.address());
    const claims = await setting.tokens.verifyAccessToken(reply.accessToken);
    expect(claims).toMatchObject({ userId: person.id, name: person.name });
    const { rows } = await setting.pool.query(
      `SELECT round(extract(epoch FROM expires_at - created_at) / 86400)::int AS days, ended_at FROM sessions WHERE id = $1`,
      [claims.sessionId],
    );
    expect(rows).toEqual([{ days: 30, ended_at: null }]);
    expect(await readMe(setting.pool, person.id)).toEqual({ ...person, sites: [] });
  });

  test('`me` lists my sites, my role there and my surgeons', async () => {
    const { siteId, users, surgeons } = setting;
    const { sites } = await readMe(setting.pool, users.office);
    expect(sites).toEqual([
      { id: siteId, name: 'Test Hospital', timeZone: 'UTC', role: 'office', surgeonIds: [surgeons[0]] },
    ]);
    expect(await readSites(setting.pool, users.office)).toMatchObject([{ id: siteId, version: 1 }]);
  });

  test('ID2 an unknown address, a wrong password, a pending and a disabled account get the same answer after the same work', async () => {
    const [active, pending, disabled] = await Promise.all([
      setting.person(),
      setting.person('pending'),
      setting.person('disabled'),
    ]);
    const attempts = [
      { email: active.email, password: wrongPassword },
      { email: 'nobody@example.test', password },
      { email: pending.email, password },
      { email: disabled.email, password },
      { email: pending.email, password: wrongPassword },
    ];
    const seen = new Set<string>();
    for (const attempt of attempts) {
      const statements: string[] = [];
      const note = (name: string) => (text: string) => (statements.push(name), `${text} `);
      const names = [
        'account-by-email',
        'count-attempt',
        'open-session',
        'append-identity-audit',
        'clear-failures',
      ];
      const pool = rewrite(setting.pool, Object.fromEntries(names.map((name) => [name, note(name)])));
      const before = setting.derived();
      const answer = await outcomeOf(setting.identityWith({ pool }).login(attempt, setting.address()));
      seen.add(JSON.stringify({ answer, derived: setting.derived() - before, statements }));
    }
    expect(seen.size).toBe(1);
    expect([...seen][0]).toContain('"derived":1');
    expect([...seen][0]).toContain('"code":"unauthenticated"');
    const reasons = (await setting.audit('login.failed')).map(({ detail }) => detail.reason);
    expect(reasons).toEqual(['password', 'unknown', 'pending', 'disabled', 'pending']);
  });

  test('ID26 a sign-in opens no session if the account is disabled meanwhile', async () => {
    const attempt = async (pool: Database) => {
      const person = await setting.person();
      const administrator = new pg.Client({ connectionString: setting.database.ownerUrl });
      await administrator.connect();
      try {
        await administrator.query('BEGIN');
        await administrator.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [person.id]);
        await administrator.query('UPDATE sessions SET ended_at = clock_timestamp() WHERE user_id = $1', [
          person.id,
        ]);
        const login = outcomeOf(
          setting.identityWith({ pool }).login({ email: person.email, password }, setting.address()),
        );
        await Promise.race([untilBlocked(administrator), login]);
        await administrator.query('COMMIT');
        await login;
      } finally {
        await administrator.end();
      }
      const { rows } = await setting.pool.query(
        'SELECT FROM sessions WHERE user_id = $1 AND ended_at IS NULL',
        [person.id],
      );
      return rows.length;
    };
    expect(await attempt(setting.pool)).toBe(0);
    // Without the lock, a session stays open.
    const unlocked = rewrite(setting.pool, { 'open-session': (text) => text.replace('FOR SHARE', '') });
    expect(await attempt(unlocked)).toBe(1);
  });
});

test('ID25 the audit records the events, without passwords, tokens or mistyped addresses', async () => {
  const person = await setting.person();
  const registration = { email: 'audited@example.test', name: 'A. Udited' };
  await setting.identity.register(registration, '10.9.9.8');
  const reply = await setting.identity.login({ email: person.email, password }, '10.9.9.8');
  await outcomeOf(
    setting.identity.login({ email: 'secret.typed.into@wrong.field', password: wrongPassword }, '10.9.9.8'),
  );
  const next = await setting.identity.refresh(reply.refreshToken);
  await setting.identity.logout(next.refreshToken);

  const { rows } = await setting.pool.query<{ action: string; actor: unknown; detail: object }>(
    `SELECT action, actor, detail FROM audit WHERE site_id = '00000000-0000-0000-0000-000000000000'
      AND chain = 'identity' ORDER BY seq DESC LIMIT 4`,
  );
  const actor = { id: person.id, name: person.name };
  const { sessionId } = await setting.tokens.verifyAccessToken(reply.accessToken);
  expect(rows).toEqual([
    { action: 'logout', actor, detail: { session: sessionId } },
    { action: 'login.failed', actor: null, detail: { reason: 'unknown', address: '10.9.9.8' } },
    { action: 'login', actor, detail: { session: sessionId, address: '10.9.9.8' } },
    { action: 'register', actor: null, detail: { user: expect.any(String) as string, address: '10.9.9.8' } },
  ]);
  const all = JSON.stringify((await setting.pool.query('SELECT * FROM audit')).rows);
  const stored = JSON.stringify((await setting.pool.query('SELECT * FROM sign_in_failures')).rows);
  const secrets = [
    password,
    wrongPassword,
    'secret.typed.into',
    reply.accessToken,
    reply.refreshToken,
    next.refreshToken,
  ];
  for (const secret of secrets) expect(all + stored).not.toContain(secret);
});
