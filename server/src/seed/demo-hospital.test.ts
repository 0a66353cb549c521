import { blockTemplate } from '@slate/shared/block-templates';
import { createHash } from 'node:crypto';
import { hasBegun } from '@slate/shared/case-state';
import { claimsOf, claimsWithHandling, isPlaced, surgicalCase } from '@slate/shared/cases';
import type { Claim, PlacedCase } from '@slate/shared/cases';
import { password } from '@slate/shared/contract/identity';
import { procedure, resource } from '@slate/shared/resources';
import { cautionsOf } from '@slate/shared/rules';
import { block, closure, isReleased, site } from '@slate/shared/sites';
import {
  addDays,
  covers,
  instantOf,
  localDateOf,
  minutesBetween,
  overlaps,
  weekdayOf,
} from '@slate/shared/time';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { turnsOf } from '../domain/turn.ts';
import { demoAccounts } from './accounts.ts';
import { demoHospital } from './demo-hospital.ts';
import type { DemoHospital } from './demo-hospital.ts';
import { lognormal, Random } from './random.ts';
import { durationOf } from './new-case.ts';
import { operations } from './operations.ts';
import { resourceNamed, surgeonsOf, urgentRoom } from './resources.ts';

const zone = 'America/Chicago';
const localTime = (date: string, time: string) => instantOf(date, time, zone);
const hospitalAt = (today: string, time: string) => demoHospital({ today, now: localTime(today, time) });

const moments = (
  [
    ['a Wednesday', '2026-11-18', '11:20'],
    ['a Saturday night', '2026-11-21', '23:30'],
    ['the day the clocks go forward', '2026-03-08', '06:00'],
    ['the week before the clocks go forward', '2026-03-02', '08:45'],
    ['the day the clocks go back', '2026-11-01', '01:30'],
    ['the week before the clocks go back', '2026-10-26', '14:00'],
    ['the last day of the year', '2027-12-31', '07:00'],
  ] as const
).map(([name, today, time]) => ({
  name,
  today,
  now: localTime(today, time),
  hospital: hospitalAt(today, time),
}));
const wednesday = hospitalAt('2026-11-18', '11:20');

const blocksIn = ({ blocks }: DemoHospital) => blocks.map((each) => each.block);

/** The plan. What really happens may overrun into the next case, and then claims only what is free. */
const claimsIn = (hospital: DemoHospital): Claim[] => [
  ...hospital.cases.flatMap((item) =>
    claimsWithHandling(
      { ...item, state: hasBegun(item.state) ? 'scheduled' : item.state, milestones: {} },
      zone,
      (id) => hospital.resources.find((each) => each.id === id),
    ),
  ),
  ...hospital.closures,
];

/** Sweeps all starts and ends in order; returns the resources whose capacity is exceeded. */
function overbooked(hospital: DemoHospital, claims: readonly Claim[]): string[] {
  return hospital.resources
    .filter(({ id, capacity }) => {
      const steps = claims
        .filter((claim) => claim.resourceId === id)
        .flatMap(({ start, end, quantity }) => [
          { when: start, by: quantity },
          { when: end, by: -quantity },
        ])
        .toSorted((a, b) => (a.when < b.when ? -1 : a.when > b.when ? 1 : a.by - b.by));
      let load = 0;
      return steps.some(({ by }) => (load += by) > capacity);
    })
    .map(({ name }) => name);
}

const casesOn = (date: string) =>
  wednesday.cases.filter(({ start }) => start !== null && localDateOf(start, zone) === date);

const digest = (hospital: DemoHospital) =>
  createHash('sha256').update(JSON.stringify(hospital)).digest('hex');
const share = <Item>(items: readonly Item[], is: (item: Item) => boolean) =>
  items.filter(is).length / items.length;
const resourcesIn = (hospital: DemoHospital, kind: string) =>
  hospital.resources.filter((each) => each.kind === kind);

