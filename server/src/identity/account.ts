import type { ChangePassword, Me, Register, SignedIn } from '@slate/shared/contract/identity';
import type { Site } from '@slate/shared/sites';
import { randomUUID } from 'node:crypto';
import {
  accountByEmail,
  addAccount,
  endSessionsOf,
  meById,
  replacePassword,
  sitesOfUser,
} from '../db/identity.sql.ts';
import { many, one, run } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import { auditIdentity } from './audit-identity.ts';
import { checkNotGuessable } from './guessable-passwords.ts';
import { authenticated, openSessionFor } from './login.ts';
import type { IdentityDeps } from './login.ts';

/**
 * Requests an account. It has no password until it is approved. Neither the reply nor its time shows whether the
 * address already has an account.
 */
export async function register(
  { pool, publish }: Pick<IdentityDeps, 'pool' | 'publish'>,
  { email, name }: Register,
  address: string,
): Promise<{ status: 'pending' }> {
  await transaction(pool, async (tx) => {
    const [added, account] = await Promise.all([
      run(tx, addAccount.name, addAccount.text, [randomUUID(), email, name]),
      one(tx, accountByEmail, [email]),
    ]);
    const action = added === 1 ? 'register' : 'register.repeated';
    return { last: auditIdentity(tx, action, null, { user: account.id, address }) };
  });
  publish({ kind: 'people', siteId: null });
  return { status: 'pending' };
}

/** Replaces the password and ends every session of the account, on every console. */
export const changePassword = (
  deps: IdentityDeps,
  { newPassword, ...credentials }: ChangePassword,
  address: string,
): Promise<SignedIn> =>
  authenticated(deps, credentials, address, async (account) => {
    checkNotGuessable(newPassword, { email: credentials.email, name: account.name });
    const hash = await deps.passwords.hash(newPassword);
    const session = await transaction(deps.pool, async (tx) => {
      const { name, text } = replacePassword;
      const replaced = await run(tx, name, text, [account.id, account.password_hash, hash]);
      if (replaced === 0) return { last: Promise.resolve(undefined) };
      const [, opened] = await Promise.all([
        run(tx, endSessionsOf.name, endSessionsOf.text, [account.id, 'password', null]),
        openSessionFor(
          tx,
          deps,
          { ...account, password_hash: hash },
          { action: 'password.changed', address },
        ),
      ]);
      return opened;
    });
    if (session) deps.publish({ kind: 'user', userId: account.id });
    return session;
  });

export const readMe = (db: Queryable, userId: string): Promise<Me> => one(db, meById, [userId]);

export const readSites = async (db: Queryable, userId: string): Promise<Site[]> =>
  (await many(db, sitesOfUser, [userId])).map(({ site }) => site);
