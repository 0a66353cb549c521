import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftCase } from './case-draft.ts';
import { bedRange, busyAt, busyMayTake, busyTimeOf, claimsOf, isPlaced, mayTake, onWall } from './cases.ts';
import type { Case, PlacedCase } from './cases.ts';
import { caseState, isClaiming } from './case-state.ts';
import { defaultSettings } from './sites.ts';
import { addMinutes, covers } from './time.ts';

const zone = 'America/Chicago';
const item: PlacedCase = {
  ...draftCase(
    {
      title: 'Total knee',
      surgeonId: 'surgeon',
      patientRef: 'DEMO-1',
      note: 'Latex',
      minutes: 90,
      setupMinutes: 20,
      cleanupMinutes: 25,
      equipment: [{ resourceId: 'c-arm', quantity: 2 }],
      bed: { resourceId: 'pacu', nights: 2 },
    },
    { procedure: null, room: null, surgeon: null, settings: defaultSettings },
  ),
  id: 'x',
  number: 20_001,
  state: 'scheduled',
  roomId: 'room',
  start: '2027-05-10T14:00:00.000Z',
  end: '2027-05-10T15:30:00.000Z',
  list: {
    resourceId: 'list',
    blockId: 'block',
    start: '2027-05-10T13:00:00.000Z',
    end: '2027-05-10T17:00:00.000Z',
  },
  createdBy: 'me',
};
const bed = {
  resourceId: 'pacu',
  quantity: 1,
  start: '2027-05-10T17:00:00.000Z',
  end: '2027-05-12T17:00:00.000Z',
};
const place = {
  resourceId: 'list',
  quantity: 1,
  start: '2027-05-10T13:00:00.000Z',
  end: '2027-05-10T17:00:00.000Z',
};

describe('CL3 the claims of a case', () => {
  test('room with turnover; surgeon and equipment from patient in to patient out; bed from noon to noon; list for its session', () => {
    const { start, end } = item;
    expect(claimsOf(item, zone)).toEqual([
      { resourceId: 'room', quantity: 1, start: '2027-05-10T13:40:00.000Z', end: '2027-05-10T15:55:00.000Z' },
      { resourceId: 'surgeon', quantity: 1, start, end },
      { resourceId: 'c-arm', quantity: 2, start, end },
      bed,
      place,
    ]);
  });

  test('only the room, for a case that names nothing else', () => {
    const bare = { ...item, surgeonId: null, equipment: [], bed: null, list: null };
    expect(claimsOf(bare, zone).map(({ resourceId }) => resourceId)).toEqual(['room']);
  });

  test.each(caseState.options)('exist while the case claims its time, in state %s', (state) => {
    expect(claimsOf({ ...item, state }, zone).length > 0).toBe(isClaiming(state));
  });

  test('none without a place', () => {
    const waiting: Case = { ...item, roomId: null, start: null, end: null };
    expect([isPlaced(waiting), claimsOf(waiting, zone)]).toEqual([false, []]);
  });

  test('a bed by the local date, at any time of day and for nights of any length', () => {
    expect(bedRange('2027-05-11T04:59:00.000Z', 1, zone).start).toBe('2027-05-10T17:00:00.000Z');
    expect(bedRange('2027-05-11T05:00:00.000Z', 1, zone).start).toBe('2027-05-11T17:00:00.000Z');
    expect(bedRange('2027-03-13T15:00:00.000Z', 1, zone)).toEqual({
      start: '2027-03-13T18:00:00.000Z',
      end: '2027-03-14T17:00:00.000Z',
    });
  });
});

