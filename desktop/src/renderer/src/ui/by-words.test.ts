import { expect, test } from 'vitest';
import { byWords, hasWords } from './by-words.ts';

const options = ['Total hip', 'Revision of a hip, total', 'Hip pinning', 'Knee'].map((label) => ({
  value: label,
  label,
}));
const found = (search: string, limit = Infinity, filter = byWords()) =>
  filter({ options, search, limit }).map((option) => 'label' in option && option.label);

test('finds entries with all the words in any order; those that start with them come first', () => {
  expect(found('hip')).toEqual(['Hip pinning', 'Total hip', 'Revision of a hip, total']);
  expect(found(' total HIP ')).toEqual(['Total hip', 'Revision of a hip, total']);
  expect(found('elbow')).toEqual([]);
});

test('shows only what fits; an empty search finds everything', () => {
  expect(found('hip', 2)).toEqual(['Hip pinning', 'Total hip']);
  expect(found('', 3)).toHaveLength(3);
});

test('the searched text can contain more than the shown text', () => {
  const ofService = byWords(({ label }) => (label === 'Knee' ? 'Knee Orthopedics' : label));
  expect(found('ortho', Infinity, ofService)).toEqual(['Knee']);
});

test('every typed word must occur; accents and case do not matter', () => {
  expect(hasWords('bergstrom KNEE')('Total knee Bergström L')).toBe(true);
  expect(hasWords('knee rossi')('Total knee Bergström L')).toBe(false);
  expect(hasWords(' ')('Total knee')).toBe(true);
});
