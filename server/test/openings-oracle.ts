import type { Opening } from '@slate/shared/contract/reads';
import type { Span } from '@slate/shared/capacity';
import { draftCase } from '@slate/shared/case-draft';
import { claimsWithHandling } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { instantAt, minuteOf } from '@slate/shared/minutes';
import type { Resource } from '@slate/shared/resources';
import { ownsBlock } from '@slate/shared/rules';
import { isReleased, defaultSettings } from '@slate/shared/sites';
import type { Block } from '@slate/shared/sites';
import { addDays, addMinutes, localDay } from '@slate/shared/time';
import fc from 'fast-check';
import type { Needs, Schedule } from '../src/domain/gaps.ts';

// The expected results of the search for openings, computed the slow and obvious way, and random sites to search.

export type World = { schedule: Schedule; needs: Needs; date: string; days: number };

/** The case placed there. */
export function caseAt(needs: Needs, room: Resource, start: string): PlacedCase {
  return {
    ...draftCase({}, { procedure: null, room: null, surgeon: null, settings: defaultSettings }),
    ...needs,
    ...needs.turnoverIn(room),
    id: uuid(99),
    number: 1,
    state: 'held',
    roomId: room.id,
    start,
    end: addMinutes(start, needs.minutes),
    createdBy: uuid(98),
  };
}

/** Whether every claim of the case fits; `only` selects some. */
export function fits(
  { schedule, needs }: World,
  room: Resource,
  start: string,
  only: (resourceId: string) => boolean = () => true,
): boolean {
  const item = caseAt(needs, room, start);
  const claims = claimsWithHandling(item, schedule.site.timeZone, (id) =>
    schedule.resources.find((each) => each.id === id),
  ).filter(({ resourceId }) => only(resourceId));
  const patient = needs.patient ?? [];
  return (
    patient.every((each) => each.end <= minuteOf(item.start) || each.start >= minuteOf(item.end)) &&
    claims.every(({ resourceId, quantity, ...range }) => {
      const [from, to] = [minuteOf(range.start), minuteOf(range.end)];
      const resource = schedule.resources.find(({ id }) => id === resourceId);
      const others = schedule.claims.get(resourceId) ?? [];
      const moments = [from, ...others.map((each) => each.start).filter((at) => from < at && at < to)];
      const usedAt = (moment: number) =>
        others
          .filter((each) => each.start <= moment && moment < each.end)
          .reduce((sum, each) => sum + each.quantity, 0);
      return resource && moments.every((moment) => usedAt(moment) + quantity <= resource.capacity);
    })
  );
}

/** All five-minute starts in suitable rooms at which the case fits. */
export function everyStart(world: World) {
  const { schedule, needs } = world;
  const rooms = schedule.resources.filter(
    ({ kind, active, attributes }) =>
      kind === 'room' &&
      active &&
      needs.capabilities.every((each) => attributes.capabilities?.includes(each)),
  );
  return gridOf(world).flatMap(({ day, start }) =>
    rooms
      .filter((room) => start >= schedule.now && fits(world, room, start))
      .map((room) => ({ room, day, start })),
  );
}

export function gridOf({ schedule, date, days }: World): { day: number; start: string }[] {
  return Array.from({ length: days }, (_, day) => {
    const range = localDay(addDays(date, day), schedule.site.timeZone);
    const starts: { day: number; start: string }[] = [];
    for (let start = range.start; start < range.end; start = addMinutes(start, 5))
      starts.push({ day, start });
    return starts;
  }).flat();
}

/** The kind of time, minute by minute. */
export function kindAt({ schedule, needs }: World, room: Resource, start: string): Opening['block'] {
  const active = schedule.blocks.filter(
    (block) => block.roomId === room.id && !isReleased(block, schedule.now),
  );
  const owners = Array.from({ length: needs.minutes }, (_, minute) => {
    const at = addMinutes(start, minute);
    const block = active.find((each) => each.start <= at && at < each.end);
    return block ? (block.listId === null && ownsBlock(block, needs) ? 'own' : 'other') : 'open';
  });
  return owners.includes('other') ? 'other' : owners.every((owner) => owner === 'own') ? 'own' : 'open';
}

export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const surgeonId = uuid(20);
const equipmentId = uuid(30);
const bedId = uuid(40);
const listId = uuid(50);

/** Days with clock changes, and one without. */
const places = [
  ['America/Chicago', '2026-10-31'],
  ['America/Chicago', '2026-03-07'],
  ['Europe/Berlin', '2026-10-24'],
  ['Europe/Berlin', '2026-03-28'],
  ['Australia/Lord_Howe', '2026-04-04'],
  ['Asia/Kathmandu', '2026-06-01'],
] as const;

const spans = (days: number, most: number, quantity: number) =>
  fc.array(
    fc
      .record({
        start: fc.integer({ min: -400, max: (days + 1) * 1440 }),
        length: fc.oneof(fc.integer({ min: 5, max: 200 }), fc.integer({ min: 200, max: 900 })),
        quantity: fc.integer({ min: 1, max: quantity }),
      })
      .map(({ start, length, ...rest }): Span => ({ start, end: start + length, ...rest })),
    { maxLength: most },
  );

