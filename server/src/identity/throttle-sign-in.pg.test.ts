import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { password, outcomeOf, testIdentity, times, wrongPassword } from '../../test/identity.ts';
import type { IdentitySetting } from '../../test/identity.ts';
import { rewrite } from '../../test/statements.ts';
import { deleteOldSessions } from './sessions.ts';
import { deleteOldFailures } from './throttle-sign-in.ts';

let setting: IdentitySetting;
beforeAll(async () => {
  setting = await testIdentity();
});
afterAll(() => setting.end());

const codeOf = (error: unknown) => (error as { code?: string }).code ?? String(error);
/** Makes every lock last as long as the longest one, so that none ends during a test. */
const lastingLocks = (text: string) => text.replace('power(2,', '900 * power(2,');

/** Makes concurrent wrong guesses. Returns their codes and how many passwords were checked. */
async function burst(emails: string[], address = setting.address, count = lastingLocks) {
  const pool = rewrite(setting.pool, { 'count-attempt': count });
  const identity = setting.identityWith({ pool });
  const before = setting.derived();
  const guesses = emails.map((email) =>
    identity.login({ email, password: wrongPassword }, address()).catch(codeOf),
  );
  const codes = await Promise.all(guesses);
  const limited = codes.filter((code) => code === 'rate_limited').length;
  return { limited, checked: setting.derived() - before, codes: new Set(codes) };
}

/** Moves the failures into the past. */
const backdateFailures = (seconds: number) =>
  setting.pool.query(
    `UPDATE sign_in_failures SET last_at = last_at - make_interval(secs => $1),
      locked_until = locked_until - make_interval(secs => $1)`,
    [seconds],
  );

const failures = async () =>
  (
    await setting.pool.query<{ failures: number }>(
      `SELECT failures FROM sign_in_failures WHERE subject LIKE 'address:%' AND failures > 0 ORDER BY last_at DESC LIMIT 1`,
    )
  ).rows[0]?.failures;

