import { claimsWithHandling } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Block, Closure } from '@slate/shared/sites';
import { addMinutes } from '@slate/shared/time';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aCase, aProcedure, aResource, at, loadBoard, uuid, zone } from '../../../../test/small-board.ts';
import { nameIn } from '../stores/board.ts';
import { obstacleWords } from '../words/placing.ts';
import { asPlaced, newHold } from './as-placed.ts';
import { missingCapabilities, verdictOf } from './verdict.ts';

const [room1, room2] = [aResource('room', 'OR 1'), aResource('room', 'OR 2')];
const surgeon = aResource('surgeon', 'Dr Haddad');
const arms = aResource('equipment', 'C-arm', { capacity: 2 });
const handledArms = aResource('equipment', 'Handled C-arm', {
  capacity: 2,
  attributes: { transportMinutes: 5, reprocessMinutes: 20 },
});
const beds = aResource('bed', 'PACU', { capacity: 1 });
const list = aResource('list', 'Cataracts', { capacity: 1 });
const resources = [room1, room2, surgeon, arms, beds, list];
const caller = { me: null, now: at('06:00'), isOffice: false };

const closureOf = (resourceId: string, start: string, end: string, quantity = 1): Closure => ({
  id: uuid(7),
  resourceId,
  start: at(start),
  end: at(end),
  quantity,
  reason: 'Repair',
  createdBy: { id: uuid(1), name: 'M. Kraus' },
  version: 1,
});

const judge = (item: PlacedCase, others: Case[], more: Parameters<typeof loadBoard>[0] = {}, who = caller) =>
  verdictOf(loadBoard({ resources, cases: others, ...more }), item, who);

