import type { Case, PlacedCase } from '@slate/shared/cases';
import type { CaseState, Milestone } from '@slate/shared/case-state';
import type { ChangeCase, PlaceHold } from '@slate/shared/contract/cases';
import type { Blocker } from '@slate/shared/errors';
import { openingsSearch } from '@slate/shared/contract/reads';
import { happensAt, stayOf } from '@slate/shared/reality';
import { addMinutes } from '@slate/shared/time';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  administrator,
  blockedBy,
  book,
  change as changeResource,
  hold,
  refusalOf,
  readCase,
} from '../../../test/administer.ts';
import { at, caseOf } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { createClosure } from '../catalogue/closures.ts';
import { addToDepot } from './add-to-depot.ts';
import { cancelCase, voidCase } from './take-off-board.ts';
import { changeCase } from './change-case.ts';
import { recordMilestone } from './record-milestone.ts';
import { releaseExpiredHolds } from './release-expired-holds.ts';
import { releaseHold } from './holds.ts';
import { searchOpenings } from '../reads/search-openings.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const record = async (item: Case, milestone: Milestone, when = ago(30)): Promise<Case> =>
  caseOf(await recordMilestone(site.deps, site.request(), item.id, { milestone, at: when }));

describe('BK9 a milestone', () => {
  test('sets the state of a case: the furthest milestone counts, however late others arrive', async () => {
    const item = await book(site);
    const states: CaseState[] = [];
    for (const [milestone, minutes] of [
      ['incision', 50],
      ['in_room', 70],
      ['in_holding', 90],
      ['closed', 20],
      ['incision', 55],
      ['completed', 1],
      ['out_of_room', 10],
    ] as const) {
      states.push((await record(item, milestone, ago(minutes))).state);
    }
    expect(states).toEqual([
      'incision',
      'incision',
      'incision',
      'closed',
      'closed',
      'completed',
      'completed',
    ]);
  });

  test('is stored each time; the case has the latest one', async () => {
    const item = await book(site);
    await record(item, 'in_room', at('09:00', -2));
    const { milestones } = await record(item, 'in_room', at('09:05', -2));
    expect(milestones).toEqual({ in_room: at('09:05', -2) });
    const { rows } = await site.owner.query(
      'SELECT milestone, at, recorded_by FROM milestones WHERE site_id = $1 ORDER BY recorded_at',
      [site.siteId],
    );
    expect(rows).toEqual(
      ['09:00', '09:05'].map((time) => ({
        milestone: 'in_room',
        at: new Date(at(time, -2)),
        recorded_by: site.users.coordinator,
      })),
    );
  });

  const reason = 'Flu';
  const endings: Record<string, () => Promise<Case>> = {
    depot: async () => caseOf(await addToDepot(site.deps, site.request(), { title: 'Appendix' })),
    held: () => hold(site),
    released: async () => caseOf(await releaseHold(site.deps, site.request(), (await hold(site)).id)),
    expired: async () => {
      const { id } = await hold(site);
      await site.clock.advance(3600);
      await releaseExpiredHolds(site.deps);
      return readCase(site, id);
    },
    cancelled: async () => {
      const { id, version } = await book(site);
      return caseOf(await cancelCase(site.deps, site.request(), id, { version, reason }));
    },
    voided: async () => {
      const { id, version } = await book(site);
      return caseOf(await voidCase(site.deps, site.request(), id, { version, reason }));
    },
  };
  test.each(Object.entries(endings))(
    'is stored with a case that is %s, which keeps its state',
    async (state, make) => {
      const item = await record(await make(), 'out_of_room');
      expect([item.state, Object.keys(item.milestones)]).toEqual([state, ['out_of_room']]);
    },
  );

  test('of an overdue hold is accepted too', async () => {
    const item = await hold(site);
    await site.clock.advance(3600);
    expect((await record(item, 'in_room')).milestones).toHaveProperty('in_room');
  });

  test('cannot be recorded ahead, except for five minutes of clock difference', async () => {
    const item = await book(site);
    const { code, parts } = await refusalOf(record(item, 'in_room', ago(-6)));
    expect([code, parts.errors?.[0]?.field]).toEqual(['validation', 'at']);
    expect((await record(item, 'in_room', ago(-4))).state).toBe('in_room');
  });

  test('is recorded by the desk, not by an office or a wall board', async () => {
    const item = await book(site);
    for (const userId of [site.users.office, site.users.viewer, site.users.wall]) {
      const request = site.request('test', { userId });
      const fact = { milestone: 'in_room', at: ago(1) } as const;
      expect((await refusalOf(recordMilestone(site.deps, request, item.id, fact))).code).toBe('forbidden');
    }
  });
});

