import { addMinutes } from '@slate/shared/time';
import type { Case } from '@slate/shared/cases';
import type { ChangeCase } from '@slate/shared/contract/cases';
import { describe, expect, test } from 'vitest';
import { book, feed, hold, refusalOf, readCase } from '../../../test/administer.ts';
import { caseOf } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { changeCase } from './change-case.ts';
import { mergeFacts } from './facts.ts';
import { recordMilestone } from './record-milestone.ts';
import { cancelCase } from './take-off-board.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const merge = async (item: Case, facts: Omit<ChangeCase, 'version'>, userId = site.users.coordinator) =>
  caseOf(await mergeFacts(site.deps, site.request('test', { userId }), item.id, facts));
const edit = async (item: Case, change: Omit<ChangeCase, 'version'>) => {
  const { version } = await readCase(site, item.id);
  return caseOf(await changeCase(site.deps, site.request(), item.id, { version, ...change }));
};
const record = async (
  item: Case,
  milestone: 'in_room' | 'out_of_room' | 'completed',
  at: string | null,
  madeAt?: string,
) => caseOf(await recordMilestone(site.deps, site.request(), item.id, { milestone, at, madeAt }));
/** The database's clock, some minutes ago. */
const ago = async (minutes: number) => {
  const { rows } = await site.pool.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  return addMinutes(rows[0]?.at.toISOString() ?? '', -minutes);
};
/** A case in the room since some minutes, planned around now. */
async function underWay(): Promise<Case> {
  const start = addMinutes(`${(await ago(0)).slice(0, 16)}:00.000Z`, 5);
  const item = await book(site, { start, minutes: 60 });
  return record(item, 'in_room', await ago(1));
}

describe('DV12 a milestone that is sent later', () => {
  test.each([3 * 60, 72 * 60])('is accepted %i minutes after it happened', async (minutes) => {
    const item = await book(site);
    const at = await ago(minutes);
    expect(await record(item, 'in_room', at, at)).toMatchObject({
      state: 'in_room',
      milestones: { in_room: at },
    });
    expect((await feed(site)).at(-1)).toMatchObject({ cause: 'milestone', madeAt: at });
  });

  test('does not replace a time, or a withdrawal, that was entered after it', async () => {
    const item = await book(site);
    const enteredAt = await ago(0);
    const corrected = await record(item, 'in_room', await ago(7));
    const revisions = (await feed(site)).length;
    expect(await record(item, 'in_room', await ago(9), enteredAt)).toEqual(corrected);
    expect(await record(item, 'in_room', null, enteredAt)).toEqual(corrected);
    const withdrawn = await record(item, 'in_room', null);
    expect(await record(item, 'in_room', await ago(9), enteredAt)).toEqual(withdrawn);
    expect(await feed(site)).toHaveLength(revisions + 1);
    // The table of milestones has all of them.
    const { rowCount } = await site.pool.query('SELECT FROM milestones WHERE site_id = $1', [site.siteId]);
    expect(rowCount).toBe(5);
  });

  test('replaces what was entered before it, even if that arrived later', async () => {
    const item = await book(site);
    const [first, second] = [await ago(10), await ago(5)];
    const times = [await ago(12), await ago(11)] as const;
    await record(item, 'in_room', times[1], second);
    expect((await record(item, 'in_room', times[0], first)).milestones.in_room).toBe(times[1]);
    const third = await ago(4);
    expect((await record(item, 'in_room', times[0], third)).milestones.in_room).toBe(times[0]);
  });

  test('changes nothing if it repeats the current time or withdrawal', async () => {
    const item = await book(site);
    const at = await ago(1);
    const first = await record(item, 'in_room', at);
    expect(await record(item, 'in_room', at, await ago(0))).toEqual(first);
    const withdrawn = await record(item, 'in_room', null);
    expect(await record(item, 'in_room', null, await ago(0))).toEqual(withdrawn);
  });

  test('cannot have been entered in the future', async () => {
    const item = await book(site);
    const refusal = await refusalOf(record(item, 'in_room', await ago(1), await ago(-6)));
    expect(refusal.parts.errors?.[0]?.field).toBe('madeAt');
  });
});

