import { describe, expect, test } from 'vitest';
import {
  queryDirectly,
  blockedBy,
  book,
  change,
  feed,
  hold,
  makeOverdue,
  refusalOf,
  readResource,
  readCase,
} from '../../../test/administer.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { createClosure } from './closures.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

/** Cases that claim one of the two C-arms, each in a room and with a surgeon of its own. */
const withCArm = (index: 0 | 1 | 2, start = at('09:00')) => ({
  roomId: site.rooms[index],
  surgeonId: site.surgeons[index],
  start,
  equipment: [{ resourceId: site.equipment[0], quantity: 1 }],
});

describe('a smaller capacity', () => {
  test('AD3 is refused, with every case in the way', async () => {
    const first = await book(site, withCArm(0));
    const second = await book(site, withCArm(1, at('09:30')));
    await book(site, withCArm(2, at('15:00')));
    const refusal = await refusalOf(change(site, site.equipment[0], { capacity: 1 }));
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([first.id, second.id]);
    expect(refusal.parts.blockers?.[0]).toMatchObject({
      kind: 'case',
      resourceId: site.equipment[0],
      number: first.number,
      title: 'Total knee',
      start: at('09:00'),
      end: at('10:00'),
    });
    expect(refusal.message).toMatch(/^C-arm can’t be reduced from 2 to 1: case \d+ .*09:00–10:00, case \d+ /);
    expect(refusal.message).toMatch(/Move them, or choose which to bump to the depot\.$/);
    expect(await readResource(site, site.equipment[0])).toMatchObject({ capacity: 2, version: 1 });
  });

  test('AD3 is possible if the claims still fit', async () => {
    await book(site, withCArm(0, at('09:00')));
    await book(site, withCArm(1, at('10:00')));
    await change(site, site.equipment[0], { capacity: 1 });
    expect((await readResource(site, site.equipment[0])).capacity).toBe(1);
  });

  test('AD4 bumps the named cases, and publishes each', async () => {
    const first = await book(site, withCArm(0));
    const second = await book(site, withCArm(1));
    const { body } = await change(site, site.equipment[0], { capacity: 1, bump: [second.id] });
    expect(body['bumped']).toEqual([second.id]);
    expect(await readCase(site, second.id)).toMatchObject({
      state: 'depot',
      roomId: null,
      start: null,
      surgeonId: site.surgeons[1],
      reason: 'C-arm was reduced from 2 to 1.',
      bumped: { by: { id: site.users.administrator }, reason: 'C-arm was reduced from 2 to 1.' },
      version: second.version + 1,
    });
    expect(await readCase(site, first.id)).toEqual(first);
    expect((await feed(site)).slice(-2)).toMatchObject([
      { type: 'case', cause: 'bumped', case: { id: second.id } },
      { type: 'resource', resource: { id: site.equipment[0], capacity: 1 } },
    ]);
  });

  test('AD4 releases a named hold', async () => {
    const booked = await book(site, withCArm(0));
    const held = await hold(site, withCArm(1));
    const refusal = await refusalOf(change(site, site.equipment[0], { capacity: 1 }));
    expect(refusal.parts.blockers).toMatchObject([
      { kind: 'case', caseId: booked.id },
      { kind: 'hold', caseId: held.id, by: 'coordinator person', expiresAt: held.expiresAt },
    ]);
    await change(site, site.equipment[0], { capacity: 1, bump: [held.id] });
    expect(await readCase(site, held.id)).toMatchObject({ state: 'released', expiresAt: null });
    expect((await feed(site)).at(-2)).toMatchObject({ cause: 'released', case: { id: held.id } });
  });

  test('AD4 needs enough named cases', async () => {
    await change(site, site.equipment[0], { capacity: 3 });
    const cases = [
      await book(site, withCArm(0)),
      await book(site, withCArm(1)),
      await book(site, withCArm(2)),
    ];
    const [first, second, third] = cases.map(({ id }) => id) as [string, string, string];
    const refusal = await refusalOf(change(site, site.equipment[0], { capacity: 1, bump: [second] }));
    expect(blockedBy(refusal)).toEqual([first, third]);
    expect((await readCase(site, second)).state).toBe('scheduled');
    await change(site, site.equipment[0], { capacity: 1, bump: [second, third] });
    expect((await readCase(site, first)).state).toBe('scheduled');
  });

  test('AD5 bumps no case that is not in the way', async () => {
    const first = await book(site, withCArm(0));
    await book(site, withCArm(1));
    const elsewhere = await book(site, withCArm(2, at('15:00')));
    const bump = [first.id, elsewhere.id];
    const refusal = await refusalOf(change(site, site.equipment[0], { capacity: 1, bump }));
    expect(refusal.code).toBe('validation');
    expect(refusal.parts.errors).toMatchObject([{ field: 'bump.1' }]);
    expect((await readCase(site, first.id)).state).toBe('scheduled');
  });

  test('AD5 bumps no case in progress', async () => {
    const first = await book(site, withCArm(0));
    await book(site, withCArm(1));
    const text = `UPDATE cases SET state = 'incision' WHERE id = $1`;
    await queryDirectly(site.database.ownerUrl, text, [first.id]);
    const refusal = await refusalOf(change(site, site.equipment[0], { capacity: 1, bump: [first.id] }));
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([first.id]);
    expect(refusal.message).toContain('incision. Wait until cases in progress are finished.');
    // Repairs the feed, which this test bypassed.
    await queryDirectly(site.database.ownerUrl, text.replace('incision', 'scheduled'), [first.id]);
  });

  test('AD6 an overdue hold is not in the way, and expires', async () => {
    await book(site, withCArm(0));
    const held = await hold(site, withCArm(1));
    await makeOverdue(site, held.id);
    await change(site, site.equipment[0], { capacity: 1 });
    expect((await feed(site)).slice(-2)).toMatchObject([
      { cause: 'expired', case: { id: held.id } },
      { type: 'resource' },
    ]);
  });

  test('AD6 an overdue hold may still be named', async () => {
    const booked = await book(site, withCArm(0));
    const held = await hold(site, withCArm(1));
    await makeOverdue(site, held.id);
    await change(site, site.equipment[0], { capacity: 1, bump: [held.id] });
    expect((await readCase(site, held.id)).state).toBe('expired');
    expect((await readCase(site, booked.id)).state).toBe('scheduled');
  });

  test('AD8 the exclusion constraint applies at a capacity of one, and no longer at two', async () => {
    const { id } = await book(site, withCArm(0));
    const exclusivity = async () => {
      const text = 'SELECT exclusive FROM claims WHERE case_id = $1 AND resource_id = $2';
      return (await site.pool.query<{ exclusive: boolean }>(text, [id, site.equipment[0]])).rows;
    };
    await change(site, site.equipment[0], { capacity: 1 });
    expect(await exclusivity()).toEqual([{ exclusive: true }]);
    expect((await refusalOf(hold(site, withCArm(1)))).code).toBe('slot_taken');
    await change(site, site.equipment[0], { capacity: 2 });
    expect(await exclusivity()).toEqual([{ exclusive: false }]);
    await hold(site, withCArm(1));
    expect((await refusalOf(hold(site, withCArm(2)))).code).toBe('pool_exhausted');
  });

  test('AD3 the past is not in the way', async () => {
    const first = await book(site, withCArm(0));
    const second = await book(site, withCArm(1));
    // Moves both and their claims to a week ago.
    const move = `UPDATE cases SET during = tstzrange(lower(during) - '7 days'::interval, upper(during) - '7 days'::interval)
      WHERE id = ANY ($1)`;
    const claims = move.replace('UPDATE cases', 'UPDATE claims').replace('WHERE id', 'WHERE case_id');
    const ids = [first.id, second.id];
    await queryDirectly(site.database.ownerUrl, move, [ids]);
    await queryDirectly(site.database.ownerUrl, claims, [ids]);
    await change(site, site.equipment[0], { capacity: 1 });
    expect((await readResource(site, site.equipment[0])).capacity).toBe(1);
    await change(site, site.equipment[0], { capacity: 2 });
    const back = (text: string) => queryDirectly(site.database.ownerUrl, text.replaceAll('- ', '+ '), [ids]);
    await Promise.all([back(move), back(claims)]);
  });
});

