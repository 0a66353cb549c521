import { describe, expect, test } from 'vitest';
import { withTwoHospitals } from '../../../test/members.ts';
import type { TwoHospitals } from '../../../test/members.ts';
import { listMembers } from './members.ts';

let setting: TwoHospitals['setting'];
let here: TwoHospitals['here'];
let there: TwoHospitals['there'];
let change: TwoHospitals['change'];
let list: TwoHospitals['list'];
withTwoHospitals((hospitals) => ({ setting, here, there, change, list } = hospitals));

describe('ID24 the list', () => {
  test('has the members and people without a site, by name, without secrets', async () => {
    const waiting = await setting.person('pending');
    const users = await list();
    for (const id of Object.values(here.users)) expect(users.map((user) => user.id)).toContain(id);
    for (const id of Object.values(there.users)) expect(users.map((user) => user.id)).not.toContain(id);
    expect(users).toContainEqual({
      ...waiting,
      status: 'pending',
      role: null,
      surgeonIds: [],
      version: 1,
      lastSeenAt: null,
    });
    const names = users.map(({ name }) => name.toLowerCase());
    expect(names).toEqual([...names].toSorted());
    expect(JSON.stringify(users)).not.toMatch(/hash|argon2/);
  });

  test('comes in pages without gaps or repetitions, even if people come and go', async () => {
    const expected = (await list()).map(({ id }) => id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listMembers(setting.pool, here.siteId, {
        limit: 2,
        ...(cursor !== undefined && { cursor }),
      });
      expect(page.users.length).toBeLessThanOrEqual(2);
      seen.push(...page.users.map(({ id }) => id));
      cursor = page.next ?? undefined;
      // The person at the cursor leaves.
      if (cursor === here.users.coordinator) await change(cursor, { version: 1, role: null });
    } while (cursor !== undefined);
    expect(seen).toEqual(expected);
  });

  test('can be filtered, and refuses a cursor it did not issue', async () => {
    const { id } = await setting.person('disabled');
    const narrowed = await listMembers(setting.pool, here.siteId, { status: 'disabled', limit: 200 });
    expect(narrowed.users.map((user) => user.id)).toContain(id);
    expect(new Set(narrowed.users.map(({ status }) => status))).toEqual(new Set(['disabled']));
    const strange = listMembers(setting.pool, here.siteId, { limit: 2, cursor: 'page 2' });
    await expect(strange).rejects.toMatchObject({
      code: 'validation',
      parts: { errors: [{ field: 'cursor' }] },
    });
  });
});
