import { randomUUID } from 'node:crypto';
import type { Resource } from './resources.ts';
import { defaultSettings } from './sites.ts';
import type { Block } from './sites.ts';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { afterHours, cautionsOf, foreignBlocks, impossibleTime, ownsBlock } from './rules.ts';

const at = (time: string) => `2027-05-10T${time}:00.000Z`;
const [surgeon, other, list] = [randomUUID(), randomUUID(), randomUUID()];
const block = (more: Partial<Block> = {}): Block => ({
  id: randomUUID(),
  roomId: randomUUID(),
  start: at('08:00'),
  end: at('12:00'),
  service: 'Ortho',
  surgeonId: null,
  listId: null,
  releaseAt: at('00:00'),
  releasedAt: null,
  ...more,
});
const dayBefore = '2027-05-09T12:00:00.000Z';
const range = { start: at('09:00'), end: at('10:00') };

describe('BK7 a block', () => {
  test.each([
    ['belongs to its service', { service: 'Ortho', surgeonId: null }, {}, true],
    ['does not belong to another service', { service: 'Cardiac', surgeonId: null }, {}, false],
    [
      'belongs to its surgeon of any service',
      { service: 'Cardiac', surgeonId: surgeon },
      { surgeonId: surgeon },
      true,
    ],
    [
      'of a surgeon does not belong to another surgeon of its service',
      { service: 'Ortho', surgeonId: other },
      { surgeonId: surgeon },
      false,
    ],
    [
      'of a group belongs to each of its surgeons',
      { service: 'Cardiac', surgeonId: other },
      { surgeonId: surgeon, alsoSurgeonIds: [other] },
      true,
    ],
    [
      'of a surgeon belongs to a case of its service that has no surgeon yet',
      { service: 'Ortho', surgeonId: null },
      { surgeonId: surgeon },
      true,
    ],
    [
      'of a surgeon does not belong to a case of another service without a surgeon',
      { service: 'Cardiac', surgeonId: null },
      { surgeonId: surgeon },
      false,
    ],
  ])('%s', (_, caller, owner, owned) => {
    expect(ownsBlock(block(owner), caller)).toBe(owned);
    expect(foreignBlocks(range, caller, [block(owner)], dayBefore)).toHaveLength(owned ? 0 : 1);
  });

  const otherOwner = { service: 'Cardiac', surgeonId: other };
  test.each([
    ['is foreign dayBefore its release', {}, dayBefore, 1],
    ['is free from its release on', {}, at('00:00'), 0],
    ['is free after it was released by hand', { releasedAt: dayBefore }, dayBefore, 0],
    ['is not touched by a case dayBefore it', { start: at('10:00') }, dayBefore, 0],
    ['is not touched by a case from its end on', { end: at('09:00') }, dayBefore, 0],
    ['is foreign if it overlaps by a minute', { end: at('09:01') }, dayBefore, 1],
  ])('%s', (_, more, now, expected) => {
    expect(foreignBlocks(range, otherOwner, [block(more)], now)).toHaveLength(expected);
  });

  test('with a list belongs to the list, not to its own service', () => {
    const session = block({ listId: list });
    expect(foreignBlocks(range, { service: 'Ortho', surgeonId: surgeon }, [session], dayBefore)).toEqual([
      session,
    ]);
    expect(
      foreignBlocks(range, { service: 'Ortho', surgeonId: null, listId: list }, [session], dayBefore),
    ).toEqual([]);
    expect(foreignBlocks(range, { ...otherOwner, listId: other }, [session], dayBefore)).toEqual([session]);
  });

  test('is not foreign to a case without service and surgeon', () => {
    expect(foreignBlocks(range, { service: null, surgeonId: null }, [block()], dayBefore)).toEqual([]);
  });
});

const room = (more: Resource['attributes'] = {}): Resource => ({
  id: randomUUID(),
  kind: 'room',
  name: 'OR 1',
  capacity: 1,
  active: true,
  attributes: more,
  version: 1,
});