describe('obstacles', () => {
  const candidate = aCase(room1, '10:00', 60, {
    surgeonId: surgeon.id,
    setupMinutes: 10,
    cleanupMinutes: 10,
  });

  test('none, if the place is free', () => {
    expect(judge({ ...candidate, cleanupMinutes: 15 }, [aCase(room2, '10:00', 60)])).toEqual({
      obstacles: [],
      cautions: [],
      inTheWay: [],
    });
  });
  test('another case in the room, as soon as their turnovers meet', () => {
    const other = aCase(room1, '08:00', 90, { cleanupMinutes: 20 });
    expect(judge(candidate, [other]).obstacles).toEqual([]);
    const longer = { ...other, cleanupMinutes: 21 };
    const evening = aCase(room1, '20:00', 60);
    const { obstacles, inTheWay } = judge(candidate, [longer, evening]);
    expect(obstacles).toMatchObject([{ kind: 'taken', resourceId: room1.id, uses: [{ item: longer }] }]);
    expect(inTheWay).toEqual([other.id]);
  });
  test('RE14 none, but a caution, while a late case is expected in the room', () => {
    const late = aCase(room2, '08:00', 60, { title: 'Knee', surgeonId: surgeon.id });
    const delayed = aCase(room1, '09:20', 30, { title: 'Hip', surgeonId: surgeon.id });
    const moment = { ...caller, now: at('09:15') };
    const { obstacles, cautions } = judge(candidate, [late, delayed], {}, moment);
    expect(obstacles).toEqual([]);
    expect(cautions.slice(-2)).toEqual([
      'Hip is expected in OR 1 until about 10:45.',
      'Dr Haddad is expected to be with Knee in OR 2 until about 10:15.',
    ]);
    // A case that runs over has the room already.
    const milestones = { in_room: at('08:30') };
    const running = aCase(room1, '08:00', 110, { state: 'in_room', milestones });
    const taken = judge(candidate, [running], {}, moment);
    expect(taken.obstacles).toMatchObject([{ kind: 'taken', uses: [{ item: running }] }]);
    expect(taken.cautions.join(' ')).not.toContain('expected');
    expect(judge(candidate, [late, delayed]).cautions.join(' ')).not.toContain('expected');
  });
  test('the surgeon, in any room, without turnover', () => {
    const other = aCase(room2, '11:00', 60, { surgeonId: surgeon.id, setupMinutes: 30 });
    expect(judge(candidate, [other]).obstacles).toEqual([]);
    const { obstacles, inTheWay } = judge(candidate, [{ ...other, start: at('10:59') }]);
    expect(obstacles).toMatchObject([{ kind: 'taken', resourceId: surgeon.id }]);
    expect(inTheWay).toEqual([other.id]);
  });
  test('equipment only when all of it is in use', () => {
    const needs = { equipment: [{ resourceId: arms.id, quantity: 1 }] };
    const [first, second] = [aCase(room2, '09:30', 60, needs), aCase(room2, '10:30', 60, needs)];
    const third = aCase(room2, '10:15', 30, needs);
    const item = { ...candidate, ...needs };
    expect(judge(item, [first, second]).obstacles).toEqual([]);
    const { obstacles, inTheWay } = judge(item, [first, second, third]);
    expect(obstacles).toMatchObject([{ kind: 'taken', of: 'equipment', resourceId: arms.id, capacity: 2 }]);
    expect(inTheWay).toEqual([first.id, second.id, third.id]);
  });
  test('a bed, by night', () => {
    const bed = { bed: { resourceId: beds.id, nights: 1 } };
    const evening = aCase(room2, '18:00', 60, bed);
    expect(judge({ ...candidate, ...bed }, [evening])).toMatchObject({
      obstacles: [{ kind: 'taken', of: 'bed', resourceId: beds.id }],
      inTheWay: [evening.id],
    });
  });
  test('a closure, of the room or of part of a pool', () => {
    const closures = [closureOf(room1.id, '11:00', '12:00')];
    expect(judge(candidate, [], { closures }).obstacles).toMatchObject([
      { kind: 'taken', uses: [{ closure: closures[0] }] },
    ]);
    const item = { ...candidate, equipment: [{ resourceId: arms.id, quantity: 1 }] };
    expect(judge(item, [], { closures: [closureOf(arms.id, '09:00', '12:00', 1)] }).obstacles).toEqual([]);
    expect(judge(item, [], { closures: [closureOf(arms.id, '09:00', '12:00', 2)] }).obstacles).toHaveLength(
      1,
    );
  });
  test('the patient, in another room', () => {
    const patient = { patientRef: 'DEMO-1' };
    const other = aCase(room2, '10:30', 60, patient);
    expect(judge({ ...candidate, ...patient }, [other])).toMatchObject({
      obstacles: [{ kind: 'patient', item: other }],
      inTheWay: [other.id],
    });
  });
  test('busy time of another office', () => {
    const busy = [{ id: uuid(8), roomId: room1.id, start: at('10:30'), end: at('11:30'), growsFrom: null }];
    expect(judge(candidate, [], { busy })).toMatchObject({ obstacles: [{}], inTheWay: [uuid(8)] });
  });
  test('RE12 busy time grows while its case is under way', () => {
    const busy = { id: uuid(8), roomId: room1.id, start: at('08:00'), end: at('09:15') };
    const judgedAt = (now: string, growsFrom: string | null) =>
      judge(candidate, [], { busy: [{ ...busy, growsFrom }] }, { ...caller, now: at(now) }).inTheWay;
    expect(judgedAt('09:50', null)).toEqual([]);
    expect(judgedAt('09:30', at('09:00'))).toEqual([]);
    expect(judgedAt('09:50', at('09:00'))).toEqual([uuid(8)]);
  });
  test('none from the case itself or an expired hold', () => {
    const overdue = aCase(room1, '10:00', 60, { state: 'held', expiresAt: at('05:59') });
    expect(judge(candidate, [candidate, overdue]).obstacles).toEqual([]);
    expect(judge(candidate, [{ ...overdue, expiresAt: at('06:01') }]).obstacles).toHaveLength(1);
  });
  test('BK11 a past time', () => {
    const sentence = 'This time has passed. Choose a later one.';
    expect(judge(candidate, [], {}, { ...caller, now: at('11:00') }).obstacles).toEqual([
      { kind: 'rule', sentence },
    ]);
  });
  test('a retired resource', () => {
    const board = { resources: [{ ...room1, active: false }] };
    expect(judge(candidate, [], board).obstacles).toEqual([{ kind: 'retired', resourceId: room1.id }]);
  });
});

