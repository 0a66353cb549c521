import { z } from 'zod';
import { line } from '../fields.ts';
import { timeZone } from '../time.ts';
import { email, password, signedIn } from './identity.ts';
import { none } from './route.ts';
import type { Route } from './route.ts';

export const setUp = z.strictObject({
  /** From the link that the server printed. */
  secret: z.string().min(1).max(200),
  name: line(120),
  email,
  password,
  site: z.strictObject({ name: line(120), timeZone }),
});
export type SetUp = z.infer<typeof setUp>;

export const setUpRoutes = {
  setUpState: {
    method: 'get',
    path: '/set-up',
    access: 'public',
    params: none,
    summary: 'Whether this installation waits for its set-up',
    status: 200,
    reply: z.strictObject({ isWaiting: z.boolean() }),
  },
  setUp: {
    method: 'post',
    path: '/set-up',
    access: 'public',
    limit: 'register',
    params: none,
    summary: 'Create the first site and its administrator, and sign in',
    body: setUp,
    status: 201,
    reply: signedIn,
  },
} as const satisfies Record<string, Route>;
