import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createPasswords, hashPassword, verifyPassword } from './passwords.ts';
import type { Cost, Derive } from './passwords.ts';

const quick: Derive = (password, salt) =>
  Promise.resolve(createHash('sha256').update(salt).update(password).digest());

describe('ID1 a password is stored as argon2id', () => {
  test('19 MiB, two passes, one lane, 16 bytes of salt, 32 of tag', async () => {
    const hash = await hashPassword('correct horse battery');
    const [, kind, version, cost, salt = '', tag = ''] = hash.split('$');
    expect([kind, version, cost]).toEqual(['argon2id', 'v=19', 'm=19456,t=2,p=1']);
    expect(Buffer.from(salt, 'base64')).toHaveLength(16);
    expect(Buffer.from(tag, 'base64')).toHaveLength(32);
    expect([salt, tag].join('')).not.toContain('='); // PHC has no padding
    expect(await hashPassword('correct horse battery')).not.toBe(hash);
  });

  test('a hash matches its password and no other', async () => {
    const hash = await hashPassword('correct horse battery');
    expect(await verifyPassword(hash, 'correct horse battery')).toBe(true);
    expect(await verifyPassword(hash, 'correct horse batterY')).toBe(false);
    expect(await verifyPassword(hash, '')).toBe(false);
  });

  test('a hash of another implementation matches', async () => {
    // From the tests of the reference implementation (argon2id, version 0x13).
    const hash = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await verifyPassword(hash, 'password')).toBe(true);
  });

  test.each([
    '',
    '-',
    '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR',
    '$argon2id$v=19$m=256,t=2,p=1$$',
    '$2b$10$abcdefghijklmnopqrstuv',
  ])('a malformed hash (%j) matches no password', async (hash) => {
    expect(await verifyPassword(hash, '', quick)).toBe(false);
    expect(await verifyPassword(hash, 'password', quick)).toBe(false);
  });
});

test('ID2 a check without a hash does the same work and returns false', async () => {
  const derivations: { salt: number; cost: Cost }[] = [];
  const counted: Derive = (password, salt, cost) => {
    derivations.push({ salt: salt.length, cost });
    return quick(password, salt, cost);
  };
  expect(await verifyPassword(await hashPassword('right', quick), 'wrong', counted)).toBe(false);
  expect(await verifyPassword(null, 'wrong', counted)).toBe(false);
  expect(derivations).toHaveLength(2);
  expect(derivations[1]).toEqual(derivations[0]);
});

test('ID10 concurrent derivations are limited and keep their order', async () => {
  let running = 0;
  let most = 0;
  const started: string[] = [];
  const derive: Derive = async (password) => {
    started.push(password);
    most = Math.max(most, ++running);
    await pause(1);
    running--;
    if (password === '3') throw new Error('This one fails.');
    return Buffer.alloc(32);
  };
  const passwords = createPasswords({ derive, atOnce: 2 });
  const inputs = Array.from({ length: 12 }, (_, index) => String(index));
  const results = await Promise.allSettled(inputs.map((password) => passwords.hash(password)));
  expect(most).toBe(2);
  expect(started).toEqual(inputs);
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});

test('ID9 sign-ins beyond the limit are refused, and admitted again afterwards', async () => {
  const passwords = createPasswords({ derive: quick, maxSignIns: 3 });
  const { promise, resolve } = Promise.withResolvers<string>();
  const inside = [1, 2, 3].map(() => passwords.admit(() => promise));
  let begun = false;
  const refused = passwords.admit(() => {
    begun = true;
    return Promise.resolve();
  });
  await expect(refused).rejects.toMatchObject({ code: 'unavailable', parts: { retryAfter: 2 } });
  expect(begun).toBe(false);
  resolve('done');
  expect(await Promise.all(inside)).toEqual(['done', 'done', 'done']);
  expect(await passwords.admit(() => Promise.resolve('in'))).toBe('in');
  await expect(passwords.admit(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await Promise.all([1, 2, 3].map(() => passwords.admit(() => Promise.resolve(1))))).toHaveLength(3);
});
