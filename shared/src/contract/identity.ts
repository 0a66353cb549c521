import { z } from 'zod';
import { id, line } from '../fields.ts';
import { role } from '../permissions.ts';
import { site } from '../sites.ts';
import { timeZone } from '../time.ts';
import { none } from './route.ts';
import type { Route } from './route.ts';

export const email = z.email('Must be an email address.').max(254).toLowerCase();
/** Long instead of complicated. Not trimmed or normalized, because it is compared as typed. */
export const password = z
  .string()
  .min(12, 'Must be at least 12 characters.')
  .max(200, 'Must be at most 200 characters.')
  .refine((value) => value.isWellFormed(), 'Contains broken Unicode.');

/** No password: the caller may not own the address. The approval creates one. */
export const register = z.strictObject({ email, name: line(120) });
export type Register = z.infer<typeof register>;
/**
 * Proof of the last sign-in to this account on this workstation. With it, wrong guesses made elsewhere do not delay the
 * owner here. It grants no access.
 */
const workstation = z.string().max(200);
export const login = z.strictObject({
  email,
  password: z.string().max(200),
  workstation: workstation.optional(),
});
export type Login = z.infer<typeof login>;
export const changePassword = z
  .strictObject({
    email,
    password: z.string().max(200),
    newPassword: password,
    workstation: workstation.optional(),
  })
  .refine((body) => body.newPassword !== body.password, {
    path: ['newPassword'],
    error: 'Must be different from the current password.',
  })
  .meta({ description: 'The new password differs from the old one.' });
export type ChangePassword = z.infer<typeof changePassword>;
export const refresh = z.strictObject({ refreshToken: z.string().min(20).max(200) });

export const tokens = z.strictObject({
  accessToken: z.string(),
  /** Seconds until the access token expires. */
  expiresIn: z.int(),
  refreshToken: z.string(),
});
export type Tokens = z.infer<typeof tokens>;
/** Store `workstation` on this workstation and send it with the next sign-in to this account. */
export const signedIn = z.strictObject({ ...tokens.shape, workstation });
export type SignedIn = z.infer<typeof signedIn>;

export const me = z.strictObject({
  id,
  email: z.string(),
  name: z.string(),
  sites: z.array(z.strictObject({ id, name: z.string(), timeZone, role, surgeonIds: z.array(id) })),
});
export type Me = z.infer<typeof me>;

export const identityRoutes = {
  register: {
    method: 'post',
    path: '/auth/register',
    access: 'public',
    limit: 'register',
    params: none,
    summary: 'Request an account; an administrator approves it',
    body: register,
    status: 202,
    reply: z.strictObject({ status: z.literal('pending') }),
  },
  login: {
    method: 'post',
    path: '/auth/login',
    access: 'public',
    limit: 'auth',
    params: none,
    summary: 'Sign in',
    body: login,
    status: 200,
    reply: signedIn,
  },
  changePassword: {
    method: 'post',
    path: '/auth/password',
    access: 'public',
    limit: 'auth',
    params: none,
    summary: 'Change the password, end all sessions, and sign in again',
    body: changePassword,
    status: 200,
    reply: signedIn,
  },
  refresh: {
    method: 'post',
    path: '/auth/refresh',
    access: 'public',
    params: none,
    summary: 'Exchange a refresh token for new tokens; each works once',
    body: refresh,
    status: 200,
    reply: tokens,
  },
  logout: {
    method: 'post',
    path: '/auth/logout',
    access: 'public',
    params: none,
    summary: 'End the session of a refresh token',
    body: refresh,
    status: 204,
    reply: null,
  },
  me: {
    method: 'get',
    path: '/me',
    access: 'signed-in',
    params: none,
    summary: 'Your account, and your role at each site',
    status: 200,
    reply: me,
  },
  sites: {
    method: 'get',
    path: '/sites',
    access: 'signed-in',
    params: none,
    summary: 'The sites where you have a role',
    status: 200,
    reply: z.strictObject({ sites: z.array(site) }),
  },
} as const satisfies Record<string, Route>;
