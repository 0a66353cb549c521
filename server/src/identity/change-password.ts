import type { ChangePassword, SignedIn } from '@slate/shared/contract/identity';
import { endSessionsOf, replacePassword } from '../db/identity.sql.ts';
import { run } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import type { Notification } from '../db/wake-ups.ts';
import { checkNotGuessable } from './guessable-passwords.ts';
import { authenticated, openFor } from './login.ts';
import type { LoginDeps } from './login.ts';

export type ChangePasswordDeps = LoginDeps & { publish: (notification: Notification) => void };

/** Who says the present password gets another one: whoever else may know the old one is out, on every console. */
export const changePassword = (
  deps: ChangePasswordDeps,
  { newPassword, ...asked }: ChangePassword,
  address: string,
): Promise<SignedIn> =>
  authenticated(deps, asked, address, async (account) => {
    checkNotGuessable(newPassword, { email: asked.email, name: account.name });
    const hash = await deps.passwords.hash(newPassword);
    const session = await transaction(deps.pool, async (tx) => {
      const { name, text } = replacePassword;
      const replaced = await run(tx, name, text, [account.id, account.password_hash, hash]);
      if (replaced === 0) return { last: Promise.resolve(undefined) };
      const [, opened] = await Promise.all([
        run(tx, endSessionsOf.name, endSessionsOf.text, [account.id, 'password']),
        openFor(tx, deps, { ...account, password_hash: hash }, { action: 'password.changed', address }),
      ]);
      return opened;
    });
    if (session) deps.publish({ kind: 'user', userId: account.id });
    return session;
  });
