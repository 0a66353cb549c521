import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { board as boardSchema } from '@slate/shared/contract/reads';
import type { Board } from '@slate/shared/contract/reads';
import { boardAfter, boardWithin } from '@slate/shared/board-after';
import { caseState, hasLeft, isClaiming, milestone } from '@slate/shared/case-state';
import type { Milestone } from '@slate/shared/case-state';
import { mayTake } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { addMinutes, localDay, overlaps } from '@slate/shared/time';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { book, hold } from '../../../test/administer.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { createGate } from '../../../test/statements.ts';
import { boardOf } from '../../db/board.sql.ts';
import { storedCase } from '../../db/cases.sql.ts';
import { surroundingsOf } from '../../db/openings.sql.ts';
import { one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { viewOf } from '../../domain/visibility.ts';
import { createBoardReader } from './read-board.ts';
import type { BoardReader } from './read-board.ts';
import { recordMilestone } from '../cases/record-milestone.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const all = viewOf('coordinator', '', []);
const officeOf = (...surgeonIds: string[]) => viewOf('office', site.users.office, surgeonIds);
/** Not a constant: midnight may come while these tests run. */
const tomorrow = () => ({ date: at('00:00').slice(0, 10), days: 1 });
const readParsed = async (read: BoardReader, view = all, query = tomorrow()) => {
  const answer = await read(site.siteId, query, view);
  return { etag: answer.etag, board: boardSchema.parse(JSON.parse(answer.json())) };
};

/** The pool, with a log of its queries and a gate before boards are read. */
function watchPool(before: () => Promise<unknown> = () => Promise.resolve()) {
  const queries: string[] = [];
  const query = async (statement: { name: string }) => {
    queries.push(statement.name);
    if (statement.name === 'board') await before();
    return site.pool.query(statement as never);
  };
  return { queries, db: { query } as unknown as Queryable };
}

describe('FE5 a cached board', () => {
  test('is read once per revision, with a current clock', async () => {
    const { db, queries } = watchPool();
    const read = createBoardReader(db);
    const first = await readParsed(read);
    await pause(2);
    const again = await readParsed(read);
    expect(queries).toEqual(['site-head', 'board', 'site-head']);
    expect(again).toEqual({ ...first, board: { ...first.board, at: again.board.at } });
    expect(again.board.at > first.board.at).toBe(true);
    const item = await hold(site);
    const fresh = await readParsed(read);
    expect([fresh.board.cases, fresh.board.revision]).toEqual([[item], first.board.revision + 1]);
    expect(fresh.etag).not.toBe(first.etag);
  });

  test('is read once for concurrent requests', async () => {
    const { db, queries } = watchPool(() => pause(20));
    const read = createBoardReader(db);
    const boards = await Promise.all(Array.from({ length: 20 }, () => readParsed(read)));
    expect(queries.filter((name) => name === 'board')).toHaveLength(1);
    expect(new Set(boards.map(({ etag }) => etag))).toHaveLength(1);
  });

  test('is never one that was read before the last commit', async () => {
    const gate = createGate();
    const { db, queries } = watchPool(() => (queries.length === 2 ? gate.pass() : Promise.resolve()));
    const read = createBoardReader(db);
    const early = readParsed(read);
    await gate.reached;
    const item = await hold(site);
    const late = await readParsed(read);
    gate.open();
    expect(late.board.cases).toEqual([item]);
    await early;
    expect((await readParsed(read)).board.cases).toEqual([item]);
  });

  test('is never older than the last commit, however much is written', async () => {
    const read = createBoardReader(site.pool);
    const done = { committed: 0, of: 40 };
    const readers = Array.from({ length: 6 }, async () => {
      let stale = 0;
      while (done.committed < done.of) {
        const { committed } = done;
        if ((await readParsed(read)).board.revision < committed) stale++;
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
    expect((await readParsed(read)).board.revision).toBe(done.of);
  });

  test('differs for every other view, day, zone and epoch', async () => {
    const read = createBoardReader(site.pool);
    await book(site, { patientRef: 'DEMO-1' });
    const own = await readParsed(read, officeOf(site.surgeons[0]));
    const others = await readParsed(read, officeOf(site.surgeons[1]));
    const wall = await readParsed(read, viewOf('wall', '', []));
    expect([own, others, wall].map(({ board }) => board.cases[0]?.patientRef)).toEqual([
      'DEMO-1',
      undefined,
      null,
    ]);
    expect(new Set([own.etag, others.etag, wall.etag])).toHaveLength(3);
    const later = { date: at('00:00', 1).slice(0, 10), days: 1 };
    expect((await readParsed(read, all, later)).board.cases).toEqual([]);
    expect((await readParsed(read)).board.cases).toHaveLength(1);

    await site.owner.query(`UPDATE sites SET time_zone = 'Pacific/Auckland' WHERE id = $1`, [site.siteId]);
    expect((await readParsed(read)).board.range.start).not.toBe(at('00:00'));
    await site.owner.query(`UPDATE sites SET time_zone = 'UTC', epoch = gen_random_uuid() WHERE id = $1`, [
      site.siteId,
    ]);
    const restored = await readParsed(read);
    expect(restored.board.epoch).not.toBe(own.board.epoch);
  });
});

test('FE4 a board has exactly the cases of its days, including turnover and delay', async () => {
  const [first, second, third] = site.rooms.map((roomId, n) => ({ roomId, surgeonId: site.surgeons[n] }));
  const into = await book(site, { ...first, start: at('22:00'), minutes: 115 });
  const outOf = await book(site, { ...first, start: at('00:05', 2) });
  const through = await book(site, { ...second, start: at('23:00'), minutes: 1440 });
  // Twelve hours late, its cleanup would end at midnight, or a minute later.
  await book(site, { ...third, start: at('10:00'), minutes: 110 });
  const mayBeLate = await book(site, { ...first, start: at('10:00'), minutes: 111 });
  await book(site, { ...third, start: at('00:10', 2) });
  const query = { date: at('00:00', 1).slice(0, 10), days: 1 };
  const { board } = await readParsed(createBoardReader(site.pool), all, query);
  expect(board.cases.map(({ id }) => id)).toEqual([mayBeLate, into, through, outOf].map(({ id }) => id));
});

describe('RE9 a case is on the boards of the days on which it happens', () => {
  const dates = () => [-1, 0].map((days) => at('00:00', days).slice(0, 10)) as [string, string];
  const shownOn = async (read = createBoardReader(site.pool)) => {
    const boards = await Promise.all(dates().map((date) => readParsed(read, all, { date, days: 1 })));
    return boards.map(({ board }) => board.cases.length);
  };
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const record = (caseId: string, fact: Milestone, when: string | null) =>
    recordMilestone(site.deps, site.request(), caseId, { milestone: fact, at: when });

  test('also after the patient has left; on its planned day if the fact was withdrawn', async () => {
    const read = createBoardReader(site.pool);
    const item = await book(site, { start: at('12:00'), cleanupMinutes: 0, overrideReason: 'Short' });
    expect(await shownOn(read)).toEqual([0, 1]);
    await record(item.id, 'in_room', at('00:00', -1));
    await record(item.id, 'out_of_room', ago(0));
    expect(await shownOn(read)).toEqual([1, 0]);
    await record(item.id, 'out_of_room', null);
    await record(item.id, 'in_room', null);
    expect(await shownOn(read)).toEqual([0, 1]);
  });

  test('with any facts: the board, the search for openings and the console agree', async () => {
    const plan = await book(site, { start: at('12:00') });
    const moments = fc.integer({ min: -4 * 24 * 60, max: 4 * 24 * 60 });
    const cases = fc.sample(
      fc.record({
        state: fc.constantFrom(...caseState.options.filter((state) => state !== 'held' && state !== 'depot')),
        start: moments,
        minutes: fc.integer({ min: 5, max: 1440 }),
        setupMinutes: fc.integer({ min: 0, max: 240 }),
        cleanupMinutes: fc.integer({ min: 0, max: 240 }),
        milestones: fc.dictionary(fc.constantFrom(...milestone.options), moments, { maxKeys: 4 }),
      }),
      600,
    );
    const stored = cases.map(({ start, milestones, ...drawn }, index): PlacedCase => ({
      ...(plan as PlacedCase),
      ...drawn,
      id: randomUUID(),
      number: index + 1,
      start: addMinutes(at('00:00'), start),
      end: addMinutes(at('00:00'), start + drawn.minutes),
      milestones: Object.fromEntries(
        Object.entries(milestones).map(([fact, minute]) => [fact, addMinutes(at('00:00'), minute)]),
      ),
    }));
    const sizes: number[] = [];
    await site.owner.query('BEGIN');
    try {
      await site.owner.query('SELECT save_cases($1, $2)', [
        site.siteId,
        JSON.stringify(stored.map(storedCase)),
      ]);
      const lists = { busy: [], blocks: [], closures: [], depot: [] };
      const fourDays = localDay(at('00:00', -2).slice(0, 10), 'UTC', 4);
      const together = await one(site.owner, boardOf, [site.siteId, fourDays.start, fourDays.end]);
      const board = {
        range: fourDays,
        cases: JSON.parse(together.cases) as Case[],
        ...lists,
      } as unknown as Board;
      for (const days of [-2, -1, 0, 1]) {
        const { start, end } = localDay(at('00:00', days).slice(0, 10), 'UTC');
        const { cases: text } = await one(site.owner, boardOf, [site.siteId, start, end]);
        const shown = (JSON.parse(text) as Case[]).map(({ id }) => id).filter((id) => id !== plan.id);
        const empty = { range: { start, end }, cases: [], busy: [], depot: [] } as unknown as Board;
        const expected = stored.reduce<Board>(
          (from, item) => boardAfter(from, { type: 'case', cause: 'changed', case: item }),
          empty,
        );
        expect(shown.toSorted()).toEqual(expected.cases.map(({ id }) => id).toSorted());
        const cut = boardWithin(board, { start, end }).cases.map(({ id }) => id);
        expect(cut.filter((id) => id !== plan.id).toSorted()).toEqual(shown.toSorted());
        sizes.push(shown.length);
      }
      const today = [site.siteId, at('00:00').slice(0, 10), null, 1, null, null, [], plan.id, null, null];
      const { now, cases: forecast } = await one(site.owner, surroundingsOf, today);
      const around = { start: addMinutes(now, -24 * 60), end: addMinutes(now, 24 * 60) };
      const isForecast = (item: PlacedCase) =>
        isClaiming(item.state) && !hasLeft(item.state) && overlaps(mayTake(item), around);
      expect(forecast.map(({ id }) => id).toSorted()).toEqual(
        stored
          .filter(isForecast)
          .map(({ id }) => id)
          .toSorted(),
      );
      expect(forecast.length).toBeGreaterThan(50);
    } finally {
      await site.owner.query('ROLLBACK');
    }
    expect(Math.min(...sizes)).toBeGreaterThan(50);
    expect(Math.max(...sizes)).toBeLessThan(400);
  });
});
