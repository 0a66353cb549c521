import { randomUUID } from 'node:crypto';
import type { Case } from '@slate/shared/cases';
import type { PlaceHold } from '@slate/shared/contract/cases';
import { describe, expect, test } from 'vitest';
import { book, hold, refusalOf, stored } from '../../../test/administer.ts';
import { at, caseOf, settings } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { addToDepot } from './add-to-depot.ts';
import { changeCase } from './change-case.ts';
import { placeCase } from './place-case.ts';
import { recordMilestone } from './record-milestone.ts';
import { swapCases } from './move-cases.ts';
import { placeHold } from './place-hold.ts';
import { releaseHold } from './holds.ts';

// The session of the tests: the third room, the day after tomorrow from 08:00 to 12:00, four places.

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const give = (more: Partial<PlaceHold> = {}) =>
  placeHold(site.deps, site.request(), { blockId: site.session, minutes: 40, ...more });
const turn = async (more?: Partial<PlaceHold>) => caseOf(await give(more)).start;

describe('HO7 a place on a list', () => {
  test('is its next free turn; when no place is left: pool_exhausted', async () => {
    const turns = [await turn(), await turn(), await turn(), await turn()];
    expect(turns).toEqual([at('08:10', 1), at('09:10', 1), at('10:10', 1), at('11:10', 1)]);
    const { code, message, parts } = await refusalOf(give());
    expect([code, message]).toEqual(['pool_exhausted', expect.stringContaining('Cataracts: all 4 places')]);
    expect(parts.blockers).toEqual([
      { kind: 'block', resourceId: site.list, start: at('08:00', 1), end: at('12:00', 1) },
    ]);
  });

  test('that was given back is the next', async () => {
    const [, second] = [await turn(), caseOf(await give()), await turn()];
    await releaseHold(site.deps, site.request(), second?.id ?? '');
    expect(await turn()).toBe(at('09:10', 1));
  });

  test('HO2 that nobody came for in time is the next, cleaned up or not', async () => {
    const overdue = [caseOf(await give()), caseOf(await give()), caseOf(await give()), caseOf(await give())];
    await site.clock.advance(settings.holdSeconds + 1);
    expect(await turn()).toBe(at('08:10', 1));
    // They all lie in the way of a place for the whole session.
    for (const { id } of overdue) expect((await stored(site, id)).state).toBe('expired');
  });

  test('may be said, within the session', async () => {
    expect(await turn({ start: at('09:30', 1) })).toBe(at('09:30', 1));
    // It lies across two turns, which leaves two.
    expect([await turn(), await turn()]).toEqual([at('08:10', 1), at('11:10', 1)]);
    expect((await refusalOf(give())).code).toBe('pool_exhausted');
    for (const start of [at('08:00', 1), at('11:20', 1), at('09:00')]) {
      expect((await refusalOf(give({ start }))).parts.errors).toMatchObject([{ field: 'start' }]);
    }
  });

  test('is no longer than a turn, turnover included', async () => {
    expect((await refusalOf(give({ minutes: 41 }))).parts.errors).toMatchObject([{ field: 'minutes' }]);
    expect(await turn({ minutes: 50, setupMinutes: 5, cleanupMinutes: 5 })).toBe(at('08:05', 1));
  });

  test('needs the surgeon and the equipment to be free as well', async () => {
    await book(site, { start: at('08:30', 1) });
    expect((await refusalOf(give({ surgeonId: site.surgeons[0] }))).code).toBe('slot_taken');
  });

  test('is had from the depot as well', async () => {
    const waiting = caseOf(await addToDepot(site.deps, site.request(), { title: 'Cataract', minutes: 40 }));
    const asked = { version: waiting.version, blockId: site.session };
    const placed = caseOf(await placeCase(site.deps, site.request(), waiting.id, asked));
    expect([placed.start, placed.list?.resourceId]).toEqual([at('08:10', 1), site.list]);
  });

  test('is not had of a block that is no list, or of none', async () => {
    for (const blockId of [randomUUID(), await plainBlock()]) {
      expect((await refusalOf(give({ blockId }))).parts.errors).toMatchObject([{ field: 'blockId' }]);
    }
  });

  test('is one that has not begun', async () => {
    await site.owner.query(
      `UPDATE blocks SET during = tstzrange(date_trunc('minute', pg_catalog.now()) - interval '90 minutes',
          date_trunc('minute', pg_catalog.now()) + interval '150 minutes')
        WHERE site_id = $1 AND id = $2`,
      [site.siteId, site.session],
    );
    // Of the turns of an hour each, the second began half an hour ago.
    const minutes = (Date.parse((await turn()) ?? '') - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(38);
    expect(minutes).toBeLessThan(41);
  });
});

describe('HO10 a case keeps its place on a list', () => {
  const atNine = async () => caseOf(await give({ start: at('09:10', 1) }));
  const move = async ({ id, version }: Case, start: string, minutes?: number) => {
    const to = {
      version,
      roomId: site.rooms[2],
      start,
      overrideReason: 'Agreed',
      ...(minutes && { minutes }),
    };
    return caseOf(await changeCase(site.deps, site.request(), id, to));
  };
  const change = async ({ id, version }: Case, minutes: number) =>
    caseOf(await changeCase(site.deps, site.request(), id, { version, minutes, overrideReason: 'Agreed' }));

  test('while all of it lies in the session: a move past its end or beginning gives the place up', async () => {
    const item = await atNine();
    const moved = await move(item, at('11:10', 1));
    expect(moved.list).toEqual(item.list);
    expect((await move(moved, at('11:15', 1))).list).toBeNull();
    expect((await move(await atNine(), at('08:05', 1))).list).toBeNull();
  });

  test('and no longer than a place: a longer move gives it up, a longer plan is refused', async () => {
    const item = await atNine();
    expect((await refusalOf(change(item, 41))).parts.errors).toMatchObject([{ field: 'minutes' }]);
    const shorter = await change(item, 30);
    expect(shorter.list).toEqual(item.list);
    expect((await move(shorter, at('09:10', 1), 45)).list).toBeNull();
  });

  test('if it trades with one of the same list and still fits; what is under way takes as long as it takes', async () => {
    const first = await atNine();
    const last = caseOf(await give({ start: at('11:20', 1), minutes: 30 }));
    const pair = {
      first: { caseId: first.id, version: first.version },
      second: { caseId: last.id, version: last.version },
      overrideReason: 'Agreed',
    };
    const { body } = await swapCases(site.deps, site.request(), pair);
    const [swapped, other] = body.cases as [Case, Case];
    expect([swapped.start, swapped.list]).toEqual([last.start, null]);
    expect([other.start, other.list]).toEqual([first.start, last.list]);

    await changeCase(site.deps, site.request(), other.id, {
      version: other.version,
      title: 'Cataract',
      surgeonId: site.surgeons[0],
    });
    await changeCase(site.deps, site.request(), other.id, { to: 'scheduled' });
    const fact = { milestone: 'in_room', at: new Date().toISOString() } as const;
    const running = caseOf(await recordMilestone(site.deps, site.request(), other.id, fact));
    expect(await change(running, 55)).toMatchObject({ minutes: 55, list: last.list });
  });
});

async function plainBlock(): Promise<string> {
  const id = randomUUID();
  await site.owner.query(
    `INSERT INTO blocks (site_id, id, room_id, during, service, release_at)
      VALUES ($1, $2, $3, tstzrange($4, $5), 'Ortho', $4)`,
    [site.siteId, id, site.rooms[0], at('08:00'), at('12:00')],
  );
  return id;
}

test('CL1 of many at once for the places of a list, as many as there are have one each', async () => {
  const answers = await Promise.allSettled(Array.from({ length: 12 }, () => give()));
  const starts = answers.flatMap((each) => (each.status === 'fulfilled' ? [caseOf(each.value).start] : []));
  expect(starts).toHaveLength(4);
  expect(new Set(starts)).toEqual(new Set(['08:10', '09:10', '10:10', '11:10'].map((time) => at(time, 1))));
  const codes = answers.flatMap((each) =>
    each.status === 'rejected' ? [each.reason as { code: string }] : [],
  );
  expect(new Set(codes.map(({ code }) => code))).toEqual(new Set(['pool_exhausted']));
});

test('CL3 whoever holds a room beside a list takes no place of it', async () => {
  await turn();
  await hold(site, { roomId: site.rooms[2], start: at('09:30', 1), overrideReason: 'Eyes agreed' });
  expect(await turn()).toBe(at('11:10', 1));
});
