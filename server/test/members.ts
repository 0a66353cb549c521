import type { ChangeMember, Member } from '@slate/shared/contract/people';
import type { Database } from '../src/db/pool.ts';
import type { CommandReply } from '../src/commands/context.ts';
import { listMembers } from '../src/use-cases/people/members.ts';
import { createHospital } from './hospital.ts';
import type { Hospital } from './hospital.ts';
import type { IdentitySetting } from './identity.ts';

export type By = { by?: string; at: Hospital; pool?: Database; key?: string };

/** Changes a member as an administrator of the hospital. */
export const change = async (...asked: Parameters<typeof changeReply>): Promise<Member> =>
  (await changeReply(...asked)).body.user as Member;

export function changeReply(
  setting: IdentitySetting,
  userId: string,
  asked: ChangeMember,
  { at, by = at.users.administrator, pool, key }: By,
): Promise<CommandReply> {
  const request = {
    ...setting.request('changeUser', { userId: by, ...(key !== undefined && { key }) }),
    siteId: at.siteId,
  };
  return setting.identityWith(pool ? { pool } : {}).changeMember(request, userId, asked);
}

/** Two hospitals in one database; clears published notifications. */
export async function twoHospitals({ database, published }: IdentitySetting): Promise<[Hospital, Hospital]> {
  const both = await Promise.all([createHospital(database.ownerUrl), createHospital(database.ownerUrl)]);
  published.length = 0;
  return both;
}

export const join = (setting: IdentitySetting, hospital: Hospital, userId: string, role: string) =>
  setting.pool.query('INSERT INTO memberships (site_id, user_id, role) VALUES ($1, $2, $3)', [
    hospital.siteId,
    userId,
    role,
  ]);

export const list = async (setting: IdentitySetting, hospital: Hospital): Promise<Member[]> =>
  (await listMembers(setting.pool, hospital.siteId, { limit: 200 })).users;
