import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { requestClaims } from '../../test/request-claims.ts';
import { at, testHospital } from '../../test/hospital.ts';
import type { Setting } from '../../test/hospital.ts';

// Tests `claim` alone. Every test is one transaction that is rolled back, so claims need no cases: their foreign key
// is checked at commit.

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
beforeEach(() => db.query('BEGIN'));
afterEach(() => db.query('ROLLBACK'));

const claim: ReturnType<typeof requestClaims> = (...args) => requestClaims(db, hospital.siteId)(...args);
const allFits = { inactive: [], in_way: [] };
const stored = async () => {
  const { rows } = await db.query<{ resource_id: string; quantity: number; exclusive: boolean }>(
    'SELECT resource_id, quantity, exclusive FROM claims WHERE site_id = $1',
    [hospital.siteId],
  );
  return rows;
};

describe('CL1 capacity', () => {
  test('a room can be claimed once at a time', async () => {
    const [room] = hospital.rooms;
    const mine = randomUUID();
    expect(await claim([{ resource: room, from: '09:00', to: '10:00', case: mine }])).toMatchObject(allFits);
    const other = randomUUID();
    const { in_way: inWay } = await claim([{ resource: room, from: '09:59', to: '11:00', case: other }]);
    expect(inWay).toEqual([
      {
        resource: room,
        capacity: 1,
        for: other,
        claim: { start: at('09:00'), end: at('10:00'), quantity: 1, case: mine, closure: null },
      },
    ]);
    expect(await stored()).toEqual([{ resource_id: room, quantity: 1, exclusive: true }]);
  });

  test('a pool can be claimed up to its capacity; a refusal lists all claims in the way', async () => {
    const pool = { resource: hospital.beds, from: '09:00', to: '10:00' };
    expect(await claim([{ ...pool, quantity: 2 }])).toMatchObject(allFits);
    expect(await claim([{ ...pool, quantity: 1 }])).toMatchObject(allFits);
    const { in_way: inWay } = await claim([{ ...pool, from: '09:30', to: '09:31' }]);
    expect(new Set(inWay.map((each) => each.claim?.quantity))).toEqual(new Set([1, 2]));
  });

  test('the peak counts, not the sum of all overlapping claims', async () => {
    const pool = { resource: hospital.equipment[0], quantity: 1 };
    for (const from of ['09:00', '10:00', '11:00']) {
      await claim([{ ...pool, from, to: `${from.slice(0, 3)}59` }]);
    }
    expect(await claim([{ ...pool, from: '08:00', to: '13:00' }])).toMatchObject(allFits);
    expect((await claim([{ ...pool, from: '08:00', to: '13:00' }])).in_way).not.toEqual([]);
    expect(await claim([{ ...pool, from: '09:59', to: '10:00' }])).toMatchObject(allFits);
  });

  test('a request above the capacity lists no claim in the way', async () => {
    const { in_way: inWay } = await claim([
      { resource: hospital.beds, from: '09:00', to: '10:00', quantity: 4 },
    ]);
    expect(inWay).toMatchObject([{ resource: hospital.beds, capacity: 3, claim: null }]);
  });

  test('the requests of one call are added up', async () => {
    const pool = { resource: hospital.equipment[0], from: '09:00', to: '10:00' };
    expect((await claim([pool, pool, { ...pool, from: '09:59', to: '10:30' }])).in_way).not.toEqual([]);
    await db.query('ROLLBACK; BEGIN');
    expect(await claim([pool, pool, { ...pool, from: '10:00', to: '10:30' }])).toMatchObject(allFits);
  });

  test('a closure counts like any other claim', async () => {
    const [room] = hospital.rooms;
    const closure = randomUUID();
    await db.query(
      `INSERT INTO claims (site_id, resource_id, closure_id, during, quantity, exclusive)
        VALUES ($1, $2, $3, tstzrange($4, $5), 1, true)`,
      [hospital.siteId, room, closure, at('09:00'), at('10:00')],
    );
    expect((await claim([{ resource: room, from: '09:30', to: '10:30' }])).in_way).toMatchObject([
      { claim: { case: null, closure } },
    ]);
  });

  test('a retired resource cannot be claimed', async () => {
    const [, retired] = hospital.rooms;
    await db.query('UPDATE resources SET active = false WHERE site_id = $1 AND id = $2', [
      hospital.siteId,
      retired,
    ]);
    expect((await claim([{ resource: retired, from: '09:00', to: '10:00' }])).inactive).toEqual([retired]);
  });

  test('a resource of another site cannot be claimed', async () => {
    const unknown = randomUUID();
    expect((await claim([{ resource: unknown, from: '09:00', to: '10:00' }])).inactive).toEqual([unknown]);
  });
});