describe('CL4 when the patient leaves', () => {
  const left = (at: string, state: Case['state'] = 'out_of_room') =>
    claimsOf({ ...item, state, milestones: { out_of_room: at } }, zone);

  test('early, the rest of room, surgeon and equipment is free from the next minute on; bed and list are not', () => {
    const end = '2027-05-10T14:45:00.000Z';
    expect(left('2027-05-10T14:44:31.000Z')).toEqual([
      { resourceId: 'room', quantity: 1, start: '2027-05-10T13:40:00.000Z', end: '2027-05-10T15:10:00.000Z' },
      { resourceId: 'surgeon', quantity: 1, start: item.start, end },
      { resourceId: 'c-arm', quantity: 2, start: item.start, end },
      bed,
      place,
    ]);
  });

  test('before the planned start, all of them are free', () => {
    expect(left('2027-05-10T13:30:00.000Z')).toEqual([bed, place]);
  });

  test('late, the claims last until then', () => {
    const [room, surgeon] = left('2027-05-10T16:00:31.000Z');
    expect([room?.end, surgeon?.end]).toEqual(['2027-05-10T16:26:00.000Z', '2027-05-10T16:01:00.000Z']);
  });

  test.each(['held', 'scheduled', 'in_room'] as const)('nothing is freed while the case is %s', (state) => {
    expect(left('2027-05-10T14:44:31.000Z', state)).toEqual(claimsOf(item, zone));
  });

  test('early, nothing new is claimed', () => {
    fc.assert(
      fc.property(fc.integer({ min: -300, max: 89 }), (minutes) => {
        const planned = claimsOf(item, zone);
        for (const claim of left(addMinutes(item.start, minutes))) {
          const before = planned.find(({ resourceId }) => resourceId === claim.resourceId);
          expect(before && covers(before, claim) && before.quantity === claim.quantity).toBe(true);
        }
      }),
    );
  });
});

describe('FE3 busy time', () => {
  const roomClaim = (each: Case) => claimsOf(each, zone).find(({ resourceId }) => resourceId === each.roomId);
  const shown = (each: Case) => {
    const { roomId, start, end } = busyTimeOf(each) ?? {};
    return roomId && { resourceId: roomId, quantity: 1, start, end };
  };

  test.each(caseState.options)('is exactly the claim on the room, in state %s', (state) => {
    const unplaced: Case = { ...item, roomId: null, start: null, end: null };
    for (const each of [item, unplaced])
      expect(shown({ ...each, state })).toEqual(roomClaim({ ...each, state }));
  });

  test.each(['in_room', 'incision', 'closed'] as const)(
    'RE12 of a case in state %s grows with the claim, minute by minute, for a day',
    (state) => {
      const running = {
        ...item,
        state,
        milestones: { in_room: addMinutes(item.start, 7), closed: item.end },
      };
      const busy = busyTimeOf(running);
      if (!busy) throw new Error('not busy');
      for (let minutes = 0; minutes < 26 * 60; minutes += 11) {
        const now = addMinutes(busy.start, minutes);
        // The claim counts a day from wheels-in; readers who do not know wheels-in count it from the setup.
        if (minutes >= 24 * 60 && minutes < 24 * 60 + 240) continue;
        const claim = claimsOf(running, zone, now).find(({ resourceId }) => resourceId === running.roomId);
        expect(busyAt(busy, now)).toEqual({ start: claim?.start, end: claim?.end });
        expect(covers(busyMayTake(busy), busyAt(busy, now))).toBe(true);
        expect(covers(mayTake(running), busyMayTake(busy))).toBe(true);
      }
    },
  );

  test('RE12 does not grow before the case begins or after it is over', () => {
    const left: Case = {
      ...item,
      state: 'out_of_room',
      milestones: { out_of_room: addMinutes(item.end, 5) },
    };
    for (const each of [item, left]) {
      const busy = busyTimeOf(each);
      expect(busy?.growsFrom).toBeNull();
      expect(busy && busyMayTake(busy)).toEqual(busy && busyAt(busy, addMinutes(item.end, 300)));
    }
  });

  test('ends with the claim of a patient who left early, and is null without a claim', () => {
    for (let minutes = -60; minutes < 180; minutes += 7) {
      const left: Case = {
        ...item,
        state: 'out_of_room',
        milestones: { out_of_room: addMinutes(item.start, minutes) },
      };
      expect(shown(left)).toEqual(roomClaim(left));
      expect(busyTimeOf(left) === null).toBe(minutes < 0);
    }
  });
});

test('PE5 on a wall board a case has its procedure and nothing that a person typed', () => {
  const typed = {
    ...item,
    title: 'Smith, left',
    reason: 'Smith is ill',
    overrideReason: 'Smith',
    note: 'Smith',
  };
  const { procedureId, surgeonId, start, state } = item;
  expect(onWall({ ...typed, patientRef: 'Smith' })).toMatchObject({ procedureId, surgeonId, start, state });
  expect(JSON.stringify(onWall({ ...typed, patientRef: 'Smith' }))).not.toContain('Smith');
});
