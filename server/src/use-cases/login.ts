import { randomUUID } from 'node:crypto';
import type { Login, Tokens } from '@slate/shared/identity';
import { accountByEmail, addRefreshToken, openSession } from '../db/identity.sql.ts';
import type { Account } from '../db/identity.sql.ts';
import type { Database } from '../db/pool.ts';
import { maybeOne, run } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import { Refusal } from '../domain/refusal.ts';
import { auditIdentity } from './audit-identity.ts';
import type { Passwords } from './passwords.ts';
import { countSignIn, forgiveSignIn } from './throttle-sign-in.ts';
import { hashOf } from './tokens.ts';
import type { TokenMaker } from './tokens.ts';

export type LoginDeps = { pool: Database; passwords: Passwords; tokens: TokenMaker; sessionDays: number };

/**
 * Opens a session. A wrong password, an unknown address, and an account that waits for approval or is
 * disabled get the same answer after the same work.
 */
export const login = (deps: LoginDeps, { email, password }: Login, address: string): Promise<Tokens> =>
  deps.passwords.admit(async () => {
    const { pool, passwords, tokens } = deps;
    const { account, locks } = await attempt(pool, email, address);
    const matches = await passwords.verify(account?.password_hash ?? null, password);
    const session =
      matches && account?.status === 'active' ? await open(deps, account, email, address) : undefined;
    if (account && session) {
      return tokens.reply(
        { userId: account.id, sessionId: session.id, name: account.name },
        session.refreshToken,
      );
    }

    const reason = account ? (matches ? account.status : 'password') : 'unknown';
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

/** Nothing, if the account has been disabled since it was read. */
async function open(
  { pool, tokens, sessionDays }: LoginDeps,
  account: Account,
  email: string,
  address: string,
) {
  const session = { id: randomUUID(), refreshToken: tokens.newRefreshToken() };
  return transaction(pool, async (tx) => {
    const opened = await run(tx, openSession.name, openSession.text, [session.id, account.id, sessionDays]);
    if (opened === 0) return { last: Promise.resolve(undefined) };
    const rest = Promise.all([
      run(tx, addRefreshToken.name, addRefreshToken.text, [hashOf(session.refreshToken), session.id]),
      forgiveSignIn(tx, { email, address }),
      auditIdentity(tx, 'login', { id: account.id, name: account.name }, { session: session.id, address }),
    ]);
    return { last: rest.then(() => session) };
  });
}