describe('BK7 cautions', () => {
  const block: Block = {
    id: uuid(20),
    roomId: room1.id,
    start: at('07:00'),
    end: at('12:00'),
    service: 'Cardiac',
    surgeonId: null,
    listId: null,
    releaseAt: at('09:00'),
    releasedAt: null,
  };
  const candidate = aCase(room1, '10:00', 60, { service: 'Ortho', setupMinutes: 10, cleanupMinutes: 15 });
  const sentence = "This is Cardiac's block until it is released at Fri, Nov 20, 09:00.";

  test('another service’s block, which an office can never use', () => {
    expect(judge(candidate, [], { blocks: [block] })).toMatchObject({ obstacles: [], cautions: [sentence] });
    const office = judge(candidate, [], { blocks: [block] }, { ...caller, isOffice: true });
    expect(office.obstacles).toEqual([{ kind: 'rule', sentence }]);
  });
  test('a shorter turnover, in the words of the server', () => {
    const procedure = aProcedure('Knee', 60);
    const item = { ...candidate, procedureId: procedure.id, setupMinutes: 0 };
    expect(judge(item, [], { procedures: [procedure] }).cautions).toEqual([
      'Turnover is 10 minutes shorter than the usual 25.',
    ]);
  });
  test('a room without a needed capability', () => {
    const procedure = { ...aProcedure('Myomectomy', 60), capabilities: ['robot', 'laser'] };
    const item = { ...candidate, procedureId: procedure.id };
    const robotic = aResource('room', 'OR 8', { attributes: { capabilities: ['robot'] } });
    const view = loadBoard({ resources: [room1, robotic], procedures: [procedure] });
    expect(missingCapabilities(view, item, room1.id)).toEqual(['robot', 'laser']);
    expect(missingCapabilities(view, item, robotic.id)).toEqual(['laser']);
    expect(verdictOf(view, item, caller).cautions).toEqual([
      'OR 1 is not equipped for this procedure, which needs robot, laser.',
    ]);
  });
});

describe('CL8 the handling of equipment', () => {
  const unit = aResource('equipment', 'C-arm 2', {
    attributes: { transportMinutes: 10, reprocessMinutes: 30 },
  });
  const needs = { equipment: [{ resourceId: unit.id, quantity: 1 }] };
  const other = aCase(room2, '09:00', 60, { title: 'Knee', ...needs });
  const words = (start: string) => {
    const view = loadBoard({ resources: [...resources, unit], cases: [other] });
    const { obstacles } = verdictOf(view, aCase(room1, start, 30, needs), caller);
    return obstacles.map((each) => obstacleWords(each, (id) => nameIn(view, id), zone, null));
  };

  test('is in the way of the next case and of the one before', () => {
    expect(words('10:39')).toEqual(['C-arm 2 is being reprocessed until 10:30']);
    expect(words('10:40')).toEqual([]);
    expect(words('07:55')).toEqual(['C-arm 2 is on its way to OR 2 and in use until 10:30: Knee']);
    expect(words('07:50')).toEqual([]);
    expect(words('09:30')).toEqual(['C-arm 2 is in OR 2 until 10:30: Knee']);
  });
});

describe('the case as placed', () => {
  test('BK17 gets the usual setup and cleanup of its new room, unless others were entered', () => {
    const procedure = {
      ...aProcedure('Knee', 60),
      turnoverByRoom: [{ roomId: room2.id, setupMinutes: 30, cleanupMinutes: 20 }],
    };
    const { setupMinutes, cleanupMinutes } = procedure;
    const view = loadBoard({ procedures: [procedure], resources: [room1, room2] });
    const item = aCase(room1, '09:00', 60, { procedureId: procedure.id, setupMinutes, cleanupMinutes });
    const place = { roomId: room2.id, start: at('12:00'), end: at('13:00') };
    expect(asPlaced(view, item, place)).toMatchObject({ setupMinutes: 30, cleanupMinutes: 20 });
    const entered = { ...item, cleanupMinutes: 55 };
    expect(asPlaced(view, entered, place)).toMatchObject({ setupMinutes: 30, cleanupMinutes: 55 });
    const back = asPlaced(view, asPlaced(view, item, place), { ...place, roomId: room1.id });
    expect(back).toMatchObject({ setupMinutes, cleanupMinutes });
  });

  test('HO10 stays on its list while it is within the session', () => {
    const place = { resourceId: list.id, blockId: uuid(30), start: at('08:00'), end: at('12:00') };
    const item = aCase(room1, '09:00', 15, { list: place });
    const to = (roomId: string, start: string) =>
      asPlaced(null, item, { roomId, start: at(start), end: addMinutes(at(start), 20) });
    expect(to(room1.id, '11:00')).toMatchObject({ list: place, minutes: 20, start: at('11:00') });
    const last = addMinutes(at('12:00'), -20 - item.cleanupMinutes);
    const until = (start: string) =>
      asPlaced(null, item, { roomId: room1.id, start, end: addMinutes(start, 20) }).list;
    expect([until(last), until(addMinutes(last, 1))]).toEqual([place, null]);
    expect(to(room2.id, '11:00').list).toBeNull();
  });
  test('has the turnover of its room if it is a new hold', () => {
    const quick = aResource('room', 'OR 3', { attributes: { setupMinutes: 5, cleanupMinutes: 7 } });
    const view = loadBoard({ resources: [quick] });
    const place = { roomId: quick.id, start: at('10:00'), end: at('11:30') };
    expect(newHold(view, place)).toMatchObject({
      ...place,
      setupMinutes: 5,
      cleanupMinutes: 7,
      minutes: 90,
      state: 'held',
    });
  });
});

