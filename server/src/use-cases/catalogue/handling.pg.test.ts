import type { PlannedChange } from '@slate/shared/contract/consequences';
import type { ResourceAttributes } from '@slate/shared/resources';
import { describe, expect, test } from 'vitest';
import {
  blockedBy,
  change,
  hold,
  readCase,
  readResource,
  refusalOf,
  search,
} from '../../../test/administer.ts';
import { bookIn, leave, moveTo, preview, run, toDepot } from '../../../test/decisions.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { recordMilestone } from '../cases/record-milestone.ts';
import { closing } from '../../../test/decisions.ts';

// The invariants after each test compare the stored claims with `claimsWithHandling`.
let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const navigation = () => ({ equipment: [{ resourceId: site.equipment[1], quantity: 1 }] });
const minutes: ResourceAttributes = { transportMinutes: 10, reprocessMinutes: 30 };
const handle = (attributes: ResourceAttributes, pool: 0 | 1 = 1) =>
  change(site, site.equipment[pool], { attributes });
const planned = async (attributes: ResourceAttributes, more = {}): Promise<PlannedChange> => {
  const { id, version } = await readResource(site, site.equipment[1]);
  return { command: 'changeResource', id, body: { version, attributes, ...more } };
};

describe('CL8 the handling of equipment', () => {
  test('one unit serves the next case after its reprocessing and its transport', async () => {
    await handle(minutes);
    const first = await bookIn(site, 0, '09:00', { minutes: 60, ...navigation() });
    const refusal = await refusalOf(bookIn(site, 1, '10:39', { minutes: 60, ...navigation() }));
    expect([refusal.code, blockedBy(refusal)]).toEqual(['slot_taken', [first.id]]);
    expect(refusal.message).toMatch(/^Navigation is being reprocessed until .*10:30\./);
    expect(refusal.parts.alternatives?.map(({ start }) => start)).toContain(at('10:40'));
    await bookIn(site, 1, '10:40', { minutes: 60, ...navigation() });
    const before = await refusalOf(bookIn(site, 2, '07:30', { minutes: 55, ...navigation() }));
    expect(before.message).toMatch(/^Navigation is on its way to OR 1 and in use until .*10:30/);
  });

  test('the units of a pool are handled one by one', async () => {
    await handle(minutes, 0);
    const arm = { equipment: [{ resourceId: site.equipment[0], quantity: 1 }] };
    await bookIn(site, 0, '09:00', { minutes: 60, ...arm });
    await bookIn(site, 1, '10:10', { minutes: 60, ...arm });
    const refusal = await refusalOf(
      bookIn(site, 2, '12:00', { minutes: 60, equipment: [{ resourceId: site.equipment[0], quantity: 3 }] }),
    );
    expect(refusal.code).toBe('pool_exhausted');
  });

  test('a search for openings leaves that much time', async () => {
    await handle(minutes);
    await bookIn(site, 0, '09:00', { minutes: 60, ...navigation() });
    const { openings } = await search(site, {
      roomIds: [site.rooms[1]],
      minutes: 60,
      ...navigation(),
    });
    const starts = openings.map(({ start }) => start).filter((start) => start > at('09:00'));
    expect(starts.toSorted()[0]).toBe(at('10:40'));
  });

  test('a closure takes exactly its time', async () => {
    await handle(minutes);
    const first = await bookIn(site, 0, '09:00', { minutes: 60, ...navigation() });
    const close = (start: string): PlannedChange => ({
      command: 'createClosure',
      body: { ...closing(site).body, resourceId: site.equipment[1], start: at(start) },
    });
    expect(blockedBy(await refusalOf(run(site, close('10:29'))))).toEqual([first.id]);
    await run(site, close('10:30'));
    await bookIn(site, 1, '12:10', { minutes: 60, ...navigation() });
  });

  test('a case under way that runs over keeps its unit until it is reprocessed', async () => {
    await handle(minutes);
    const early = await bookIn(site, 0, '09:00', { minutes: 60, ...navigation() });
    const now = new Date();
    const ago = (min: number) => new Date(now.getTime() - min * 60_000).toISOString();
    // It began 90 minutes ago and was planned for 60: it is expected to end now.
    await recordMilestone(site.deps, site.request(), early.id, { milestone: 'in_room', at: ago(90) });
    const soon = new Date(Math.ceil((now.getTime() + 35 * 60_000) / 60_000) * 60_000).toISOString();
    const refusal = await refusalOf(
      hold(site, {
        roomId: site.rooms[1],
        surgeonId: site.surgeons[1],
        start: soon,
        minutes: 30,
        ...navigation(),
      }),
    );
    expect(blockedBy(refusal)).toEqual([early.id]);
  });
});

describe('CW1 longer handling', () => {
  const booked = async () =>
    [
      await bookIn(site, 0, '09:00', { minutes: 60, ...navigation() }),
      await bookIn(site, 1, '10:15', { minutes: 60, ...navigation() }),
    ] as const;

  test('shows the cases in the way, and needs a decision for each', async () => {
    const [first, second] = await booked();
    const longer = await planned(minutes);
    const found = await preview(site, longer);
    expect(found.map(({ caseId, why, canStay }) => [caseId, why, canStay])).toEqual([
      [first.id, 'claim', true],
      [second.id, 'claim', true],
    ]);
    const refusal = await refusalOf(run(site, longer));
    expect([refusal.code, blockedBy(refusal)]).toEqual(['in_use', [first.id, second.id]]);
    expect(refusal.message).toMatch(/^Navigation can’t take longer to bring or to reprocess: case /);
    const tooEarly = await planned(minutes, {
      decisions: [leave(first), moveTo(second, site.rooms[1], at('10:35'))],
    });
    expect((await refusalOf(run(site, tooEarly))).code).toBe('in_use');
    expect((await readResource(site, site.equipment[1])).attributes).toEqual({});
    await run(
      site,
      await planned(minutes, { decisions: [leave(first), moveTo(second, site.rooms[1], at('10:40'))] }),
    );
    expect(await readCase(site, second.id)).toMatchObject({ start: at('10:40') });
  });

  test('booked cases take the new minutes, also shorter ones', async () => {
    const [first, second] = await booked();
    await run(site, await planned(minutes, { decisions: [leave(first), toDepot(second)] }));
    const next = { minutes: 60, ...navigation() };
    expect((await refusalOf(bookIn(site, 1, '10:39', next))).code).toBe('slot_taken');
    await handle({ transportMinutes: 5 });
    expect((await refusalOf(bookIn(site, 1, '10:04', next))).code).toBe('slot_taken');
    expect((await bookIn(site, 1, '10:05', next)).start).toBe(at('10:05'));
  });

  test('a booking and longer handling at once: only one succeeds, or both fit', async () => {
    await bookIn(site, 0, '09:00', { minutes: 60, ...navigation() });
    const results = await Promise.allSettled([
      bookIn(site, 1, '10:15', { minutes: 60, ...navigation() }),
      handle(minutes),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
