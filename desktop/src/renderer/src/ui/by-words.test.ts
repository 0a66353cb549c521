import { expect, test } from 'vitest';
import { byWords, hasWords } from './by-words.ts';

const options = ['Total hip', 'Revision of a hip, total', 'Hip pinning', 'Knee'].map((label) => ({
  value: label,
  label,
}));
const found = (search: string, limit = Infinity, filter = byWords()) =>
  filter({ options, search, limit }).map((option) => 'label' in option && option.label);

test('the search finds entries with all words in any order, the ones that start with them first', () => {
  expect(found('hip')).toEqual(['Hip pinning', 'Total hip', 'Revision of a hip, total']);
  expect(found(' total HIP ')).toEqual(['Total hip', 'Revision of a hip, total']);
  expect(found('elbow')).toEqual([]);
});

test('the search respects its limit, and an empty search finds everything', () => {
  expect(found('hip', 2)).toEqual(['Hip pinning', 'Total hip']);
  expect(found('', 3)).toHaveLength(3);
});

test('the search can use more text than the shown one', () => {
  const ofService = byWords(({ label }) => (label === 'Knee' ? 'Knee Orthopedics' : label));
  expect(found('ortho', Infinity, ofService)).toEqual(['Knee']);
});

test('the search ignores accents and case', () => {
  expect(hasWords('bergstrom KNEE')('Total knee Bergström L')).toBe(true);
  expect(hasWords('knee rossi')('Total knee Bergström L')).toBe(false);
  expect(hasWords(' ')('Total knee')).toBe(true);
});
