import type { Case } from '@slate/shared/cases';
import { describe, expect, test } from 'vitest';
import { book, change, hold, refusalOf, readCase } from '../../test/administer.ts';
import { holdInput, at, caseOf } from '../../test/hospital.ts';
import { withFreshSite } from '../../test/laboratory.ts';
import type { Laboratory } from '../../test/laboratory.ts';
import { addToDepot } from '../use-cases/cases/add-to-depot.ts';
import { bumpCase, cancelCase, voidCase } from '../use-cases/cases/take-off-board.ts';
import { changeCase } from '../use-cases/cases/change-case.ts';
import { createClosure } from '../use-cases/catalogue/closures.ts';
import { deletePastClaims } from './delete-old.ts';
import { placeCase } from '../use-cases/cases/place-case.ts';
import { placeHold } from '../use-cases/cases/place-hold.ts';
import { recordMilestone } from '../use-cases/cases/record-milestone.ts';
import { releaseHold } from '../use-cases/cases/holds.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

/** The claims of a case as text, like `2 × C-arm 09:00–10:00`. */
async function claimsFor(item: Case): Promise<string[]> {
  const { rows } = await site.owner.query<{ claim: string }>(
    `SELECT c.quantity || ' × ' || r.name || ' ' || to_char(lower(c.during) AT TIME ZONE 'UTC', 'HH24:MI') || '–' ||
        to_char(upper(c.during) AT TIME ZONE 'UTC', 'HH24:MI') ||
        CASE WHEN upper(c.during) - lower(c.during) >= interval '1 day'
          THEN ' +' || (upper(c.during)::date - lower(c.during)::date) ELSE '' END AS claim
      FROM claims c JOIN resources r ON r.site_id = c.site_id AND r.id = c.resource_id
      WHERE c.site_id = $1 AND c.case_id = $2 ORDER BY r.kind, r.name`,
    [site.siteId, item.id],
  );
  return rows.map(({ claim }) => claim);
}

const everything = () => ({
  equipment: [{ resourceId: site.equipment[0], quantity: 2 }],
  bed: { resourceId: site.beds, nights: 2 },
  patientRef: 'DEMO-1',
});
const room = ['1 × OR 1 08:50–10:10', '1 × Surgeon 1 09:00–10:00'];
const needs = ['1 × PACU 12:00–12:00 +2', '2 × C-arm 09:00–10:00'];

describe('CL3 the claims of a case', () => {
  test('cover its room with turnover, surgeon and equipment from in to out, and its bed from noon to noon', async () => {
    expect(await claimsFor(await hold(site, everything()))).toEqual([...needs, ...room]);
  });

  test('cover no resource that it does not name', async () => {
    const bare = { surgeonId: null, procedureId: null, setupMinutes: 5, cleanupMinutes: 15 };
    expect(await claimsFor(await hold(site, bare))).toEqual(['1 × OR 1 08:55–10:15']);
  });

  test('cover one place of its list for the whole session', async () => {
    const request = { blockId: site.session, minutes: 40, surgeonId: site.surgeons[0] };
    const item = caseOf(await placeHold(site.deps, site.request(), request));
    expect(await claimsFor(item)).toEqual([
      '1 × Cataracts 08:00–12:00',
      '1 × OR 3 08:00–09:00',
      '1 × Surgeon 1 08:10–08:50',
    ]);
  });

  test('change with its needs', async () => {
    const { id, version } = await book(site, everything());
    const edit = { version, minutes: 30, equipment: [], bed: null, surgeonId: site.surgeons[1] };
    const changed = caseOf(await changeCase(site.deps, site.request(), id, edit));
    expect(await claimsFor(changed)).toEqual(['1 × OR 1 08:50–09:40', '1 × Surgeon 2 09:00–09:30']);
  });

  test('stay when it is booked and confirmed', async () => {
    const item = await book(site, everything());
    await changeCase(site.deps, site.request(), item.id, { to: 'confirmed' });
    expect(await claimsFor(item)).toEqual([...needs, ...room]);
  });
});

describe('CL4 a case frees everything when it is', () => {
  const reason = 'Flu';
  const commands: Record<string, (item: Case) => Promise<unknown>> = {
    cancelled: ({ id, version }) => cancelCase(site.deps, site.request(), id, { version, reason }),
    bumped: ({ id, version }) => bumpCase(site.deps, site.request(), id, { version, reason }),
    voided: ({ id, version }) => voidCase(site.deps, site.request(), id, { version, reason }),
  };

  test.each(Object.entries(commands))('%s', async (_, run) => {
    const item = await book(site, everything());
    await run(item);
    expect(await claimsFor(item)).toEqual([]);
    expect((await book(site, everything())).state).toBe('scheduled');
  });

  test('released', async () => {
    const item = await hold(site, everything());
    await releaseHold(site.deps, site.request(), item.id);
    expect(await claimsFor(item)).toEqual([]);
    expect((await hold(site, everything())).state).toBe('held');
  });
});

