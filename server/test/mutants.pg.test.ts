import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queryDirectly } from './administer.ts';
import { contend } from './contend.ts';
import { explore } from './explore.ts';
import { laboratory } from './laboratory.ts';
import type { Laboratory } from './laboratory.ts';
import { mutate } from './mutate.ts';
import { difference, sequence } from './random-model.ts';
import { scenarios } from './scenarios.ts';

// Removes each protection in a test database to check that the tests notice. With two protections, one suffices; a
// single one must not be removed.

type Mutation = (lab: Laboratory) => Promise<unknown>;
const all =
  (...mutations: Mutation[]): Mutation =>
  async (lab) => {
    for (const mutation of mutations) await mutation(lab);
  };
const rewritten =
  (name: string, ...changes: [string, string][]): Mutation =>
  (lab) =>
    mutate(lab.owner, name, ...changes);
const without =
  (table: string, constraint: string): Mutation =>
  (lab) =>
    lab.owner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${constraint}`);

const noLocks = rewritten('claim', ['ORDER BY r.id FOR UPDATE', 'ORDER BY r.id']);
const noNet = without('claims', 'one_claim_at_a_time');
const noPatientLocks = rewritten('claim', ['PERFORM pg_advisory_xact_lock(k.key)', 'PERFORM k.key']);
const noPatientNet = without('patient_stays', 'patient_in_one_place');
// Without locks, latecomers wait for the constraint, often in a deadlock.
const detectsDeadlocksSoon: Mutation = ({ database }) =>
  queryDirectly(
    database.superUrl,
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = 20', current_database()); END $$`,
  );
/**
 * The first command to check the capacity does not claim before another one has checked it too. The others wait for its
 * claim, so that it is in no deadlock. So at least two find the same place free, on any machine.
 */
const meeting: Mutation = all(
  (lab) =>
    lab.owner.query(
      `CREATE SEQUENCE checks; CREATE SEQUENCE first_claims;
        GRANT ALL ON SEQUENCE checks, first_claims TO slate_server`,
    ),
  rewritten(
    'claim',
    ['v_parts tstzmultirange;', 'v_parts tstzmultirange; v_turn int;'],
    [
      `INSERT INTO claims (site_id, resource_id, case_id, during, quantity, exclusive)
      SELECT p_site, v_new.resource`,
      `v_turn := nextval('checks');
      WHILE CASE v_turn WHEN 1 THEN (SELECT last_value FROM checks) = 1 ELSE (SELECT NOT is_called FROM first_claims) END
      LOOP
        PERFORM pg_sleep(0.005);
      END LOOP;
      INSERT INTO claims (site_id, resource_id, case_id, during, quantity, exclusive)
      SELECT p_site, v_new.resource`,
    ],
    [
      'v_new.capacity = 1 FROM unnest(v_parts) part;',
      `v_new.capacity = 1 FROM unnest(v_parts) part; PERFORM nextval('first_claims');`,
    ],
  ),
);
const startOfTransaction: [string, string] = ['clock_timestamp()', 'now()'];

async function inMutant<Result>(
  mutation: Mutation,
  inspect: (lab: Laboratory) => Promise<Result>,
): Promise<Result> {
  const lab = await laboratory();
  try {
    await mutation(lab);
    return await inspect(lab);
  } finally {
    await lab.end();
  }
}
const exploring = (name: string, stopAtViolation: boolean) => (lab: Laboratory) => {
  const scenario = scenarios[name];
  if (!scenario) throw new Error(`There is no scenario ${name}`);
  return explore(lab, scenario, { stopAtViolation });
};

describe('CL1 many at once', () => {
  test('healthy: no violations, and the constraint never fires', async () => {
    const { violations, errors, done, refused, unavailable } = await inMutant(all(), (lab) => contend(lab));
    expect(violations).toEqual([]);
    expect([...errors, unavailable]).toEqual([0]);
    expect(Math.min(done, refused)).toBeGreaterThan(50);
  });

  test('without locks and without the net: caught', async () => {
    const { violations } = await inMutant(all(noLocks, noNet, meeting), (lab) => contend(lab, { rounds: 1 }));
    expect(violations).toContainEqual(expect.stringMatching(/^CL1: \d at once/));
  });

  test('without the net: the locks suffice', async () => {
    const { violations } = await inMutant(noNet, (lab) => contend(lab));
    expect(violations).toEqual([]);
  });

  test('without locks: the constraint protects single resources', async () => {
    const { violations, errors } = await inMutant(all(noLocks, detectsDeadlocksSoon, meeting), (lab) =>
      contend(lab, { singular: true, rounds: 2 }),
    );
    expect(violations).toEqual([]);
    expect([...errors]).toContain('23P01');
  });
});