describe('RE4 a fact recorded by mistake', () => {
  const withdraw = async (item: Case, milestone: Milestone) => {
    const { body } = await recordMilestone(site.deps, site.request(), item.id, { milestone, at: null });
    return body as { case: Case; taken: Blocker[] };
  };

  test('is withdrawn by a row of its own; the remaining facts set the state', async () => {
    const { id } = await book(site);
    const item = caseOf(await changeCase(site.deps, site.request(), id, { to: 'confirmed' }));
    await record(item, 'in_holding', ago(40));
    await record(item, 'in_room', ago(20));
    const once = await withdraw(item, 'in_room');
    expect([once.case.state, Object.keys(once.case.milestones)]).toEqual(['in_holding', ['in_holding']]);
    const twice = await withdraw(item, 'in_holding');
    expect([twice.case.state, twice.case.milestones, twice.taken]).toEqual(['confirmed', {}, []]);
    const { rows } = await site.owner.query(
      'SELECT milestone, at IS NULL AS withdrawn FROM milestones WHERE site_id = $1 ORDER BY recorded_at',
      [site.siteId],
    );
    expect(rows).toEqual([
      { milestone: 'in_holding', withdrawn: false },
      { milestone: 'in_room', withdrawn: false },
      { milestone: 'in_room', withdrawn: true },
      { milestone: 'in_holding', withdrawn: true },
    ]);
  });

  test('cannot be withdrawn unless it was recorded', async () => {
    const { code, parts } = await refusalOf(withdraw(await book(site), 'in_room'));
    expect([code, parts.errors?.[0]?.field]).toEqual(['validation', 'milestone']);
  });

  test('is in the audit', async () => {
    const item = await book(site);
    await record(item, 'in_room');
    await withdraw(item, 'in_room');
    const { rows } = await site.owner.query<{ detail: object }>(
      `SELECT detail FROM audit WHERE site_id = $1 AND detail ? 'milestone' ORDER BY seq`,
      [site.siteId],
    );
    expect(rows).toMatchObject([
      { detail: { milestone: 'in_room', at: expect.any(String) as string } },
      { detail: { milestone: 'in_room', at: null } },
    ]);
  });

  test('claims again the time that is still free, and reports the claims of others', async () => {
    const start = ago(60).slice(0, 17).concat('00.000Z');
    const patientRef = 'DEMO-1';
    const item = await book(site, { start, minutes: 300, patientRef });
    await record(item, 'in_room', start);
    await record(item, 'out_of_room', ago(20));
    const from = (minutes: number) => addMinutes(start, minutes);
    const other = await book(site, { start: from(120), minutes: 60, surgeonId: site.surgeons[1] });
    const again = await book(site, { roomId: site.rooms[1], start: from(200), minutes: 30, patientRef });
    const { case: after, taken } = await withdraw(item, 'out_of_room');
    expect(after.state).toBe('in_room');
    expect(taken.map(({ kind, resourceId, caseId }) => [kind, resourceId, caseId])).toEqual([
      ['case', site.rooms[0], other.id],
      ['case', site.surgeons[0], again.id],
      ['patient', null, again.id],
    ]);
    const { rows } = await site.owner.query<{ name: string; from: number; to: number }>(
      `SELECT r.name, (extract(epoch FROM lower(c.during) - $3) / 60)::int AS from,
          (extract(epoch FROM upper(c.during) - $3) / 60)::int AS to
        FROM claims c JOIN resources r ON r.site_id = c.site_id AND r.id = c.resource_id
        WHERE c.site_id = $1 AND c.case_id = $2 ORDER BY r.name, 2`,
      [site.siteId, item.id, start],
    );
    expect(rows).toEqual([
      { name: 'OR 1', from: -10, to: 110 },
      { name: 'OR 1', from: 190, to: 310 },
      { name: 'Surgeon 1', from: 0, to: 200 },
      { name: 'Surgeon 1', from: 230, to: 300 },
    ]);
  });
});

test('CL5 a patient who has left the room can return before the planned end', async () => {
  const equipment = [{ resourceId: site.equipment[1], quantity: 1 }];
  const item = await book(site, {
    start: ago(60).slice(0, 17).concat('00.000Z'),
    minutes: 240,
    patientRef: 'DEMO-1',
    equipment,
  });
  await record(item, 'in_room', ago(60));
  await record(item, 'out_of_room', ago(5));
  const start = ago(-10).slice(0, 17).concat('00.000Z');
  const back = await hold(site, { roomId: site.rooms[1], start, patientRef: 'DEMO-1', equipment });
  expect(back.state).toBe('held');
});

