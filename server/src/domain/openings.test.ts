import { dayTime } from '@slate/shared/contract/reads';
import type { DayWithout, Opening } from '@slate/shared/contract/reads';
import { minuteOf } from '@slate/shared/minutes';
import { defaultSettings } from '@slate/shared/sites';
import { addMinutes, instantOf, localDateOf, weekdayOf } from '@slate/shared/time';
import type { Turnover } from '@slate/shared/case-draft';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { everyStart, fits, gridOf, kindAt, uuid, worlds } from '../../test/openings-oracle.ts';
import type { World } from '../../test/openings-oracle.ts';
import { Calendar } from './calendar.ts';
import { findOpenings } from './openings.ts';
import type { Wish } from './openings.ts';
import { RoomTime } from './room-time.ts';

const all: Wish['blocks'] = ['own', 'open', 'other'];
const anyTime = { times: null, weekdays: null };
const find = ({ schedule, needs, date, days }: World, wish: Partial<Wish> = {}) =>
  findOpenings(schedule, needs, {
    date,
    days,
    blocks: all,
    limit: 10_000,
    hours: anyTime,
    isSoonest: false,
    ...wish,
  });
const search = (world: World, wish: Partial<Wish> = {}) => find(world, wish).openings;
const runs = { numRuns: 100 };
vi.setConfig({ testTimeout: 60_000 });

test('OP2 every opening fits and is in the stated kind of time', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const { schedule, needs } = world;
      const grid = gridOf(world).map(({ start }) => start);
      for (const opening of search(world)) {
        const { roomId, start } = opening;
        const room = schedule.resources.find(({ id }) => id === roomId);
        if (!room) throw new Error(`no room ${roomId}`);
        expect(room.active && start >= schedule.now && grid.includes(start)).toBe(true);
        expect(needs.capabilities).toEqual(
          needs.capabilities.filter((each) => room.attributes.capabilities?.includes(each)),
        );
        expect(fits(world, room, start)).toBe(true);
        expect(opening.block).toBe(kindAt(world, room, start));
        expect(opening.end).toBe(addMinutes(start, needs.minutes));
        expect(opening).toMatchObject(needs.turnoverIn(room));
      }
    }),
    runs,
  );
});

test('OP3 if a case fits in a room on a day, there is an opening with the fewest possible cautions', () => {
  fc.assert(
    fc.property(worlds, fc.subarray([...all], { minLength: 1 }), (world, blocks) => {
      const { schedule, needs, date, days } = world;
      const calendar = new Calendar(schedule.site.timeZone, date, days);
      const least = new Map<string, number>();
      for (const { room, day, start } of everyStart(world)) {
        const inRoom = schedule.blocks.filter(({ roomId }) => roomId === room.id);
        const time = new RoomTime(room, inRoom, needs, schedule.now, calendar);
        const { block, cautions } = time.fitAt(minuteOf(start));
        const where = `${room.id} ${calendar.days[day]?.date} ${block}`;
        if (blocks.includes(block)) least.set(where, Math.min(cautions, least.get(where) ?? Infinity));
      }
      const found = new Map<string, number>();
      for (const { roomId, start, block, cautions } of search(world, { blocks })) {
        const where = `${roomId} ${localDateOf(start, schedule.site.timeZone)} ${block}`;
        found.set(where, Math.min(cautions.length, found.get(where) ?? Infinity));
      }
      expect(found).toEqual(least);
    }),
    runs,
  );
});

test('OP4 the order is as documented, and total', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const openings = search(world);
      const ranks = openings.map((opening) => rankOf(world, opening));
      for (const [index, rank] of ranks.slice(1).entries()) {
        expect(compare(ranks[index] ?? [], rank)).toBeLessThan(0);
      }
    }),
    runs,
  );
});

