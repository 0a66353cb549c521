import type { Case } from '@slate/shared/cases';
import type { CaseState } from '@slate/shared/case-state';
import { expect, test } from 'vitest';
import type { BlockingClaim } from '../db/resources.sql.ts';
import { inUse } from './in-use.ts';

const claimOf = (number: number, state: CaseState): BlockingClaim => ({
  resourceId: 'room',
  start: '2026-11-21T09:00:00.000Z',
  end: '2026-11-21T10:00:00.000Z',
  case: { id: `case ${number}`, number, state, title: 'Total knee', holder: null, expiresAt: null } as Case,
  closure: null,
  total: 1,
});
const refusal = (inTheWay: BlockingClaim[], total?: number) =>
  inUse('OR 1 can’t be retired', inTheWay, 'America/Chicago', total);

test('AD3 names the first five, counts the rest, and gives advice', () => {
  const many = Array.from({ length: 7 }, (_, index) => claimOf(index + 1, 'scheduled'));
  expect(refusal(many).message).toBe(
    'OR 1 can’t be retired: case 1 2026-11-21 03:00–04:00, case 2 2026-11-21 03:00–04:00, ' +
      'case 3 2026-11-21 03:00–04:00, case 4 2026-11-21 03:00–04:00, case 5 2026-11-21 03:00–04:00, ' +
      'and 2 more. Move them, or choose which to bump to the depot.',
  );
  expect(refusal(many).parts.blockers).toHaveLength(7);
});

test('AD5 cases in progress can only be waited for', () => {
  expect(refusal([claimOf(1, 'in_room')]).message).toBe(
    'OR 1 can’t be retired: case 1 2026-11-21 03:00–04:00, in room. Wait until cases in progress are finished.',
  );
});

test('AD3 lists no more than `bump` may name', () => {
  const many = Array.from({ length: 250 }, (_, index) => claimOf(index, 'confirmed'));
  expect(refusal(many).parts.blockers).toHaveLength(200);
  expect(refusal(many, 7300).message).toContain('and 7295 more');
});
