import { randomUUID } from 'node:crypto';
import { openingsSearch } from '@slate/shared/contract/reads';
import type { OpeningsSearch } from '@slate/shared/contract/reads';
import type { PlacedCase } from '@slate/shared/cases';
import { addMinutes, weekdayOf } from '@slate/shared/time';
import type { QueryConfig } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  anotherHospital,
  queryDirectly,
  book,
  change,
  hold,
  makeOverdue,
  refusalOf,
  readCase,
  search as searchIn,
} from '../../../test/administer.ts';
import { at, testHospital } from '../../../test/hospital.ts';
import type { Setting } from '../../../test/hospital.ts';
import { loadAlternatives } from '../../commands/alternatives.ts';
import type { Queryable } from '../../db/query.ts';
import { createClosure } from '../catalogue/closures.ts';
import { searchOpenings } from './search-openings.ts';

let shared: Setting;
let hospital: Setting;
beforeAll(async () => {
  shared = await testHospital();
});
afterAll(() => shared.end());
beforeEach(async () => {
  hospital = await anotherHospital(shared);
});

/** Not a constant: midnight may come while these tests run. */
const tomorrow = () => at('00:00').slice(0, 10);
type SearchInput = Partial<OpeningsSearch>;
const search = (more: SearchInput = {}, caller?: { surgeonIds: string[] | null }) =>
  searchIn(hospital, more, caller);

const startsIn = async (room: string, more: SearchInput = {}) =>
  (await search({ roomIds: [room], ...more })).openings.map(({ start }) => start);
/** Runs as the owner; an administrator would need many commands for this. */
const asOwner = (text: string, values: unknown[]) => queryDirectly(hospital.database.ownerUrl, text, values);
const close = (resourceId: string, start: string, end: string) =>
  createClosure(hospital.deps, hospital.request(), { resourceId, start, end, reason: 'Repair' });
/** Leaves only this part of a room's day. */
async function leaveOnly(room: string, start: string, end: string) {
  await close(room, at('00:00', -1), start);
  await close(room, end, at('00:00', 2));
}
test('OP2 a search finds the time between closures, with room for turnover, by the clock of the database', async () => {
  await leaveOnly(hospital.rooms[0], at('10:00'), at('12:00'));
  const { openings, at: now } = await search({ roomIds: [hospital.rooms[0]] });
  const opening = {
    roomId: hospital.rooms[0],
    setupMinutes: 10,
    cleanupMinutes: 10,
    block: 'open',
    cautions: [],
  };
  expect(openings).toEqual([
    { ...opening, start: at('10:10'), end: at('11:10') },
    { ...opening, start: at('10:50'), end: at('11:50') },
  ]);
  const { rows } = await hospital.pool.query<{ now: string }>('SELECT wire(clock_timestamp()) AS now');
  expect(Math.abs(Date.parse(rows[0]?.now ?? '') - Date.parse(now))).toBeLessThan(60_000);
});

test('OP2 a search offers no time in the past', async () => {
  const today = at('00:00', -1).slice(0, 10);
  const { openings, at: now } = await search({ date: today, days: 2 });
  expect(openings.length).toBeGreaterThan(0);
  expect(openings.every(({ start }) => start >= now)).toBe(true);
  expect((await search({ date: '2020-01-01' })).openings).toEqual([]);
});

test('OP2 the surgeon, the pools and the beds must be free too', async () => {
  await leaveOnly(hospital.rooms[0], at('08:00'), at('20:00'));
  const taken = { roomId: hospital.rooms[1], minutes: 60, surgeonId: hospital.surgeons[0] };
  await book(hospital, {
    ...taken,
    start: at('08:00'),
    equipment: [{ resourceId: hospital.equipment[0], quantity: 2 }],
  });
  const needs = { surgeonId: hospital.surgeons[0], minutes: 60 };
  expect(await startsIn(hospital.rooms[0], { minutes: 60 })).toContain(at('08:10'));
  expect(await startsIn(hospital.rooms[0], needs)).not.toContain(at('08:10'));
  expect(await startsIn(hospital.rooms[0], needs)).toContain(at('09:00'));
  const withCArm = { minutes: 60, equipment: [{ resourceId: hospital.equipment[0], quantity: 1 }] };
  expect(await startsIn(hospital.rooms[0], withCArm)).toContain(at('09:00'));
  expect(await startsIn(hospital.rooms[0], withCArm)).not.toContain(at('08:10'));

  // Three beds: tomorrow night is full, the next is not.
  const bed = { resourceId: hospital.beds, nights: 1 };
  for (const [index, start] of [at('12:00'), at('14:00'), at('16:00')].entries()) {
    const surgeonId = hospital.surgeons[index] ?? '';
    await book(hospital, { roomId: hospital.rooms[1], surgeonId, start, bed });
  }
  expect(await startsIn(hospital.rooms[0], { bed })).toEqual([]);
  expect(await startsIn(hospital.rooms[0], { bed: null })).not.toEqual([]);
  const later = await search({ days: 3, bed });
  expect(later.openings.length).toBeGreaterThan(0);
  expect(later.openings.every(({ start }) => start >= at('00:00', 1))).toBe(true);
});

