import { board as boardSchema } from '@slate/shared/contract/reads';
import type { Board } from '@slate/shared/contract/reads';
import type { Case } from '@slate/shared/cases';
import { describe, expect, test } from 'vitest';
import { administrator, book, change, hold } from '../../test/administer.ts';
import { boardAfter } from '@slate/shared/board-after';
import type { Milestone } from '@slate/shared/case-state';
import { addMinutes } from '@slate/shared/time';
import { contents } from '../../test/board-contents.ts';
import { at, caseOf, settings } from '../../test/hospital.ts';
import { withFreshSite } from '../../test/laboratory.ts';
import type { Laboratory } from '../../test/laboratory.ts';
import { viewOf } from '../domain/visibility.ts';
import type { View } from '../domain/visibility.ts';
import { addToDepot } from '../use-cases/cases/add-to-depot.ts';
import { bumpCase, cancelCase, voidCase } from '../use-cases/cases/take-off-board.ts';
import { changeCase } from '../use-cases/cases/change-case.ts';
import { createClosure, removeClosure } from '../use-cases/catalogue/closures.ts';
import { createBoardReader } from '../use-cases/reads/read-board.ts';
import { readChanges } from './read-changes.ts';
import { recordMilestone } from '../use-cases/cases/record-milestone.ts';
import { releaseExpiredHolds } from '../use-cases/cases/release-expired-holds.ts';
import { releaseHold } from '../use-cases/cases/holds.ts';
import { changeSettings } from '../use-cases/catalogue/settings.ts';
import { swapCases } from '../use-cases/cases/move-cases.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

/** Not constants: midnight may come while these tests run. */
const tomorrow = () => at('00:00').slice(0, 10);
const today = () => at('00:00', -1).slice(0, 10);
const views = (): Record<string, View> => ({
  coordinator: viewOf('coordinator', site.users.coordinator, []),
  wall: viewOf('wall', site.users.wall, []),
  office: viewOf('office', site.users.office, [site.surgeons[0]]),
});
const boardIn = async (view: View, date = tomorrow()): Promise<Board> => {
  const answer = await createBoardReader(site.pool)(site.siteId, { date, days: 1 }, view);
  return boardSchema.parse(JSON.parse(answer.json()));
};

async function changesSince(view: View, { epoch, revision }: Pick<Board, 'epoch' | 'revision'>) {
  const batch = await readChanges(site.pool, site.siteId, view, { epoch, after: revision, limit: 1000 });
  if (batch === 'resync') throw new Error('resync');
  return batch.changes;
}

