import type { Tokens } from '@slate/shared/contract/identity';
import {
  addRefreshToken,
  deleteSomeSessions,
  endSession,
  extendSession,
  useRefreshToken,
} from '../db/identity.sql.ts';
import type { UsedToken } from '../db/identity.sql.ts';
import { maybeOne, run } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import type { Tx } from '../db/transaction.ts';
import { Refusal } from '../domain/refusal.ts';
import { auditIdentity } from './audit-identity.ts';
import type { IdentityDeps } from './login.ts';
import { hashOf } from './tokens.ts';

/** A client that lost the reply may repeat the request within this time. A later reuse means a stolen token. */
const graceSeconds = 30;

/**
 * Trades a refresh token for its successor and keeps the session from going idle. A token that is used again after
 * the grace ends the session.
 */
export async function refreshSession(
  { pool, tokens, sessions, publish }: IdentityDeps,
  refreshToken: string,
): Promise<Tokens> {
  const successor = tokens.successorOf(refreshToken);
  const token = await transaction(pool, async (tx) => {
    const found = await maybeOne(tx, useRefreshToken, [hashOf(refreshToken), graceSeconds]);
    if (!found?.live) return { last: Promise.resolve(undefined) };
    const rest = found.reused
      ? endReused(tx, found, refreshToken)
      : Promise.all([
          run(tx, addRefreshToken.name, addRefreshToken.text, [hashOf(successor), found.session_id]),
          run(tx, extendSession.name, extendSession.text, [found.session_id, sessions.idleMinutes]),
        ]);
    return { last: rest.then(() => found) };
  });
  if (token?.reused) publish({ kind: 'user', userId: token.user_id });
  if (!token || token.reused) throw new Refusal('unauthenticated', 'This session has ended. Sign in again.');
  return tokens.reply({ userId: token.user_id, sessionId: token.session_id, name: token.name }, successor);
}

const endReused = (tx: Tx, { session_id, user_id }: UsedToken, refreshToken: string) =>
  Promise.all([
    maybeOne(tx, endSession, [hashOf(refreshToken), 'reused']),
    // No actor: the user may not be the one who did this.
    auditIdentity(tx, 'refresh.reused', null, { user: user_id, session: session_id }),
  ]);

/** Ends the session of a refresh token, even a used one. An unknown token is ignored. */
export async function logout({ pool, publish }: IdentityDeps, refreshToken: string): Promise<void> {
  const ended = await transaction(pool, async (tx) => {
    const session = await maybeOne(tx, endSession, [hashOf(refreshToken), 'logout']);
    if (!session) return { last: Promise.resolve(undefined) };
    const actor = { id: session.user_id, name: session.name };
    return { last: auditIdentity(tx, 'logout', actor, { session: session.session_id }).then(() => session) };
  });
  if (ended) publish({ kind: 'user', userId: ended.user_id });
}

/** Ended sessions stay this long for inspection. Their tokens are refused either way. */
const retentionDays = 7;

export async function deleteOldSessions(db: Queryable): Promise<void> {
  while ((await run(db, deleteSomeSessions.name, deleteSomeSessions.text, [retentionDays])) > 0);
}