describe('throttling', () => {
  test.each([
    ['a known account', () => setting.person().then(({ email }) => email)],
    ['an unknown account', () => Promise.resolve(`nobody-${Math.random()}@example.test`)],
  ])('ID4 of 100 concurrent guesses at %s, five are checked', async (_, make) => {
    const email = await make();
    const result = await burst(times(100, () => email));
    expect(result).toEqual({ checked: 5, limited: 95, codes: new Set(['unauthenticated', 'rate_limited']) });
  });

  test('ID4 without the lock, all of them would be checked', async () => {
    const { email } = await setting.person();
    const unlocked = (text: string) => text.replace(/WHERE f\.locked_until.*/, '');
    expect(
      await burst(
        times(100, () => email),
        setting.address,
        unlocked,
      ),
    ).toMatchObject({ checked: 100 });
  });

  test('ID5 each further failure doubles the wait, up to 15 minutes; meanwhile nothing is checked or counted', async () => {
    const { email } = await setting.person();
    const login = (typed: string) =>
      outcomeOf(setting.identity.login({ email, password: typed }, setting.address()));
    const lock = async (statement: string) =>
      (await setting.pool.query<{ failures: number; seconds: number }>(statement)).rows[0];
    const latest = `(SELECT subject FROM sign_in_failures WHERE subject LIKE 'account:%' ORDER BY last_at DESC LIMIT 1)`;
    const before = setting.derived();
    const waits: unknown[] = [];
    for (let attempt = 1; attempt <= 17; attempt++) {
      expect(await login(wrongPassword)).toMatchObject({ code: 'unauthenticated' });
      const row =
        await lock(`SELECT failures, round(extract(epoch FROM locked_until - last_at))::int AS seconds
        FROM sign_in_failures WHERE subject = ${latest}`);
      expect(row?.failures).toBe(attempt);
      waits.push(row?.seconds);
      if (attempt < 5) continue;
      await lock(
        `UPDATE sign_in_failures SET locked_until = clock_timestamp() + interval '30 min' WHERE subject = ${latest}`,
      );
      expect(await login(password)).toMatchObject({ code: 'rate_limited', retryAfter: 1800 });
      await backdateFailures(1801);
    }
    expect(waits).toEqual([null, null, null, null, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    expect(setting.derived() - before).toBe(17);
    expect(await setting.audit('login.locked')).toContainEqual({
      actor: null,
      detail: {
        user: expect.any(String) as string,
        reason: 'password',
        address: expect.any(String) as string,
      },
    });
    expect(await login(password)).toBe('done');
  });

  test('ID6 a success clears the failures of the account, and half of those of the address', async () => {
    const [person, other] = await Promise.all([setting.person(), setting.person()]);
    const address = setting.address();
    const guess = ({ email }: { email: string }) =>
      outcomeOf(setting.identity.login({ email, password: wrongPassword }, address));
    for (let round = 0; round < 4; round++) await guess(person);
    for (let round = 0; round < 3; round++) await guess(other);
    expect(await failures()).toBe(7);
    // The fifth attempt locks the account, and unlocks it by being right.
    await setting.identity.login({ email: person.email, password }, address);
    expect(await failures()).toBe(3);
    for (let round = 0; round < 4; round++)
      expect(await guess(person)).toMatchObject({ code: 'unauthenticated' });
    await setting.identity.login({ email: person.email, password }, address);
  });

  test('ID7 LI9 of 100 concurrent guesses from one IPv6 /64 at 100 accounts, sixty are checked', async () => {
    const emails = times(100, (index) => `guess-${index}@example.test`);
    const network = '2001:db8:7:7';
    let host = 0;
    const result = await burst(emails, () => `${network}::${(++host).toString(16)}`);
    expect(result).toMatchObject({ checked: 60, limited: 40 });
  });

  test('ID7 an address never waits longer than a minute', async () => {
    const address = setting.address();
    const attempt = (index: number) =>
      outcomeOf(
        setting.identity.login({ email: `spray-${index}@example.test`, password: wrongPassword }, address),
      );
    for (let index = 0; index < 70; index++) {
      await attempt(index);
      if (index >= 59) await backdateFailures(61);
    }
    await attempt(70);
    const { code, retryAfter = 0 } = (await attempt(71)) as { code: string; retryAfter?: number };
    expect(code).toBe('rate_limited');
    expect(retryAfter).toBeGreaterThan(50);
    expect(retryAfter).toBeLessThanOrEqual(60);
  });

  test('ID7 a morning of sign-ins from one address with a mistake in ten is not throttled', async () => {
    const person = await setting.person();
    const address = setting.address();
    for (let index = 0; index < 300; index++) {
      const mistaken = index % 10 === 0;
      const attempt = setting.identity.login(
        { email: person.email, password: mistaken ? wrongPassword : password },
        address,
      );
      expect(await attempt.then(() => 'in', codeOf)).toBe(mistaken ? 'unauthenticated' : 'in');
    }
  });

  test('ID7 fifty people behind one address can all sign in at once, and again', async () => {
    const people = await Promise.all(times(50, () => setting.person()));
    const address = setting.address();
    for (let round = 0; round < 2; round++) {
      const answers = await Promise.all(
        people.map(({ email }) => outcomeOf(setting.identity.login({ email, password }, address))),
      );
      expect(new Set(answers)).toEqual(new Set(['done']));
    }
  });

  test('ID8 a failure does not count after a day', async () => {
    const { email } = await setting.person();
    await burst(times(5, () => email));
    await backdateFailures(86_401);
    const result = await burst(times(20, () => email));
    expect(result.checked).toBe(5);
  });

  test('ID8 old failures are deleted, and sessions a week after their end, except the last one of a person', async () => {
    const [over, live] = await Promise.all([setting.person(), setting.person()]);
    for (const { email } of [over, over, live])
      await setting.identity.login({ email, password }, setting.address());
    await burst(times(7, () => over.email));
    await backdateFailures(86_401);
    await setting.pool.query(
      `UPDATE sessions SET ended_at = clock_timestamp() - interval '8 days' WHERE user_id = $1`,
      [over.id],
    );
    await deleteOldFailures(setting.pool);
    await deleteOldSessions(setting.pool);
    const { rows } = await setting.pool.query(
      `SELECT (SELECT count(*)::int FROM sign_in_failures) AS failures,
        (SELECT count(*)::int FROM sessions WHERE user_id = $1) AS over,
        (SELECT count(*)::int FROM sessions WHERE user_id = $2) AS live,
        (SELECT count(*)::int FROM refresh_tokens t LEFT JOIN sessions s ON s.id = t.session_id WHERE s.id IS NULL) AS loose`,
      [over.id, live.id],
    );
    expect(rows).toEqual([{ failures: 0, over: 1, live: 1, loose: 0 }]);
  });

  test('ID9 an attempt that is not admitted does not count as a failure', async () => {
    const { email } = await setting.person();
    const identity = setting.identityWith({ limits: { maxSignIns: 2 } });
    const answers = await Promise.all(
      times(50, () => identity.login({ email, password }, setting.address()).then(() => 'in', codeOf)),
    );
    expect(answers.filter((answer) => answer === 'in')).toHaveLength(2);
    expect(new Set(answers)).toEqual(new Set(['in', 'unavailable']));
    expect(await identity.login({ email, password }, setting.address())).toHaveProperty('accessToken');
  });
});

describe('ID32 a workstation that has signed in to the account before', () => {
  const signIn = (email: string, workstation?: string, typed = password, identity = setting.identity) =>
    identity.login(
      { email, password: typed, ...(workstation !== undefined && { workstation }) },
      setting.address(),
    );
  const limited = expect.objectContaining({ code: 'rate_limited' }) as unknown;
  const lasting = () =>
    setting.identityWith({ pool: rewrite(setting.pool, { 'count-attempt': lastingLocks }) });

  test('can sign in while guesses from ten addresses lock everyone else out', async () => {
    const { email } = await setting.person();
    const { workstation } = await signIn(email);
    await burst(times(10, () => email));
    expect(await outcomeOf(signIn(email))).toEqual(limited);
    expect((await signIn(email, workstation)).workstation).toBe(workstation);
    // The successful sign-in does not give the guesser five more guesses.
    expect(await outcomeOf(signIn(email))).toEqual(limited);
  });

  test('is not locked out by guesses at other accounts behind the same address either', async () => {
    const { email } = await setting.person();
    const address = setting.address();
    const { workstation } = await setting.identity.login({ email, password }, address);
    const emails = times(100, (index) => `spray-${index}@example.test`);
    await burst(emails, () => address);
    const login = (more: object) => outcomeOf(setting.identity.login({ email, password, ...more }, address));
    expect(await login({})).toEqual(limited);
    expect(await login({ workstation })).toBe('done');
  });

  test('is counted itself: of 100 guesses with its proof, five are checked', async () => {
    const { email } = await setting.person();
    const { workstation } = await signIn(email);
    const [before, identity] = [setting.derived(), lasting()];
    await Promise.all(times(100, () => outcomeOf(signIn(email, workstation, wrongPassword, identity))));
    expect(setting.derived() - before).toBe(5);
    expect(await outcomeOf(signIn(email, workstation))).toEqual(limited);
    expect(await outcomeOf(signIn(email))).toBe('done');
  });

  test.each([
    ['of another account', async () => (await signIn((await setting.person()).email)).workstation],
    ['made up', () => Promise.resolve(`${'0'.repeat(36)}.${'A'.repeat(43)}`)],
    ['that is empty', () => Promise.resolve('')],
  ])('a proof %s is ignored', async (_, make) => {
    const { email } = await setting.person();
    await burst(times(10, () => email));
    expect(await outcomeOf(signIn(email, await make()))).toEqual(limited);
  });
});

test('LI5 attempts at one account are limited per address, and together for its known workstations', async () => {
  const { email } = await setting.person();
  const { workstation } = await setting.identity.login({ email, password }, '10.7.7.7');
  const callers: string[] = [];
  const identity = setting.identityWith({
    takeAttempt: (caller) => Promise.resolve(callers.push(caller) > 6 ? 3 : 0),
  });
  for (const proof of [{}, { workstation }])
    for (const address of ['10.7.7.7', '2001:db8:7:7::1', '2001:db8:7:7::2'])
      await identity.login({ email, password, ...proof }, address);
  expect(new Set(callers).size).toBe(3);
  const before = setting.derived();
  expect(await outcomeOf(identity.login({ email, password }, '10.7.7.7'))).toMatchObject({
    code: 'rate_limited',
    retryAfter: 3,
  });
  expect(setting.derived()).toBe(before);
});
