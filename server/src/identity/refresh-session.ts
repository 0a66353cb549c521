import type { Tokens } from '@slate/shared/contract/identity';
import { addRefreshToken, endSession, keepSession, useRefreshToken } from '../db/identity.sql.ts';
import type { UsedToken } from '../db/identity.sql.ts';
import type { Database } from '../db/pool.ts';
import { maybeOne, run } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import type { Tx } from '../db/transaction.ts';
import { Refusal } from '../domain/refusal.ts';
import { auditIdentity } from './audit-identity.ts';
import type { Notification } from '../db/wake-ups.ts';
import type { SessionLimits } from './login.ts';
import { hashOf } from './tokens.ts';
import type { TokenMaker } from './tokens.ts';

/** A reply that was lost is asked for again within this time. Later, somebody else has the token as well. */
const graceSeconds = 30;

export type RefreshDeps = {
  pool: Database;
  tokens: TokenMaker;
  sessions: SessionLimits;
  publish: (notification: Notification) => void;
};

/**
 * Trades a refresh token for its successor, which keeps the session from going idle. A token that comes a second
 * time, too late, ends the session.
 */
export async function refreshSession(
  { pool, tokens, sessions, publish }: RefreshDeps,
  refreshToken: string,
): Promise<Tokens> {
  const successor = tokens.successorOf(refreshToken);
  const used = await transaction(pool, async (tx) => {
    const found = await maybeOne(tx, useRefreshToken, [hashOf(refreshToken), graceSeconds]);
    if (!found?.live) return { last: Promise.resolve(undefined) };
    const rest = found.reused
      ? endReused(tx, found, refreshToken)
      : Promise.all([
          run(tx, addRefreshToken.name, addRefreshToken.text, [hashOf(successor), found.session_id]),
          run(tx, keepSession.name, keepSession.text, [found.session_id, sessions.idleMinutes]),
        ]);
    return { last: rest.then(() => found) };
  });
  if (used?.reused) publish({ kind: 'user', userId: used.user_id });
  if (!used || used.reused) throw new Refusal('unauthenticated', 'This session has ended. Sign in again.');
  return tokens.reply({ userId: used.user_id, sessionId: used.session_id, name: used.name }, successor);
}

const endReused = (tx: Tx, { session_id, user_id }: UsedToken, refreshToken: string) =>
  Promise.all([
    maybeOne(tx, endSession, [hashOf(refreshToken), 'reused']),
    // Whoever did this need not be the user.
    auditIdentity(tx, 'refresh.reused', null, { user: user_id, session: session_id }),
  ]);
