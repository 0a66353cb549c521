import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClosure } from '../src/use-cases/catalogue/closures.ts';
import { book, hold } from './administer.ts';
import { at } from './hospital.ts';
import { checkInvariants } from './invariants.ts';
import { laboratory } from './laboratory.ts';
import type { Laboratory } from './laboratory.ts';

let lab: Laboratory;
beforeAll(async () => {
  lab = await laboratory();
  const equipment = [{ resourceId: lab.equipment[0], quantity: 1 }];
  await book(lab, { patientRef: 'DEMO-1', equipment, bed: { resourceId: lab.beds, nights: 1 } });
  await hold(lab, { start: at('12:00') });
  const closed = { resourceId: lab.rooms[1], start: at('08:00'), end: at('10:00'), reason: 'Cleaning' };
  await createClosure(lab.deps, lab.request(), closed);
});
afterAll(() => lab.end());

test('a healthy site has no violations', async () => {
  expect(await checkInvariants(lab.database.ownerUrl, lab.siteId)).toEqual([]);
});

const withoutConstraint = 'ALTER TABLE claims DROP CONSTRAINT one_claim_at_a_time;';
const later = (hours: number) =>
  `tstzrange(lower(during) + interval '${hours} hours', upper(during) + interval '${hours} hours')`;
const lastRow = `seq = (SELECT max(seq) FROM audit WHERE chain = 'commands')`;

// Each violation is made in the database, checked, and rolled back.
test.each([
  [
    'CL1: 2 of 1',
    `${withoutConstraint} UPDATE claims SET during = ${later(3)} WHERE lower(during) < '${at('10:00')}'`,
  ],
  ['CL1: a claim on', 'UPDATE claims SET exclusive = false'],
  ['CL3: needless claim', `UPDATE cases SET state = 'released', expires_at = NULL WHERE state = 'held'`],
  ['CL3: needless claim', `UPDATE claims SET during = ${later(10)}`],
  ['CL3: missing claim', 'DELETE FROM claims WHERE closure_id IS NOT NULL'],
  [
    'CL3: missing claim',
    'DELETE FROM claims WHERE id = (SELECT max(id) FROM claims WHERE case_id IS NOT NULL)',
  ],
  [
    'CL3: a claim is stored twice',
    `INSERT INTO claims (site_id, resource_id, case_id, during, quantity, exclusive)
      SELECT site_id, resource_id, case_id, during, quantity, exclusive FROM claims WHERE NOT exclusive`,
  ],
  [
    'CL5: a patient',
    `ALTER TABLE patient_stays DROP CONSTRAINT patient_in_one_place;
      INSERT INTO patient_stays (site_id, patient_ref, case_id, during)
        SELECT site_id, 'DEMO-1', id, tstzrange('${at('09:00')}', '${at('10:00')}') FROM cases`,
  ],
  ['RE1: ', `UPDATE cases SET happens = ${later(3).replaceAll('during', 'happens')}`],
  ['FE1: revision 2', 'DELETE FROM changes WHERE revision = 2'],
  ['FE1: the site is at', 'UPDATE sites SET revision = revision + 1'],
  ['FE2: the feed differs', `UPDATE cases SET note = 'Not in the feed' WHERE state = 'held'`],
  ['Audit: row 1 is missing', 'DELETE FROM audit WHERE seq = 1'],
  ['Audit: row 2 is not', `UPDATE audit SET detail = '{}' WHERE seq = 2`],
  ['Audit: row 2 is not', `UPDATE audit SET actor = NULL WHERE seq = 2`],
  ['Audit: the head', `DELETE FROM audit WHERE ${lastRow}`],
])('reports %s after %s', async (violation, corrupt) => {
  await lab.owner.query('BEGIN');
  try {
    await lab.owner.query(corrupt);
    const violations = await checkInvariants(lab.owner, lab.siteId);
    expect(violations).toContainEqual(expect.stringContaining(violation));
  } finally {
    await lab.owner.query('ROLLBACK');
  }
});
