import type { ChangeClosure, CreateClosure } from '@slate/shared/contract/catalogue';
import type { Closure } from '@slate/shared/sites';
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
  readCase,
} from '../../../test/administer.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { changeClosure, createClosure, listClosures, removeClosure } from './closures.ts';

let site: Laboratory;
const everything = { kind: 'all' } as const;
withFreshSite((fresh) => (site = fresh));

/** Not a constant: midnight may come while these tests run. */
const morning = () => ({ start: at('08:00'), end: at('12:00'), reason: 'Terminal cleaning' });

async function close(fields: Partial<CreateClosure> = {}): Promise<Closure> {
  const command = { resourceId: site.rooms[0], ...morning(), ...fields };
  const { body } = await createClosure(site.deps, site.request(), command);
  return body['closure'] as Closure;
}
const alter = async ({ id, version }: Closure, edit: Omit<ChangeClosure, 'version'>) =>
  (await changeClosure(site.deps, site.request(), id, { version, ...edit })).body['closure'] as Closure;
const withCArms = (index: 0 | 1 | 2, quantity: number) => ({
  roomId: site.rooms[index],
  surgeonId: site.surgeons[index],
  equipment: [{ resourceId: site.equipment[0], quantity }],
});

describe('a new closure', () => {
  test('AD9 AD16 closes the whole resource, is published, and keeps others out', async () => {
    const closure = await close();
    expect(closure).toMatchObject({ ...morning(), resourceId: site.rooms[0], quantity: 1, version: 1 });
    expect(closure.createdBy).toEqual({ id: site.users.coordinator, name: 'coordinator person' });
    expect(await feed(site)).toEqual([{ type: 'closure', closure }]);
    const refusal = await refusalOf(hold(site));
    expect(refusal.code).toBe('slot_taken');
    expect(refusal.parts.blockers).toMatchObject([{ kind: 'closure', reason: 'Terminal cleaning' }]);
  });

  test('AD9 does not affect cases that end at its start or start at its end', async () => {
    await book(site, { start: at('06:50') });
    await book(site, { start: at('12:10') });
    expect((await close()).start).toBe(at('08:00'));
  });

  test('AD9 closes part of a pool and leaves the rest', async () => {
    await close({ resourceId: site.equipment[0], quantity: 1 });
    await hold(site, withCArms(0, 1));
    expect((await refusalOf(hold(site, withCArms(1, 1)))).code).toBe('pool_exhausted');
  });

  test('AD9 is refused if cases are in the way, and lists them', async () => {
    const first = await book(site);
    const second = await hold(site, { start: at('11:00'), surgeonId: site.surgeons[1] });
    await book(site, { start: at('15:00') });
    const refusal = await refusalOf(close());
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([first.id, second.id]);
    expect(refusal.message).toMatch(/^OR 1 can’t be closed .* 08:00–12:00: case /);
    expect(
      await listClosures(site.pool, site.siteId, { date: at('00:00').slice(0, 10), days: 1 }, everything),
    ).toEqual([]);
  });

  test('AD9 part of a pool: only cases that need more than the rest are in the way', async () => {
    const withTwo = await book(site, withCArms(0, 2));
    await book(site, { ...withCArms(1, 1), start: at('11:00') });
    const refusal = await refusalOf(close({ resourceId: site.equipment[0], quantity: 1 }));
    expect(blockedBy(refusal)).toEqual([withTwo.id]);
    expect(refusal.message).toMatch(/^1 of C-arm can’t be closed /);
  });

  test('AD4 AD9 bumps the named cases, with its own reason', async () => {
    const first = await book(site);
    const second = await book(site, { start: at('11:00'), surgeonId: site.surgeons[1] });
    expect(blockedBy(await refusalOf(close({ bump: [first.id] })))).toEqual([second.id]);
    await close({ bump: [second.id, first.id, first.id] });
    expect(await readCase(site, first.id)).toMatchObject({ state: 'depot', reason: 'Terminal cleaning' });
    expect((await feed(site)).slice(-3)).toMatchObject([
      { cause: 'bumped', case: { id: second.id } },
      { cause: 'bumped', case: { id: first.id } },
      { type: 'closure' },
    ]);
  });

  test('AD5 bumps no case that is not in the way', async () => {
    const { id } = await book(site, { start: at('15:00') });
    const refusal = await refusalOf(close({ bump: [id] }));
    expect(refusal.parts.errors).toMatchObject([{ field: 'bump.0' }]);
    expect((await readCase(site, id)).state).toBe('scheduled');
  });

  test('AD6 is possible over an overdue hold', async () => {
    const { id } = await hold(site);
    await makeOverdue(site, id);
    await close();
    expect((await readCase(site, id)).state).toBe('expired');
  });

  test('AD9 is refused over another closure, which cannot be bumped', async () => {
    await close({ reason: 'Repair of the lamp' });
    const refusal = await refusalOf(close({ start: at('10:00'), end: at('14:00') }));
    expect(refusal.code).toBe('in_use');
    expect(refusal.parts.blockers).toMatchObject([
      { kind: 'closure', start: at('08:00'), reason: 'Repair of the lamp' },
    ]);
    expect(refusal.message).toContain('(Repair of the lamp). Change or remove the closures first.');
  });

  test('AD9 two closures of one each are possible in a pool of two', async () => {
    await close({ resourceId: site.equipment[0], quantity: 1 });
    await close({ resourceId: site.equipment[0], quantity: 1, reason: 'Repair' });
    const third = await refusalOf(close({ resourceId: site.equipment[0], quantity: 1 }));
    expect(third.code).toBe('in_use');
  });

  test('AD7 of a retired resource is refused', async () => {
    await change(site, site.rooms[0], { active: false });
    expect((await refusalOf(close())).code).toBe('resource_inactive');
  });
});

