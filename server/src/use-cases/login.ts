import type { Login, Tokens } from '@slate/shared/identity';
import { randomUUID } from 'node:crypto';
import { accountByEmail, addRefreshToken, openSession } from '../db/identity.sql.ts';
import type { Account } from '../db/identity.sql.ts';
import type { Database } from '../db/pool.ts';
import { maybeOne, run } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import type { Tx } from '../db/transaction.ts';
import { Refusal } from '../domain/refusal.ts';
import { auditIdentity } from './audit-identity.ts';
import type { Passwords } from './passwords.ts';
import { countSignIn, forgiveSignIn } from './throttle-sign-in.ts';
import { hashOf } from './tokens.ts';
import type { TokenMaker } from './tokens.ts';

export type SessionLimits = {
  /** How long a session lasts, however much it is used. */
  days: number;
  /** How long it may go without a refresh. */
  idleMinutes: number;
};

export type LoginDeps = { pool: Database; passwords: Passwords; tokens: TokenMaker; sessions: SessionLimits };

/** Opens a session; not for a temporary password, which is there to be changed. */
export const login = (deps: LoginDeps, asked: Login, address: string): Promise<Tokens> =>
  authenticated(deps, asked, address, async (account) => {
    const { email } = asked;
    if (account.password === 'temporary') {
      await auditIdentity(deps.pool, 'login.failed', null, {
        user: account.id,
        reason: 'temporary',
        address,
      });
      throw new Refusal(
        'forbidden',
        'This password was given to you by an administrator, to choose your own with. Do that first.',
      );
    }
    return transaction(deps.pool, (tx) => openFor(tx, deps, account, { action: 'login', email, address }));
  });

/**
 * Does what needs the password, and answers with the tokens of the session that it opened. A wrong password, an
 * unknown address, an account that waits for approval or is disabled, and one for which no session could be opened
 * after all get the same answer after the same work.
 */
export const authenticated = (
  { pool, passwords, tokens }: LoginDeps,
  { email, password }: Login,
  address: string,
  work: (account: Account) => Promise<Opened | undefined>,
): Promise<Tokens> =>
  passwords.admit(async () => {
    const { account, locks } = await attempt(pool, email, address);
    const verified = await passwords.verify(account?.password_hash ?? null, password);
    const matches = verified && account?.password !== 'expired';
    const session = matches && account?.status === 'active' ? await work(account) : undefined;
    if (account && session) {
      return tokens.reply(
        { userId: account.id, sessionId: session.id, name: account.name },
        session.refreshToken,
      );
    }

    // An account that waits for approval has no password that could be wrong.
    const isRight = matches || account?.status === 'pending';
    const reason = account ? (isRight ? account.status : 'password') : 'unknown';
    await auditIdentity(pool, locks ? 'login.locked' : 'login.failed', null, {
      ...(account && { user: account.id }),
      reason,
      address,
    });
    throw new Refusal(
      'unauthenticated',
      'E-mail or password is not right, or the account is not active yet. An administrator of your site can tell.',
    );
  });

/** Committed before the password is looked at: a count that is not yet visible would not count. */
const attempt = (pool: Database, email: string, address: string) =>
  transaction(pool, async (tx) => {
    const [account, { locks }] = await Promise.all([
      maybeOne(tx, accountByEmail, [email]),
      countSignIn(tx, { email, address }),
    ]);
    return { last: Promise.resolve({ account, locks }) };
  });

type Opened = { id: string; refreshToken: string };

/** The end of a transaction: nothing, if the account has been disabled or got another password since it was read. */
export async function openFor(
  tx: Tx,
  { tokens, sessions }: LoginDeps,
  account: Account,
  { action, email, address }: { action: 'login' | 'password.changed'; email: string; address: string },
): Promise<{ last: Promise<Opened | undefined> }> {
  const session = { id: randomUUID(), refreshToken: tokens.newRefreshToken() };
  const opened = await run(tx, openSession.name, openSession.text, [
    session.id,
    account.id,
    sessions.days,
    account.password_hash,
    sessions.idleMinutes,
  ]);
  if (opened === 0) return { last: Promise.resolve(undefined) };
  const rest = Promise.all([
    run(tx, addRefreshToken.name, addRefreshToken.text, [hashOf(session.refreshToken), session.id]),
    forgiveSignIn(tx, { email, address }),
    auditIdentity(tx, action, { id: account.id, name: account.name }, { session: session.id, address }),
  ]);
  return { last: rest.then(() => session) };
}