describe('one order of steps is enough', () => {
  const caught: [string, string, Mutation][] = [
    ['BK1 hold and hold', 'no locks, no net', all(noLocks, noNet)],
    ['CL1 hold and hold of a pool', 'no locks, and a pool has no net', noLocks],
    ['CL5 patient and patient', 'no locks of patients, no net', all(noPatientLocks, noPatientNet)],
    [
      'HO2 hold where a hold expires',
      'uses the start of the transaction as the time',
      rewritten('overdue_holds', startOfTransaction),
    ],
    [
      'HO3 book and expire',
      'uses the start of the transaction as the time',
      rewritten('claim', startOfTransaction),
    ],
    [
      'HO3 extend, and hold the same place at its old expiry',
      'not checked again after it is locked',
      rewritten('expire_holds', [`AND state = 'held' AND expires_at <= p_now`, `AND state = 'held'`]),
    ],
    [
      'FE1 hold, and a hold that is cut off before its commit',
      'revisions from a sequence',
      all(
        (lab) => lab.owner.query('CREATE SEQUENCE revisions'),
        rewritten('finish_command', [
          'SET revision = s.revision + v_count',
          `SET revision = nextval('revisions')`,
        ]),
      ),
    ],
    [
      'EX1 one command twice',
      'keys are not unique',
      all(
        without('commands', 'commands_pkey'),
        rewritten('begin_command', ['v_new := FOUND', 'v_new := true']),
      ),
    ],
    [
      'EX2 one key of two people',
      'a case overwrites another',
      rewritten('save_cases', ['WHERE k.version < EXCLUDED.version', '']),
    ],
    [
      'CL4 cancel, and hold at its place',
      'claims stay',
      rewritten('claim', [
        'DELETE FROM claims c WHERE c.site_id = p_site AND c.case_id = ANY (p_cases);',
        '',
      ]),
    ],
  ];
  test.each(caught)('%s: caught (%s)', async (name, _, mutation) => {
    const { violations } = await inMutant(mutation, exploring(name, true));
    expect(violations).not.toEqual([]);
  });

  const sufficient: [string, string, Mutation, string[]][] = [
    ['BK1 hold and hold', 'the locks alone', noNet, []],
    ['BK1 hold and hold', 'the net alone', noLocks, ['23P01']],
    ['CL5 patient and patient', 'the locks alone', noPatientNet, []],
    ['CL5 patient and patient', 'the net alone', noPatientLocks, ['23P01']],
  ];
  test.each(sufficient)('%s: %s suffice', async (name, _, mutation, expected) => {
    const { violations, errors, outcomes } = await inMutant(mutation, exploring(name, false));
    // If the constraint decides, the other command may win; still, exactly one wins.
    expect(violations.filter((each) => !each.includes('came to'))).toEqual([]);
    expect(outcomes).toEqual(new Set(['ok, slot_taken', 'slot_taken, ok']));
    expect([...errors]).toEqual(expected);
  });
});

describe('the model notices when', () => {
  const mutations: [string, Mutation][] = [
    [
      'CL2 touching ranges overlap',
      rewritten('claim', [
        `tstzrange(a.start, a."end") AS during`,
        `tstzrange(a.start, a."end", '[]') AS during`,
      ]),
    ],
    ['CL1 a pool counts claims, not quantities', rewritten('peak_load', ['sum(s.quantity)', 'count(*)'])],
    [
      'CL5 patients are not checked',
      all(rewritten('claim', ['s.patient_ref = v_new.patient AND', 'false AND']), noPatientNet),
    ],
    [
      'HO2 overdue holds stay in the way',
      rewritten('overdue_holds', ['h.expires_at <= clock_timestamp()', 'false']),
    ],
  ];
  test.each(mutations)('%s', async (_, mutation) => {
    const { failed } = await inMutant(mutation, (lab) => {
      const property = fc.asyncProperty(
        sequence,
        async (steps) => (await difference(lab, steps)) === undefined,
      );
      // Stops at the first failing sequence, which is random.
      return fc.check(property, { numRuns: 1_000, endOnFailure: true });
    });
    expect(failed).toBe(true);
  });
});