test('OP2 claims outside the days count where the case or its stay reaches them', async () => {
  await close(hospital.rooms[0], at('00:00', -1), at('00:00'));
  await close(hospital.rooms[0], at('12:00', 1), at('00:00', 2));
  expect(await startsIn(hospital.rooms[0], { minutes: 1440, urgency: 'urgent' })).toEqual([
    at('00:10'),
    at('11:50'),
  ]);
  await close(hospital.beds, at('12:00', 40), at('12:00', 41));
  const stay = (nights: number) =>
    startsIn(hospital.rooms[0], { bed: { resourceId: hospital.beds, nights } });
  expect(await stay(40)).not.toEqual([]);
  expect(await stay(41)).toEqual([]);
  await asOwner('UPDATE procedures SET bed = $2 WHERE site_id = $1', [
    hospital.siteId,
    JSON.stringify({ resourceId: hospital.beds, nights: 41 }),
  ]);
  expect(await startsIn(hospital.rooms[0], { procedureId: hospital.procedure })).toEqual([]);
  expect(await startsIn(hospital.rooms[0], { procedureId: hospital.procedure, bed: null })).not.toEqual([]);
});

test('BK6 defaults come from the procedure, else from the site', async () => {
  await leaveOnly(hospital.rooms[0], at('08:00'), at('11:00'));
  expect((await search({ roomIds: [hospital.rooms[0]] })).openings[0]?.end).toBe(at('09:10'));
  await asOwner(
    `UPDATE procedures SET setup_minutes = 30, cleanup_minutes = 0, equipment = $2, capabilities = '["robot"]'
      WHERE site_id = $1`,
    [hospital.siteId, JSON.stringify([{ resourceId: hospital.equipment[1], quantity: 1 }])],
  );
  const knee = { procedureId: hospital.procedure };
  expect((await search({ ...knee, roomIds: [hospital.rooms[0]] })).openings).toEqual([]);
  await change(hospital, hospital.rooms[0], { attributes: { capabilities: ['robot'] } });
  const [first] = (await search(knee)).openings;
  expect(first).toMatchObject({
    roomId: hospital.rooms[0],
    start: at('08:30'),
    end: at('10:00'),
    setupMinutes: 30,
    cleanupMinutes: 0,
  });
  await close(hospital.equipment[1], at('08:00'), at('09:00'));
  expect(await startsIn(hospital.rooms[0], knee)).toEqual([at('09:30'), at('09:00')]);
  expect(await startsIn(hospital.rooms[0], { ...knee, equipment: [] })).toContain(at('08:30'));
  expect(await startsIn(hospital.rooms[0], { ...knee, capabilities: ['hybrid'] })).toEqual([]);
});

test('HO2 a hold blocks until it is overdue, before the sweep or after', async () => {
  await leaveOnly(hospital.rooms[0], at('10:00'), at('12:00'));
  const { id } = await hold(hospital, { start: at('10:10'), minutes: 60 });
  expect(await startsIn(hospital.rooms[0])).toEqual([]);
  await makeOverdue(hospital, id);
  expect(await startsIn(hospital.rooms[0])).toEqual([at('10:10'), at('10:50')]);
});

