import { z } from 'zod';
import { actor, id, line } from '../fields.ts';
import { role } from '../permissions.ts';
import { instant } from '../time.ts';
import { email, password, signedIn } from './identity.ts';
import { atSite, none, revised } from './route.ts';
import type { Route } from './route.ts';

/** An invitation that was not used yet. It may have expired. */
export const invitation = z.strictObject({
  id,
  email: z.string(),
  role,
  /** The surgeons an office works for. */
  surgeonIds: z.array(id),
  by: actor,
  createdAt: instant,
  expiresAt: instant,
});
export type Invitation = z.infer<typeof invitation>;

export const createInvitation = z.strictObject({
  email,
  role,
  surgeonIds: z.array(id).max(100).default([]),
});
export type CreateInvitation = z.input<typeof createInvitation>;

/** From the link that an administrator passed on. */
const secret = z.string().min(1).max(200);
export const acceptInvitation = z.strictObject({ secret, name: line(120), password });
export type AcceptInvitation = z.infer<typeof acceptInvitation>;

const atInvitation = z.strictObject({ site: id, invitation: id });

export const invitationRoutes = {
  invitations: {
    method: 'get',
    path: '/sites/:site/invitations',
    access: 'user.manage',
    limit: 'read',
    params: atSite,
    summary: 'Invitations that were not used yet, the latest first',
    status: 200,
    reply: z.strictObject({ invitations: z.array(invitation) }),
  },
  createInvitation: {
    method: 'post',
    path: '/sites/:site/invitations',
    access: 'user.manage',
    command: true,
    params: atSite,
    summary: 'Invite a person by a link that works once and for 7 days; only the reply has its secret',
    body: createInvitation,
    status: 201,
    reply: revised({ invitation, secret: z.string() }),
  },
  revokeInvitation: {
    method: 'delete',
    path: '/sites/:site/invitations/:invitation',
    access: 'user.manage',
    command: true,
    params: atInvitation,
    summary: 'Revoke an invitation: its link no longer works',
    status: 200,
    reply: revised({ invitation }),
  },
  readInvitation: {
    method: 'post',
    path: '/invitations/read',
    access: 'public',
    limit: 'register',
    params: none,
    summary: 'What an invitation is for, by the secret of its link',
    body: z.strictObject({ secret }),
    status: 200,
    reply: z.strictObject({ email: z.string(), site: z.string() }),
  },
  acceptInvitation: {
    method: 'post',
    path: '/invitations/accept',
    access: 'public',
    limit: 'register',
    params: none,
    summary: 'Accept an invitation and sign in; an existing account needs its own password',
    body: acceptInvitation,
    status: 201,
    reply: signedIn,
  },
} as const satisfies Record<string, Route>;
