import { createHash, randomUUID } from 'node:crypto';
import type { SetUp } from '@slate/shared/contract/set-up';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { queryDirectly } from '../../test/administer.ts';
import { testDatabase } from '../../test/database.ts';
import type { TestDatabase } from '../../test/database.ts';
import { outcomeOf, password, times } from '../../test/identity.ts';
import { createPool } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import { readMe, readSites, register } from './account.ts';
import { login } from './login.ts';
import { createPasswords } from './passwords.ts';
import { needsSetUp, offerSetUp, setUp } from './set-up.ts';
import { createTokens } from './tokens.ts';

let database: TestDatabase;
let pool: Database;
let derived = 0;
beforeAll(async () => {
  database = await testDatabase();
  pool = createPool({ url: database.appUrl, max: 20, applicationName: 'test' });
});
afterAll(async () => {
  await pool.end();
  await database.end();
});
const asOwner = (text: string, values: unknown[] = []) => queryDirectly(database.ownerUrl, text, values);
beforeEach(() => asOwner('TRUNCATE sites, users, set_up, audit, audit_chains CASCADE'));

const tokens = createTokens({ accessSecret: 'a'.repeat(32), refreshSecret: 'r'.repeat(32) });
const deps = () => ({
  pool,
  publish: () => {},
  passwords: createPasswords({
    derive: (text, salt) => {
      derived++;
      return Promise.resolve(createHash('sha256').update(salt).update(text).digest());
    },
    maxSignIns: 100,
  }),
  tokens,
  takeAttempt: () => Promise.resolve(0),
  sessions: { days: 30, idleMinutes: 60 },
});
const input = (secret: string | null, more: Partial<SetUp> = {}): SetUp => ({
  secret: secret ?? '',
  name: 'Ada Lang',
  email: 'ada@hospital.example',
  password,
  site: { name: 'St. Anna', timeZone: 'Europe/Vienna' },
  ...more,
});
const attempt = (secret: string | null, more: Partial<SetUp> = {}) =>
  setUp(deps(), input(secret, more), '10.1.1.1');
const counts = async () =>
  (
    await asOwner(`SELECT (SELECT count(*)::int FROM sites) AS sites, (SELECT count(*)::int FROM users) AS users,
      (SELECT count(*)::int FROM memberships) AS memberships, (SELECT count(*)::int FROM sessions) AS sessions`)
  ).rows[0];
const nothing = { sites: 0, users: 0, memberships: 0, sessions: 0 };
const refusal = { code: 'not_found' };