test('OP4 the order does not depend on the input order, and a limit only truncates it', () => {
  fc.assert(
    fc.property(worlds, fc.nat(), (world, limit) => {
      const { schedule } = world;
      const openings = search(world);
      const reversed = {
        ...schedule,
        resources: schedule.resources.toReversed(),
        blocks: schedule.blocks.toReversed(),
        claims: new Map([...schedule.claims].map(([id, spans]) => [id, spans.toReversed()])),
      };
      expect(search({ ...world, schedule: reversed })).toEqual(openings);
      const some = limit % (openings.length + 2);
      expect(search(world, { limit: some })).toEqual(openings.slice(0, some));
    }),
    runs,
  );
});

/** The ranking documented at `findOpenings`, computed step by step. */
function rankOf(world: World, { roomId, start, block, cautions }: Opening): number[] {
  const { schedule, needs, date, days } = world;
  const rooms = schedule.resources.filter(({ kind }) => kind === 'room');
  const room = rooms.find(({ id }) => id === roomId);
  if (!room) throw new Error(`no room ${roomId}`);
  const calendar = new Calendar(schedule.site.timeZone, date, days);
  const inRoom = schedule.blocks.filter((each) => each.roomId === roomId);
  const time = new RoomTime(room, inRoom, needs, schedule.now, calendar);
  const fitAt = (at: string) => JSON.stringify(time.fitAt(minuteOf(at)));
  const roomAlone = { ...world, needs: { ...needs, patient: [], surgeonId: null, equipment: [], bed: null } };
  const first = gridOf(world).find((each) => each.start >= schedule.now)?.start ?? start;
  const isLike = (at: string) => at >= first && fitAt(at) === fitAt(start) && fits(roomAlone, room, at);
  let before = 0;
  while (isLike(addMinutes(start, -before - 5))) before += 5;

  const { cleanupMinutes } = needs.turnoverIn(room);
  const over = minuteOf(start) + needs.minutes + cleanupMinutes;
  const next = (schedule.claims.get(roomId) ?? []).map((claim) => claim.start).filter((at) => at >= over);
  const after = Math.floor((Math.min(...next) - over) / 5) * 5;
  const waste = Math.min(before, after);
  const day = calendar.days.findIndex((each) => each.end > minuteOf(start));
  const name = Number(room.name.slice(3));
  const prime = isPrime(world, start) ? 0 : 1;
  return [
    all.indexOf(block),
    cautions.length,
    prime,
    day,
    waste,
    minuteOf(start),
    name,
    Number(roomId.slice(-4)),
  ];
}

/** On a weekday between 07:00 and 17:00, or from 07:00 if it takes longer. */
function isPrime({ schedule, needs }: World, start: string): boolean {
  const { timeZone } = schedule.site;
  const date = localDateOf(start, timeZone);
  const [opens, closes] = ['07:00', '17:00'].map((time) => instantOf(date, time, timeZone));
  const isInside = start >= (opens ?? '') && addMinutes(start, needs.minutes) <= (closes ?? '');
  return weekdayOf(date) <= 5 && (isInside || start === opens);
}