test.each([
  ['that ends where another begins', '08:00', '09:00', true],
  ['that begins where another ends', '10:00', '11:00', true],
  ['that ends a minute later', '08:00', '09:01', false],
  ['that begins a minute earlier', '09:59', '11:00', false],
  ['that lies within', '09:20', '09:40', false],
  ['that lies around', '08:00', '11:00', false],
])('CL2 next to a claim from 09:00 to 10:00, one %s (%s–%s): fits = %s', async (_, from, to, fits) => {
  const [resource] = hospital.rooms;
  await claim([{ resource, from: '09:00', to: '10:00' }]);
  expect((await claim([{ resource, from, to }])).in_way.length === 0).toBe(fits);
});

describe('BK4 the caller’s own claims', () => {
  test('are not in the way, and are replaced', async () => {
    const [resource, other] = hospital.rooms;
    const mine = randomUUID();
    await claim([{ resource, from: '09:00', to: '10:00', case: mine }]);
    const again = await claim([{ resource, from: '09:30', to: '10:30', case: mine }], { cases: [mine] });
    expect(again).toMatchObject(allFits);
    await claim([{ resource: other, from: '09:30', to: '10:30', case: mine }], { cases: [mine] });
    expect(await stored()).toMatchObject([{ resource_id: other }]);
  });

  test('two cases can swap places in one call, but not overlap afterward', async () => {
    const [resource, other] = hospital.rooms;
    const [a, b] = [randomUUID(), randomUUID()];
    await claim([
      { resource, from: '09:00', to: '10:00', case: a },
      { resource: other, from: '09:00', to: '10:00', case: b },
    ]);
    const swapped = await claim(
      [
        { resource: other, from: '09:00', to: '10:00', case: a },
        { resource, from: '09:00', to: '10:00', case: b },
      ],
      { cases: [a, b] },
    );
    expect(swapped).toMatchObject(allFits);
    const overlapping = await claim(
      [
        { resource, from: '09:00', to: '10:00', case: a },
        { resource, from: '09:30', to: '10:30', case: b },
      ],
      { cases: [a, b] },
    );
    expect(overlapping.in_way).toMatchObject([{ resource }]);
  });

  test('CL4 an empty list of claims releases all claims', async () => {
    const mine = randomUUID();
    await claim([{ resource: hospital.beds, from: '09:00', to: '10:00', case: mine }]);
    await claim([], { cases: [mine] });
    expect(await stored()).toEqual([]);
  });

  test('NULL instead of claims changes nothing and returns the versions', async () => {
    const mine = await hold({ seconds: 60 });
    const { rows } = await db.query('SELECT versions, in_way FROM claim($1, $2, NULL, $3, false)', [
      hospital.siteId,
      [mine, randomUUID()],
      '[]',
    ]);
    expect(rows).toEqual([{ versions: { [mine]: 1 }, in_way: [] }]);
    expect(await stored()).toHaveLength(1);
  });
});

