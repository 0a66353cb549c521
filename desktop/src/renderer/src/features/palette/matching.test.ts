import { expect, test } from 'vitest';
import { best, scoreOf } from './matching.ts';

test('every typed word must start a word of the text, in any order', () => {
  expect(scoreOf('had kn')('Total knee Haddad A')).not.toBeNull();
  expect(scoreOf('knee x')('Total knee Haddad A')).toBeNull();
  expect(scoreOf('nee')('Total knee')).toBeNull();
  expect(scoreOf('  ')('Total knee')).toBeNull();
});

test('a number must match whole: OR 1 is not OR 10', () => {
  expect(scoreOf('or 1')('Main OR 10')).toBeNull();
  expect(scoreOf('or 1')('Main OR 1')).not.toBeNull();
  expect(scoreOf('C-10343')('Revision hip C-10343')).not.toBeNull();
  expect(scoreOf('10343')('Revision hip C-10343')).not.toBeNull();
});

test('accents and case do not matter', () => {
  expect(scoreOf('bergstrom')('Bergström L')).not.toBeNull();
});

test('whole words and the start of the text come first; equal matches keep their order', () => {
  const texts = ['Undo hip', 'Hipster', 'Hip fixation', 'Revision hip'];
  expect(best('hip', texts, (text) => text, 3)).toEqual(['Hip fixation', 'Hipster', 'Undo hip']);
});
