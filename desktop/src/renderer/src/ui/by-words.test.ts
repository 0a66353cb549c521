import { expect, test } from 'vitest';
import { byWords, hasWords } from './by-words.ts';

const options = ['Total hip', 'Revision of a hip, total', 'Hip pinning', 'Knee'].map((label) => ({
  value: label,
  label,
}));
const found = (search: string, limit = Infinity, filter = byWords()) =>
  filter({ options, search, limit }).map((option) => 'label' in option && option.label);

test('what has all the words is found, in any order, and what begins like it comes first', () => {
  expect(found('hip')).toEqual(['Hip pinning', 'Total hip', 'Revision of a hip, total']);
  expect(found(' total HIP ')).toEqual(['Total hip', 'Revision of a hip, total']);
  expect(found('elbow')).toEqual([]);
});

test('of all that is found no more is shown than fits, and nothing typed finds everything', () => {
  expect(found('hip', 2)).toEqual(['Hip pinning', 'Total hip']);
  expect(found('', 3)).toHaveLength(3);
});

test('what is searched may say more than what is shown', () => {
  const ofService = byWords(({ label }) => (label === 'Knee' ? 'Knee Orthopedics' : label));
  expect(found('ortho', Infinity, ofService)).toEqual(['Knee']);
});

test('every word that is typed must be somewhere; accents and case are no matter', () => {
  expect(hasWords('bergstrom KNEE')('Total knee Bergström L')).toBe(true);
  expect(hasWords('knee rossi')('Total knee Bergström L')).toBe(false);
  expect(hasWords(' ')('Total knee')).toBe(true);
});