describe('RE2 a case in progress', () => {
  const minute = (minutes: number) => ago(-minutes).slice(0, 17).concat('00.000Z');
  const claimsOfRoom = async (item: Case) => {
    const { rows } = await site.owner.query<{ from: Date; to: Date }>(
      `SELECT lower(during) AS from, upper(during) AS to FROM claims
        WHERE site_id = $1 AND case_id = $2 AND resource_id = $3 ORDER BY 1`,
      [site.siteId, item.id, item.roomId],
    );
    return rows.map(({ from, to }) => [from.toISOString(), to.toISOString()]);
  };
  const navigation = () => [{ resourceId: site.equipment[1], quantity: 1 }];

  test('uses its room and equipment from wheels-in on, and no longer at the planned time', async () => {
    const item = await book(site, { start: minute(240), minutes: 60, equipment: navigation() });
    await record(item, 'in_room', minute(-10));
    const inNow = { start: minute(20), surgeonId: null };
    expect((await refusalOf(hold(site, inNow))).code).toBe('slot_taken');
    const there = { ...inNow, roomId: site.rooms[1], equipment: navigation() };
    expect((await refusalOf(hold(site, there))).code).toBe('slot_taken');
    expect((await hold(site, { start: minute(240), surgeonId: null })).state).toBe('held');
  });

  test('takes no claims from others, and gets the time that they free', async () => {
    const item = await book(site, { start: minute(300), minutes: 120 });
    const first = await hold(site, { start: minute(30), minutes: 30, surgeonId: null });
    const { body } = await recordMilestone(site.deps, site.request(), item.id, {
      milestone: 'in_room',
      at: minute(-10),
    });
    expect(body.taken).toMatchObject([{ kind: 'hold', caseId: first.id }]);
    expect(await claimsOfRoom(item)).toEqual([
      [minute(-20), minute(20)],
      [minute(70), minute(120)],
    ]);
    await releaseHold(site.deps, site.request(), first.id);
    const again = hold(site, { start: minute(30), minutes: 30, surgeonId: null });
    expect((await refusalOf(again)).parts.blockers?.[0]?.caseId).toBe(item.id);
  });

  test('that runs over still uses its room, and the next case there can still be changed', async () => {
    const item = await book(site, { start: minute(-120), minutes: 125 });
    const next = await book(site, { start: minute(25), minutes: 30, surgeonId: site.surgeons[1] });
    await record(item, 'in_room', minute(-130));
    const now = ago(0);
    const { openings } = await searchOpenings(
      site.pool,
      site.siteId,
      openingsSearch.parse({ date: now.slice(0, 10), days: 2, minutes: 5, from: '00:00', to: '24:00' }),
      { surgeonIds: null },
    );
    const here = openings.filter(({ roomId }) => roomId === site.rooms[0]);
    expect(here.length).toBeGreaterThan(0);
    // Cleanup takes ten minutes after its patient is out.
    for (const { start, setupMinutes } of here) {
      expect(addMinutes(start, -setupMinutes) >= addMinutes(now, 10)).toBe(true);
    }
    const { parts } = await refusalOf(hold(site, { start: minute(12), minutes: 5, surgeonId: null }));
    expect(parts.blockers?.map(({ caseId }) => caseId)).toEqual([item.id, next.id]);
    // By then it uses the room at the time of the next booking.
    await site.clock.advance(20 * 60);
    const { note } = caseOf(
      await changeCase(site.deps, site.request(), next.id, { version: next.version, note: 'Latex' }),
    );
    expect(note).toBe('Latex');
    await record(item, 'out_of_room', minute(-1));
  });

  describe('RE10 a resource that is added while others have it', () => {
    const tower = (quantity: number) => [{ resourceId: site.equipment[0], quantity }];
    const elsewhere = () => ({ roomId: site.rooms[1], start: minute(30), minutes: 60 });
    const change = (item: Case, edits: Partial<ChangeCase>) =>
      changeCase(site.deps, site.request(), item.id, { version: item.version, ...edits });
    const underWay = async (more: Partial<PlaceHold> = {}) => {
      const { id } = await book(site, { start: minute(0), minutes: 60, ...more });
      return record(await readCase(site, id), 'in_room', minute(0));
    };

    test.each<[string, () => Partial<ChangeCase>, () => Partial<PlaceHold>, string]>([
      ['equipment', () => ({ equipment: navigation() }), () => ({ equipment: navigation() }), 'Navigation'],
      ['more of a pool', () => ({ equipment: tower(2) }), () => ({ equipment: tower(1) }), 'C-arm'],
      ['a surgeon', () => ({ surgeonId: site.surgeons[1] }), () => ({}), 'Surgeon 2'],
      ['a patient', () => ({ patientRef: 'DEMO-1' }), () => ({ patientRef: 'DEMO-1' }), 'The patient'],
    ])('%s: needs a reason, and the refusal says who has it', async (_, added, others, says) => {
      const item = await underWay();
      const other = await book(site, { ...elsewhere(), surgeonId: site.surgeons[1], ...others() });
      const refusal = await refusalOf(change(item, added()));
      expect(refusal.code).toBe('validation');
      expect(refusal.parts.errors).toEqual([
        { field: 'overrideReason', reason: expect.stringContaining(says) as string },
      ]);
      expect(blockedBy(refusal)).toEqual([other.id]);
      expect(refusal.parts.alternatives).toBeUndefined();
      expect(await readCase(site, item.id)).toEqual(item);
      const changed = caseOf(await change(item, { ...added(), overrideReason: 'In use already' }));
      expect(changed).toMatchObject({ ...added(), overrideReason: 'In use already' });
    });

    test('needs a reason if it is retired', async () => {
      const item = await underWay();
      await changeResource(site, site.equipment[1], { active: false });
      const refusal = await refusalOf(change(item, { equipment: navigation() }));
      expect(refusal.code).toBe('validation');
      expect(refusal.parts.errors).toEqual([
        { field: 'overrideReason', reason: expect.stringMatching(/^Navigation.* is retired/) as string },
      ]);
      const added = caseOf(await change(item, { equipment: navigation(), overrideReason: 'Needed now' }));
      expect(caseOf(await change(added, { note: 'Latex' }))).toMatchObject({ equipment: navigation() });
    });

    test('needs none once the other case is over', async () => {
      const item = await underWay();
      const other = { ...elsewhere(), start: minute(1), minutes: 5, equipment: navigation() };
      await book(site, { ...other, surgeonId: site.surgeons[1] });
      expect((await refusalOf(change(item, { equipment: navigation() }))).code).toBe('validation');
      await site.clock.advance(10 * 60);
      expect(caseOf(await change(item, { equipment: navigation() })).equipment).toEqual(navigation());
    });

    test('needs none if it is free', async () => {
      const item = await underWay();
      await book(site, {
        ...elsewhere(),
        start: minute(90),
        surgeonId: site.surgeons[1],
        equipment: navigation(),
      });
      const free = caseOf(await change(item, { equipment: navigation() }));
      expect(free.overrideReason).toBeNull();
    });

    test('needs none for a note, another length or a smaller quantity, even if others have its resources', async () => {
      await book(site, { ...elsewhere(), surgeonId: site.surgeons[1], equipment: tower(2) });
      const item = await underWay();
      const shared = caseOf(await change(item, { equipment: tower(2), overrideReason: 'In use' }));
      const longer = caseOf(await change(shared, { minutes: 120, note: 'Latex' }));
      const less = caseOf(await change(longer, { equipment: tower(1) }));
      expect(less).toMatchObject({ minutes: 120, equipment: tower(1) });
    });
  });

  test('RE3 can be changed even if others have claimed part of its time', async () => {
    const item = await book(site, { start: minute(300), minutes: 60 });
    await hold(site, { start: minute(30), minutes: 30, surgeonId: null });
    const { version } = await record(item, 'in_room', minute(-10));
    const longer = { version, minutes: 120, equipment: navigation() };
    expect(caseOf(await changeCase(site.deps, site.request(), item.id, longer)).minutes).toBe(120);
  });
});

