import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addMinutes, covers, overlaps } from '@slate/shared/time';
import { nextFreeTurn, turnsOf } from './turn.ts';

const at = (minutes: number) => addMinutes('2027-05-10T08:00:00.000Z', minutes);
const session = (minutes: number) => ({
  id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  roomId: '7c9e6679-7425-40de-944b-e07fc1f90ae8',
  start: at(0),
  end: at(minutes),
  service: 'Eyes',
  surgeonId: null,
  listId: '7c9e6679-7425-40de-944b-e07fc1f90ae9',
  releaseAt: at(0),
  releasedAt: null,
});

test('HO7 places are equal, consecutive turns within the session', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1440 }), fc.integer({ min: 1, max: 30 }), (minutes, places) => {
      const turns = turnsOf(session(minutes), places);
      expect(turns).toHaveLength(places);
      for (const [index, turn] of turns.entries()) {
        expect(turn.start).toBe(turns[index - 1]?.end ?? at(0));
        expect(covers(session(minutes), turn)).toBe(true);
      }
    }),
  );
});

test('HO7 the next place is the first without an overlap', () => {
  const taken = fc.array(
    fc
      .tuple(fc.nat(250), fc.integer({ min: 1, max: 60 }))
      .map(([from, length]) => ({ start: at(from), end: at(from + length) })),
  );
  fc.assert(
    fc.property(taken, (ranges) => {
      const next = nextFreeTurn(session(240), 4, ranges);
      const free = turnsOf(session(240), 4).filter((turn) => !ranges.some((each) => overlaps(each, turn)));
      expect(next).toEqual(free[0]);
    }),
  );
  expect(nextFreeTurn(session(240), 4, [{ start: at(-60), end: at(60) }])?.start).toBe(at(60));
  expect(nextFreeTurn(session(240), 4, [{ start: at(0), end: at(240) }])).toBeUndefined();
});
