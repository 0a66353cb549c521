import type { ChangeMember, Member } from '@slate/shared/contract/people';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Database } from '../src/db/pool.ts';
import type { CommandReply } from '../src/commands/context.ts';
import { listMembers } from '../src/use-cases/people/members.ts';
import { createHospital } from './hospital.ts';
import type { Hospital } from './hospital.ts';
import { testIdentity } from './identity.ts';
import type { IdentitySetting } from './identity.ts';

type By = { by?: string; at: Hospital; pool?: Database; key?: string };

/** Two hospitals in one database, and the actions on their members. */
export type TwoHospitals = {
  setting: IdentitySetting;
  here: Hospital;
  there: Hospital;
  /** Changes a member, by default as the administrator of `here`. */
  change: (userId: string, input: ChangeMember, by?: Partial<By>) => Promise<Member>;
  join: (hospital: Hospital, userId: string, role: string) => Promise<unknown>;
  list: (hospital?: Hospital) => Promise<Member[]>;
};

/** One database for the tests of a file. Each test gets two new hospitals in it. */
export function withTwoHospitals(use: (hospitals: TwoHospitals) => void): void {
  let setting: IdentitySetting;
  beforeAll(async () => {
    setting = await testIdentity();
  });
  afterAll(() => setting.end());
  beforeEach(async () => {
    const { ownerUrl } = setting.database;
    const [here, there] = await Promise.all([createHospital(ownerUrl), createHospital(ownerUrl)]);
    setting.published.length = 0;
    use({
      setting,
      here,
      there,
      change: async (userId, input, by) =>
        (await changeReply(setting, userId, input, { at: here, ...by })).body.user as Member,
      join: (hospital, userId, role) => join(setting, hospital, userId, role),
      list: async (hospital = here) =>
        (await listMembers(setting.pool, hospital.siteId, { limit: 200 })).users,
    });
  });
}

export function changeReply(
  setting: IdentitySetting,
  userId: string,
  input: ChangeMember,
  { at, by = at.users.administrator, pool, key }: By,
): Promise<CommandReply> {
  const request = {
    ...setting.request('changeUser', { userId: by, ...(key !== undefined && { key }) }),
    siteId: at.siteId,
  };
  return setting.identityWith(pool ? { pool } : {}).changeMember(request, userId, input);
}

export const join = (setting: IdentitySetting, hospital: Hospital, userId: string, role: string) =>
  setting.pool.query('INSERT INTO memberships (site_id, user_id, role) VALUES ($1, $2, $3)', [
    hospital.siteId,
    userId,
    role,
  ]);