test('OP3 own time comes first, then open time, then time of others, which an office is not offered', async () => {
  const [own, open, other] = hospital.rooms;
  for (const room of hospital.rooms) await leaveOnly(room, at('08:00'), at('12:00'));
  const insert = `INSERT INTO blocks (site_id, id, room_id, during, service, release_at)
    VALUES ($1, $2, $3, tstzrange($4, $5), $6, $4)`;
  await asOwner(insert, [hospital.siteId, randomUUID(), own, at('08:00'), at('12:00'), 'Ortho']);
  await asOwner(insert, [hospital.siteId, randomUUID(), other, at('08:00'), at('12:00'), 'Eyes']);
  const input = { service: 'Ortho', minutes: 200 };
  const kinds = async (more: SearchInput, caller?: Parameters<typeof search>[1]) =>
    (await search({ ...input, ...more }, caller)).openings.map(({ roomId, block }) => [roomId, block]);
  const all = [
    [own, 'own'],
    [open, 'open'],
    [other, 'other'],
  ];
  const office = { surgeonIds: [hospital.surgeons[0], hospital.surgeons[1]] };
  const distinct = (found: string[][]) => [...new Map(found.map((each) => [each[0], each])).values()];
  expect(distinct(await kinds({}))).toEqual(all);
  expect(distinct(await kinds({ blocks: 'own' }))).toEqual(all.slice(0, 1));
  expect(distinct(await kinds({ blocks: 'open' }))).toEqual(all.slice(1, 2));
  expect(distinct(await kinds({}, office))).toEqual(all.slice(0, 2));
  const { openings } = await search(input);
  expect(openings.at(-1)?.cautions).toEqual([expect.stringContaining("Eyes's block")]);
});

test('PE2 an office searches for its own surgeons, and only in blocks of their service', async () => {
  const office = { surgeonIds: [hospital.surgeons[0], hospital.surgeons[1]] };
  const [room] = hospital.rooms;
  await leaveOnly(room, at('08:00'), at('12:00'));
  await asOwner(
    `INSERT INTO blocks (site_id, id, room_id, during, service, release_at) VALUES ($1, $2, $3, tstzrange($4, $5), 'Eyes', $5)`,
    [hospital.siteId, randomUUID(), room, at('08:00'), at('12:00')],
  );
  const input = { minutes: 30, roomIds: [room] };
  const another = { ...input, surgeonId: hospital.surgeons[2] };
  expect((await refusalOf(search(another, office))).code).toBe('forbidden');
  const eyes = await refusalOf(search({ ...input, service: 'Eyes' }, office));
  expect(eyes.parts.errors).toMatchObject([{ field: 'service' }]);
  expect((await search(input, office)).openings).toEqual([]);
  await asOwner(`UPDATE blocks SET service = 'Ortho' WHERE site_id = $1 AND list_id IS NULL`, [
    hospital.siteId,
  ]);
  expect((await search(input, office)).openings[0]).toMatchObject({ block: 'own' });
  // A retired surgeon does not hide openings for the others.
  await asOwner(`UPDATE resources SET active = false WHERE site_id = $1 AND id = $2`, [
    hospital.siteId,
    hospital.surgeons[1],
  ]);
  expect((await search(input, office)).openings[0]).toMatchObject({ block: 'own' });
});

test('OP8 unknown ids are refused with their field', async () => {
  const elsewhere = (await anotherHospital(shared)).rooms[0];
  const [first, , third] = hospital.rooms;
  const fieldOf = async (more: SearchInput) => (await refusalOf(search(more))).parts.errors?.[0]?.field;
  expect(await fieldOf({ roomIds: [first, elsewhere, third] })).toBe('roomIds.1');
  expect(await fieldOf({ roomIds: [hospital.surgeons[0]] })).toBe('roomIds.0');
  expect(await fieldOf({ surgeonId: first })).toBe('surgeonId');
  expect(await fieldOf({ procedureId: randomUUID() })).toBe('procedureId');
  expect(await fieldOf({ bed: { resourceId: first, nights: 1 } })).toBe('bed.resourceId');
  const cArm = { resourceId: hospital.equipment[0], quantity: 3 };
  expect(await fieldOf({ equipment: [{ resourceId: hospital.beds, quantity: 1 }] })).toBe(
    'equipment.0.resourceId',
  );
  expect(await fieldOf({ equipment: [cArm] })).toBe('equipment.0.quantity');
  await change(hospital, first, { active: false });
  expect((await refusalOf(search({ roomIds: [first] }))).code).toBe('resource_inactive');
  expect((await search()).openings.every(({ roomId }) => roomId !== first)).toBe(true);
  const nowhere = searchOpenings(hospital.pool, randomUUID(), openingsSearch.parse({ date: tomorrow() }), {
    surgeonIds: null,
  });
  expect((await refusalOf(nowhere)).code).toBe('not_found');
});

