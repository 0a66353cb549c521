import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asking } from '../../test/ask-claims.ts';
import { testHospital } from '../../test/hospital.ts';
import type { Setting } from '../../test/hospital.ts';

/** What should be said, by looking at every minute. */
class MinuteByMinute {
  readonly #capacities: readonly number[];
  #claims: OracleClaim[] = [];

  constructor(capacities: readonly number[]) {
    this.#capacities = capacities;
  }

  /** The resources of which more would be claimed than there is. Without any, the claims are made. */
  claim(owner: number, asks: Omit<OracleClaim, 'owner'>[]): number[] {
    const others = this.#claims.filter((each) => each.owner !== owner);
    const all = [...others, ...asks.map((each) => ({ ...each, owner }))];
    const full = asks.filter(({ resource, from, minutes }) =>
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

const clockTime = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

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

test('CL1 CL6 `claim` says what looking at every minute says', { timeout: 60_000 }, async () => {
  const resources = [hospital.rooms[0], hospital.equipment[0], hospital.beds, hospital.list];
  const capacities = [1, 2, 3, 4];
  const asked = fc.record({
    resource: fc.nat(3),
    from: fc.nat(20),
    minutes: fc.integer({ min: 1, max: 10 }),
    quantity: fc.integer({ min: 1, max: 3 }),
  });
  const calls = fc.array(
    fc.record({ owner: fc.nat(5), asks: fc.array(asked, { minLength: 1, maxLength: 4 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  let refused = 0;
  let done = 0;
  await fc.assert(
    fc.asyncProperty(calls, async (sequence) => {
      const oracle = new MinuteByMinute(capacities);
      const owners = Array.from({ length: 6 }, () => randomUUID());
      await db.query('ROLLBACK; BEGIN');
      for (const { owner, asks } of sequence) {
        const mine = owners[owner] ?? '';
        await db.query('SAVEPOINT before');
        const { in_way: inWay } = await asking(db, hospital.siteId)(
          asks.map(({ resource, from, minutes, quantity }) => ({
            resource: resources[resource] ?? '',
            from: clockTime(from),
            to: clockTime(from + minutes),
            quantity,
            case: mine,
          })),
          { cases: [mine] },
        );
        // The caller rolls back what was refused.
        if (inWay.length > 0) await db.query('ROLLBACK TO before');
        const full = new Set(inWay.map(({ resource }) => resources.indexOf(resource ?? '')));
        expect([...full].toSorted((a, b) => a - b)).toEqual(oracle.claim(owner, asks));
        if (full.size > 0) refused++;
        else done++;
      }
    }),
    { numRuns: 300 },
  );
  // Otherwise it would have compared yes with yes, or no with no.
  expect(Math.min(refused, done)).toBeGreaterThan(300);
});
