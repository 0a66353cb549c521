import { z } from 'zod';
import { id, line } from './fields.ts';
import { role } from './permissions.ts';
import { timeZone } from './time.ts';

export const email = z.email('Must be an email address.').max(254).toLowerCase();
/** Long rather than complicated; not trimmed or normalised, because it is compared as typed. */
export const password = z
  .string()
  .min(12, 'Must be at least 12 characters.')
  .max(200, 'Must be at most 200 characters.')
  .refine((value) => value.isWellFormed(), 'Contains broken Unicode.');

/** Without a password: whoever asks need not be the owner of the address. Approval gives one. */
export const register = z.strictObject({ email, name: line(120) });
export type Register = z.infer<typeof register>;
/**
 * From the last sign-in to this account on this workstation. With it, wrong guesses made elsewhere do not make the
 * owner wait here. It opens nothing by itself.
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
  .refine((asked) => asked.newPassword !== asked.password, {
    path: ['newPassword'],
    error: 'Must be different from the current one.',
  })
  .meta({ description: 'The new password differs from the old one.' });
export type ChangePassword = z.infer<typeof changePassword>;
export const refresh = z.strictObject({ refreshToken: z.string().min(20).max(200) });

export const tokens = z.strictObject({
  accessToken: z.string(),
  /** Seconds until the access token ends. */
  expiresIn: z.int(),
  refreshToken: z.string(),
});
export type Tokens = z.infer<typeof tokens>;
/** To be kept on the workstation, and sent at the next sign-in to this account. */
export const signedIn = z.strictObject({ ...tokens.shape, workstation });
export type SignedIn = z.infer<typeof signedIn>;

export const me = z.strictObject({
  id,
  email: z.string(),
  name: z.string(),
  sites: z.array(z.strictObject({ id, name: z.string(), timeZone, role, surgeonIds: z.array(id) })),
});
export type Me = z.infer<typeof me>;
