import { randomUUID } from 'node:crypto';
import type { Case } from '@slate/shared/cases';
import type { PlaceHold } from '@slate/shared/contract/cases';
import { describe, expect, test } from 'vitest';
import { book, hold, refusalOf, readCase } from '../../../test/administer.ts';
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

// The session in these tests: the third room, the day after tomorrow from 08:00 to 12:00, four places.

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const placeOnList = (more: Partial<PlaceHold> = {}) =>
  placeHold(site.deps, site.request(), { blockId: site.session, minutes: 40, ...more });
const turn = async (more?: Partial<PlaceHold>) => caseOf(await placeOnList(more)).start;

describe('HO7 a place on a list', () => {
  test('is the next free one; when none is left: pool_exhausted', async () => {
    const turns = [await turn(), await turn(), await turn(), await turn()];
    expect(turns).toEqual([at('08:10', 1), at('09:10', 1), at('10:10', 1), at('11:10', 1)]);
    const { code, message, parts } = await refusalOf(placeOnList());
    expect([code, message]).toEqual(['pool_exhausted', expect.stringContaining('Cataracts: all 4 places')]);
    expect(parts.blockers).toEqual([
      { kind: 'block', resourceId: site.list, start: at('08:00', 1), end: at('12:00', 1) },
    ]);
  });

  test('that was given back is the next', async () => {
    const [, second] = [await turn(), caseOf(await placeOnList()), await turn()];
    await releaseHold(site.deps, site.request(), second?.id ?? '');
    expect(await turn()).toBe(at('09:10', 1));
  });

  test('HO2 a turn with an expired hold is the next one, before and after the sweep', async () => {
    const overdue = [
      caseOf(await placeOnList()),
      caseOf(await placeOnList()),
      caseOf(await placeOnList()),
      caseOf(await placeOnList()),
    ];
    await site.clock.advance(settings.holdSeconds + 1);
    expect(await turn()).toBe(at('08:10', 1));
    // All of them are in the way of a hold of the whole session.
    for (const { id } of overdue) expect((await readCase(site, id)).state).toBe('expired');
  });

  test('can be requested by its start, within the session', async () => {
    expect(await turn({ start: at('09:30', 1) })).toBe(at('09:30', 1));
    // It overlaps two places, which leaves two.
    expect([await turn(), await turn()]).toEqual([at('08:10', 1), at('11:10', 1)]);
    expect((await refusalOf(placeOnList())).code).toBe('pool_exhausted');
    for (const start of [at('08:00', 1), at('11:20', 1), at('09:00')]) {
      expect((await refusalOf(placeOnList({ start }))).parts.errors).toMatchObject([{ field: 'start' }]);
    }
  });

  test('has a maximum length, turnover included', async () => {
    expect((await refusalOf(placeOnList({ minutes: 41 }))).parts.errors).toMatchObject([
      { field: 'minutes' },
    ]);
    expect(await turn({ minutes: 50, setupMinutes: 5, cleanupMinutes: 5 })).toBe(at('08:05', 1));
  });

  test('requires the surgeon and the equipment to be free too', async () => {
    await book(site, { start: at('08:30', 1) });
    expect((await refusalOf(placeOnList({ surgeonId: site.surgeons[0] }))).code).toBe('slot_taken');
  });

  test('can be given to a case of the depot', async () => {
    const waiting = caseOf(await addToDepot(site.deps, site.request(), { title: 'Cataract', minutes: 40 }));
    const input = { version: waiting.version, blockId: site.session };
    const placed = caseOf(await placeCase(site.deps, site.request(), waiting.id, input));
    expect([placed.start, placed.list?.resourceId]).toEqual([at('08:10', 1), site.list]);
  });

  test('exists only in a block that is a list', async () => {
    for (const blockId of [randomUUID(), await plainBlock()]) {
      expect((await refusalOf(placeOnList({ blockId }))).parts.errors).toMatchObject([{ field: 'blockId' }]);
    }
  });

  test('must not have begun', async () => {
    await site.owner.query(
      `UPDATE blocks SET during = tstzrange(date_trunc('minute', pg_catalog.now()) - interval '90 minutes',
          date_trunc('minute', pg_catalog.now()) + interval '150 minutes')
        WHERE site_id = $1 AND id = $2`,
      [site.siteId, site.session],
    );
    // Of the places of an hour each, the second began half an hour ago.
    const minutes = (Date.parse((await turn()) ?? '') - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(38);
    expect(minutes).toBeLessThan(41);
  });
});

describe('HO10 a case keeps its place on a list', () => {
  const atNine = async () => caseOf(await placeOnList({ start: at('09:10', 1) }));
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

  test('within the session: a move past its start or end gives it up', async () => {
    const item = await atNine();
    const moved = await move(item, at('11:10', 1));
    expect(moved.list).toEqual(item.list);
    expect((await move(moved, at('11:15', 1))).list).toBeNull();
    expect((await move(await atNine(), at('08:05', 1))).list).toBeNull();
  });

  test('and within the length of a place: a longer move gives it up, a longer plan is refused', async () => {
    const item = await atNine();
    expect((await refusalOf(change(item, 41))).parts.errors).toMatchObject([{ field: 'minutes' }]);
    const shorter = await change(item, 30);
    expect(shorter.list).toEqual(item.list);
    expect((await move(shorter, at('09:10', 1), 45)).list).toBeNull();
  });

  test('in a swap within the list if it still fits; a case in progress may take longer', async () => {
    const first = await atNine();
    const last = caseOf(await placeOnList({ start: at('11:20', 1), minutes: 30 }));
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

test('CL1 of many concurrent requests, as many get a place as there are places', async () => {
  const answers = await Promise.allSettled(Array.from({ length: 12 }, () => placeOnList()));
  const starts = answers.flatMap((each) => (each.status === 'fulfilled' ? [caseOf(each.value).start] : []));
  expect(starts).toHaveLength(4);
  expect(new Set(starts)).toEqual(new Set(['08:10', '09:10', '10:10', '11:10'].map((time) => at(time, 1))));
  const codes = answers.flatMap((each) =>
    each.status === 'rejected' ? [each.reason as { code: string }] : [],
  );
  expect(new Set(codes.map(({ code }) => code))).toEqual(new Set(['pool_exhausted']));
});

test('CL3 a hold of the room outside the list takes no place', async () => {
  await turn();
  await hold(site, { roomId: site.rooms[2], start: at('09:30', 1), overrideReason: 'Eyes agreed' });
  expect(await turn()).toBe(at('11:10', 1));
});