describe('CL4 out of room before the planned end', () => {
  /** In progress for two hours, planned for one more. */
  async function underWay(): Promise<Case> {
    const start = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120 * 60_000).toISOString();
    return book(site, { ...everything(), start, minutes: 180 });
  }
  const recordOut = (item: Case, minutes: number) =>
    recordMilestone(site.deps, site.request(), item.id, {
      milestone: 'out_of_room',
      at: new Date(Date.parse(item.start ?? '') + minutes * 60_000 + 20_000).toISOString(),
    });
  async function claimEnds(item: Case): Promise<Record<string, number>> {
    const { rows } = await site.owner.query<{ kind: string; minutes: number }>(
      `SELECT r.kind, (extract(epoch FROM upper(c.during) - $3) / 60)::int AS minutes
        FROM claims c JOIN resources r ON r.site_id = c.site_id AND r.id = c.resource_id
        WHERE c.site_id = $1 AND c.case_id = $2 AND r.kind <> 'bed'`,
      [site.siteId, item.id, item.start],
    );
    return Object.fromEntries(rows.map(({ kind, minutes }) => [kind, minutes]));
  }

  test('frees the rest of room, surgeon and equipment from the next minute on', async () => {
    const item = await underWay();
    expect(await claimEnds(item)).toEqual({ room: 190, surgeon: 180, equipment: 180 });
    await recordOut(item, 100);
    expect(await claimEnds(item)).toEqual({ room: 111, surgeon: 101, equipment: 101 });
  });

  test('frees more with an earlier correction; a later one claims the time again where it is free', async () => {
    const item = await underWay();
    await recordOut(item, 100);
    await recordOut(item, 90);
    expect(await claimEnds(item)).toEqual({ room: 101, surgeon: 91, equipment: 91 });
    await recordOut(item, 110);
    expect(await claimEnds(item)).toEqual({ room: 121, surgeon: 111, equipment: 111 });
    expect((await readCase(site, item.id)).milestones.out_of_room).toMatch(/:20.000Z$/);
  });

  test('BK9 is not refused for a room retired meanwhile', async () => {
    const item = await underWay();
    await site.owner.query('UPDATE resources SET active = false WHERE site_id = $1', [site.siteId]);
    await recordOut(item, 100);
    expect((await readCase(site, item.id)).state).toBe('out_of_room');
  });

  test('BK9 is not refused for a patient who is already elsewhere', async () => {
    const item = await underWay();
    const done = { milestone: 'completed', at: new Date().toISOString() } as const;
    await recordMilestone(site.deps, site.request(), item.id, done);
    await book(site, { ...elsewhere(), start: item.start ?? '', minutes: 180, patientRef: 'DEMO-1' });
    await recordOut(item, 100);
    expect((await readCase(site, item.id)).state).toBe('completed');
  });
});

const elsewhere = () => ({ roomId: site.rooms[1], surgeonId: site.surgeons[1] });
const outNow = (item: Case) =>
  recordMilestone(site.deps, site.request(), item.id, {
    milestone: 'out_of_room',
    at: new Date().toISOString(),
  });

describe('CL4 CL1 a fact frees nothing', () => {
  test('of a hold, also after it moves', async () => {
    const item = await hold(site);
    const { version } = caseOf(await outNow(item));
    expect(await claimsFor(item)).toEqual(room);
    const to = { version, roomId: site.rooms[1], start: at('12:00') };
    const moved = caseOf(await changeCase(site.deps, site.request(), item.id, to));
    expect(await claimsFor(moved)).toEqual(['1 × OR 2 11:50–13:10', '1 × Surgeon 1 12:00–13:00']);
  });

  test('of a case in the depot, also after it is placed', async () => {
    const item = caseOf(
      await addToDepot(site.deps, site.request(), { minutes: 60, procedureId: site.procedure }),
    );
    const { version } = caseOf(await outNow(item));
    const to = { version, roomId: site.rooms[0], start: at('09:00') };
    const placed = caseOf(await placeCase(site.deps, site.request(), item.id, to));
    expect(placed.milestones).toEqual({});
    expect(await claimsFor(placed)).toEqual(['1 × OR 1 08:50–10:10']);
  });

  test('BK9 of a hold until it is booked; then its facts count and free time', async () => {
    const item = await hold(site);
    await outNow(item);
    const bookedCase = caseOf(await changeCase(site.deps, site.request(), item.id, { to: 'scheduled' }));
    expect(bookedCase.state).toBe('out_of_room');
    expect(await claimsFor(item)).toEqual([]);
  });
});

