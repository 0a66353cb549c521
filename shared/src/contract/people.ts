import { z } from 'zod';
import { id } from '../fields.ts';
import { role } from '../permissions.ts';
import { version } from '../resources.ts';
import { atSite, page, pageCost, revised } from './route.ts';
import type { Route } from './route.ts';

/** A person as an administrator of the site sees them. */
export const member = z.strictObject({
  id,
  email: z.string(),
  name: z.string(),
  /** `pending`: registered, waiting for approval. `disabled`: can no longer sign in. */
  status: z.enum(['pending', 'active', 'disabled']),
  role: role.nullable(),
  /** The surgeons an office works for. */
  surgeonIds: z.array(id),
  version,
});
export type Member = z.infer<typeof member>;

export const changeMember = z.strictObject({
  version,
  /** `null` removes the person from this site. */
  role: role.nullable().optional(),
  surgeonIds: z.array(id).max(100).optional(),
  status: z.enum(['active', 'disabled']).optional(),
});
export type ChangeMember = z.infer<typeof changeMember>;

/** Valid for a day, and only to set a new password. Approving or enabling a person also creates one. */
export const temporaryPassword = z.string();

export const resetPassword = z.strictObject({ version });
export type ResetPassword = z.infer<typeof resetPassword>;

export const peopleRoutes = {
  users: {
    method: 'get',
    path: '/sites/:site/users',
    access: 'user.manage',
    limit: 'read',
    cost: pageCost,
    params: atSite,
    summary: 'People of the site, and accounts that wait for approval',
    query: z.strictObject({ status: z.enum(['pending', 'active', 'disabled']).optional(), ...page }),
    status: 200,
    reply: z.strictObject({ users: z.array(member), next: z.string().nullable() }),
  },
  changeUser: {
    method: 'patch',
    path: '/sites/:site/users/:user',
    access: 'user.manage',
    command: true,
    params: z.strictObject({ site: id, user: id }),
    summary: 'Approve, disable, enable, or change the role of a person',
    body: changeMember,
    status: 200,
    reply: revised({ user: member, temporaryPassword: temporaryPassword.nullable() }),
  },
  resetPassword: {
    method: 'post',
    path: '/sites/:site/users/:user/password-reset',
    access: 'user.manage',
    command: true,
    params: z.strictObject({ site: id, user: id }),
    summary: 'Reset a password to a temporary one, valid for a day',
    body: resetPassword,
    status: 200,
    reply: revised({ user: member, temporaryPassword: temporaryPassword }),
  },
} as const satisfies Record<string, Route>;