/** Makes one of each change of a board. */
async function* busyDay(): AsyncGenerator<void> {
  const send = site.deps;
  const by = () => site.request();
  const elsewhere = { roomId: site.rooms[1], surgeonId: site.surgeons[1] };
  const versionOf = ({ id, version }: Case) => ({ caseId: id, version });
  const first = await book(site, { patientRef: 'DEMO-1', note: 'Latex' });
  yield;
  const second = await book(site, { ...elsewhere, patientRef: 'DEMO-2' });
  yield;
  const { body } = await swapCases(send, by(), { first: versionOf(first), second: versionOf(second) });
  const [a, b] = body.cases as [Case, Case];
  yield;
  const far = { version: b.version, roomId: site.rooms[2], start: at('09:00', 3) };
  const away = caseOf(await changeCase(send, by(), b.id, far));
  yield;
  await changeCase(send, by(), b.id, { version: away.version, roomId: site.rooms[0], start: at('14:00') });
  yield;
  await hold(site, { start: at('17:00'), surgeonId: site.surgeons[2] });
  await site.clock.advance(settings.holdSeconds + 1);
  yield;
  await releaseExpiredHolds(send);
  yield;
  const { version } = caseOf(
    await changeCase(send, by(), a.id, { version: a.version, surgeonId: site.surgeons[2] }),
  );
  yield;
  const waiting = caseOf(await bumpCase(send, by(), a.id, { version, reason: 'Emergency' }));
  yield;
  await cancelCase(send, by(), a.id, { version: waiting.version, reason: 'Flu' });
  await addToDepot(send, by(), { title: 'Knee', surgeonId: site.surgeons[0], patientRef: 'DEMO-3' });
  yield;
  const third = await book(site, { ...elsewhere, start: at('12:00') });
  await changeCase(send, by(), third.id, { to: 'confirmed' });
  yield;
  const now = () => new Date().toISOString();
  const record = (caseId: string, milestone: Milestone, when: string | null = now()) =>
    recordMilestone(send, by(), caseId, { milestone, at: when });
  // Planned for tomorrow, but it happens today, whatever is corrected later.
  await record(third.id, 'in_room');
  yield;
  await record(third.id, 'completed');
  yield;
  await record(third.id, 'out_of_room');
  yield;
  const fourth = await book(site, { ...elsewhere, start: at('15:00') });
  await record(fourth.id, 'in_room', addMinutes(now(), -90));
  yield;
  await record(fourth.id, 'in_room', null);
  yield;
  await record(fourth.id, 'incision', addMinutes(now(), -3 * 24 * 60));
  yield;
  const unbooked = await hold(site, { start: at('21:00'), surgeonId: site.surgeons[1] });
  await record(unbooked.id, 'in_room', addMinutes(now(), -60));
  yield;
  await changeCase(send, by(), unbooked.id, { to: 'scheduled' });
  yield;
  const { id: depotId } = caseOf(await addToDepot(send, by(), { title: 'Hip' }));
  await record(depotId, 'in_room', addMinutes(now(), -60));
  yield;
  const mistake = await book(site, { start: at('19:00') });
  await voidCase(send, by(), mistake.id, { version: mistake.version, reason: 'Twice' });
  yield;
  const closed = { resourceId: site.rooms[2], start: at('08:00'), end: at('10:00'), reason: 'Cleaning' };
  const { closure } = (await createClosure(send, by(), closed)).body as { closure: { id: string } };
  await change(site, site.beds, { capacity: 5 });
  yield;
  await removeClosure(send, by(), closure.id);
  // At the edges of the day: inside only by turnover, and outside by a minute. The evening before may be over, and a case under
  // way may still use its own room then.
  const evening = { start: at('22:00', -1), minutes: 110 };
  if (Date.parse(evening.start) > Date.now() - 100 * 60_000)
    await book(site, { ...evening, roomId: site.rooms[2], surgeonId: site.surgeons[2] });
  await book(site, { start: at('00:05', 1), roomId: site.rooms[1] });
  await book(site, { start: at('00:10', 1), roomId: site.rooms[2], surgeonId: null, title: 'x' }).catch(
    () => {},
  );
  yield;
}

test('FE4 RE9 a board plus the changes after it equals a fresh board, in every view and from every revision', async () => {
  const snapshots: { view: View; date: string; board: Board }[] = [];
  const dates = [today(), tomorrow()];
  const take = async () => {
    for (const date of dates) {
      for (const view of Object.values(views()))
        snapshots.push({ view, date, board: await boardIn(view, date) });
    }
  };
  await take();
  for await (const _ of busyDay()) await take();
  for (const { view, date, board } of snapshots) {
    let now = board;
    for (const { revision, body } of await changesSince(view, board)) {
      // FE2: applying it twice is the same.
      now = { ...boardAfter(boardAfter(now, body), body), revision };
    }
    expect(contents(now)).toEqual(contents(await boardIn(view, date)));
  }
  const last = snapshots.at(-1)?.board;
  expect([last?.busy.length, last?.cases.length, last?.depot.length]).not.toContain(0);
});

describe('FE1 every change has the next revision', () => {
  test('for a reader during many concurrent writes: no gaps, in commit order', async () => {
    const { coordinator } = views();
    const view = coordinator ?? viewOf('coordinator', '', []);
    const { epoch, revision } = await boardIn(view);
    const rounds = 15;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < rounds; round++) {
        const time = { start: at('08:00', writer + 2), roomId: site.rooms[round % 3], surgeonId: null };
        const item = await hold(site, { ...time, overrideReason: 'Why not' });
        await releaseHold(site.deps, site.request(), item.id);
      }
    });
    const reader = async () => {
      const seen: number[] = [];
      while (seen.length < writers.length * rounds * 2) {
        const changes = await changesSince(view, { epoch, revision: seen.at(-1) ?? revision });
        seen.push(...changes.map((each) => each.revision));
      }
      return seen;
    };
    const [seen] = await Promise.all([reader(), ...writers]);
    expect(seen).toEqual(seen.map((_, index) => revision + 1 + index));
  });

  test('several changes of one command are consecutive', async () => {
    const overdue = await hold(site);
    await site.clock.advance(settings.holdSeconds + 1);
    const item = await hold(site);
    const { rows } = await site.owner.query(
      `SELECT revision::int, body #>> '{case,id}' AS id FROM changes WHERE site_id = $1 ORDER BY revision`,
      [site.siteId],
    );
    expect(rows).toEqual([
      { revision: 1, id: overdue.id },
      { revision: 2, id: overdue.id },
      { revision: 3, id: item.id },
    ]);
  });
});

