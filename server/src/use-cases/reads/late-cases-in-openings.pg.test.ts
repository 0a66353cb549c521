import { board as boardSchema } from '@slate/shared/contract/reads';
import type { PlaceHold } from '@slate/shared/contract/cases';
import type { OpeningsSearch } from '@slate/shared/contract/reads';
import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { forecastOf } from '@slate/shared/collisions';
import { handlingOf } from '@slate/shared/resources';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  anotherHospital,
  book,
  hold,
  makeOverdue,
  queryDirectly,
  refusalOf,
  search,
} from '../../../test/administer.ts';
import { at, testHospital } from '../../../test/hospital.ts';
import type { Setting } from '../../../test/hospital.ts';
import { surroundingsOf } from '../../db/openings.sql.ts';
import { maybeOne } from '../../db/query.ts';
import { moveCases } from '../cases/move-cases.ts';
import { createClosure } from '../catalogue/closures.ts';
import { createBoardReader } from './read-board.ts';

let shared: Setting;
let hospital: Setting;
beforeAll(async () => {
  shared = await testHospital();
});
afterAll(() => shared.end());
beforeEach(async () => {
  hospital = await anotherHospital(shared);
});

describe('RE14 a time that a late case is expected to use', () => {
  const minute = (minutes: number) =>
    new Date(Math.floor(Date.now() / 60_000 + minutes) * 60_000).toISOString();
  /** Planned for 40 minutes ago, and not begun: expected until an hour from now. */
  const late = (more: Partial<PlaceHold> = {}) =>
    book(hospital, { start: minute(-40), minutes: 60, ...more });
  const today = () => minute(0).slice(0, 10);
  /** The first opening of today or tomorrow. */
  const soonest = async (more: Partial<OpeningsSearch> = {}) => {
    const { openings } = await search(hospital, {
      date: today(),
      days: 2,
      minutes: 15,
      urgency: 'urgent',
      ...more,
    });
    return openings[0]?.start ?? '';
  };

  test('is not offered in its room, and with its surgeon or equipment in no room', async () => {
    const [surgeonId] = hospital.surgeons;
    const equipment = [{ resourceId: hospital.equipment[1], quantity: 1 }];
    await late({ surgeonId, equipment });
    const [here, elsewhere] = hospital.rooms;
    // The room is cleaned and set up first.
    expect((await soonest({ roomIds: [here] })) >= minute(59 + 20)).toBe(true);
    expect((await soonest({ roomIds: [here] })) < minute(59 + 35)).toBe(true);
    for (const needs of [{ surgeonId }, { equipment }]) {
      expect((await soonest({ roomIds: [elsewhere], ...needs })) >= minute(59)).toBe(true);
    }
    expect((await soonest({ roomIds: [elsewhere] })) < minute(20)).toBe(true);
  });

  test('hides the time of a case that it delays, although the search names no resource of the late case', async () => {
    await late();
    // It needs the room of the late case, and the search names its surgeon in another room.
    await book(hospital, { start: minute(45), minutes: 60, surgeonId: hospital.surgeons[1] });
    const first = await soonest({
      roomIds: [hospital.rooms[1]],
      surgeonId: hospital.surgeons[1],
      minutes: 30,
    });
    // Before, it would begin after the plan of the delayed case, at minute 105.
    expect(first < minute(45) || first >= minute(59 + 20 + 60)).toBe(true);
    const long = await soonest({
      roomIds: [hospital.rooms[1]],
      surgeonId: hospital.surgeons[1],
      minutes: 60,
    });
    expect(long >= minute(59 + 20 + 60)).toBe(true);
  });

  test('no opening is in conflict on the board once it is held', async () => {
    const arm = [{ resourceId: hospital.equipment[0], quantity: 1 }];
    const [first, second, third] = hospital.surgeons;
    await late({ surgeonId: first, equipment: arm });
    await book(hospital, { start: minute(50), minutes: 60, surgeonId: second, equipment: arm });
    await book(hospital, { roomId: hospital.rooms[1], start: minute(130), minutes: 45, surgeonId: second });
    const needs = { surgeonId: third, equipment: arm, minutes: 20 };
    const searches = [needs, { ...needs, surgeonId: second }, { ...needs, surgeonId: first, equipment: [] }];
    const read = createBoardReader(hospital.pool);
    for (const each of searches) {
      const { openings } = await search(hospital, {
        date: today(),
        days: 2,
        urgency: 'urgent',
        limit: 12,
        ...each,
      });
      expect(openings.length).toBeGreaterThan(3);
      for (const { roomId, start } of openings) {
        const { id } = await hold(hospital, { ...each, roomId, start });
        const answer = await read(hospital.siteId, { date: today(), days: 3 }, { kind: 'all' });
        const board = boardSchema.parse(JSON.parse(answer.json()));
        const pools = new Map(
          board.resources.map((pool) => [pool.id, { ...pool, ...handlingOf(pool), closed: [] }]),
        );
        const { collisions, expected } = forecastOf(board.cases.filter(isPlaced), pools, board.at);
        expect(expected.size).toBe(3);
        expect(collisions.map(({ waiting }) => waiting.id)).not.toContain(id);
        await makeOverdue(hospital, id);
      }
    }
  });

  test('is not an alternative either, but a request for its planned time succeeds', async () => {
    await queryDirectly(hospital.database.ownerUrl, 'UPDATE sites SET time_zone = $2 WHERE id = $1', [
      hospital.siteId,
      morningZone(),
    ]);
    await late();
    const [room] = hospital.rooms;
    const closed = { start: minute(-60), end: minute(24 * 60), reason: 'Repair' };
    for (const resourceId of hospital.rooms.slice(1))
      await createClosure(hospital.deps, hospital.request(), { resourceId, ...closed });
    const input = { roomId: room, start: minute(5), minutes: 15, surgeonId: hospital.surgeons[1] };
    const { alternatives } = (await refusalOf(hold(hospital, input))).parts;
    expect(alternatives?.length).toBe(1);
    expect((alternatives?.[0]?.start ?? '') >= minute(59 + 20)).toBe(true);
    expect((await hold(hospital, { ...input, start: minute(45) })).state).toBe('held');
  });

  test('is offered again when the case is moved, and to the case itself', async () => {
    const item = (await late()) as PlacedCase;
    const around = await maybeOne(hospital.pool, surroundingsOf, [
      hospital.siteId,
      null,
      item.start,
      1,
      null,
      null,
      [],
      item.id,
      null,
      null,
    ]);
    expect(around?.cases).toEqual([]);
    await moveCases(hospital.deps, hospital.request(), {
      moves: [{ caseId: item.id, roomId: hospital.rooms[1], start: minute(120), version: item.version }],
    });
    expect((await soonest({ roomIds: [hospital.rooms[0]] })) < minute(20)).toBe(true);
  });

  test('is read only for days near now', async () => {
    await late();
    const casesFor = async (date: string) =>
      (
        await maybeOne(hospital.pool, surroundingsOf, [
          hospital.siteId,
          date,
          null,
          1,
          null,
          null,
          [],
          null,
          null,
          null,
        ])
      )?.cases;
    expect(await casesFor(today())).toHaveLength(1);
    expect(await casesFor(at('00:00', 3).slice(0, 10))).toEqual([]);
  });
});

/** A time zone in which it is six or seven in the morning. */
function morningZone() {
  const west = (new Date().getUTCHours() - 6 + 24) % 24;
  return west <= 12 ? `Etc/GMT+${west}` : `Etc/GMT-${24 - west}`;
}
