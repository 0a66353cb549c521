import { expect, test } from 'vitest';
import { expandNames } from './expand-names.ts';

test.each([
  ['Main OR 1–3', ['Main OR 1', 'Main OR 2', 'Main OR 3']],
  ['OR 08-10', ['OR 08', 'OR 09', 'OR 10']],
  ['OR 7..8', ['OR 7', 'OR 8']],
  ['OR 12', ['OR 12']],
  ['OR 9-2', ['OR 9-2']],
  ['Room 1-2-A', ['Room 1-2-A']],
  ['OR 1-9999', ['OR 1-9999']],
])('AA4 a range in a name stands for many records: %s', (name, names) => {
  expect(expandNames(name)).toEqual(names);
});
