import type { Case } from '@slate/shared/cases';
import { describe, expect, test } from 'vitest';
import { blockedBy, book, feed, hold, refusalOf, readCase } from '../../../test/administer.ts';
import { at, caseOf, turnInput } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { changeCase } from './change-case.ts';
import { recordMilestone } from './record-milestone.ts';
import { swapCases } from './move-cases.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const elsewhere = () => ({ roomId: site.rooms[1], surgeonId: site.surgeons[1] });
const move = (item: Case, start: string, roomId = item.roomId ?? '', minutes?: number) =>
  changeCase(site.deps, site.request(), item.id, {
    version: item.version,
    roomId,
    start: at(start),
    ...(minutes && { minutes }),
  });
const swap = async (first: Case, second: Case): Promise<Case[]> => {
  const { body } = await swapCases(site.deps, site.request(), {
    first: { caseId: first.id, version: first.version },
    second: { caseId: second.id, version: second.version },
  });
  return body.cases as Case[];
};
const place = ({ roomId, start, end }: Case) => [roomId, start, end];

describe('BK4 a case moves', () => {
  test.each([
    ['later, overlapping its own time', '09:30'],
    ['earlier, overlapping its own time', '08:30'],
    ['by less than its turnover', '09:05'],
    ['to where it is', '09:00'],
  ])('%s', async (_, start) => {
    const moved = caseOf(await move(await book(site), start));
    expect(place(moved)).toEqual([
      site.rooms[0],
      at(start),
      new Date(Date.parse(at(start)) + 3_600_000).toISOString(),
    ]);
  });

  test('to another room, for longer than before', async () => {
    const item = await book(site);
    const moved = caseOf(await move(item, '12:00', site.rooms[1], 120));
    expect(place(moved)).toEqual([site.rooms[1], at('12:00'), at('14:00')]);
    expect((await feed(site)).at(-1)).toEqual({ type: 'case', cause: 'moved', case: moved });
    expect((await book(site)).start).toBe(at('09:00'));
  });

  test('right next to another, turnover to turnover, but no closer', async () => {
    const other = await book(site, { start: at('12:00'), surgeonId: site.surgeons[1] });
    const item = await book(site);
    const touching = caseOf(await move(item, '10:40'));
    expect(touching.start).toBe(at('10:40'));
    const refusal = await refusalOf(move(touching, '10:41'));
    expect([refusal.code, blockedBy(refusal)]).toEqual(['slot_taken', [other.id]]);
    const [roomId, start, end] = place(touching);
    expect(refusal.parts.alternatives).not.toContainEqual({ roomId, start, end });
    expect(refusal.parts.alternatives?.length).toBeGreaterThan(0);
    expect(await readCase(site, item.id)).toEqual(touching);
  });

  test('off its list and loses its place; within the session it keeps it', async () => {
    const [, , room] = site.rooms;
    const item = await hold(site, turnInput(site));
    const session = at('11:10', 1);
    const to = (version: number, start: string, roomId: string = room) =>
      changeCase(site.deps, site.request(), item.id, { version, roomId, start });
    const within = caseOf(await to(item.version, session));
    expect(within.list).toEqual(item.list);
    const without = caseOf(await to(within.version, session, site.rooms[0]));
    expect(without.list).toBeNull();
  });

  test('while the patient is in holding, but not from within the room', async () => {
    const item = await book(site);
    const record = async (milestone: 'in_holding' | 'in_room') =>
      caseOf(
        await recordMilestone(site.deps, site.request(), item.id, {
          milestone,
          at: new Date().toISOString(),
        }),
      );
    const moved = caseOf(await move(await record('in_holding'), '11:00'));
    expect(moved.state).toBe('in_holding');
    expect((await refusalOf(move(await record('in_room'), '12:00'))).code).toBe('stale_version');
  });
});

