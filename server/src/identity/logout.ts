import { endSession } from '../db/identity.sql.ts';
import type { Database } from '../db/pool.ts';
import { maybeOne } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import { auditIdentity } from './audit-identity.ts';
import type { Notification } from '../db/wake-ups.ts';
import { hashOf } from './tokens.ts';

export type LogoutDeps = { pool: Database; publish: (notification: Notification) => void };

/** Ends the session of a refresh token, an old one too. One that nobody knows has no session to end. */
export async function logout({ pool, publish }: LogoutDeps, refreshToken: string): Promise<void> {
  const ended = await transaction(pool, async (tx) => {
    const session = await maybeOne(tx, endSession, [hashOf(refreshToken), 'logout']);
    if (!session) return { last: Promise.resolve(undefined) };
    const actor = { id: session.user_id, name: session.name };
    return { last: auditIdentity(tx, 'logout', actor, { session: session.session_id }).then(() => session) };
  });
  if (ended) publish({ kind: 'user', userId: ended.user_id });
}
