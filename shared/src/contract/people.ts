import { z } from 'zod';
import { id } from '../fields.ts';
import { role } from '../permissions.ts';
import { version } from '../resources.ts';
import { instant } from '../time.ts';
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
  /** When they last signed in or a console of theirs refreshed its session, which it does every few minutes. */
  lastSeenAt: instant.nullable(),
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

/** One sign-in of a person, on one console. */
export const session = z.strictObject({
  id,
  startedAt: instant,
  seenAt: instant,
  /** The network address of the sign-in. */
  address: z.string().nullable(),
  /** Whether it is the caller’s own. */
  isCurrent: z.boolean(),
});
export type Session = z.infer<typeof session>;

export const endSessions = z.strictObject({
  /** `null` ends all sessions of the person. */
  session: id.nullable(),
});
export type EndSessions = z.infer<typeof endSessions>;

const atUser = z.strictObject({ site: id, user: id });

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
    params: atUser,
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
    params: atUser,
    summary: 'Reset a password to a temporary one, valid for a day',
    body: resetPassword,
    status: 200,
    reply: revised({ user: member, temporaryPassword: temporaryPassword }),
  },
  sessions: {
    method: 'get',
    path: '/sites/:site/users/:user/sessions',
    access: 'user.manage',
    limit: 'read',
    params: atUser,
    summary: 'Where a person is signed in, the last used session first',
    status: 200,
    reply: z.strictObject({ sessions: z.array(session) }),
  },
  endSessions: {
    method: 'post',
    path: '/sites/:site/users/:user/sessions/end',
    access: 'user.manage',
    command: true,
    params: atUser,
    summary: 'End one session of a person, or all of them',
    body: endSessions,
    status: 200,
    reply: revised({ ended: z.int() }),
  },
} as const satisfies Record<string, Route>;