const hours = fc.constantFrom(
  undefined,
  [{ days: [1, 2, 3, 4, 5, 6, 7], open: '00:00', close: '24:00' }],
  [{ days: [1, 2, 3, 4, 5, 6, 7], open: '07:00', close: '17:00' }],
  [{ days: [6], open: '02:30', close: '12:00' }],
  [
    { days: [6, 7], open: '07:00', close: '11:00' },
    { days: [6, 7], open: '13:00', close: '24:00' },
    { days: [1], open: '00:00', close: '08:00' },
  ],
);

const turnover = fc.constantFrom(0, 5, 10, 17, 30);
const ownerOf = {
  service: fc.constantFrom('Eyes', 'Ortho'),
  surgeonId: fc.constantFrom(null, null, surgeonId),
};

const world = (zone: string, date: string, days: number): fc.Arbitrary<World> => {
  const midnight = minuteOf(localDay(date, zone).start);
  const shifted = (all: readonly Span[]) =>
    all.map((each) => ({ ...each, start: each.start + midnight, end: each.end + midnight }));
  const blockTimes = fc.array(
    fc.record({
      gap: fc.constantFrom(0, 5, 60, 240),
      minutes: fc.constantFrom(60, 125, 240, 480),
      ...ownerOf,
      listId: fc.constantFrom(null, null, null, listId),
      release: fc.constantFrom(-5000, 5000),
      releasedAt: fc.constantFrom(null, null, instantAt(midnight - 3000)),
    }),
    { maxLength: 5 },
  );
  const room = fc.record({
    attributes: fc.record(
      {
        hours,
        setupMinutes: turnover,
        cleanupMinutes: turnover,
        capabilities: fc.constantFrom([], ['robot']),
      },
      { requiredKeys: [] },
    ),
    active: fc.constantFrom(true, true, true, true, false),
    claims: spans(days, 6, 1),
    blocks: blockTimes,
  });
  return fc
    .record({
      rooms: fc.array(room, { minLength: 1, maxLength: 3 }),
      now: fc.integer({ min: -2000, max: 1440 }),
      surgeon: spans(days, 4, 1),
      equipment: spans(days, 6, 2),
      bed: spans(days, 2, 1),
      patient: spans(days, 1, 1),
      needs: fc.record({
        ...ownerOf,
        service: fc.constantFrom('Eyes', null),
        minutes: fc.oneof(fc.integer({ min: 5, max: 90 }), fc.integer({ min: 90, max: 600 })),
        equipment: fc.array(fc.constant({ resourceId: equipmentId, quantity: 2 }), { maxLength: 1 }),
        bed: fc.constantFrom(null, null, { resourceId: bedId, nights: 2 }),
        capabilities: fc.array(fc.constant('robot'), { maxLength: 1 }),
      }),
    })
    .map(({ rooms, now, needs, patient, ...used }): World => {
      const pool = (id: string, kind: Resource['kind'], capacity: number) =>
        ({ id, kind, capacity, name: kind, active: true, attributes: {}, version: 1 }) satisfies Resource;
      const resources = [
        ...rooms.map(({ attributes, active }, index): Resource => {
          const known = Object.entries(attributes).filter(([, value]) => value !== undefined);
          // Two rooms with one name, and "OR 10", which sorts after "OR 2".
          return {
            ...pool(uuid(10 + index), 'room', 1),
            name: ['OR 10', 'OR 2', 'OR 2'][index] ?? '',
            active,
            attributes: Object.fromEntries(known),
          };
        }),
        pool(surgeonId, 'surgeon', 1),
        pool(equipmentId, 'equipment', 3),
        pool(bedId, 'bed', 1),
      ];
      const blocks = rooms.flatMap(({ blocks: times }, index) => {
        let at = midnight - 300;
        return times.map(({ gap, minutes, release, ...rest }, n): Block => {
          const start = at + gap;
          at = start + minutes;
          return {
            id: uuid(100 * (index + 1) + n),
            roomId: uuid(10 + index),
            ...rest,
            start: instantAt(start),
            end: instantAt(at),
            releaseAt: instantAt(midnight + release),
          };
        });
      });
      const claims = new Map([
        ...rooms.map((each, index) => [uuid(10 + index), shifted(each.claims)] as const),
        [surgeonId, shifted(used.surgeon)],
        [equipmentId, shifted(used.equipment)],
        [bedId, shifted(used.bed)],
      ]);
      const site = {
        id: uuid(1),
        name: 'Site',
        timeZone: zone,
        settings: defaultSettings,
        reasons: [],
        version: 1,
      };
      return {
        date,
        days,
        schedule: { site, now: instantAt(midnight + now), resources, claims, blocks },
        needs: {
          ...needs,
          procedure: null,
          patient: shifted(patient),
          turnoverIn: (each: Resource) => ({
            setupMinutes: each.attributes.setupMinutes ?? defaultSettings.setupMinutes,
            cleanupMinutes: each.attributes.cleanupMinutes ?? defaultSettings.cleanupMinutes,
          }),
        },
      };
    });
};

export const worlds = fc
  .tuple(fc.constantFrom(...places), fc.integer({ min: 1, max: 3 }))
  .chain(([[zone, date], days]) => world(zone, date, days));