describe('retiring', () => {
  test('AD3 is refused, with everything that is planned there', async () => {
    const { id } = await book(site);
    const held = await hold(site, { start: at('12:00') });
    const refusal = await refusalOf(change(site, site.rooms[0], { active: false }));
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([id, held.id]);
    expect(refusal.message).toContain('OR 1 can’t be retired: ');
  });

  test('AD4 AD7 is possible with bumped cases; nothing is booked there until it is restored', async () => {
    const { id } = await book(site);
    await change(site, site.surgeons[0], { active: false, bump: [id] });
    expect(await readCase(site, id)).toMatchObject({ state: 'depot', reason: 'Surgeon 1 was retired.' });
    expect((await refusalOf(hold(site))).code).toBe('resource_inactive');
    await change(site, site.surgeons[0], { active: true });
    expect((await hold(site)).state).toBe('held');
  });

  test('AD7 is possible for a closed resource', async () => {
    await createClosure(site.deps, site.request(), {
      resourceId: site.rooms[0],
      start: at('08:00'),
      end: at('12:00'),
      reason: 'Broken',
    });
    await change(site, site.rooms[0], { active: false });
    expect((await readResource(site, site.rooms[0])).active).toBe(false);
  });
});

test('AD7 a closed resource can be retired and cut at once if the closure still fits', async () => {
  const closed = { start: at('08:00'), end: at('12:00'), reason: 'Broken' };
  await createClosure(site.deps, site.request(), { resourceId: site.equipment[0], quantity: 2, ...closed });
  const refusal = await refusalOf(change(site, site.equipment[0], { active: false, capacity: 1 }));
  expect(refusal.code).toBe('in_use');
  expect(blockedBy(refusal)).toEqual(['closure']);
  expect((await readResource(site, site.equipment[0])).active).toBe(true);
});
