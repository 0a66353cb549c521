import { minuteOf } from '@slate/shared/minutes';
import { cautionsOf } from '@slate/shared/rules';
import { defaultSettings } from '@slate/shared/sites';
import { addMinutes, localDateOf, minutesBetween } from '@slate/shared/time';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { caseAt, everyStart, fits, gridOf, kindAt, uuid, worlds } from '../../test/openings-oracle.ts';
import type { World } from '../../test/openings-oracle.ts';
import { nearestAlternatives } from './alternatives.ts';

vi.setConfig({ testTimeout: 60_000 });

/** A site and a requested place on one of its days. */
const wishes = fc.tuple(worlds, fc.nat(), fc.nat()).map(([world, room, time]) => {
  const rooms = world.schedule.resources.filter(({ kind }) => kind === 'room');
  const grid = gridOf(world);
  const start = grid[time % grid.length]?.start ?? '';
  return {
    world: { ...world, date: localDateOf(start, world.schedule.site.timeZone), days: 1 },
    requested: { roomId: rooms[room % rooms.length]?.id ?? '', start },
  };
});

const roomOf = ({ schedule }: World, roomId: string) => {
  const room = schedule.resources.find(({ id }) => id === roomId);
  if (!room) throw new Error(`no room ${roomId}`);
  return room;
};

const cautionsAt = (world: World, roomId: string, start: string) => {
  const { site, now, blocks: all } = world.schedule;
  const room = roomOf(world, roomId);
  const item = caseAt(world.needs, room, start);
  const blocks = all.filter(
    (each) => each.roomId === roomId && each.start < item.end && item.start < each.end,
  );
  const around = { room, procedure: null, blocks, settings: site.settings, zone: site.timeZone, now };
  return cautionsOf(item, around).length;
};

test('OP6 the nearest place on the day comes first, and all fit', () => {
  fc.assert(
    fc.property(wishes, ({ world, requested }) => {
      const cautionsThere = cautionsAt(world, requested.roomId, requested.start);
      const inOthersBlock = kindAt(world, roomOf(world, requested.roomId), requested.start) === 'other';
      const isOffered = (roomId: string, start: string) =>
        inOthersBlock || kindAt(world, roomOf(world, roomId), start) !== 'other';
      const distance = (roomId: string, start: string) =>
        (cautionsAt(world, roomId, start) > cautionsThere ? 10_000 : 0) +
        (roomId === requested.roomId ? 0 : 30) +
        Math.abs(minutesBetween(requested.start, start));

      const found = nearestAlternatives(world.schedule, world.needs, requested);
      const rooms = found.map(({ roomId }) => roomId).filter((roomId) => roomId !== requested.roomId);
      expect(new Set(rooms).size).toBe(rooms.length);
      expect(found.length).toBeLessThanOrEqual(3);
      const distances = found.map(({ roomId, start }) => distance(roomId, start));
      expect(distances).toEqual(distances.toSorted((a, b) => a - b));
      for (const { roomId, start, end } of found) {
        expect(fits(world, roomOf(world, roomId), start)).toBe(true);
        expect(start >= world.schedule.now && isOffered(roomId, start)).toBe(true);
        expect(end).toBe(addMinutes(start, world.needs.minutes));
        expect(localDateOf(start, world.schedule.site.timeZone)).toBe(world.date);
      }

      const possible = everyStart(world).filter(({ room, start }) => isOffered(room.id, start));
      // A place exactly at the requested time, off the grid, is nearer than any on the grid.
      const nearest = Math.min(...possible.map(({ room, start }) => distance(room.id, start)));
      expect(distances[0] ?? Infinity).toBeLessThanOrEqual(nearest);
    }),
    { numRuns: 60 },
  );
});

test('OP6 the time before, the time after, and the same time in another room', () => {
  const [first, second, third] = [uuid(11), uuid(12), uuid(13)];
  const at = (time: string) => minuteOf(`2026-06-01T${time}:00.000Z`);
  const room = (id: string, name: string) =>
    ({ id, kind: 'room', name, capacity: 1, active: true, attributes: {}, version: 1 }) as const;
  const settings = { ...defaultSettings, setupMinutes: 0, cleanupMinutes: 0 };
  const schedule = {
    site: { id: uuid(1), name: 'Site', timeZone: 'UTC', settings, reasons: [], version: 1 },
    now: '2026-05-31T12:00:00.000Z',
    resources: [room(first, 'OR 1'), room(second, 'OR 2'), room(third, 'OR 3')],
    claims: new Map([
      [first, [{ start: at('09:00'), end: at('11:00'), quantity: 1 }]],
      [second, [{ start: at('00:00'), end: at('10:00'), quantity: 1 }]],
      [third, [{ start: at('00:00'), end: at('18:00'), quantity: 1 }]],
    ]),
    blocks: [],
  };
  const turnover = { setupMinutes: 10, cleanupMinutes: 15 };
  const needs = {
    service: null,
    surgeonId: null,
    minutes: 60,
    equipment: [],
    bed: null,
    procedure: null,
    capabilities: [],
    turnoverIn: () => turnover,
  };
  const places = nearestAlternatives(schedule, needs, { roomId: first, start: '2026-06-01T10:00:00.000Z' });
  expect(places.map(({ roomId, start }) => [roomId, start.slice(11, 16)])).toEqual([
    [second, '10:10'],
    [first, '11:10'],
    [first, '07:45'],
  ]);
  // The case's own place is no alternative.
  const current = places[2] ?? null;
  const withoutCurrent = nearestAlternatives(
    schedule,
    needs,
    { roomId: first, start: '2026-06-01T10:00:00.000Z' },
    current,
  );
  expect(withoutCurrent.slice(0, 2)).toEqual(places.slice(0, 2));
  expect(withoutCurrent[2]?.roomId).toBe(third);
});

test('OP6 for a time between five-minute steps, the alternatives are on the steps and fit', () => {
  fc.assert(
    fc.property(wishes, fc.integer({ min: 1, max: 4 }), ({ world, requested }, minutes) => {
      const between = { ...requested, start: addMinutes(requested.start, minutes) };
      for (const { roomId, start } of nearestAlternatives(world.schedule, world.needs, between)) {
        expect(minuteOf(start) % 5).toBe(0);
        expect(fits(world, roomOf(world, roomId), start)).toBe(true);
      }
    }),
  );
});
