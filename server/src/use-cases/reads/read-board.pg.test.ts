import { setTimeout as pause } from 'node:timers/promises';
import { board as boardSchema } from '@slate/shared/contract/reads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assertSound, book, hold } from '../../../test/administer.ts';
import { at } from '../../../test/hospital.ts';
import { freshSite, laboratory } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import type { Queryable } from '../../db/query.ts';
import { viewOf } from '../../domain/visibility.ts';
import { createBoardReader } from './read-board.ts';
import type { BoardReader } from './read-board.ts';

let lab: Laboratory;
let site: Laboratory;
beforeAll(async () => {
  lab = await laboratory();
});
afterAll(() => lab.end());
beforeEach(async () => {
  site = await freshSite(lab);
});
afterEach(() => assertSound(site));

const all = viewOf('coordinator', '', []);
const officeOf = (...surgeonIds: string[]) => viewOf('office', site.users.office, surgeonIds);
const tomorrow = { date: at('00:00').slice(0, 10), days: 1 };
const ask = async (read: BoardReader, view = all, query = tomorrow) => {
  const answer = await read(site.siteId, query, view);
  return { etag: answer.etag, board: boardSchema.parse(JSON.parse(answer.json())) };
};

/** The pool, with what was asked of it, and something to wait for before boards are read. */
function watched(before: () => Promise<unknown> = () => Promise.resolve()) {
  const asked: string[] = [];
  const query = async (statement: { name: string }) => {
    asked.push(statement.name);
    if (statement.name === 'board') await before();
    return site.pool.query(statement as never);
  };
  return { asked, db: { query } as unknown as Queryable };
}

describe('FE5 a board from the cache', () => {
  test('is read once for each revision, and its clock goes on', async () => {
    const { db, asked } = watched();
    const read = createBoardReader(db);
    const first = await ask(read);
    await pause(2);
    const again = await ask(read);
    expect(asked).toEqual(['site-head', 'board', 'site-head']);
    expect(again).toEqual({ ...first, board: { ...first.board, at: again.board.at } });
    expect(again.board.at > first.board.at).toBe(true);
    const item = await hold(site);
    const fresh = await ask(read);
    expect([fresh.board.cases, fresh.board.revision]).toEqual([[item], first.board.revision + 1]);
    expect(fresh.etag).not.toBe(first.etag);
  });

  test('of many who ask at once one reads for all', async () => {
    const { db, asked } = watched(() => pause(20));
    const read = createBoardReader(db);
    const boards = await Promise.all(Array.from({ length: 20 }, () => ask(read)));
    expect(asked.filter((name) => name === 'board')).toHaveLength(1);
    expect(new Set(boards.map(({ etag }) => etag))).toHaveLength(1);
  });

  test('is not what somebody began to read before the commit that came before the asking', async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { db, asked } = watched(() => (asked.length === 2 ? held : Promise.resolve()));
    const read = createBoardReader(db);
    const early = ask(read);
    while (!asked.includes('board')) await pause(1);
    const item = await hold(site);
    const late = await ask(read);
    letGo();
    expect(late.board.cases).toEqual([item]);
    await early;
    expect((await ask(read)).board.cases).toEqual([item]);
  });

  test('is never older than the last commit before, however much is written', async () => {
    const read = createBoardReader(site.pool);
    const done = { committed: 0, of: 40 };
    const readers = Array.from({ length: 6 }, async () => {
      let stale = 0;
      while (done.committed < done.of) {
        const { committed } = done;
        if ((await ask(read)).board.revision < committed) stale++;
      }
      return stale;
    });
    for (let hour = 0; hour < 20; hour++) {
      await book(site, {
        start: at(`${String(hour).padStart(2, '0')}:10`),
        minutes: 30,
        surgeonId: site.surgeons[hour % 3],
      });
      done.committed += 2;
    }
    expect(await Promise.all(readers)).toEqual([0, 0, 0, 0, 0, 0]);
    expect((await ask(read)).board.revision).toBe(done.of);
  });

  test('is another’s for every other view, day, zone and epoch', async () => {
    const read = createBoardReader(site.pool);
    await book(site, { patientRef: 'DEMO-1' });
    const own = await ask(read, officeOf(site.surgeons[0]));
    const others = await ask(read, officeOf(site.surgeons[1]));
    const wall = await ask(read, viewOf('wall', '', []));
    expect([own, others, wall].map(({ board }) => board.cases[0]?.patientRef)).toEqual([
      'DEMO-1',
      undefined,
      null,
    ]);
    expect(new Set([own.etag, others.etag, wall.etag])).toHaveLength(3);
    const later = { date: at('00:00', 1).slice(0, 10), days: 1 };
    expect((await ask(read, all, later)).board.cases).toEqual([]);
    expect((await ask(read)).board.cases).toHaveLength(1);

    await lab.owner.query(`UPDATE sites SET time_zone = 'Pacific/Auckland' WHERE id = $1`, [site.siteId]);
    expect((await ask(read)).board.range.start).not.toBe(at('00:00'));
    await lab.owner.query(`UPDATE sites SET time_zone = 'UTC', epoch = gen_random_uuid() WHERE id = $1`, [
      site.siteId,
    ]);
    const restored = await ask(read);
    expect(restored.board.epoch).not.toBe(own.board.epoch);
  });
});

test('FE4 a board has the cases of its days by their turnover, and none besides', async () => {
  const other = { roomId: site.rooms[1], surgeonId: site.surgeons[1] };
  const into = await book(site, { start: at('22:00', -1), minutes: 115 });
  const outOf = await book(site, { start: at('00:05', 1) });
  const through = await book(site, { ...other, start: at('23:00', -1), minutes: 1440 });
  const third = { roomId: site.rooms[2], surgeonId: site.surgeons[2] };
  await book(site, { ...third, start: at('22:00', -1), minutes: 110 });
  await book(site, { ...third, start: at('00:10', 1) });
  const { board } = await ask(createBoardReader(site.pool));
  expect(new Set(board.cases.map(({ id }) => id))).toEqual(new Set([into.id, outOf.id, through.id]));
});
