import { describe, expect, test } from 'vitest';
import { createHospital } from '../../../test/hospital.ts';
import { withTwoHospitals } from '../../../test/members.ts';
import type { TwoHospitals } from '../../../test/members.ts';
import { rewrite } from '../../../test/rewrite.ts';

let setting: TwoHospitals['setting'];
let here: TwoHospitals['here'];
let there: TwoHospitals['there'];
let change: TwoHospitals['change'];
let join: TwoHospitals['join'];
let list: TwoHospitals['list'];
withTwoHospitals((hospitals) => ({ setting, here, there, change, join, list } = hospitals));

describe('ID21 the last active administrator', () => {
  test.each([{ status: 'disabled' }, { role: 'coordinator' }, { role: null }] as const)(
    'ID21 cannot do this to themselves: %j',
    async (input) => {
      const { administrator } = here.users;
      await expect(change(administrator, { version: 1, ...input })).rejects.toMatchObject({ code: 'in_use' });
      expect(await list()).toContainEqual(
        expect.objectContaining({ id: administrator, role: 'administrator', version: 1 }),
      );
    },
  );

  test('ID21 a disabled administrator does not count, an active one does', async () => {
    const { administrator, second } = here.users;
    await change(second, { version: 1, role: 'administrator', status: 'disabled' });
    await expect(change(administrator, { version: 1, role: null })).rejects.toMatchObject({ code: 'in_use' });
    await change(second, { version: 2, status: 'active' });
    expect(await change(administrator, { version: 1, role: null })).toMatchObject({ role: null });
  });

  test('ID21 is checked at every site that the disabling affects', async () => {
    const { administrator, second } = here.users;
    await change(second, { version: 1, role: 'administrator' });
    await join(there, administrator, 'administrator');
    await setting.pool.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [
      there.users.administrator,
    ]);
    await expect(change(administrator, { version: 1, status: 'disabled' })).rejects.toMatchObject({
      code: 'in_use',
    });
    expect(await change(administrator, { version: 1, role: 'viewer' })).toMatchObject({ role: 'viewer' });
  });

  test.each([{ status: 'disabled' }, { role: 'viewer' }] as const)(
    'ID21 of two administrators who do this to each other at once, one succeeds: %j',
    async (input) => {
      const duel = async (changes: Parameters<typeof rewrite>[1]) => {
        const hospital = await createHospital(setting.database.ownerUrl);
        const { administrator, second } = hospital.users;
        await change(second, { version: 1, role: 'administrator' }, { at: hospital });
        const pool = rewrite(setting.pool, changes);
        const results = await Promise.allSettled([
          change(second, { version: 2, ...input }, { at: hospital, by: administrator, pool }),
          change(administrator, { version: 1, ...input }, { at: hospital, by: second, pool }),
        ]);
        const left = (await list(hospital)).filter(
          ({ role, status }) => role === 'administrator' && status === 'active',
        );
        const codes = results.map((each) =>
          each.status === 'fulfilled' ? 'done' : (each.reason as { code: string }).code,
        );
        return { left: left.length, codes: codes.toSorted() };
      };
      // Slows the check down, so that the other transaction reads meanwhile unless the lock makes it wait.
      const slow = (text: string) =>
        text.replace('$1::uuid[]', `CASE WHEN pg_sleep(0.3)::text = '' THEN $1::uuid[] END`);
      const outcome = await duel({ 'orphaned-sites': slow });
      expect(outcome.left).toBe(1);
      expect(outcome.codes).toContain('done');
      // The loser is no longer an administrator, or no longer a member.
      expect(['forbidden', 'not_found']).toContain(outcome.codes.find((code) => code !== 'done'));

      // Without the lock neither sees the other, and no administrator is left.
      const unlocked = {
        'lock-administrators': (text: string) => text.replace('FOR UPDATE', ''),
        'orphaned-sites': slow,
      };
      expect((await duel(unlocked)).left).toBe(0);
    },
  );
});
