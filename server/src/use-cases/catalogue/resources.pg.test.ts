import { describe, expect, test } from 'vitest';
import { administrator, book, change, feed, refusalOf, readResource } from '../../../test/administer.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { changeResource, createResource, listResources } from './resources.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const create = (fields: Partial<Parameters<typeof createResource>[2]>, by = administrator(site)) =>
  createResource(site.deps, by, { kind: 'equipment', name: 'Laser', capacity: 1, attributes: {}, ...fields });

describe('a new resource', () => {
  test('AD16 is published, with the id of its key', async () => {
    const by = administrator(site);
    const { status, body } = await create({ kind: 'room', name: 'OR 4', attributes: { area: 'Main' } }, by);
    const expected = { id: by.key, kind: 'room', name: 'OR 4', capacity: 1, active: true, version: 1 };
    expect({ status, resource: body['resource'] }).toMatchObject({ status: 201, resource: expected });
    expect(await feed(site)).toEqual([{ type: 'resource', resource: body['resource'] }]);
    expect(await listResources(site.pool, site.siteId, { kind: 'room' })).toContainEqual(body['resource']);
    expect(site.published).toEqual([{ kind: 'site', siteId: site.siteId }]);
  });

  test.each(['room', 'surgeon'] as const)('AD1 a %s has a capacity of 1', async (kind) => {
    const refusal = await refusalOf(create({ kind, capacity: 2 }));
    expect(refusal.code).toBe('validation');
    expect(refusal.parts.errors).toMatchObject([{ field: 'capacity' }]);
    expect(await feed(site)).toEqual([]);
  });

  test('AD2 does not replace an existing one', async () => {
    const by = { ...administrator(site), key: site.rooms[0] };
    expect((await refusalOf(create({}, by))).code).toBe('key_reused');
    expect((await readResource(site, site.rooms[0])).name).toBe('OR 1');
  });

  test('needs an administrator', async () => {
    expect((await refusalOf(create({}, site.request()))).code).toBe('forbidden');
  });
});

describe('a change', () => {
  test('AD2 applies to the version the caller saw', async () => {
    await change(site, site.rooms[0], { name: 'OR One' });
    const stale = await refusalOf(
      changeResource(site.deps, administrator(site), site.rooms[0], { version: 1, name: 'OR Uno' }),
    );
    expect({ code: stale.code, detail: stale.message }).toEqual({
      code: 'stale_version',
      detail: 'OR One has changed since you opened it (now version 2). Check it before you continue.',
    });
    expect(await readResource(site, site.rooms[0])).toMatchObject({ name: 'OR One', version: 2 });
  });

  test('keeps fields that are left out', async () => {
    const before = await readResource(site, site.equipment[0]);
    const { body } = await change(site, site.equipment[0], { capacity: 5 });
    expect(body['resource']).toEqual({ ...before, capacity: 5, version: 2 });
  });

  test('of an unknown resource is refused', async () => {
    const nowhere = changeResource(site.deps, administrator(site), site.siteId, { version: 1 });
    expect((await refusalOf(nowhere)).code).toBe('not_found');
  });

  test('AD5 may name cases only if some must be bumped', async () => {
    const { id } = await book(site);
    const refusal = await refusalOf(change(site, site.rooms[0], { name: 'OR One', bump: [id] }));
    expect(refusal.parts.errors).toMatchObject([{ field: 'bump.0' }]);
  });
});
