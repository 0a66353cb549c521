import { describe, expect, test } from 'vitest';
import { fullReason, reasonList, reasonOfCase, reasonsFor } from './reasons.ts';
import type { ListedReason } from './reasons.ts';

const unwell: ListedReason = { kind: 'cancel', code: 'unwell', text: 'Patient unwell', active: true };
const noBed: ListedReason = { kind: 'cancel', code: 'no_bed', text: 'No bed', active: false };
const late: ListedReason = { kind: 'delay', code: 'unwell', text: 'Late, unwell', active: true };
const reasons = [unwell, noBed, late];

describe('RS2 a retired reason', () => {
  test('is not offered anymore, and stays readable', () => {
    expect(reasonsFor(reasons, 'cancel')).toEqual([unwell]);
    expect(reasonOfCase({ state: 'cancelled', reason: 'None in ICU', reasonCode: 'no_bed' }, reasons)).toBe(
      'No bed: None in ICU',
    );
  });
});

test.each([
  [null, null, null],
  ['Fever', null, 'Fever'],
  ['Fever', 'unwell', 'Patient unwell: Fever'],
  ['Patient unwell', 'unwell', 'Patient unwell'],
  ['Fever', 'of_another_site', 'of_another_site: Fever'],
] as const)('RS3 the text %j with the code %j is shown as %j', (text, code, shown) => {
  expect(fullReason(reasons, 'cancel', text, code)).toBe(shown);
});

test('RS2 a code is listed once for each command', () => {
  expect(reasonList.safeParse(reasons).success).toBe(true);
  expect(reasonList.safeParse([...reasons, { ...unwell, text: 'Ill' }]).success).toBe(false);
});
