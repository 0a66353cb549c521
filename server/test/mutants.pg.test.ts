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
const rewriteFunction =
  (name: string, ...changes: [string, string][]): Mutation =>
  (lab) =>
    mutate(lab.owner, name, ...changes);
const dropConstraint =
  (table: string, constraint: string): Mutation =>
  (lab) =>
    lab.owner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${constraint}`);

const noLocks = rewriteFunction('claim', ['ORDER BY id FOR UPDATE', 'ORDER BY id']);
const noConstraint = dropConstraint('claims', 'one_claim_at_a_time');
const noPatientLocks = rewriteFunction('claim', ['PERFORM pg_advisory_xact_lock(k.key)', 'PERFORM k.key']);
const noPatientConstraint = dropConstraint('patient_stays', 'patient_in_one_place');
// Without locks, latecomers wait for the constraint, often in a deadlock.
const quickDeadlockDetection: Mutation = ({ database }) =>
  queryDirectly(
    database.superUrl,
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = 20', current_database()); END $$`,
  );
/**
 * The first command that checks the capacity waits with its claim until another one has checked it too, and the others
 * wait for that claim. So at least two find the same place free on any machine, without a deadlock.
 */
const forcedRace: Mutation = all(
  (lab) =>
    lab.owner.query(
      `CREATE SEQUENCE checks; CREATE SEQUENCE first_claims;
        GRANT ALL ON SEQUENCE checks, first_claims TO slate_server`,
    ),
  rewriteFunction(
    'claim',
    ['v_parts tstzmultirange;', 'v_parts tstzmultirange; v_turn int;'],
    [
      `INSERT INTO claims (site_id, resource_id, case_id, closure_id, during, quantity, exclusive)
      SELECT p_site, v_new.resource`,
      `v_turn := nextval('checks');
      WHILE CASE v_turn WHEN 1 THEN (SELECT last_value FROM checks) = 1 ELSE (SELECT NOT is_called FROM first_claims) END
      LOOP
        PERFORM pg_sleep(0.005);
      END LOOP;
      INSERT INTO claims (site_id, resource_id, case_id, closure_id, during, quantity, exclusive)
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

describe('CL1 many commands at once', () => {
  test('leave no violations in a healthy database, and the constraint never fires', async () => {
    const { violations, errors, done, refused, unavailable } = await inMutant(all(), (lab) => contend(lab));
    expect(violations).toEqual([]);
    expect([...errors, unavailable]).toEqual([0]);
    expect(Math.min(done, refused)).toBeGreaterThan(50);
  });

  test('leave violations without locks and without the constraint', async () => {
    const { violations } = await inMutant(all(noLocks, noConstraint, forcedRace), (lab) =>
      contend(lab, { rounds: 1 }),
    );
    expect(violations).toContainEqual(expect.stringMatching(/^CL1: \d at once/));
  });

  test('leave no violations without the constraint: the locks suffice', async () => {
    const { violations } = await inMutant(noConstraint, (lab) => contend(lab));
    expect(violations).toEqual([]);
  });

  test('leave no violations of single resources without locks: the constraint suffices', async () => {
    const { violations, errors } = await inMutant(all(noLocks, quickDeadlockDetection, forcedRace), (lab) =>
      contend(lab, { singular: true, rounds: 2 }),
    );
    expect(violations).toEqual([]);
    expect([...errors]).toContain('23P01');
  });
});

describe('every order of the steps of', () => {
  const caught: [string, string, Mutation][] = [
    ['BK1 hold and hold', 'no locks, no constraint', all(noLocks, noConstraint)],
    ['CL1 hold and hold of a pool', 'no locks, and a pool has no constraint', noLocks],
    [
      'CL5 patient and patient',
      'no locks of patients, no constraint',
      all(noPatientLocks, noPatientConstraint),
    ],
    [
      'HO2 hold where a hold expires',
      'uses the start of the transaction as the time',
      rewriteFunction('overdue_holds', startOfTransaction),
    ],
    [
      'HO3 book and expire',
      'uses the start of the transaction as the time',
      rewriteFunction('claim', startOfTransaction),
    ],
    [
      'HO3 extend, and hold the same place at its old expiry',
      'not checked again after it is locked',
      rewriteFunction('expire_holds', [`AND state = 'held' AND expires_at <= p_now`, `AND state = 'held'`]),
    ],
    [
      'FE1 hold, and a hold that is cut off before its commit',
      'revisions from a sequence',
      all(
        (lab) => lab.owner.query('CREATE SEQUENCE revisions'),
        rewriteFunction('finish_command', [
          'SET revision = s.revision + v_count',
          `SET revision = nextval('revisions')`,
        ]),
      ),
    ],
    [
      'EX1 one command twice',
      'keys are not unique',
      all(
        dropConstraint('commands', 'commands_pkey'),
        rewriteFunction('begin_command', ['v_new := FOUND', 'v_new := true']),
      ),
    ],
    [
      'EX2 one key of two people',
      'a case overwrites another',
      rewriteFunction('save_cases', ['WHERE k.version < EXCLUDED.version', '']),
    ],
    [
      'CL4 cancel, and hold at its place',
      'claims stay',
      rewriteFunction('claim', [
        'DELETE FROM claims c WHERE c.site_id = p_site AND c.case_id = ANY (p_cases);',
        '',
      ]),
    ],
  ];
  test.each(caught)('%s finds the mutant: %s', async (name, _, mutation) => {
    const { violations } = await inMutant(mutation, exploring(name, true));
    expect(violations).not.toEqual([]);
  });

  const sufficient: [string, string, Mutation, string[]][] = [
    ['BK1 hold and hold', 'the locks alone', noConstraint, []],
    ['BK1 hold and hold', 'the constraint alone', noLocks, ['23P01']],
    ['CL5 patient and patient', 'the locks alone', noPatientConstraint, []],
    ['CL5 patient and patient', 'the constraint alone', noPatientLocks, ['23P01']],
  ];
  test.each(sufficient)('%s finds no violation: %s suffice', async (name, _, mutation, expected) => {
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
      rewriteFunction('claim', [
        `tstzrange(a.start, a."end") AS during`,
        `tstzrange(a.start, a."end", '[]') AS during`,
      ]),
    ],
    [
      'CL1 a pool counts claims, not quantities',
      rewriteFunction('peak_load', ['sum(s.quantity)', 'count(*)']),
    ],
    [
      'CL5 patients are not checked',
      all(rewriteFunction('claim', ['s.patient_ref = v_new.patient AND', 'false AND']), noPatientConstraint),
    ],
    [
      'HO2 overdue holds stay in the way',
      rewriteFunction('overdue_holds', ['h.expires_at <= clock_timestamp()', 'false']),
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