describe('DV13 a note that is sent later', () => {
  test('is merged whatever else has changed', async () => {
    const item = await book(site, { note: 'Latex' });
    await edit(item, { minutes: 90, title: 'Left hip' });
    const after = await merge(item, { noteBefore: 'Latex', note: 'Latex allergy' });
    expect(after).toMatchObject({ note: 'Latex allergy', minutes: 90, title: 'Left hip' });
  });

  test.each([
    // The note that the person saw, their own, that of others meanwhile, and the merged one.
    ['an added line', 'Latex', 'Latex\nMRSA', 'Latex\nDiabetes', 'Latex\nDiabetes\nMRSA'],
    ['a rewritten note', 'Latex', 'No latex allergy', 'Latex\nDiabetes', 'Latex\nDiabetes\nNo latex allergy'],
    ['a first note', null, 'MRSA', 'Diabetes', 'Diabetes\nMRSA'],
    [
      'a line that others added too',
      'Latex',
      'Latex\nMRSA',
      'Latex\nMRSA\nDiabetes',
      'Latex\nMRSA\nDiabetes',
    ],
    ['a word that is part of another one', null, 'OK', 'BOOK', 'BOOK\nOK'],
    ['a removal of what was seen', 'Latex', null, 'Latex', null],
    ['a removal of more than was seen', 'Latex', null, 'Latex\nDiabetes', 'Latex\nDiabetes'],
    ['an addition to what others removed', 'Latex', 'Latex\nMRSA', null, 'MRSA'],
    ['no change of what others removed', 'Latex', 'Latex', null, null],
  ])('%s', async (_, noteBefore, note, meanwhile, expected) => {
    const item = await book(site, { note: noteBefore });
    if (meanwhile !== noteBefore) await edit(item, { note: meanwhile });
    expect((await merge(item, { noteBefore, note })).note).toBe(expected);
  });

  test('is accepted after the case is over or cancelled', async () => {
    const [over, cancelled] = [
      await underWay(),
      await book(site, { roomId: site.rooms[1], surgeonId: site.surgeons[1] }),
    ];
    await record(over, 'out_of_room', await ago(0));
    await record(over, 'completed', await ago(0));
    const { version } = await readCase(site, cancelled.id);
    await cancelCase(site.deps, site.request(), cancelled.id, { version, reason: 'Flu' });
    for (const item of [over, cancelled]) {
      expect((await merge(item, { noteBefore: null, note: 'Implant 4711' })).note).toBe('Implant 4711');
    }
  });

  test('is refused if both notes together are too long', async () => {
    const item = await book(site, { note: null });
    await edit(item, { note: 'a'.repeat(1500) });
    const refusal = await refusalOf(merge(item, { noteBefore: null, note: 'b'.repeat(600) }));
    expect(refusal.parts.errors?.[0]?.field).toBe('note');
    expect((await readCase(site, item.id)).note).toHaveLength(1500);
  });

  test('on a hold needs its holder, and a hold that has not ended', async () => {
    const item = await hold(site);
    const facts = { noteBefore: null, note: 'Latex' };
    expect((await refusalOf(merge(item, facts, site.users.second))).code).toBe('forbidden');
    expect((await merge(item, facts)).note).toBe('Latex');
    await site.clock.advance(3600);
    expect((await refusalOf(merge(item, facts))).code).toBe('hold_expired');
  });

  test('of an office is only for its own holds', async () => {
    const item = await book(site);
    const facts = { noteBefore: null, note: 'Latex' };
    expect((await refusalOf(merge(item, facts, site.users.office))).code).toBe('forbidden');
    expect((await refusalOf(merge(item, facts, site.users.viewer))).code).toBe('forbidden');
  });
});

describe('DV14 an expected length that is sent later', () => {
  test('is merged whatever else has changed', async () => {
    const item = await underWay();
    await edit(item, { note: 'Latex' });
    const madeAt = await ago(0);
    expect(await merge(item, { minutes: 120, madeAt })).toMatchObject({ minutes: 120, note: 'Latex' });
    expect((await feed(site)).at(-1)).toMatchObject({ cause: 'changed', madeAt });
  });

  test('does not replace one that was entered after it, in whichever order they arrive', async () => {
    const item = await underWay();
    await site.owner.query(`UPDATE changes SET at = at - interval '1 hour' WHERE site_id = $1`, [
      site.siteId,
    ]);
    const [first, second] = [await ago(10), await ago(5)];
    expect((await merge(item, { minutes: 150, madeAt: second })).minutes).toBe(150);
    expect((await merge(item, { minutes: 120, madeAt: first })).minutes).toBe(150);
    await edit(item, { minutes: 90 });
    expect((await merge(item, { minutes: 150, madeAt: second })).minutes).toBe(90);
  });

  test('has no effect once the patient has left', async () => {
    const item = await underWay();
    const madeAt = await ago(0);
    const left = await record(item, 'out_of_room', await ago(0));
    expect(await merge(item, { minutes: 120, madeAt })).toEqual(left);
    // A note with it is kept.
    expect(await merge(item, { minutes: 120, madeAt, noteBefore: null, note: 'Latex' })).toMatchObject({
      minutes: 60,
      note: 'Latex',
    });
  });

  test('of a case that is not in the room is a plan, which needs the version', async () => {
    const item = await book(site);
    expect((await refusalOf(merge(item, { minutes: 120, madeAt: await ago(0) }))).code).toBe('stale_version');
  });

  test('is accepted whatever it collides with', async () => {
    const item = await underWay();
    const next = await book(site, { start: addMinutes(item.end ?? '', 30) });
    expect(await merge(item, { minutes: 240, madeAt: await ago(0) })).toMatchObject({ minutes: 240 });
    expect((await readCase(site, next.id)).state).toBe('scheduled');
  });
});