test('OP2 every opening can be held', async () => {
  await book(hospital, { start: at('09:00') });
  await book(hospital, {
    roomId: hospital.rooms[1],
    surgeonId: hospital.surgeons[1],
    start: at('13:05'),
    minutes: 75,
  });
  const input = { procedureId: hospital.procedure, surgeonId: hospital.surgeons[0], minutes: 45 };
  const { openings } = await search({ ...input, limit: 12, days: 2 });
  expect(openings.length).toBeGreaterThan(4);
  for (const { roomId, start, end, cautions } of openings) {
    const reason = cautions.length > 0 ? { overrideReason: 'It must be' } : {};
    const item = await hold(hospital, { ...input, roomId, start, ...reason });
    expect(item).toMatchObject({ roomId, start, end });
    await makeOverdue(hospital, item.id);
  }
});

const alternativesFor = async (more: Parameters<typeof hold>[1]) => {
  const refusal = await refusalOf(hold(hospital, more));
  return (refusal.parts.alternatives ?? []).map(({ roomId, start }) => [
    hospital.rooms.indexOf(roomId) + 1,
    start.slice(11, 16),
  ]);
};

test('BK2 OP6 a refusal names the nearest places, and they can be held', async () => {
  await leaveOnly(hospital.rooms[0], at('08:00'), at('14:00'));
  await book(hospital, { start: at('09:40'), minutes: 120 });
  const input = { start: at('11:00'), surgeonId: hospital.surgeons[1], minutes: 60 };
  // Another room at the same time is as near as half an hour; 11:40 plus twice the turnover is noon.
  const places = [
    [2, '11:00'],
    [3, '11:00'],
    [1, '12:00'],
  ];
  expect(await alternativesFor(input)).toEqual(places);
  for (const [room, time] of places) {
    const item = await hold(hospital, {
      ...input,
      roomId: hospital.rooms[Number(room) - 1] ?? '',
      start: at(String(time)),
    });
    await makeOverdue(hospital, item.id);
  }
  await close(hospital.rooms[1], at('00:00'), at('00:00', 1));
  await close(hospital.rooms[2], at('00:00'), at('11:30'));
  expect(await alternativesFor(input)).toEqual([
    [1, '12:00'],
    [3, '11:40'],
    [1, '08:20'],
  ]);
});

test('OP6 the case’s own claims do not block it, but its patient’s claims elsewhere do', async () => {
  for (const room of hospital.rooms.slice(1)) await close(room, at('00:00', -1), at('00:00', 2));
  await leaveOnly(hospital.rooms[0], at('08:00'), at('12:00'));
  const patientRef = 'DEMO-1';
  const { id } = await book(hospital, { start: at('09:00'), minutes: 60, patientRef });
  const item = (await readCase(hospital, id)) as PlacedCase;
  const alternatives = async (start: string, other: Partial<PlacedCase> = {}) =>
    (await loadAlternatives(hospital.pool, hospital.siteId, { ...item, start, ...other })).map((each) =>
      each.start.slice(11, 16),
    );
  expect(await alternatives(at('09:30'))).toEqual(['09:30']);
  expect(await alternatives(at('11:30'))).toEqual(['10:50']);
  // Another case of the patient, which this one blocks, with or without a room.
  const other = { id: randomUUID(), surgeonId: hospital.surgeons[1] };
  expect(await alternatives(at('09:30'), other)).toEqual(['10:20']);
  await asOwner(`DELETE FROM claims WHERE site_id = $1 AND case_id = $2`, [hospital.siteId, id]);
  expect(await alternatives(at('09:30'), other)).toEqual(['10:00']);
  expect(await alternatives(at('09:30'), { ...other, patientRef: null })).toEqual(['09:30']);
});