describe('AD10 bad input', () => {
  test.each([
    ['end before start', { end: at('07:00') }, 'end', 'Must be after the start.'],
    ['no length', { end: at('08:00') }, 'end', 'Must be after the start.'],
    ['too long', { end: at('08:01', 366) }, 'end', 'Must be at most 366 days after the start.'],
    ['more than there are', { quantity: 2 }, 'quantity', 'Must be at most 1, the capacity of OR 1.'],
    ['of another site', { resourceId: crypto.randomUUID() }, 'resourceId', 'There is no such resource'],
  ])('%s', async (_, fields, field, reason) => {
    const refusal = await refusalOf(close(fields));
    expect(refusal.code).toBe('validation');
    expect(refusal.parts.errors).toMatchObject([
      { field, reason: expect.stringContaining(reason) as string },
    ]);
    expect(await feed(site)).toEqual([]);
  });

  test('a year is allowed', async () => {
    expect((await close({ end: at('08:00', 366) })).end).toBe(at('08:00', 366));
  });

  test('times are in the site’s time zone', async () => {
    await queryDirectly(
      site.database.ownerUrl,
      `UPDATE sites SET time_zone = 'America/Chicago' WHERE id = $1`,
      [site.siteId],
    );
    const closure = await close({ start: '2030-07-01T08:00', end: '2030-07-01T09:00' });
    expect(closure).toMatchObject({ start: '2030-07-01T13:00:00.000Z', end: '2030-07-01T14:00:00.000Z' });
    const skipped = await refusalOf(close({ start: '2030-03-10T02:30', end: '2030-03-10T05:00' }));
    expect(skipped.parts.errors).toMatchObject([{ field: 'start' }]);
    const twice = await refusalOf(close({ start: '2030-11-03T00:30', end: '2030-11-03T01:30' }));
    expect(twice.parts.errors).toMatchObject([{ field: 'end' }]);
    expect(await listClosures(site.pool, site.siteId, { date: '2030-07-01', days: 1 }, everything)).toEqual([
      closure,
    ]);
    expect(await listClosures(site.pool, site.siteId, { date: '2030-07-02', days: 30 }, everything)).toEqual(
      [],
    );
  });
});

describe('a changed closure', () => {
  test('AD11 is checked like a new closure, with itself out of the way', async () => {
    const before = await close();
    const { id } = await book(site, { start: at('13:00') });
    const later = await alter(before, { start: at('09:00'), end: at('12:30') });
    expect(later).toEqual({ ...before, start: at('09:00'), end: at('12:30'), version: 2 });
    const refusal = await refusalOf(alter(later, { end: at('14:00') }));
    expect(blockedBy(refusal)).toEqual([id]);
    await alter(later, { end: at('14:00'), bump: [id] });
    expect((await readCase(site, id)).state).toBe('depot');
  });

  test('AD11 frees the time that is no longer closed', async () => {
    await alter(await close(), { end: at('08:30') });
    expect((await hold(site)).state).toBe('held');
  });

  test('AD11 can change only its reason, with cases beside it', async () => {
    const closure = await close({ resourceId: site.equipment[0], quantity: 1 });
    await book(site, withCArms(0, 1));
    expect((await alter(closure, { reason: 'Repair' })).reason).toBe('Repair');
    expect((await feed(site)).at(-1)).toMatchObject({ type: 'closure', closure: { reason: 'Repair' } });
  });

  test('AD10 its times must be in order', async () => {
    const refusal = await refusalOf(alter(await close(), { start: at('13:00') }));
    expect(refusal.parts.errors).toMatchObject([{ field: 'end' }]);
  });

  test('AD2 is changed at the version the caller saw', async () => {
    const before = await close();
    await alter(before, { reason: 'Repair' });
    expect((await refusalOf(alter(before, { reason: 'Leave' }))).code).toBe('stale_version');
  });

  test('is not found under an unknown id', async () => {
    const nowhere = changeClosure(site.deps, site.request(), site.siteId, { version: 1, reason: 'Leave' });
    expect((await refusalOf(nowhere)).code).toBe('not_found');
  });
});

describe('removing a closure', () => {
  test('AD11 frees the time at once', async () => {
    const { id } = await close();
    const { body } = await removeClosure(site.deps, site.request(), id);
    expect(body).toMatchObject({ id });
    expect((await feed(site)).at(-1)).toEqual({ type: 'closure_removed', id });
    expect((await hold(site)).state).toBe('held');
    expect((await refusalOf(removeClosure(site.deps, site.request(), id))).code).toBe('not_found');
  });

  test('needs permission', async () => {
    const { id } = await close();
    const office = site.request('remove', { userId: site.users.office });
    expect((await refusalOf(removeClosure(site.deps, office, id))).code).toBe('forbidden');
  });
});