describe('BK4 two cases swap', () => {
  test('in two rooms, with the same length; both changes are published', async () => {
    const [a, b] = [await book(site), await book(site, elsewhere())];
    const [first, second] = await swap(a, b);
    expect([first, second].map((item) => item && [item.id, ...place(item)])).toEqual([
      [a.id, ...place(b)],
      [b.id, ...place(a)],
    ]);
    expect((await feed(site)).slice(-2)).toEqual([
      { type: 'case', cause: 'moved', case: first },
      { type: 'case', cause: 'moved', case: second },
    ]);
  });

  test('with different lengths, which each keeps', async () => {
    const [a, b] = [await book(site), await book(site, { ...elsewhere(), minutes: 150 })];
    const [first, second] = await swap(a, b);
    expect([first?.end, second?.end]).toEqual([at('10:00'), at('11:30')]);
    expect([first?.roomId, second?.roomId]).toEqual([site.rooms[1], site.rooms[0]]);
  });

  test('in one room, if they fit', async () => {
    const [a, b] = [await book(site), await book(site, { start: at('12:00'), minutes: 90 })];
    const [first, second] = await swap(a, b);
    expect([first?.start, second?.start]).toEqual([at('12:00'), at('09:00')]);
  });

  test('but not in one room if they would then overlap', async () => {
    const [a, b] = [await book(site), await book(site, { start: at('10:20'), minutes: 90 })];
    const refusal = await refusalOf(swap(a, b));
    expect(refusal.code).toBe('slot_taken');
    expect(blockedBy(refusal)).not.toEqual([]);
    expect([await readCase(site, a.id), await readCase(site, b.id)]).toEqual([a, b]);
  });

  test('but not if the longer one would overlap a third', async () => {
    const [a, b] = [await book(site), await book(site, { ...elsewhere(), minutes: 150 })];
    const third = await book(site, { start: at('11:00'), surgeonId: site.surgeons[2] });
    const refusal = await refusalOf(swap(a, b));
    expect([refusal.code, blockedBy(refusal)]).toEqual(['slot_taken', [third.id]]);
    expect([await readCase(site, a.id), await readCase(site, b.id)]).toEqual([a, b]);
  });

  test('if they have the same surgeon or the same patient', async () => {
    const patientRef = 'DEMO-1';
    const [a, b] = [await book(site, { patientRef }), await book(site, { patientRef, start: at('12:00') })];
    const [first, second] = await swap(a, b);
    expect([first?.start, second?.start]).toEqual([at('12:00'), at('09:00')]);
  });

  test('CL5 but not if one patient’s two cases would overlap', async () => {
    const patientRef = 'DEMO-1';
    const a = await book(site, { patientRef });
    const b = await book(site, { ...elsewhere(), patientRef, start: at('10:00'), minutes: 90 });
    const { code, parts } = await refusalOf(swap(a, b));
    expect([code, parts.blockers]).toMatchObject(['slot_taken', [{ kind: 'patient' }]]);
  });

  test('within a list and keep their places; out of it, a case loses its place', async () => {
    const [a, b] = [await hold(site, turnInput(site)), await hold(site, turnInput(site))];
    const [first, second] = await swap(a, b);
    expect([first, second].map((item) => item?.list)).toEqual([a.list, b.list]);
    if (!first) throw new Error('no case');
    const outside = await book(site, { ...elsewhere(), start: at('09:00', 1) });
    const overrideReason = 'Eyes agreed';
    const { body } = await swapCases(site.deps, site.request(), {
      first: { caseId: first.id, version: first.version },
      second: { caseId: outside.id, version: outside.version },
      overrideReason,
    });
    expect((body.cases as Case[]).map(({ list }) => list)).toEqual([null, null]);
  });

  test('BK5 at the versions the caller saw, or not at all', async () => {
    const [a, b] = [await book(site), await book(site, elsewhere())];
    for (const stale of [
      [a, { ...b, version: b.version + 1 }],
      [{ ...a, version: a.version - 1 }, b],
    ] as [Case, Case][]) {
      expect((await refusalOf(swap(...stale))).code).toBe('stale_version');
    }
    expect([await readCase(site, a.id), await readCase(site, b.id)]).toEqual([a, b]);
  });
});
