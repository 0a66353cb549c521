import { describe, expect, test } from 'vitest';
import { checkNotGuessable } from './guessable-passwords.ts';

const owner = { name: 'Maria Kraus', email: 'm.kraus@mercy.example' };
const isRefused = (password: string) => {
  try {
    checkNotGuessable(password, owner);
  } catch (error) {
    expect(error).toMatchObject({ code: 'validation', parts: { errors: [{ field: 'newPassword' }] } });
    return true;
  }
  return false;
};

describe('ID33 a new password', () => {
  test.each([
    'password1234',
    'Password1234!',
    'P@ssw0rd-1234',
    'passwordpassword',
    '1234567890123',
    'qwertyuiop12',
    'Summer2026!!!',
    '!!!!football!!!!',
    'aaaaaaaaaaaa',
    '2468-2468-2468-2468',
    'MariaKraus2026',
    'kraus@mercy.example',
    'Kraus-Kraus-Kraus',
    'ｐａｓｓｗｏｒｄ1234',
    'maria-password-1',
  ])('is refused if guessable: %s', (password) => {
    expect(isRefused(password)).toBe(true);
  });

  test.each([
    'correct horse battery',
    'battery staple horse',
    'Kraus takes long walks',
    'monkey likes gravel',
    'x7horse!k9Qz',
    'vT4#mQ9!zR2w',
    '3f2a1-9c0de-77b12-e1f00',
    'ゆきのあさのさんぽみち',
  ])('is accepted otherwise: %s', (password) => {
    expect(isRefused(password)).toBe(false);
  });
});
