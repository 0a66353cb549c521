import { randomUUID } from 'node:crypto';
import type { ChangeMember } from '@slate/shared/contract/people';
import { describe, expect, test } from 'vitest';
import { password } from '../../../test/identity.ts';
import { withTwoHospitals } from '../../../test/members.ts';
import type { TwoHospitals } from '../../../test/members.ts';
import { createAuthority } from '../../identity/authority.ts';

let setting: TwoHospitals['setting'];
let here: TwoHospitals['here'];
let there: TwoHospitals['there'];
let change: TwoHospitals['change'];
let join: TwoHospitals['join'];
let list: TwoHospitals['list'];
withTwoHospitals((hospitals) => ({ setting, here, there, change, join, list } = hospitals));

const versionOf = async (userId: string) =>
  (await setting.pool.query<{ version: number }>('SELECT version FROM users WHERE id = $1', [userId])).rows[0]
    ?.version;

describe('ID19 approval', () => {
  test('makes a pending person active with a role', async () => {
    const person = await setting.person('pending');
    const approved = await change(person.id, {
      version: 1,
      status: 'active',
      role: 'office',
      surgeonIds: [here.surgeons[1]],
    });
    expect(approved).toEqual({
      ...person,
      status: 'active',
      role: 'office',
      surgeonIds: [here.surgeons[1]],
      version: 2,
      lastSeenAt: null,
    });
    expect(await list()).toContainEqual(approved);
    expect(setting.published).toContainEqual({ kind: 'user', userId: person.id });
    // PU26: until now the person was on the list of every site.
    for (const siteId of [here.siteId, null])
      expect(setting.published).toContainEqual({ kind: 'people', siteId });
  });

  test.each([
    [{ status: 'active' }, 'role'],
    [{ role: 'viewer' }, 'status'],
    [{ surgeonIds: [randomUUID()] }, 'surgeonIds'],
  ] as const)('ID19 says what is missing from %j', async (input, field) => {
    const { id } = await setting.person('pending');
    await expect(change(id, { version: 1, ...input } as ChangeMember)).rejects.toMatchObject({
      code: 'validation',
      parts: { errors: [{ field }] },
    });
    expect(await versionOf(id)).toBe(1);
  });

  test('can be denied', async () => {
    const { id } = await setting.person('pending');
    expect(await change(id, { version: 1, status: 'disabled' })).toMatchObject({
      status: 'disabled',
      role: null,
    });
  });
});