describe('SU: set-up', () => {
  test('SU1 SU3 the secret creates the site and its administrator, who is signed in, with entries in the audit', async () => {
    expect(await needsSetUp(pool)).toBe(true);
    const { accessToken } = await attempt(await offerSetUp(pool, null));
    const { userId } = await tokens.verifyAccessToken(accessToken);
    const [site] = await readSites(pool, userId);
    expect(site).toMatchObject({
      name: 'St. Anna',
      timeZone: 'Europe/Vienna',
      settings: { holdSeconds: 120 },
    });
    expect(await readMe(pool, userId)).toMatchObject({
      email: 'ada@hospital.example',
      sites: [{ id: site?.id, role: 'administrator' }],
    });
    await login(deps(), { email: 'ada@hospital.example', password }, '10.1.1.1');
    const { rows } = await asOwner('SELECT chain, action, actor FROM audit ORDER BY chain, seq');
    const actor = { id: userId, name: 'Ada Lang' };
    expect(rows.slice(0, 3)).toEqual([
      { chain: 'commands', action: 'setUp', actor },
      { chain: 'identity', action: 'setUp', actor },
      { chain: 'identity', action: 'login', actor },
    ]);
    expect(await needsSetUp(pool)).toBe(false);
  });

  test('SU2 only the hash of the secret is stored', async () => {
    const secret = await offerSetUp(pool, null);
    const { rows } = await asOwner('SELECT set_up::text AS text FROM set_up');
    expect(rows).toHaveLength(1);
    expect(String(rows[0]?.['text'])).not.toContain(secret);
    await expect(pool.query('SELECT * FROM set_up')).rejects.toThrow('permission denied');
    await expect(
      pool.query(`INSERT INTO sites (id, name, time_zone, settings) VALUES ($1, 'Own', 'UTC', '{}')`, [
        randomUUID(),
      ]),
    ).rejects.toThrow('permission denied');
  });

  test('SU2 a restarted server makes a new secret, and the earlier one no longer works', async () => {
    const earlier = await offerSetUp(pool, null);
    const secret = await offerSetUp(pool, null);
    expect(await outcomeOf(attempt(earlier))).toMatchObject(refusal);
    expect(await counts()).toEqual(nothing);
    await attempt(secret);
  });

  test('SU4 a wrong, expired, used or foreign secret gets the same answer after the same work', async () => {
    const answers: unknown[] = [];
    const refused = async (secret: string | null, more: Partial<SetUp> = {}) => {
      const before = derived;
      const answer = await outcomeOf(attempt(secret, more));
      answers.push({ answer, derived: derived - before });
    };
    await refused('never offered');
    const expired = await offerSetUp(pool, null);
    await asOwner(`UPDATE set_up SET expires_at = clock_timestamp() - interval '1 second'`);
    await refused(expired);
    const limited = await offerSetUp(pool, 'boss@hospital.example');
    await refused(limited);
    expect(await counts()).toEqual(nothing);
    await attempt(limited, { email: 'boss@hospital.example' });
    await refused(limited, { email: 'boss@hospital.example' });
    expect(await counts()).toEqual({ sites: 1, users: 1, memberships: 1, sessions: 1 });

    expect(answers[0]).toMatchObject({ answer: refusal, derived: 1 });
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    const { rows } = await asOwner(`SELECT detail FROM audit WHERE action = 'setUp.failed'`);
    expect(rows).toEqual(times(4, () => ({ detail: { address: '10.1.1.1' } })));
  });

  test('SU4 twenty simultaneous requests create one site', async () => {
    const secret = await offerSetUp(pool, null);
    const outcomes = await Promise.all(
      times(20, (n) => outcomeOf(attempt(secret, { email: `admin-${n}@hospital.example` }))),
    );
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(await counts()).toEqual({ sites: 1, users: 1, memberships: 1, sessions: 1 });
  });

  test('SU5 a database with a site or an active person offers no set-up, and a secret from before does not work', async () => {
    const secret = await offerSetUp(pool, null);
    await asOwner(
      `INSERT INTO users (id, email, name, status) VALUES ($1, 'x@hospital.example', 'X', 'disabled')`,
      [randomUUID()],
    );
    expect(await outcomeOf(attempt(secret))).toMatchObject(refusal);
    expect(await offerSetUp(pool, null)).toBeNull();
    await asOwner(`TRUNCATE users CASCADE`);
    const another = await offerSetUp(pool, null);
    await asOwner(`INSERT INTO sites (id, name, time_zone, settings) VALUES ($1, 'Other', 'UTC', '{}')`, [
      randomUUID(),
    ]);
    expect(await outcomeOf(attempt(another))).toMatchObject(refusal);
    expect(await offerSetUp(pool, null)).toBeNull();
    expect(await counts()).toEqual({ ...nothing, sites: 1 });
  });

  test('SU5 requested accounts do not prevent the set-up, not even of the same address', async () => {
    for (const email of ['ada@hospital.example', 'other@hospital.example']) {
      await register({ pool, publish: () => {} }, { email, name: 'Somebody' }, '10.9.9.9');
    }
    await attempt(await offerSetUp(pool, null));
    const { rows } = await asOwner('SELECT name, status FROM users ORDER BY email');
    expect(rows).toEqual([
      { name: 'Ada Lang', status: 'active' },
      { name: 'Somebody', status: 'pending' },
    ]);
    await login(deps(), { email: 'ada@hospital.example', password }, '10.1.1.1');
  });

  test('SU6 a guessable password is refused at its field, and the secret still works', async () => {
    const secret = await offerSetUp(pool, null);
    expect(await outcomeOf(attempt(secret, { password: 'adalang12345' }))).toMatchObject({
      code: 'validation',
      errors: [{ field: 'password' }],
    });
    await attempt(secret);
  });
});
