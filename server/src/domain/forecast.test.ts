import { Load } from '@slate/shared/capacity';
import type { Span } from '@slate/shared/capacity';
import { draftCase } from '@slate/shared/case-draft';
import { claimsWithHandling } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { forecastOf } from '@slate/shared/collisions';
import { instantAt, minuteOf } from '@slate/shared/minutes';
import { handlingOf } from '@slate/shared/resources';
import type { Resource } from '@slate/shared/resources';
import { defaultSettings } from '@slate/shared/sites';
import { addMinutes, instantOf } from '@slate/shared/time';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { caseAt, uuid } from '../../test/openings-oracle.ts';
import { nearestAlternatives } from './alternatives.ts';
import { withForecast } from './forecast.ts';
import type { Needs, Schedule } from './gaps.ts';
import { findOpenings } from './openings.ts';

vi.setConfig({ testTimeout: 60_000 });
const zone = 'America/Chicago';
const date = '2026-11-20';
const at = (time: string) => instantOf(date, time, zone);
const midnight = minuteOf(at('00:00'));

const resource = (n: number, kind: Resource['kind'], capacity = 1): Resource => ({
  id: uuid(n),
  kind,
  name: `${kind} ${n}`,
  capacity,
  active: true,
  attributes: {},
  version: 1,
});
const rooms = [10, 11, 12].map((n) => resource(n, 'room'));
const surgeons = [20, 21, 22].map((n) => resource(n, 'surgeon'));
const handling = { transportMinutes: 10, reprocessMinutes: 25 };
const arms = [resource(30, 'equipment', 2), { ...resource(31, 'equipment'), attributes: handling }];
const resources = [...rooms, ...surgeons, ...arms];
const resourceOf = (id: string) => resources.find((each) => each.id === id);
const site = {
  id: uuid(1),
  name: 'Site',
  timeZone: zone,
  settings: defaultSettings,
  reasons: [],
  version: 1,
};
const closed = { start: Date.parse(at('13:00')), end: Date.parse(at('13:40')), quantity: 1 };
const pools = new Map(
  arms.map((arm, n) => [
    arm.id,
    { ...handlingOf(arm), capacity: arm.capacity, closed: n === 0 ? [closed] : [] },
  ]),
);

const turnover = { setupMinutes: 10, cleanupMinutes: 15 };
const idOf = (list: Resource[], n: number) => list[n]?.id ?? '';
const equipmentOf = (units: readonly number[]) =>
  units.flatMap((quantity, n) => (quantity > 0 ? [{ resourceId: idOf(arms, n), quantity }] : []));
const someUnits = fc.tuple(fc.constantFrom(0, 0, 1, 1, 2), fc.constantFrom(0, 0, 0, 1));
const someNeeds = fc.record({
  surgeon: fc.option(fc.nat(2), { nil: null }),
  units: someUnits,
  minutes: fc.constantFrom(30, 45, 90, 150),
});

type Drawn = { surgeon: number | null; units: readonly number[]; minutes: number };
const makeCase = (n: number, room: number, start: number, { surgeon, units, minutes }: Drawn) =>
  ({
    ...draftCase({}, { procedure: null, room: null, surgeon: null, settings: defaultSettings }),
    ...turnover,
    id: uuid(100 + n),
    number: n,
    minutes,
    surgeonId: surgeon === null ? null : idOf(surgeons, surgeon),
    equipment: equipmentOf(units),
    state: 'confirmed',
    roomId: idOf(rooms, room),
    start: instantAt(midnight + start),
    end: instantAt(midnight + start + minutes),
    createdBy: uuid(98),
  }) satisfies PlacedCase;

const claimsByResource = (cases: readonly PlacedCase[], now: string): Map<string, Span[]> => {
  const claims = cases.flatMap((item) => claimsWithHandling(item, zone, resourceOf, now));
  const byResource = Map.groupBy(claims, ({ resourceId }) => resourceId);
  const spans = new Map(
    [...byResource].map(([id, all]) => [
      id,
      all.map(({ start, end, quantity }) => ({
        start: minuteOf(start),
        end: Math.ceil(Date.parse(end) / 60_000),
        quantity,
      })),
    ]),
  );
  const [first] = arms;
  if (first) {
    const span = { start: closed.start / 60_000, end: closed.end / 60_000, quantity: 1 };
    spans.set(first.id, [...(spans.get(first.id) ?? []), span]);
  }
  return spans;
};