test('CL1 a place is free if and only if it fits with all claims on the board', () => {
  const minutes = fc.integer({ min: 5, max: 50 }).map((fives) => fives * 5);
  const drawn = fc.record({
    room: fc.constantFrom(room1, room2),
    start: fc.integer({ min: 84, max: 200 }).map((fives) => fives * 5),
    minutes,
    turnover: fc.constantFrom(0, 10, 25),
    surgeonId: fc.constantFrom(surgeon.id, null),
    arms: fc.integer({ min: 0, max: 2 }),
    hasBed: fc.boolean(),
    state: fc.constantFrom('held', 'scheduled', 'in_room', 'completed', 'cancelled', 'expired'),
  });
  const caseOf = ({
    room,
    start,
    minutes: length,
    turnover,
    surgeonId,
    arms: count,
    hasBed,
    state,
  }: Drawn) => {
    const time = `${String(Math.floor(start / 60)).padStart(2, '0')}:${String(start % 60).padStart(2, '0')}`;
    return aCase(room, time, length, {
      state: state as Case['state'],
      surgeonId,
      setupMinutes: turnover,
      cleanupMinutes: turnover,
      equipment: count > 0 ? [{ resourceId: handledArms.id, quantity: count }] : [],
      bed: hasBed ? { resourceId: beds.id, nights: 1 } : null,
      milestones: state === 'completed' ? { out_of_room: addMinutes(at(time), 10) } : {},
    });
  };
  type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;
  const seen = { free: 0, taken: 0 };
  fc.assert(
    fc.property(
      fc.array(drawn, { maxLength: 8 }),
      drawn.filter(({ state }) => state === 'held' || state === 'scheduled'),
      (others, candidate) => {
        const [cases, item] = [others.map(caseOf), caseOf(candidate)];
        const closures = [closureOf(handledArms.id, '09:00', '10:00')];
        const isFree =
          judge(item, cases, { closures, resources: [...resources, handledArms] }).obstacles.length === 0;
        seen[isFree ? 'free' : 'taken']++;

        // The load of each claimed resource, minute by minute.
        const resourceOf = (id: string) => [...resources, handledArms].find((each) => each.id === id);
        const all = [...cases, item].flatMap((each) => claimsWithHandling(each, zone, resourceOf));
        const claims = [...all, ...closures];
        const fits = claimsWithHandling(item, zone, resourceOf).every(({ resourceId, start, end }) => {
          const capacity = [...resources, handledArms].find(({ id }) => id === resourceId)?.capacity ?? 0;
          const here = claims.filter((claim) => claim.resourceId === resourceId);
          const moments = here
            .map((claim) => claim.start)
            .filter((moment) => start <= moment && moment < end);
          return [start, ...moments].every((moment) => {
            const load = here.filter((claim) => claim.start <= moment && moment < claim.end);
            return load.reduce((sum, { quantity }) => sum + quantity, 0) <= capacity;
          });
        });
        expect(isFree).toBe(fits);
      },
    ),
    { numRuns: 300 },
  );
  expect(Math.min(seen.free, seen.taken)).toBeGreaterThan(20);
});