/** Holds the first room from 09:00 to 10:00, until some seconds from now. */
async function hold({
  seconds,
  patient = null,
}: {
  seconds: number;
  patient?: string | null;
}): Promise<string> {
  const id = randomUUID();
  const item = {
    id,
    number: 1,
    version: 1,
    state: 'held',
    roomId: hospital.rooms[0],
    start: at('09:00'),
    end: at('10:00'),
    happensFrom: at('09:00'),
    happensUntil: at('10:00'),
    minutes: 60,
    setupMinutes: 0,
    cleanupMinutes: 0,
    equipment: [],
    urgency: 'elective',
    milestones: {},
    patientRef: patient,
    createdBy: hospital.users.coordinator,
    expiresAt: new Date(Date.now() + seconds * 1000).toISOString(),
  };
  const range = { from: '09:00', to: '10:00', case: id };
  await claim([{ resource: hospital.rooms[0], ...range }], {
    patients: patient === null ? [] : [{ patient, ...range }],
  });
  await db.query('SELECT save_cases($1, $2)', [hospital.siteId, JSON.stringify([item])]);
  return id;
}

describe('HO2 a hold in the way', () => {
  test('expires if it is overdue, and is returned', async () => {
    const [resource] = hospital.rooms;
    const id = await hold({ seconds: -1 });
    const result = await claim([{ resource, from: '09:30', to: '10:30' }]);
    expect(result).toMatchObject({
      ...allFits,
      expired: [{ id, state: 'expired', expiresAt: null, version: 2 }],
    });
    expect(await stored()).toHaveLength(1);
  });

  test('stays if it is not overdue', async () => {
    const [resource] = hospital.rooms;
    const id = await hold({ seconds: 60 });
    const result = await claim([{ resource, from: '09:30', to: '10:30' }]);
    expect(result).toMatchObject({ expired: [], in_way: [{ claim: { case: id } }] });
  });

  test('does not expire for a claim of another time', async () => {
    const [resource] = hospital.rooms;
    await hold({ seconds: -1 });
    expect((await claim([{ resource, from: '10:00', to: '11:00' }])).expired).toEqual([]);
  });

  test('expires also if it has only the patient in common', async () => {
    const [, resource] = hospital.rooms;
    const id = await hold({ seconds: -1, patient: 'DEMO-1' });
    const mine = randomUUID();
    const patients = [{ case: mine, patient: 'DEMO-1', from: '09:00', to: '10:00' }];
    const result = await claim([{ resource, from: '09:00', to: '10:00', case: mine }], { patients });
    expect(result).toMatchObject({ ...allFits, expired: [{ id }] });
  });
});

describe('CL5 a patient', () => {
  const claimElsewhere = async (from: string, to: string, patient = 'DEMO-1', room = hospital.rooms[1]) => {
    const mine = randomUUID();
    const request = { resource: room, from, to, case: mine };
    return claim([request], { patients: [{ case: mine, patient, from, to }] });
  };

  test('in another case at the same time is in the way', async () => {
    const id = await hold({ seconds: 60, patient: 'DEMO-1' });
    expect((await claimElsewhere('09:30', '10:30')).in_way).toMatchObject([
      { resource: null, claim: { case: id } },
    ]);
  });

  test('in another case at another time is not in the way; neither is another patient', async () => {
    await hold({ seconds: 60, patient: 'DEMO-1' });
    expect((await claimElsewhere('10:00', '11:00')).in_way).toEqual([]);
    expect((await claimElsewhere('09:30', '10:30', 'DEMO-2', hospital.rooms[2])).in_way).toEqual([]);
  });

  test('cannot be in two cases of one call at the same time', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    const [resource, other] = hospital.rooms;
    const stay = { patient: 'DEMO-1', from: '09:00', to: '10:00' };
    const result = await claim(
      [
        { resource, from: '09:00', to: '10:00', case: a },
        { resource: other, from: '09:00', to: '10:00', case: b },
      ],
      {
        cases: [a, b],
        patients: [
          { case: a, ...stay },
          { case: b, ...stay },
        ],
      },
    );
    expect(result.in_way).not.toEqual([]);
  });
});
