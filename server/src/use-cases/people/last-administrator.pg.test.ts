import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { connected, lockWaits } from '../../../test/database.ts';
import { createHospital } from '../../../test/hospital.ts';
import { withTwoHospitals } from '../../../test/members.ts';
import type { TwoHospitals } from '../../../test/members.ts';
import { afterStatement, rewrite } from '../../../test/statements.ts';

let setting: TwoHospitals['setting'];
let here: TwoHospitals['here'];
let there: TwoHospitals['there'];
let change: TwoHospitals['change'];
let join: TwoHospitals['join'];
let list: TwoHospitals['list'];
withTwoHospitals((hospitals) => ({ setting, here, there, change, join, list } = hospitals));

describe('ID21 the last active administrator', () => {
  test.each([{ status: 'disabled' }, { role: 'coordinator' }, { role: null }] as const)(
    'cannot do this to themselves: %j',
    async (input) => {
      const { administrator } = here.users;
      await expect(change(administrator, { version: 1, ...input })).rejects.toMatchObject({ code: 'in_use' });
      expect(await list()).toContainEqual(
        expect.objectContaining({ id: administrator, role: 'administrator', version: 1 }),
      );
    },
  );

  test('a disabled administrator does not count, an active one does', async () => {
    const { administrator, second } = here.users;
    await change(second, { version: 1, role: 'administrator', status: 'disabled' });
    await expect(change(administrator, { version: 1, role: null })).rejects.toMatchObject({ code: 'in_use' });
    await change(second, { version: 2, status: 'active' });
    expect(await change(administrator, { version: 1, role: null })).toMatchObject({ role: null });
  });

  test('is checked at every site that the disabling affects', async () => {
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
    'of two administrators who do this to each other at once, one succeeds: %j',
    async (input) => {
      const duel = async (changes: Parameters<typeof rewrite>[1] = {}) => {
        const hospital = await createHospital(setting.database.ownerUrl);
        const { administrator, second } = hospital.users;
        await change(second, { version: 1, role: 'administrator' }, { at: hospital });
        const checks = { made: 0 };
        // The first one waits with its check until the other has made its own, or waits for the lock.
        const waitForOther = async () => {
          checks.made++;
          await connected(setting.database.ownerUrl, async (client) => {
            while (checks.made < 2 && (await lockWaits(client)) === 0) await pause(5);
          });
        };
        const pool = afterStatement(rewrite(setting.pool, changes), 'orphaned-sites', waitForOther);
        const results = await Promise.allSettled([
          change(second, { version: 2, ...input }, { at: hospital, by: administrator, pool }),
          change(administrator, { version: 1, ...input }, { at: hospital, by: second, pool }),
        ]);
        const administrators = (await list(hospital)).filter(
          ({ role, status }) => role === 'administrator' && status === 'active',
        );
        const codes = results.map((each) =>
          each.status === 'fulfilled' ? 'done' : (each.reason as { code: string }).code,
        );
        return { administrators: administrators.length, codes: codes.toSorted() };
      };
      const outcome = await duel();
      expect(outcome.administrators).toBe(1);
      expect(outcome.codes).toContain('done');
      // The loser is no longer an administrator, or no longer a member.
      expect(['forbidden', 'not_found']).toContain(outcome.codes.find((code) => code !== 'done'));

      // Without the lock neither sees the other, and no administrator remains.
      const unlocked = (text: string) => text.replace('FOR UPDATE', '');
      expect((await duel({ 'lock-administrators': unlocked })).administrators).toBe(0);
    },
  );
});