function compare(a: number[], b: number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

type Small = { zone: string; date: string; minutes: number; turnover?: Turnover; surgeon?: [string, string] };

/** One room that is free only from `start` to `end`. */
function openingsBetween(start: string, end: string, { zone, date, minutes, surgeon, ...more }: Small) {
  const turnover = more.turnover ?? { setupMinutes: 0, cleanupMinutes: 0 };
  const settings = { ...defaultSettings, ...turnover };
  const [roomId, surgeonId] = [uuid(10), uuid(20)];
  const span = (from: string, to: string) => ({ start: minuteOf(from), end: minuteOf(to), quantity: 1 });
  const common = { capacity: 1, active: true, attributes: {}, version: 1 };
  const schedule = {
    site: { id: uuid(1), name: 'Site', timeZone: zone, settings, reasons: [], version: 1 },
    now: '2026-01-01T00:00:00.000Z',
    resources: [
      { ...common, id: roomId, kind: 'room' as const, name: 'OR' },
      { ...common, id: surgeonId, kind: 'surgeon' as const, name: 'S' },
    ],
    claims: new Map([
      [roomId, [span(addMinutes(start, -4000), start), span(end, addMinutes(end, 4000))]],
      [surgeonId, surgeon ? [span(...surgeon)] : []],
    ]),
    blocks: [],
  };
  const needs = {
    service: null,
    surgeonId,
    minutes,
    equipment: [],
    bed: null,
    procedure: null,
    capabilities: [],
    turnoverIn: () => turnover,
  };
  return search({ schedule, needs, date, days: 1 }).map((opening) => [opening.start, opening.end]);
}

test('OP4 a gap is offered right after the previous case, right before the next, and when the surgeon is free', () => {
  const date = '2026-06-01';
  const at = (time: string) => `${date}T${time}:00.000Z`;
  const turnover = { setupMinutes: 10, cleanupMinutes: 15 };
  const small = { zone: 'UTC', date, minutes: 60, turnover };
  const [after, before, free] = ['09:10', '11:45', '10:25'].map((time) => [
    at(time),
    addMinutes(at(time), 60),
  ]);
  expect(openingsBetween(at('09:00'), at('13:00'), small)).toEqual([after, before]);
  const surgeon: [string, string] = [at('09:00'), at('10:23')];
  expect(openingsBetween(at('09:00'), at('13:00'), { ...small, surgeon })).toEqual([before, free]);
});

test.each([
  ['America/Chicago', '2026-11-01', '2026-11-01T05:00:00.000Z', 25],
  ['America/Chicago', '2026-03-08', '2026-03-08T06:00:00.000Z', 23],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
])('OP7 in %s, %s goes from %s on for %i hours', (zone, date, midnight, hours) => {
  const day = { zone, date };
  const next = addMinutes(midnight, hours * 60);
  // A case of almost the whole day fits exactly.
  const whole = Math.min(hours, 24) * 60;
  expect(openingsBetween(midnight, addMinutes(midnight, whole), { ...day, minutes: whole })).toEqual([
    [midnight, addMinutes(midnight, whole)],
  ]);
  expect(openingsBetween(midnight, addMinutes(midnight, whole - 1), { ...day, minutes: whole })).toEqual([]);
  // The last start is five minutes before midnight; the next day's first start is not offered.
  const last = addMinutes(next, -5);
  expect(openingsBetween(last, addMinutes(last, 60), { ...day, minutes: 60 })).toEqual([
    [last, addMinutes(last, 60)],
  ]);
  expect(openingsBetween(next, addMinutes(next, 60), { ...day, minutes: 60 })).toEqual([]);
  expect(
    openingsBetween(addMinutes(midnight, -5), addMinutes(midnight, 55), { ...day, minutes: 60 }),
  ).toEqual([]);
});

test('OP7 a repeated hour counts as two, a skipped hour as none', () => {
  // From 00:30 before the clocks go back to 02:30 after it: three hours, two on the wall clock.
  expect(
    openingsBetween('2026-11-01T05:30:00.000Z', '2026-11-01T08:30:00.000Z', {
      zone: 'America/Chicago',
      date: '2026-11-01',
      minutes: 180,
    }),
  ).toEqual([['2026-11-01T05:30:00.000Z', '2026-11-01T08:30:00.000Z']]);
  // 01:30 to 03:30 over the gap is one hour.
  expect(
    openingsBetween('2026-03-29T00:30:00.000Z', '2026-03-29T01:30:00.000Z', {
      zone: 'Europe/Berlin',
      date: '2026-03-29',
      minutes: 60,
    }),
  ).toEqual([['2026-03-29T00:30:00.000Z', '2026-03-29T01:30:00.000Z']]);
  expect(
    openingsBetween('2026-03-29T00:30:00.000Z', '2026-03-29T01:30:00.000Z', {
      zone: 'Europe/Berlin',
      date: '2026-03-29',
      minutes: 65,
    }),
  ).toEqual([]);
});

const localTimeOf = (at: string, zone: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' }).format(new Date(at));

test('OP10 openings start at the requested times and weekdays, and there is one wherever the case fits', () => {
  const times = fc.constantFrom(dayTime, { from: '22:00', to: '06:00' }, { from: '09:00', to: '24:00' });
  const weekdays = fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }));
  fc.assert(
    fc.property(worlds, times, weekdays, (world, requested, weekdayList) => {
      const { timeZone } = world.schedule.site;
      const isRequested = (start: string) => {
        const time = localTimeOf(start, timeZone);
        const isNight = requested.to <= requested.from;
        const isIn = isNight
          ? time >= requested.from || time < requested.to
          : time >= requested.from && time < requested.to;
        return isIn && (weekdayList?.includes(weekdayOf(localDateOf(start, timeZone))) ?? true);
      };
      const offered = search(world, { hours: { times: requested, weekdays: weekdayList } });
      expect(offered.filter(({ start }) => !isRequested(start))).toEqual([]);
      const placeOf = (roomId: string, start: string) => `${roomId} ${localDateOf(start, timeZone)}`;
      const fitting = everyStart(world).filter(({ start }) => isRequested(start));
      expect(new Set(offered.map(({ roomId, start }) => placeOf(roomId, start)))).toEqual(
        new Set(fitting.map(({ room, start }) => placeOf(room.id, start))),
      );
    }),
    runs,
  );
});