/** Whether the case fits next to the others, as the database checks. */
function fitsWith(cases: readonly PlacedCase[], item: PlacedCase) {
  const claims = claimsByResource(cases, '');
  return claimsWithHandling(item, zone, resourceOf).every(({ resourceId, quantity, ...range }) => {
    const capacity = resources.find(({ id }) => id === resourceId)?.capacity ?? 0;
    const load = new Load(capacity, claims.get(resourceId) ?? []);
    return load.fits({ start: minuteOf(range.start), end: minuteOf(range.end) }, quantity);
  });
}

/** A morning on which cases begin late, run over, or have not begun. */
const mornings = fc
  .record({
    drawn: fc.array(
      fc.record({
        room: fc.nat(2),
        start: fc.integer({ min: 72, max: 200 }),
        late: fc.nat(50),
        need: someNeeds,
      }),
      { minLength: 4, maxLength: 24 },
    ),
    now: fc.integer({ min: 7 * 60, max: 15 * 60 }),
    seconds: fc.constantFrom(0, 29),
    needs: someNeeds,
  })
  .map(({ drawn, now, seconds, needs }) => {
    const moment = new Date((midnight + now) * 60_000 + seconds * 1000).toISOString();
    const plan: PlacedCase[] = [];
    const delays = new Map<string, number>();
    for (const [n, { room, start, late, need }] of drawn.entries()) {
      const item = makeCase(n, room, start * 5, need);
      if (!fitsWith(plan, item)) continue;
      plan.push(item);
      delays.set(item.id, late);
    }
    // Some have begun, late or not, and one of a room is still in it.
    const inRoom = new Set<string>();
    const cases = plan.map((item): PlacedCase => {
      const late = delays.get(item.id) ?? 0;
      const wheeledIn = addMinutes(item.start, late);
      if (late % 3 === 0 || wheeledIn > moment || inRoom.has(item.roomId)) return item;
      inRoom.add(item.roomId);
      return { ...item, state: 'in_room', milestones: { in_room: wheeledIn } };
    });
    return { cases, now: moment, needs };
  });

type Morning = { cases: PlacedCase[]; now: string; needs: Drawn };
function offeredPlaces({ cases, now, needs: { surgeon, units, minutes } }: Morning, isForecast = true) {
  const claims = claimsByResource(cases, now);
  const schedule: Schedule = {
    site,
    now,
    resources,
    blocks: [],
    claims: isForecast ? withForecast(claims, cases, pools, now) : claims,
  };
  const needs: Needs = {
    service: null,
    minutes,
    surgeonId: surgeon === null ? null : idOf(surgeons, surgeon),
    equipment: equipmentOf(units),
    bed: null,
    procedure: null,
    capabilities: [],
    turnoverIn: () => turnover,
  };
  const wish = { date, days: 1, limit: 1000, blocks: ['open' as const], isSoonest: true };
  const { openings } = findOpenings(schedule, needs, { ...wish, hours: { times: null, weekdays: null } });
  const nearest = rooms.flatMap(({ id }) =>
    nearestAlternatives(schedule, needs, { roomId: id, start: at('10:00') }),
  );
  return [...openings, ...nearest].map(({ roomId, start }) => {
    const room = rooms.find(({ id }) => id === roomId);
    if (!room) throw new Error(`no room ${roomId}`);
    return caseAt(needs, room, start);
  });
}

/** The cases that the board marks as in conflict once this one is on it. */
const inConflictWith = ({ cases, now }: Morning, taken: PlacedCase) =>
  forecastOf([...cases, taken], pools, now).collisions.map(({ waiting }) => waiting.id);

test('RE14 no opening and no alternative is marked as in conflict when it is taken', () => {
  let conflictsWithoutForecast = 0;
  fc.assert(
    fc.property(mornings, fc.constantFrom('held' as const, 'scheduled' as const), (morning, state) => {
      for (const place of offeredPlaces(morning)) {
        const taken = { ...place, state };
        expect(inConflictWith(morning, taken)).not.toContain(taken.id);
      }
      conflictsWithoutForecast += offeredPlaces(morning, false).filter((taken) =>
        inConflictWith(morning, taken).includes(taken.id),
      ).length;
    }),
    { numRuns: 400, seed: 14 },
  );
  // The claims alone would offer such places.
  expect(conflictsWithoutForecast).toBeGreaterThan(100);
});