describe('changing a role', () => {
  test('ID18 is refused when the person was changed in the meantime', async () => {
    const { viewer } = here.users;
    await change(viewer, { version: 1, role: 'coordinator' });
    await expect(change(viewer, { version: 1, role: 'office' })).rejects.toMatchObject({
      code: 'stale_version',
    });
    expect(await change(viewer, { version: 2, role: 'office' })).toMatchObject({
      role: 'office',
      version: 3,
    });
  });

  test('ID18 of two concurrent changes of one version, one is made', async () => {
    const { viewer } = here.users;
    const attempts = await Promise.allSettled(
      (['coordinator', 'office'] as const).map((role) => change(viewer, { version: 1, role })),
    );
    expect(attempts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(attempts.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'stale_version' },
    });
  });

  test('ID18 is made once per key', async () => {
    const key = randomUUID();
    const { viewer } = here.users;
    const first = await change(viewer, { version: 1, role: 'coordinator' }, { key });
    expect(await change(viewer, { version: 1, role: 'coordinator' }, { key })).toEqual(first);
    expect(await versionOf(viewer)).toBe(2);
  });

  test('ID17 takes effect within a second, and at once where the cache forgets the user', async () => {
    const { email, id } = await setting.person();
    await change(id, { version: 1, role: 'coordinator' });
    const { accessToken } = await setting.identity.login({ email, password }, setting.address());
    const { sessionId } = await setting.tokens.verifyAccessToken(accessToken);
    const [authority, other] = [createAuthority(setting.pool), createAuthority(setting.pool, { ttlMs: 1 })];
    const roleBy = async (which: typeof authority) =>
      (await which.accessOf(id, sessionId))?.roles.get(here.siteId)?.role;
    expect([await roleBy(authority), await roleBy(other)]).toEqual(['coordinator', 'coordinator']);

    setting.published.length = 0;
    await change(id, { version: 2, role: 'viewer' });
    for (const notification of setting.published)
      if (notification.kind === 'user') authority.forget(notification.userId);
    expect([await roleBy(authority), await roleBy(other)]).toEqual(['viewer', 'viewer']);

    await change(id, { version: 3, role: null });
    authority.forget(id);
    expect(await authority.accessOf(id, sessionId)).toEqual({
      user: { id, name: expect.any(String) as string },
      roles: new Map(),
    });
    await change(id, { version: 4, status: 'disabled' });
    authority.forget(id);
    expect(await authority.accessOf(id, sessionId)).toBeNull();
  });

  test('ID22 accepts only surgeons of this site', async () => {
    const { office } = here.users;
    for (const foreign of [there.surgeons[0], here.rooms[0], randomUUID()]) {
      await expect(
        change(office, { version: 1, surgeonIds: [here.surgeons[0], foreign] }),
      ).rejects.toMatchObject({
        code: 'validation',
        parts: { errors: [{ field: 'surgeonIds' }] },
      });
    }
    const surgeonIds = [here.surgeons[2], here.surgeons[1], here.surgeons[2]];
    const changed = await change(office, { version: 1, surgeonIds });
    expect(changed.surgeonIds).toEqual([here.surgeons[2], here.surgeons[1]]);
  });

  test('ID23 a person without a role leaves the site and can still be found', async () => {
    const { office } = here.users;
    const gone = await change(office, { version: 1, role: null });
    expect(gone).toMatchObject({ role: null, surgeonIds: [], status: 'active' });
    for (const hospital of [here, there]) expect(await list(hospital)).toContainEqual(gone);
    const back = await change(office, { version: 2, role: 'viewer' }, { at: there });
    expect(await list(there)).toContainEqual(back);
    expect((await list(here)).map(({ id }) => id)).not.toContain(office);
  });

  test('ID23 people of other sites do not exist here, unless the caller administers their site too', async () => {
    const { viewer } = there.users;
    const input = { version: 1, role: 'viewer' } as const;
    await expect(change(viewer, input)).rejects.toMatchObject({ code: 'not_found' });
    await expect(change(randomUUID(), input)).rejects.toMatchObject({ code: 'not_found' });
    await join(there, here.users.administrator, 'administrator');
    expect(await change(viewer, input)).toMatchObject({ role: 'viewer' });
  });

  test.each(['wall', 'viewer', 'office', 'coordinator'] as const)('ID18 a %s cannot', async (role) => {
    const by = here.users[role];
    await expect(change(by, { version: 1, role: 'administrator' }, { by })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(
      change(by, { version: 1, role: 'administrator' }, { by: there.users.administrator }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  test('ID25 is in the audit of the site, with before and after, without secrets', async () => {
    const { viewer } = here.users;
    await change(viewer, { version: 1, role: 'coordinator' });
    const { rows } = await setting.pool.query('SELECT action, actor, detail FROM audit WHERE site_id = $1', [
      here.siteId,
    ]);
    expect(rows).toEqual([
      {
        action: 'changeUser',
        actor: { id: here.users.administrator, name: 'administrator person' },
        detail: {
          user: viewer,
          before: { status: 'active', role: 'viewer', surgeonIds: [] },
          after: { status: 'active', role: 'coordinator', surgeonIds: [] },
          cases: [],
        },
      },
    ]);
  });
});

describe('ID20 disabling', () => {
  test('ends every session; enabling does not restore them', async () => {
    const { id, email } = await setting.person();
    await join(here, id, 'viewer');
    const sessions = await Promise.all(
      [1, 2].map(() => setting.identity.login({ email, password }, setting.address())),
    );
    await change(id, { version: 1, status: 'disabled' });
    const login = setting.identity.login({ email, password }, setting.address());
    await expect(login).rejects.toMatchObject({ code: 'unauthenticated' });
    await change(id, { version: 2, status: 'active' });
    for (const { refreshToken } of sessions) {
      await expect(setting.identity.refresh(refreshToken)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
  });

  test('needs an administrator of all the person’s sites', async () => {
    const { viewer, administrator } = here.users;
    await join(there, viewer, 'viewer');
    await expect(change(viewer, { version: 1, status: 'disabled' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await versionOf(viewer)).toBe(1);
    await join(there, administrator, 'administrator');
    await change(viewer, { version: 1, status: 'disabled' });
    await setting.pool.query('DELETE FROM memberships WHERE site_id = $1 AND user_id = $2', [
      there.siteId,
      administrator,
    ]);
    await expect(change(viewer, { version: 2, status: 'active' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    // Changes that affect only this site are still possible.
    expect(await change(viewer, { version: 2, role: 'office' })).toMatchObject({ role: 'office' });
  });
});