describe('BK7 turnover and the edges of a block', () => {
  const around = {
    room: room(),
    procedure: null,
    blocks: [],
    settings: defaultSettings,
    zone: 'UTC',
    now: dayBefore,
  };
  const placed = {
    ...range,
    service: 'Ortho',
    surgeonId: surgeon,
    list: null,
    setupMinutes: 10,
    cleanupMinutes: 15,
  };

  test('turnover counts as a whole: cleanup can make up for a short setup', () => {
    expect(cautionsOf(placed, around)).toEqual([]);
    expect(cautionsOf({ ...placed, setupMinutes: 0, cleanupMinutes: 25 }, around)).toEqual([]);
    expect(cautionsOf({ ...placed, setupMinutes: 9 }, around)).toEqual([
      'Turnover is 1 minute shorter than the usual 25.',
    ]);
  });

  test('a turn on a list has its own turnover', () => {
    const place = { resourceId: list, blockId: list, start: at('08:00'), end: at('12:00') };
    expect(cautionsOf({ ...placed, list: place, cleanupMinutes: 0 }, around)).toEqual([]);
  });

  test.each([
    ['up to the edge', '11:00', []],
    ['a minute past it', '11:01', ['It runs 1 minute past the end of the block at 12:00.']],
    ['two minutes past it', '11:02', ['It runs 2 minutes past the end of the block at 12:00.']],
    ['starting at the edge', '12:00', []],
  ])('%s of one’s own block', (_, from, expected) => {
    const end = new Date(Date.parse(at(from)) + 3_600_000).toISOString();
    expect(cautionsOf({ ...placed, start: at(from), end }, { ...around, blocks: [block()] })).toEqual(
      expected,
    );
  });
});

describe('BK7 after hours', () => {
  const hour = fc.nat(24).map((each) => `${String(each).padStart(2, '0')}:00`);
  const hours = fc
    .record({
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      open: hour,
      close: hour,
    })
    .filter(({ open, close }) => open < close);

  test('is any minute outside the room’s hours, and no other', () => {
    const seen = { inside: 0, outside: 0 };
    fc.assert(
      fc.property(
        fc.array(hours, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 7 * 48 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom('UTC', 'America/Chicago', 'Asia/Kolkata'),
        (open, half, length, zone) => {
          const start = Date.parse('2027-06-07T00:00Z') + half * 1_800_000;
          const instant = (halves: number) => new Date(start + halves * 1_800_000).toISOString();
          const covered = Array.from({ length }, (_, index) => start + index * 1_800_000).every((moment) => {
            const local = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone);
            const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
            return open.some(
              (each) => each.days.includes(local.dayOfWeek) && each.open <= time && time < each.close,
            );
          });
          const requested = { start: instant(0), end: instant(length) };
          expect(afterHours(requested, room({ hours: open }), zone)).toHaveLength(covered ? 0 : 1);
          seen[covered ? 'inside' : 'outside']++;
        },
      ),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.inside, seen.outside)).toBeGreaterThan(50);
  });

  test('a room without hours is always open; one that is open around the clock does not close at midnight', () => {
    const night = { start: at('22:00'), end: '2027-05-11T04:00:00.000Z' };
    const daily = [{ days: [1, 2, 3, 4, 5, 6, 7], open: '00:00', close: '24:00' }];
    expect(afterHours(night, room(), 'UTC')).toEqual([]);
    expect(afterHours(night, room({ hours: [] }), 'UTC')).toEqual([]);
    expect(afterHours(night, room({ hours: daily }), 'UTC')).toEqual([]);
  });

  test('names the closing time, or that the room is closed', () => {
    const hoursOf = [{ days: [1], open: '07:00', close: '09:30' }];
    expect(afterHours(range, room({ hours: hoursOf }), 'UTC')).toEqual([
      'After hours: OR 1 usually closes at 09:30.',
    ]);
    expect(afterHours({ start: at('09:30'), end: at('10:00') }, room({ hours: hoursOf }), 'UTC')).toEqual([
      'After hours: OR 1 is usually closed at 09:30.',
    ]);
  });
});

describe('BK11 an impossible time', () => {
  test.each([
    ['under way', at('08:59'), null],
    ['ending now', at('10:00'), 'This time has passed. Choose a later one.'],
    ['long past', '2027-06-01T00:00:00.000Z', 'This time has passed. Choose a later one.'],
    ['800 days ahead', '2025-03-02T00:00:00.000Z', null],
    [
      '801 days ahead',
      '2025-02-28T00:00:00.000Z',
      'This is more than 800 days ahead. Choose an earlier time.',
    ],
  ])('%s', (_, now, reason) => {
    expect(impossibleTime(range, now)).toBe(reason);
  });
});
