import { expect, test } from 'vitest';
import { looksPersonal } from './looks-personal.ts';

test.each([
  ['Smith', 'name'],
  ['Jane Smith', 'name'],
  ['SMITH, JANE', 'name'],
  ["O'Neil-Ruiz M.", 'name'],
  ['Müller', 'name'],
  ['03/14/1962', 'birthDate'],
  ['14.3.62', 'birthDate'],
  ['1962-03-14', 'birthDate'],
  ['Smith 1962-03-14', 'birthDate'],
  ['14 Mar 1962', 'birthDate'],
  ['March 14, 1962', 'birthDate'],
  ['DEMO-4711', null],
  ['MRN', null],
  ['MRN 0012345', null],
  ['20041187', null],
  ['A12-3456-789', null],
  ['', null],
] as const)('FM6 the patient reference %j looks like: %s', (typed, kind) => {
  expect(looksPersonal(typed)).toBe(kind);
});
