import { createHmac, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTokens, hashOf } from './tokens.ts';

const secrets = { accessSecret: 'a'.repeat(32), refreshSecret: 'r'.repeat(32) };
const user = { userId: randomUUID(), sessionId: randomUUID(), name: 'M. Kraus' };
const tokens = createTokens(secrets);

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part = '') =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

/** A forged token. */
function forge({ header = {}, claims = {}, secret = secrets.accessSecret, hash = 'sha256' } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const payload = { iss: 'slate', aud: 'slate', sub: user.userId, sid: user.sessionId, name: user.name };
  const signed = `${encode({ alg: 'HS256', ...header })}.${encode({ ...payload, iat: now, exp: now + 60, ...claims })}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

const codeOf = (token: string): Promise<unknown> =>
  tokens.verifyAccessToken(token).then(
    () => 'verified',
    (error: { code?: string }) => error.code,
  );

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-20T06:30:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('ID11 an access token', () => {
  test('names the person and the session, and no roles', async () => {
    const token = await tokens.signAccessToken(user);
    expect(await tokens.verifyAccessToken(token)).toEqual({ ...user, expiresAt: Date.now() + 600_000 });
    expect(Object.keys(decode(token.split('.')[1])).toSorted()).toEqual([
      'aud',
      'exp',
      'iat',
      'iss',
      'name',
      'sid',
      'sub',
    ]);
  });

  test('a token forged with our secret is accepted, so each refusal below is due to its difference', async () => {
    expect(await tokens.verifyAccessToken(forge())).toMatchObject(user);
  });

  test.each([
    ['no algorithm', () => `${encode({ alg: 'none' })}.${forge().split('.')[1]}.`],
    ['no algorithm, signed', () => forge({ header: { alg: 'none' } })],
    ['another algorithm', () => forge({ header: { alg: 'HS512' }, hash: 'sha512' })],
    ['another algorithm in name only', () => forge({ header: { alg: 'RS256' } })],
    ['another secret', () => forge({ secret: secrets.refreshSecret })],
    ['no signature', () => forge().replace(/\.[^.]*$/, '.')],
    ['another issuer', () => forge({ claims: { iss: 'else' } })],
    ['another audience', () => forge({ claims: { aud: 'else' } })],
    ['expired', () => forge({ claims: { exp: Math.floor(Date.now() / 1000) - 6 } })],
    ['no expiry', () => forge({ claims: { exp: undefined } })],
    ['an expiry that is not a number', () => forge({ claims: { exp: 'never' } })],
    ['not valid yet', () => forge({ claims: { nbf: Math.floor(Date.now() / 1000) + 60 } })],
    ['no session', () => forge({ claims: { sid: undefined } })],
    ['a user id that is not a UUID', () => forge({ claims: { sub: "' OR true --" } })],
    ['unknown critical header', () => forge({ header: { crit: ['exp2'], exp2: 1 } })],
    ['an empty string', () => ''],
    ['not a token', () => 'abc'],
    ['parts of a token', () => '..'],
  ])('is refused: %s', async (_, make) => {
    expect(await codeOf(make())).toBe('unauthenticated');
  });

  test('is refused with one character changed', async () => {
    const token = await tokens.signAccessToken(user);
    const [header, claims = '', signature] = token.split('.');
    const other = { ...decode(claims), sub: randomUUID() };
    expect(await codeOf([header, encode(other), signature].join('.'))).toBe('unauthenticated');
    for (const index of [0, 1, 2]) {
      const parts = token.split('.');
      const part = parts[index] ?? '';
      parts[index] = (part.startsWith('A') ? 'B' : 'A') + part.slice(1);
      expect(await codeOf(parts.join('.'))).toBe('unauthenticated');
    }
  });

  test('expires by the clock, cached or not', async () => {
    const token = await tokens.signAccessToken(user);
    await tokens.verifyAccessToken(token);
    vi.advanceTimersByTime(604_000); // within the tolerance
    expect(await tokens.verifyAccessToken(token)).toMatchObject(user);
    vi.advanceTimersByTime(2_000);
    expect(await codeOf(token)).toBe('unauthenticated');
    expect(await codeOf(token)).toBe('unauthenticated');
  });

  test.each([
    [60, 'verified'],
    [62, 'unauthenticated'],
    [3_600, 'unauthenticated'],
  ])('CK2 signed where the clock is %i s ahead: %s', async (ahead, expected) => {
    const here = Date.now();
    vi.setSystemTime(here + ahead * 1000);
    const token = await tokens.signAccessToken(user);
    vi.setSystemTime(here);
    expect(await codeOf(token)).toBe(expected);
  });

  test('CK2 a cached token does not outlive its time when the clock of this process is set back', async () => {
    const token = await tokens.signAccessToken(user);
    expect(await codeOf(token)).toBe('verified');
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(await codeOf(token)).toBe('unauthenticated');
  });

  test('is verified once and then cached', async () => {
    const token = await tokens.signAccessToken(user);
    const first = await tokens.verifyAccessToken(token);
    expect(await tokens.verifyAccessToken(token)).toBe(first);
    const forgetful = createTokens(secrets, { maxEntries: 1 });
    const evictedClaims = await forgetful.verifyAccessToken(token);
    await forgetful.verifyAccessToken(forge());
    const again = await forgetful.verifyAccessToken(token);
    expect(again).not.toBe(evictedClaims);
    expect(again).toEqual(evictedClaims);
  });

  test('lives as long as configured and as stated in the reply', async () => {
    const short = createTokens(secrets, { accessSeconds: 300 });
    const reply = await short.reply(user, 'x');
    expect(reply).toMatchObject({ expiresIn: 300, refreshToken: 'x' });
    expect(await short.verifyAccessToken(reply.accessToken)).toMatchObject({
      expiresAt: Date.now() + 300_000,
    });
  });

  test('a token made by jose for another purpose is refused', async () => {
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(secrets.accessSecret));
    expect(await codeOf(token)).toBe('unauthenticated');
  });
});

test('a guessable secret is refused', () => {
  expect(() => createTokens({ ...secrets, accessSecret: 'short' })).toThrow('shorter than 32 bytes');
  expect(() => createTokens({ ...secrets, refreshSecret: '' })).toThrow('shorter than 32 bytes');
});

test('ID13 the successor of a refresh token is always the same, and unknown without the secret', () => {
  const token = tokens.newRefreshToken();
  const successor = tokens.successorOf(token);
  expect(tokens.successorOf(token)).toBe(successor);
  expect(createTokens(secrets).successorOf(token)).toBe(successor);
  expect(createTokens({ ...secrets, refreshSecret: 'x'.repeat(32) }).successorOf(token)).not.toBe(successor);
  expect(new Set([token, successor, tokens.successorOf(successor), tokens.newRefreshToken()]).size).toBe(4);
  for (const each of [token, successor]) expect(each).toMatch(/^[\w-]{43}$/);
  expect(hashOf(token)).toHaveLength(32);
});