test('OP11 urgent cases get any hour, the soonest first', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const starts = search(world, { isSoonest: true }).map(({ start }) => start);
      expect(starts).toEqual(starts.toSorted());
      const fitting = everyStart(world).map(({ start }) => start);
      expect(starts[0]).toBe(fitting.toSorted()[0]);
    }),
    runs,
  );
});

test('OP12 a day without an opening names the true obstacles', () => {
  fc.assert(
    fc.property(worlds, fc.subarray([...all], { minLength: 1 }), (world, blocks) => {
      const { schedule, date, days } = world;
      const { openings, without } = find(world, { blocks });
      const calendar = new Calendar(schedule.site.timeZone, date, days);
      const dayOf = ({ start }: { start: string }) => localDateOf(start, schedule.site.timeZone);
      const found = new Set(openings.map(dayOf));
      expect(without.map((day) => day.date)).toEqual(
        calendar.days.map((day) => day.date).filter((each) => !found.has(each)),
      );
      for (const { date: day, obstacles } of without) {
        expect(obstacles.length).toBeGreaterThan(0);
        const grid = gridOf(world).filter((each) => each.start >= schedule.now && dayOf(each) === day);
        for (const obstacle of obstacles) expect(isTrueObstacle(world, obstacle, grid)).toBe(true);
      }
    }),
    runs,
  );
});

type Obstacle = DayWithout['obstacles'][number];
type Grid = readonly { start: string }[];

/** Whether this really is an obstacle, alone or together with the others. */
function isTrueObstacle(world: World, { why, resourceId, isAllDay }: Obstacle, grid: Grid): boolean {
  const rooms = world.schedule.resources.filter(
    ({ kind, active, attributes }) =>
      kind === 'room' &&
      active &&
      world.needs.capabilities.every((each) => attributes.capabilities?.includes(each)),
  );
  if (why === 'capability') return rooms.length === 0;
  if (why === 'over') return grid.length === 0;
  const isRoom = (id: string) => rooms.some((room) => room.id === id);
  const isObstacle = (id: string) => (why === 'room' ? isRoom(id) : id === resourceId);
  const fitsWith = (only: (id: string) => boolean, needs: World['needs']) =>
    grid.some(({ start }) => rooms.some((room) => fits({ ...world, needs }, room, start, only)));
  const noPatient = { ...world.needs, patient: [] };
  if (why === 'block') return fitsWith(() => true, world.needs);
  if (why === 'together') return !fitsWith(() => true, world.needs);
  if (why === 'patient')
    return isAllDay ? !fitsWith(() => false, world.needs) : fitsWith(() => true, noPatient);
  return isAllDay ? !fitsWith(isObstacle, noPatient) : fitsWith((id) => !isObstacle(id), world.needs);
}
