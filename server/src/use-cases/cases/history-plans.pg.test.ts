import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomUUID } from 'node:crypto';
import { administrator, book, hold, refusalOf } from '../../../test/administer.ts';
import { connected } from '../../../test/database.ts';
import { holdInput, at, caseOf, testHospital } from '../../../test/hospital.ts';
import type { Setting } from '../../../test/hospital.ts';
import { createPool } from '../../db/pool.ts';
import { seedHistory } from '../../seed/seed-history.ts';
import { createClosure } from '../catalogue/closures.ts';
import { cancelCase } from './take-off-board.ts';
import { changeCase } from './change-case.ts';
import { extendHold } from './holds.ts';
import { listCases } from '../reads/list-cases.ts';
import { placeHold } from './place-hold.ts';
import { createBoardReader } from '../reads/read-board.ts';
import { recordMilestone } from './record-milestone.ts';
import { releaseExpiredHolds } from './release-expired-holds.ts';
import { searchOpenings } from '../reads/search-openings.ts';

const pastCases = 20_000;
const rounds = 8;
let day = 10;

let site: Setting;
beforeAll(async () => {
  site = await testHospital();
  await connected(site.database.ownerUrl, async (owner) => {
    await seedHistory(owner, { siteId: site.siteId, cases: pastCases, seed: 1, claims: true });
    await owner.query('VACUUM ANALYZE');
  });
});
afterAll(() => site.end());

/** Runs the daily work of the desk, including refusals. */
async function workOnce(desk: Setting, days: number) {
  const needs = {
    start: at('09:00', days),
    equipment: [{ resourceId: desk.equipment[0], quantity: 2 }],
    bed: { resourceId: desk.beds, nights: 1 },
    patientRef: `DEMO-${randomUUID()}`,
  };
  const held = await hold(desk, needs);
  await extendHold(desk.deps, desk.request(), held.id);
  const { code, parts } = await refusalOf(placeHold(desk.deps, desk.request(), holdInput(desk, needs)));
  expect(code).toBe('slot_taken');
  expect(parts.blockers?.length).toBeGreaterThanOrEqual(4);
  await changeCase(desk.deps, desk.request(), held.id, { to: 'scheduled' });
  const other = await book(desk, {
    roomId: desk.rooms[1],
    surgeonId: desk.surgeons[1],
    start: at('12:00', days),
  });
  const to = { version: other.version, roomId: desk.rooms[2], start: at('14:00', days) };
  await changeCase(desk.deps, desk.request(), other.id, to);
  const third = await book(desk, { roomId: desk.rooms[0], start: at('15:00', days) });
  const edit = { version: third.version, minutes: 45 };
  const { version } = caseOf(await changeCase(desk.deps, desk.request(), third.id, edit));
  await cancelCase(desk.deps, desk.request(), third.id, { version, reason: 'Flu' });
  const fact = { milestone: 'out_of_room', at: new Date().toISOString() } as const;
  await recordMilestone(desk.deps, desk.request(), other.id, fact);
  const closed = {
    resourceId: desk.rooms[0],
    start: at('08:00', days),
    end: at('12:00', days),
    reason: 'Leak',
  };
  expect((await refusalOf(createClosure(desk.deps, administrator(desk), closed))).code).toBe('in_use');
  const date = at('09:00', days).slice(0, 10);
  await createBoardReader(desk.pool)(desk.siteId, { date, days: 7 }, { kind: 'all' });
  const search = { date, days: 5, procedureId: desk.procedure, limit: 20, blocks: 'any' } as const;
  await searchOpenings(desk.pool, desk.siteId, search, { surgeonIds: null });
  await listCases(desk.pool, desk.siteId, { date, days: 1, limit: 50 }, { kind: 'all' });
  await releaseExpiredHolds(desk.deps);
}

/** Returns the rows read so far from cases and claims, and the number of complete scans of either table. */
async function readStatistics() {
  return connected(site.database.ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ rows: number; scans: number }>(
      `SELECT sum(seq_tup_read + idx_tup_fetch)::int AS rows, sum(seq_scan)::int AS scans
        FROM pg_stat_user_tables WHERE relname IN ('cases', 'claims')`,
    );
    const [row] = rows;
    if (!row) throw new Error('no statistics');
    return row;
  });
}

test.each(['auto', 'force_generic_plan', 'force_custom_plan'])(
  'CL7 the daily work of the desk reads no history (%s)',
  async (plans) => {
    const pool = createPool({ url: site.database.appUrl, max: 1, applicationName: 'test' });
    await pool.query(`SET plan_cache_mode = ${plans}`);
    const desk = { ...site, pool, deps: { ...site.deps, pool } };
    const before = await readStatistics();
    for (let round = 0; round < rounds; round++) {
      await workOnce(desk, day++);
      // This one has no name, so its plan is never shared by all states.
      const planned = { state: 'confirmed', days: 1, limit: 50 } as const;
      if (plans !== 'force_generic_plan') await listCases(pool, site.siteId, planned, { kind: 'all' });
    }
    await pool.query('SELECT pg_stat_force_next_flush()');
    await pool.end();
    const after = await readStatistics();
    expect(after.scans - before.scans).toBe(0);
    expect((after.rows - before.rows) / rounds).toBeLessThan(500);
  },
);