describe('FE3 changes that the receiver may not see', () => {
  test('arrive as busy time or as gone, with their revision, without names', async () => {
    const { office } = views();
    if (!office) throw new Error('no view');
    const before = await boardIn(office);
    const item = await book(site, { surgeonId: site.surgeons[1], title: 'Secret', patientRef: 'DEMO-1' });
    await bumpCase(site.deps, site.request(), item.id, { version: item.version, reason: 'Secret' });
    const changes = await changesSince(office, before);
    const busy = {
      id: item.id,
      roomId: site.rooms[0],
      start: at('08:50'),
      end: at('10:10'),
      growsFrom: null,
    };
    expect(changes.map(({ revision, by, body }) => ({ revision, by, body }))).toEqual([
      { revision: 1, by: null, body: { type: 'busy', busy } },
      { revision: 2, by: null, body: { type: 'busy', busy } },
      { revision: 3, by: null, body: { type: 'gone', id: item.id } },
    ]);
  });

  test('PE5 an office sees its own cases whole; a wall board sees nothing that a person typed', async () => {
    const { office, wall } = views();
    if (!office || !wall) throw new Error('no view');
    const before = await boardIn(wall);
    const item = await book(site, { patientRef: 'DEMO-1', note: 'Latex', title: 'Knee of Smith' });
    await createClosure(site.deps, site.request(), {
      resourceId: site.rooms[1],
      start: at('09:00'),
      end: at('10:00'),
      reason: 'After Smith',
    });
    const [, own] = await changesSince(office, before);
    expect(own?.body).toMatchObject({ type: 'case', case: item });
    const seen = JSON.stringify([await changesSince(wall, before), await boardIn(wall)]);
    expect(seen).toContain(item.id);
    expect(seen).toContain('"reason":"Closed"');
    expect(seen).not.toMatch(/DEMO-1|Latex|Smith|person/);
  });

  test('PE5 the settings hide procedures, surgeons and numbers on a wall board, which loads again', async () => {
    const { coordinator, wall } = views();
    if (!coordinator || !wall) throw new Error('no view');
    const before = await boardIn(wall);
    const item = await book(site);
    const [surgeonId] = site.surgeons;
    const seenBy = async (view: View, since: Board) => [
      ...(await boardIn(view)).cases,
      ...(await changesSince(view, since)).flatMap(({ body }) => (body.type === 'case' ? [body.case] : [])),
    ];
    const parts = ({ procedureId, surgeonId: surgeon, number }: Case) => [procedureId, surgeon, number];
    for (const each of await seenBy(wall, before))
      expect(parts(each)).toEqual([item.procedureId, surgeonId, item.number]);

    const hidden = { wallProcedures: false, wallSurgeons: false, wallNumbers: false };
    await changeSettings(site.deps, administrator(site), { version: 1, ...hidden });
    await expect(changesSince(wall, before)).rejects.toThrow('resync');
    const fresh = await boardIn(wall);
    const { version } = item;
    await changeCase(site.deps, site.request(), item.id, { version, start: at('11:00') });
    const onWall = await seenBy(wall, fresh);
    expect(onWall).toHaveLength(2);
    for (const each of onWall) {
      expect(parts(each)).toEqual([null, null, 0]);
      expect([each.equipment, each.bed]).toEqual([[], null]);
    }
    for (const each of await seenBy(coordinator, fresh))
      expect(parts(each)).toEqual([item.procedureId, surgeonId, item.number]);
  });
});