describe('the demo hospital', () => {
  test('is the same for the same moment and different on another day', () => {
    expect(digest(hospitalAt('2026-11-18', '11:20'))).toBe(digest(wednesday));
    expect(digest(hospitalAt('2026-11-19', '11:20'))).not.toBe(digest(wednesday));
  });

  test('keeps the plan as the day goes on', () => {
    const planOf = ({ cases }: DemoHospital) =>
      cases.filter(isPlaced).map(({ id, start }) => `${id} ${start}`);
    expect(planOf(hospitalAt('2026-11-18', '17:00'))).toEqual(planOf(wednesday));
  });

  describe.each(moments)('on $name', ({ today, now, hospital }) => {
    test('exceeds no capacity at any instant', () => {
      expect(overbooked(hospital, claimsIn(hospital))).toEqual([]);
    });

    test('matches the wire schemas', () => {
      expect(site.parse(hospital.site)).toMatchObject(hospital.site);
      expect(z.array(resource).parse(hospital.resources)).toEqual(hospital.resources);
      expect(z.array(procedure).parse(hospital.procedures)).toEqual(hospital.procedures);
      expect(z.array(block).parse(blocksIn(hospital))).toEqual(blocksIn(hospital));
      expect(z.array(blockTemplate).parse(hospital.templates)).toEqual(hospital.templates);
      expect(z.array(closure).parse(hospital.closures)).toEqual(hospital.closures);
      expect(z.array(surgicalCase).parse(hospital.cases)).toEqual(hospital.cases);
    });

    test('has unique names', () => {
      const { resources, procedures, closures, cases } = hospital;
      const ids = [...resources, ...procedures, ...blocksIn(hospital), ...closures, ...cases].map(
        ({ id }) => id,
      );
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(cases.map(({ number }) => number)).size).toBe(cases.length);
      expect(new Set(cases.map(({ patientRef }) => patientRef)).size).toBe(cases.length);
      expect(cases.every(({ patientRef }) => patientRef?.startsWith('DEMO-'))).toBe(true);
    });

    test('has no overlapping blocks in a room', () => {
      for (const each of blocksIn(hospital)) {
        const overlapping = blocksIn(hospital).filter(
          (other) => other.roomId === each.roomId && overlaps(each, other),
        );
        expect(overlapping).toEqual([each]);
      }
    });

    test('breaks no rule that needs a reason', () => {
      const booked = hospital.cases.filter(({ state }) => state === 'scheduled' || state === 'confirmed');
      expect(booked.length).toBeGreaterThan(100);
      for (const item of booked) {
        const room = hospital.resources.find(({ id }) => id === item.roomId);
        if (!room) throw new Error('A booked case has a room.');
        const around = {
          room,
          procedure: hospital.procedures.find(({ id }) => id === item.procedureId) ?? null,
          blocks: blocksIn(hospital).filter(({ roomId }) => roomId === item.roomId),
          settings: hospital.site.settings,
          zone,
          now,
        };
        expect(isPlaced(item) && cautionsOf(item, around)).toEqual([]);
      }
    });

    test('fills its lists turn by turn', () => {
      const sessions = blocksIn(hospital).filter(({ listId }) => listId !== null);
      expect(sessions).toHaveLength(12);
      for (const session of sessions) {
        const turns = turnsOf(session, 8);
        for (const item of hospital.cases.filter(({ list }) => list?.blockId === session.id)) {
          const [room] = claimsOf({ ...item, state: 'scheduled', milestones: {} }, zone);
          expect(turns.some((turn) => room !== undefined && covers(turn, room))).toBe(true);
        }
      }
      const full = sessions.map(({ id }) => hospital.cases.filter(({ list }) => list?.blockId === id).length);
      expect(Math.max(...full)).toBe(8);
    });

    test('cancels 4 to 14 of 100, with a reason', () => {
      const cases = hospital.cases.filter(isPlaced);
      for (const part of [cases, cases.filter(({ start }) => start < now)]) {
        expect(share(part, ({ state }) => state === 'cancelled')).toBeGreaterThan(0.04);
        expect(share(part, ({ state }) => state === 'cancelled')).toBeLessThan(0.14);
      }
      expect(cases.every(({ state, reason }) => (state === 'cancelled') === (reason !== null))).toBe(true);
    });

    test('starts about 70 of 100 first cases on time', () => {
      const begun = hospital.cases.filter(isPlaced).filter(({ milestones }) => milestones.in_room);
      const mornings = Map.groupBy(begun, ({ roomId, start }) => `${roomId} ${localDateOf(start, zone)}`);
      const late = [...mornings.values()].flatMap(([first]) =>
        first ? [minutesBetween(first.start, first.milestones.in_room ?? '')] : [],
      );
      for (const grace of [0, 5, 15]) {
        expect(share(late, (minutes) => minutes <= grace)).toBeGreaterThan(0.6);
        expect(share(late, (minutes) => minutes <= grace)).toBeLessThan(0.8);
      }
    });

    test('is full in the coming days, and empty in a month and on weekends except for urgent cases', () => {
      const cases = hospital.cases.filter(isPlaced);
      const perWeek = [1, 8, 15, 22].map((ahead) => {
        const week = {
          start: localTime(addDays(today, ahead), '00:00'),
          end: localTime(addDays(today, ahead + 7), '00:00'),
        };
        return cases.filter((item) => covers(week, item)).length;
      });
      const [first = 0, , , last = 0] = perWeek;
      expect(perWeek).toEqual(perWeek.toSorted((a, b) => b - a));
      expect(last * 3).toBeLessThan(first);
      const weekend = cases.filter(({ start }) => weekdayOf(localDateOf(start, zone)) > 5);
      expect(weekend.every(({ roomId }) => roomId === resourceNamed(urgentRoom).id)).toBe(true);
      expect(weekend.length).toBeGreaterThan(2);
    });
  });

  test('the check of capacities notices a single excess claim', () => {
    const claims = claimsIn(wednesday);
    for (const kind of ['room', 'surgeon', 'equipment', 'bed', 'list']) {
      const claimed = resourcesIn(wednesday, kind).find(({ id }) =>
        claims.some((claim) => claim.resourceId === id),
      );
      const claim = claims.find(({ resourceId }) => resourceId === claimed?.id);
      if (!claimed || !claim) throw new Error(`Nothing claims a ${kind}.`);
      expect(overbooked(wednesday, [...claims, { ...claim, quantity: claimed.capacity }])).toEqual([
        claimed.name,
      ]);
    }
  });

  test('has the documented rooms, people and equipment', () => {
    const names = (kind: string) =>
      resourcesIn(wednesday, kind).map(({ name, capacity }) => `${name} ×${capacity}`);
    expect(resourcesIn(wednesday, 'room')).toHaveLength(16);
    expect(resourcesIn(wednesday, 'surgeon')).toHaveLength(45);
    expect(new Set(wednesday.procedures.map(({ service }) => service)).size).toBe(11);
    expect(names('equipment')).toEqual([
      'C-arm ×4',
      'Surgical robot ×2',
      'Laparoscopy tower ×6',
      'Microscope ×2',
      'Arthroscopy tower ×3',
      'Cell saver ×2',
      'Navigation ×1',
      'Holmium laser ×1',
      'Phaco ×2',
    ]);
    expect(names('bed')).toEqual(['PACU ×18', 'ICU ×10']);
    expect(names('list')).toEqual(['Cataract list Tuesday ×8', 'Cataract list Thursday ×8']);
    const closingAt = (time: string) =>
      resourcesIn(wednesday, 'room').filter(({ attributes }) => attributes.hours?.[0]?.close === time).length;
    expect(['17:00', '19:00', '24:00'].map(closingAt)).toEqual([13, 2, 1]);
    expect(wednesday.cases.filter((item) => !isPlaced(item)).map(({ urgency }) => urgency)).toEqual(
      expect.arrayContaining(['immediate', 'urgent', 'expedited', 'elective']),
    );
  });

  test('has turnovers of 22 to 27 minutes, 15 in ambulatory rooms', () => {
    for (const item of wednesday.cases.filter(isPlaced)) {
      const room = wednesday.resources.find(({ id }) => id === item.roomId);
      const turnover = item.setupMinutes + item.cleanupMinutes;
      const usual = room?.attributes.area === 'Ambulatory' ? [15] : [22, 23, 24, 25, 26, 27];
      expect(usual).toContain(turnover);
    }
  });

  test.each([
    ['Laparoscopic cholecystectomy', 73, 28],
    ['Inguinal hernia repair', 76, 23],
    ['Umbilical hernia repair', 59, 30],
    ['Total knee arthroplasty', 105, 25],
    ['Total hip arthroplasty', 96, 28],
    ['Laparoscopic hysterectomy', 131, null],
    ['Myomectomy', 113, null],
    ['Coronary artery bypass grafting', 306, null],
    ['Carpal tunnel release', 18, null],
    ['Cataract extraction with lens implant', 15, null],
  ])('%s takes the published %i minutes', (name, mean, sd) => {
    const operation = operations.find((each) => each.procedure.name === name)?.procedure;
    if (!operation) throw new Error(`Nobody does ${name}.`);
    expect(operation.minutes).toBe(mean);
    expect(operation.spread).toBe(sd ?? operation.spread);
    const random = new Random(name);
    const drawn = surgeonsOf(operation.service).flatMap((surgeon) =>
      Array.from({ length: 2000 }, () => lognormal(durationOf(operation, surgeon), random.normal())),
    );
    const average = drawn.reduce((sum, minutes) => sum + minutes, 0) / drawn.length;
    const deviation = Math.sqrt(
      drawn.reduce((sum, minutes) => sum + (minutes - average) ** 2, 0) / drawn.length,
    );
    expect(average / mean).toBeGreaterThan(0.92);
    expect(average / mean).toBeLessThan(1.08);
    expect(deviation / operation.spread).toBeGreaterThan(0.9);
    expect(deviation / operation.spread).toBeLessThan(1.15);
  });

  test('has no future milestones, and all past ones', () => {
    const now = localTime('2026-11-18', '11:20');
    const facts = wednesday.cases.flatMap(({ milestones }) => Object.values(milestones));
    expect(facts.every((when) => when <= now)).toBe(true);
    const statesOf = (date: string) => new Set(casesOn(date).map(({ state }) => state));
    expect(statesOf('2026-11-17')).toEqual(new Set(['completed', 'cancelled']));
    expect([...statesOf('2026-11-18')]).toEqual(
      expect.arrayContaining(['completed', 'incision', 'confirmed']),
    );
    expect(statesOf('2026-11-25')).toEqual(new Set(['scheduled', 'cancelled']));
  });

  test('books most cases into blocks of their service, and about fifty a day', () => {
    const elective = wednesday.cases.filter(isPlaced).filter(({ urgency }) => urgency === 'elective');
    const isInOwnBlock = (item: PlacedCase) =>
      blocksIn(wednesday).some(
        (each) => each.roomId === item.roomId && each.service === item.service && covers(each, item),
      );
    expect(share(elective, isInOwnBlock)).toBeGreaterThan(0.9);
    for (const date of ['2026-11-12', '2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19']) {
      expect(casesOn(date).length).toBeGreaterThan(40);
      expect(casesOn(date).length).toBeLessThan(75);
    }
  });

  test('has released the blocks that are due and the blocks of surgeons on leave, and no others', () => {
    const now = localTime('2026-11-18', '11:20');
    const released = blocksIn(wednesday).filter(({ releasedAt }) => releasedAt !== null);
    expect(released.length).toBeLessThan(blocksIn(wednesday).length);
    const early = released.filter((each) => each.releaseAt > now);
    expect(
      early.map(({ surgeonId }) => wednesday.resources.find(({ id }) => id === surgeonId)?.name),
    ).toEqual(['Ferrari L']);
    expect(blocksIn(wednesday).every((each) => isReleased(each, now) === (each.releasedAt !== null))).toBe(
      true,
    );
  });
});

test('the product accepts the password of every demo account', () => {
  for (const account of demoAccounts) expect(password.parse(account.password)).toBe(account.password);
  expect(demoAccounts.map(({ role }) => role)).toEqual([
    'administrator',
    'coordinator',
    'coordinator',
    'office',
    'viewer',
    'wall',
  ]);
});