describe('RE11 a resource that a case in progress uses blocks', () => {
  const minute = (minutes: number) => ago(-minutes).slice(0, 17).concat('00.000Z');
  const close = (resourceId: string, from: number, to: number, bump?: string[]) =>
    createClosure(site.deps, administrator(site), {
      resourceId,
      start: minute(from),
      end: minute(to),
      reason: 'Leak',
      ...(bump && { bump }),
    });
  const equipment = () => [{ resourceId: site.equipment[0], quantity: 1 }];
  /** Half an hour after its planned end, the patient is still in the room. */
  async function runsOver() {
    const item = await book(site, { start: minute(-60), minutes: 65, equipment: equipment() });
    await record(item, 'in_room', minute(-60));
    await site.clock.advance(35 * 60);
    return item;
  }

  test('a closure while it runs over; the case cannot be bumped', async () => {
    const item = await runsOver();
    const refusal = await refusalOf(close(site.rooms[0], 40, 90));
    expect([refusal.code, blockedBy(refusal)]).toEqual(['in_use', [item.id]]);
    expect(refusal.message).toContain('Wait until cases in progress are finished.');
    expect((await refusalOf(close(site.rooms[0], 40, 90, [item.id]))).code).toBe('in_use');
    // Cleanup takes ten minutes after the patient is out.
    await close(site.rooms[0], 50, 90);
    await record(item, 'out_of_room', minute(25));
    await close(site.rooms[0], 40, 50);
  });

  test('a closure after others have freed its resource, as one case however many parts it has claimed', async () => {
    const item = await book(site, { start: minute(300), minutes: 120 });
    const first = await hold(site, { start: minute(30), minutes: 30, surgeonId: null });
    await record(item, 'in_room', minute(-10));
    await releaseHold(site.deps, site.request(), first.id);
    expect(blockedBy(await refusalOf(close(site.rooms[0], 35, 50)))).toEqual([item.id]);
    const refusal = await refusalOf(close(site.rooms[0], 0, 180));
    expect(blockedBy(refusal)).toEqual([item.id]);
    expect(refusal.message).not.toContain('more');
  });

  test('a retirement and a cut', async () => {
    const item = await runsOver();
    const elsewhere = { roomId: site.rooms[1], surgeonId: site.surgeons[1] };
    const other = await book(site, { ...elsewhere, start: minute(30), minutes: 60, equipment: equipment() });
    expect(blockedBy(await refusalOf(changeResource(site, site.rooms[0], { active: false })))).toEqual([
      item.id,
    ]);
    const cut = await refusalOf(changeResource(site, site.equipment[0], { capacity: 1 }));
    expect(new Set(blockedBy(cut))).toEqual(new Set([item.id, other.id]));
    await record(item, 'out_of_room', minute(25));
    await changeResource(site, site.equipment[0], { capacity: 1 });
    await changeResource(site, site.equipment[0], { capacity: 2 });
  });
});