describe('CL5 a patient is in one place at a time', () => {
  const patientRef = 'DEMO-1';
  test('refuses a hold elsewhere at the same time and names the case', async () => {
    const item = await book(site, { patientRef, minutes: 90 });
    const there = holdInput(site, { ...elsewhere(), patientRef, start: at('10:00') });
    const { code, parts } = await refusalOf(placeHold(site.deps, site.request(), there));
    expect([code, parts.blockers]).toMatchObject([
      'slot_taken',
      [{ kind: 'patient', resourceId: null, caseId: item.id }],
    ]);
  });

  test('refuses a patient that is added later', async () => {
    await book(site, { patientRef });
    const { id, version } = await book(site, elsewhere());
    const { code } = await refusalOf(changeCase(site.deps, site.request(), id, { version, patientRef }));
    expect(code).toBe('slot_taken');
  });

  test('allows one case after the other, and other patients', async () => {
    await book(site, { patientRef });
    expect(await book(site, { ...elsewhere(), patientRef, start: at('10:00') })).toMatchObject({
      patientRef,
    });
    const third = { roomId: site.rooms[2], surgeonId: site.surgeons[2], patientRef: 'DEMO-2' };
    expect((await book(site, third)).state).toBe('scheduled');
  });
});

test('CL1 a pool can be claimed up to its capacity, across rooms', async () => {
  const equipment = [{ resourceId: site.equipment[0], quantity: 1 }];
  await book(site, { equipment });
  await book(site, { ...elsewhere(), equipment });
  const third = holdInput(site, { roomId: site.rooms[2], surgeonId: site.surgeons[2], equipment });
  expect((await refusalOf(placeHold(site.deps, site.request(), third))).code).toBe('pool_exhausted');
  await change(site, site.equipment[0], { capacity: 3 });
  expect((await placeHold(site.deps, site.request(), third)).status).toBe(201);
});

describe('CL7 claims that ended two days ago', () => {
  const days = 24 * 3600;
  const remainingClaims = async (item: Case) => {
    await deletePastClaims(site.pool);
    return claimsFor(item);
  };

  test('are deleted one by one, those of closures too', async () => {
    const item = await book(site, everything());
    const closed = { resourceId: site.rooms[1], start: at('08:00'), end: at('10:10'), reason: 'Leak' };
    await createClosure(site.deps, site.request('close', { userId: site.users.administrator }), closed);
    const secondsUntilThen = (Date.parse(at('10:10')) - Date.now()) / 1000 + 2 * days;
    await site.clock.advance(secondsUntilThen - 60);
    // The surgeon and the equipment end ten minutes before the room.
    expect(await remainingClaims(item)).toEqual([needs[0], room[0]]);
    await site.clock.advance(120);
    expect(await remainingClaims(item)).toEqual([needs[0]]);
    await site.clock.advance(3 * days);
    expect(await remainingClaims(item)).toEqual([]);
    const { rows } = await site.owner.query('SELECT FROM claims WHERE site_id = $1', [site.siteId]);
    expect(rows).toEqual([]);
  });

  test('are not claimed again by a late fact, its correction, or an edit', async () => {
    const item = await book(site, everything());
    await site.clock.advance(6 * days);
    expect(await remainingClaims(item)).toEqual([]);
    for (const when of ['09:50', '09:40', '10:20']) {
      const fact = { milestone: 'out_of_room', at: at(when) } as const;
      await recordMilestone(site.deps, site.request(), item.id, fact);
      expect(await claimsFor(item)).toEqual([]);
    }
    const other = await book(site, { ...elsewhere(), start: at('09:00', 8) });
    await site.clock.advance(10 * days);
    expect(await remainingClaims(other)).toEqual([]);
    const edit = { version: other.version, note: 'Ran over' };
    await changeCase(site.deps, site.request(), other.id, edit);
    expect(await claimsFor(other)).toEqual([]);
  });

  test('are all deleted, at every site', async () => {
    await site.owner.query(
      `INSERT INTO closures (site_id, id, resource_id, during, quantity, reason, created_by)
        SELECT $1, gen_random_uuid(), $2, tstzrange(n.at, n.at + interval '1 hour'), 1, 'Old', '{}'
        FROM (SELECT now() - interval '3 days' - i * interval '1 hour' AS at FROM generate_series(1, 12000) i) n`,
      [site.siteId, site.rooms[0]],
    );
    await site.owner.query(
      `INSERT INTO claims (site_id, resource_id, closure_id, during, quantity, exclusive)
        SELECT site_id, resource_id, id, during, 1, true FROM closures WHERE site_id = $1`,
      [site.siteId],
    );
    const live = await hold(site);
    await deletePastClaims(site.pool);
    const { rows } = await site.owner.query('SELECT DISTINCT case_id AS id FROM claims WHERE site_id = $1', [
      site.siteId,
    ]);
    expect(rows).toEqual([{ id: live.id }]);
  });
});
