import { randomUUID } from 'node:crypto';
import { device, maxDevices } from '@slate/shared/contract/devices';
import { expect, test } from 'vitest';
import { administrator, refusalOf } from '../../../test/administer.ts';
import { freshSite, withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { meetingOfTwo, mutate } from '../../../test/mutate.ts';
import { addToDepot } from '../cases/add-to-depot.ts';
import { listDevices, readDeviceSecret, registerDevice, retireDevice } from './devices.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const actor = (id: string) => ({ id, name: 'Somebody' });
const register = (id: string, userId: string = site.users.coordinator, name = 'OR desk', at = site) =>
  registerDevice(at.pool, at.siteId, actor(userId), { id, name });
const retire = (id: string) => retireDevice(site.deps, administrator(site), id);
const list = (query: Partial<Parameters<typeof listDevices>[2]> = {}) =>
  listDevices(site.pool, site.siteId, { limit: 100, ...query });
const audited = async () => {
  const { rows } = await site.owner.query<{ action: string; by: string; detail: object }>(
    `SELECT action, actor ->> 'id' AS by, detail - 'cases' AS detail FROM audit
      WHERE site_id = $1 AND chain = 'commands' ORDER BY seq`,
    [site.siteId],
  );
  return rows;
};

test('DV1 a device gets a secret of its own; registering it again gives the same secret and its position', async () => {
  const [id, other] = [randomUUID(), randomUUID()];
  const first = await register(id);
  expect(first).toMatchObject({ id, position: 0 });
  expect(Buffer.from(first.secret, 'base64url')).toHaveLength(32);
  expect((await register(other)).secret).not.toBe(first.secret);
  await addToDepot(site.deps, { ...site.request(), queued: { device: id, n: 1 } }, { title: 'Appendix' });
  expect(await register(id, undefined, 'OR desk 2')).toEqual({ ...first, position: 1 });
  expect((await list()).devices.find((each) => each.id === id)?.name).toBe('OR desk 2');
});

test('DV1 the same id at another site is another device', async () => {
  const id = randomUUID();
  const { secret } = await register(id);
  const elsewhere = await freshSite(site);
  expect((await register(id, undefined, 'OR desk', elsewhere)).secret).not.toBe(secret);
});

test('DV2 a retired device and one of another person cannot be registered, and both get the same answer', async () => {
  const [mine, theirs] = [randomUUID(), randomUUID()];
  await register(mine);
  await register(theirs, site.users.second);
  await retire(mine);
  const [retired, foreign] = [await refusalOf(register(mine)), await refusalOf(register(theirs))];
  expect([retired.code, retired.message]).toEqual(['device_retired', foreign.message]);
  expect(foreign.code).toBe('device_retired');
});

test('DV3 one person has at most 50 devices in use, registered one by one or at once', async () => {
  const attempts = await Promise.allSettled(
    Array.from({ length: maxDevices + 10 }, () => register(randomUUID())),
  );
  const refused = attempts.flatMap((each) => (each.status === 'rejected' ? [each.reason as object] : []));
  expect(refused).toHaveLength(10);
  for (const each of refused) expect(each).toMatchObject({ code: 'in_use' });
  const { devices } = await list();
  expect(devices).toHaveLength(maxDevices);
  // Devices of other people and retired devices do not count. A registered device opens.
  await register(randomUUID(), site.users.second);
  const [first] = devices;
  await register(first?.id ?? '');
  await retire(first?.id ?? '');
  await register(randomUUID());
  expect((await refusalOf(register(randomUUID()))).code).toBe('in_use');
});

test('DV3 without a lock, simultaneous registrations exceed the limit', async () => {
  await Promise.all(Array.from({ length: maxDevices - 1 }, () => register(randomUUID())));
  const meeting = await meetingOfTwo(site.owner);
  const restore = await mutate(
    site.owner,
    'register_device',
    ['PERFORM pg_advisory_xact_lock', 'PERFORM'],
    ['INSERT INTO devices', `${meeting} INSERT INTO devices`],
  );
  await Promise.allSettled(Array.from({ length: 5 }, () => register(randomUUID())));
  await restore();
  expect((await list()).devices.length).toBeGreaterThan(maxDevices);
});

test('DV3 a device that was not used for a week makes room for a new one', async () => {
  const [oldest, old, opened, queued] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  for (const id of [oldest, old, opened, queued]) await register(id);
  await site.owner.query(
    `UPDATE devices SET used_at = used_at - CASE id WHEN $2 THEN interval '9 days' ELSE interval '8 days' END
      WHERE site_id = $1`,
    [site.siteId, oldest],
  );
  await Promise.all(Array.from({ length: maxDevices - 4 }, () => register(randomUUID())));
  // These are in use again.
  await register(opened);
  await addToDepot(site.deps, { ...site.request(), queued: { device: queued, n: 1 } }, { title: 'Appendix' });
  for (const retired of [oldest, old]) {
    const latest = randomUUID();
    await register(latest);
    expect((await audited()).at(-1)).toMatchObject({
      action: 'registerDevice',
      detail: { device: latest, retired },
    });
  }
  const retired = (await list()).devices.filter(({ retiredAt }) => retiredAt !== null);
  expect(new Set(retired.map(({ id }) => id))).toEqual(new Set([oldest, old]));
  expect((await refusalOf(register(randomUUID()))).code).toBe('in_use');
});

test('DV4 administrators list the devices of the site in pages, by person', async () => {
  const { coordinator, second, viewer } = site.users;
  const ids: string[] = [];
  for (const userId of [second, coordinator, viewer, coordinator]) {
    const id = randomUUID();
    await register(id, userId);
    ids.push(id);
  }
  const elsewhere = await freshSite(site);
  await register(randomUUID(), undefined, 'Elsewhere', elsewhere);
  await retire(ids[1] ?? '');
  const { devices, next } = await list();
  expect(next).toBeNull();
  for (const each of devices) expect(device.parse(each)).toEqual(each);
  expect(devices.map(({ id }) => id)).toEqual([ids[1], ids[3], ids[0], ids[2]]);
  expect(devices.map(({ retiredAt }) => retiredAt !== null)).toEqual([true, false, false, false]);
  expect(devices[0]).toMatchObject({
    name: 'OR desk',
    person: { id: coordinator, name: 'coordinator person' },
  });

  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 2, ...(cursor !== undefined && { cursor }) });
    paged.push(...page.devices.map(({ id }) => id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(paged).toEqual(devices.map(({ id }) => id));
  expect((await list({ person: second })).devices.map(({ id }) => id)).toEqual([ids[0]]);
  expect((await refusalOf(list({ cursor: 'x' }))).code).toBe('validation');
});

test('DV4 retiring is a command; a second one changes nothing; other sites have no such device', async () => {
  const id = randomUUID();
  await register(id);
  const { body } = await retire(id);
  expect(device.parse(body.device).retiredAt).not.toBeNull();
  await site.clock.advance(60);
  expect((await retire(id)).body.device).toEqual(body.device);
  const elsewhere = await freshSite(site);
  const there = retireDevice(elsewhere.deps, administrator(elsewhere), id);
  expect((await refusalOf(there)).code).toBe('not_found');
  expect((await refusalOf(retire(randomUUID()))).code).toBe('not_found');
  const entries = (await audited()).map(({ action, by, detail }) => [action, by, detail]);
  expect(entries.slice(0, 2)).toEqual([
    ['registerDevice', site.users.coordinator, { device: id, name: 'OR desk' }],
    ['administer', site.users.administrator, { device: id, person: site.users.coordinator }],
  ]);
});

test('DV4 the secret is only given out for a retired device of the site', async () => {
  const id = randomUUID();
  const { secret } = await register(id);
  const read = (at = site, which = id) => readDeviceSecret(at.pool, at.siteId, which);
  expect((await refusalOf(read())).code).toBe('in_use');
  await retire(id);
  expect(await read()).toMatchObject({ device: { id, person: { id: site.users.coordinator } }, secret });
  expect((await refusalOf(read(site, randomUUID()))).code).toBe('not_found');
  expect((await refusalOf(read(await freshSite(site)))).code).toBe('not_found');
});
