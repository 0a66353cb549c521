import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestClaims } from '../../test/request-claims.ts';
import { clockTime, testHospital } from '../../test/hospital.ts';
import type { Setting } from '../../test/hospital.ts';

/** The expected answer, computed minute by minute. */
class MinuteByMinute {
  readonly #capacities: readonly number[];
  #claims: OracleClaim[] = [];

  constructor(capacities: readonly number[]) {
    this.#capacities = capacities;
  }

  /** Returns the resources whose capacity would be exceeded; if there are none, makes the claims. */
  claim(owner: number, requests: Omit<OracleClaim, 'owner'>[]): number[] {
    const others = this.#claims.filter((each) => each.owner !== owner);
    const all = [...others, ...requests.map((each) => ({ ...each, owner }))];
    const full = requests.filter(({ resource, from, minutes }) =>
      Array.from({ length: minutes }, (_, index) => from + index).some(
        (minute) =>
          all
            .filter(
              (each) =>
                each.resource === resource && each.from <= minute && minute < each.from + each.minutes,
            )
            .reduce((sum, { quantity }) => sum + quantity, 0) > (this.#capacities[resource] ?? 0),
      ),
    );
    if (full.length === 0) this.#claims = all;
    return [...new Set(full.map(({ resource }) => resource))].toSorted((a, b) => a - b);
  }
}
type OracleClaim = { owner: number; resource: number; from: number; minutes: number; quantity: number };

let hospital: Setting;
let db: pg.Client;
beforeAll(async () => {
  hospital = await testHospital();
  db = new pg.Client({ connectionString: hospital.database.appUrl });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await hospital.end();
});

test('CL1 CL6 `claim` agrees with the minute-by-minute oracle', { timeout: 60_000 }, async () => {
  const resources = [hospital.rooms[0], hospital.equipment[0], hospital.beds, hospital.list];
  const capacities = [1, 2, 3, 4];
  const claimRequest = fc.record({
    resource: fc.nat(3),
    from: fc.nat(20),
    minutes: fc.integer({ min: 1, max: 10 }),
    quantity: fc.integer({ min: 1, max: 3 }),
  });
  const calls = fc.array(
    fc.record({ owner: fc.nat(5), requests: fc.array(claimRequest, { minLength: 1, maxLength: 4 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  let refused = 0;
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(calls, async (sequence) => {
      const oracle = new MinuteByMinute(capacities);
      const owners = Array.from({ length: 6 }, () => randomUUID());
      await db.query('ROLLBACK; BEGIN');
      for (const { owner, requests } of sequence) {
        const ownerId = owners[owner] ?? '';
        await db.query('SAVEPOINT before');
        const { in_way: inWay } = await requestClaims(db, hospital.siteId)(
          requests.map(({ resource, from, minutes, quantity }) => ({
            resource: resources[resource] ?? '',
            from: clockTime(from),
            to: clockTime(from + minutes),
            quantity,
            case: ownerId,
          })),
          { cases: [ownerId] },
        );
        // The caller rolls back a refused claim.
        if (inWay.length > 0) await db.query('ROLLBACK TO before');
        const full = new Set(inWay.map(({ resource }) => resources.indexOf(resource ?? '')));
        expect([...full].toSorted((a, b) => a - b)).toEqual(oracle.claim(owner, requests));
        if (full.size > 0) refused++;
        else accepted++;
      }
    }),
    { numRuns: 300 },
  );
  // Both kinds of answers were compared.
  expect(Math.min(refused, accepted)).toBeGreaterThan(300);
});