test('OP6 the day of the alternatives is the site’s', async () => {
  await asOwner(`UPDATE sites SET time_zone = 'America/Chicago' WHERE id = $1`, [hospital.siteId]);
  // 22:00 in Chicago is the next day in UTC; there is an alternative on the morning of the same local day.
  const midnight = addMinutes(at('00:00'), 360);
  const hour = (hours: number) => addMinutes(midnight, hours * 60);
  await close(hospital.rooms[0], hour(10), hour(12));
  await close(hospital.rooms[0], hour(12), hour(36));
  for (const room of hospital.rooms.slice(1)) await close(room, at('00:00', -1), at('00:00', 3));
  const { alternatives } = (await refusalOf(hold(hospital, { start: hour(22) }))).parts;
  expect(alternatives?.map(({ start }) => start)).toEqual([addMinutes(hour(10), -70)]);
});

test('OP9 a search takes one round trip', async () => {
  let trips = 0;
  const query = (config: QueryConfig) => {
    trips++;
    return hospital.pool.query(config);
  };
  const counting = { query } as unknown as Queryable;
  await searchOpenings(counting, hospital.siteId, openingsSearch.parse({ date: tomorrow() }), {
    surgeonIds: null,
  });
  expect(trips).toBe(1);
  const { id } = await hold(hospital);
  await loadAlternatives(counting, hospital.siteId, (await readCase(hospital, id)) as PlacedCase);
  expect(trips).toBe(2);
});

test('OP10 a case that can wait does not start at night, unless requested', async () => {
  const [room] = hospital.rooms;
  await leaveOnly(room, at('01:00'), at('04:00'));
  expect(await startsIn(room)).toEqual([]);
  const night = [at('01:10'), at('02:50')];
  expect(await startsIn(room, { from: '22:00', to: '06:00' })).toEqual(night);
  expect(await startsIn(room, { urgency: 'elective' })).toEqual([]);
  const weekday = weekdayOf(tomorrow());
  const all = { from: '00:00', to: '24:00' };
  expect(await startsIn(room, { ...all, weekdays: [weekday] })).toEqual(night);
  expect(await startsIn(room, { ...all, weekdays: [(weekday % 7) + 1] })).toEqual([]);
});

test.each(['immediate', 'urgent'] as const)(
  'OP11 an %s case is offered any hour, the soonest first',
  async (urgency) => {
    await leaveOnly(hospital.rooms[0], at('01:00'), at('04:00'));
    await leaveOnly(hospital.rooms[1], at('00:00'), at('03:00'));
    const { openings } = await search({ roomIds: [hospital.rooms[0], hospital.rooms[1]], urgency });
    expect(openings.map(({ start }) => start)).toEqual(openings.map(({ start }) => start).toSorted());
    expect(openings[0]?.start).toBe(at('00:10'));
  },
);

test('OP12 a search names the obstacle of each day without openings', async () => {
  const [room] = hospital.rooms;
  const day = { date: tomorrow() };
  const why = async (more: SearchInput = {}) => (await search({ roomIds: [room], ...more })).without;
  expect(await why()).toEqual([]);
  await leaveOnly(room, at('10:00'), at('12:00'));
  expect(await why({ minutes: 180 })).toEqual([
    { ...day, obstacles: [{ why: 'room', resourceId: null, isAllDay: true }] },
  ]);
  await close(hospital.surgeons[0], at('09:00'), at('13:00'));
  expect(await why({ surgeonId: hospital.surgeons[0] })).toEqual([
    {
      ...day,
      obstacles: [
        { why: 'room', resourceId: null, isAllDay: false },
        { why: 'surgeon', resourceId: hospital.surgeons[0], isAllDay: false },
      ],
    },
  ]);
  await close(hospital.surgeons[0], at('00:00', -1), at('09:00'));
  await close(hospital.surgeons[0], at('13:00'), at('00:00', 2));
  expect(await why({ surgeonId: hospital.surgeons[0] })).toEqual([
    { ...day, obstacles: [{ why: 'surgeon', resourceId: hospital.surgeons[0], isAllDay: true }] },
  ]);
  expect(await why({ capabilities: ['proton beam'] })).toEqual([
    { ...day, obstacles: [{ why: 'capability', resourceId: null, isAllDay: true }] },
  ]);
});