test('RE1 the checks under the locks and the boards agree on when a case is in its room', async () => {
  const facts = ['in_room', 'incision', 'closed'] as const;
  const now = new Date().toISOString();
  const drawn = fc.record({
    state: fc.constantFrom(...facts),
    start: fc.integer({ min: -2000, max: 600 }),
    minutes: fc.integer({ min: 5, max: 600 }),
    milestones: fc.dictionary(fc.constantFrom(...facts), fc.integer({ min: -2000, max: 5 })),
  });
  const item = await book(site);
  await fc.assert(
    fc.asyncProperty(drawn, async ({ state, start, minutes, milestones }) => {
      const from = addMinutes(now, start);
      const model = {
        state,
        start: from,
        end: addMinutes(from, minutes),
        milestones: Object.fromEntries(
          Object.entries(milestones).map(([fact, when]) => [fact, addMinutes(now, when)]),
        ),
      };
      const happens = happensAt(model);
      const { rows } = await site.owner.query<{ start: string | null; end: string | null }>(
        `SELECT wire(lower(stay)) AS start, wire(upper(stay)) AS end FROM cases k, jsonb_populate_record(k, $3) c,
            stay_under_way(c, $4) stay WHERE k.site_id = $1 AND k.id = $2`,
        [site.siteId, item.id, { state, happens: `[${happens.start},${happens.end})` }, now],
      );
      const stay = stayOf(model, now);
      const isExpected = stay !== null && now < addMinutes(stay.start, 24 * 60);
      expect(rows[0]).toEqual(isExpected ? stay : { start: null, end: null });
    }),
    { numRuns: 200 },
  );
});

test('CO8 the expected end of a case in progress can be set, even past its plan and before other cases', async () => {
  const item = await book(site, { start: ago(-60), minutes: 60 });
  const planned = item.start ?? '';
  const late = addMinutes(planned, 100);
  await book(site, { start: addMinutes(planned, 180), minutes: 60 });
  await site.clock.advance(3 * 60 * 60);
  const begun = await record(item, 'in_room', late);
  const lasts = async (minutes: number, { version }: Case) =>
    caseOf(await changeCase(site.deps, site.request(), item.id, { version, minutes }));
  const longer = await lasts(240, begun);
  expect(stayOf(longer as PlacedCase)).toEqual({ start: late, end: addMinutes(late, 240) });
  expect(await lasts(30, longer)).toMatchObject({ minutes: 30 });
});
