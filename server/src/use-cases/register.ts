import { randomUUID } from 'node:crypto';
import type { Register } from '@slate/shared/identity';
import { accountByEmail, addAccount } from '../db/identity.sql.ts';
import type { Database } from '../db/pool.ts';
import { one, run } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import { auditIdentity } from './audit-identity.ts';
import type { Passwords } from './passwords.ts';

/** Asks for an account. Whether the address has one already cannot be told from the answer or its time. */
export const register = (
  { pool, passwords }: { pool: Database; passwords: Passwords },
  { email, name, password }: Register,
  address: string,
): Promise<{ status: 'pending' }> =>
  passwords.admit(async () => {
    const hash = await passwords.hash(password);
    await transaction(pool, async (tx) => {
      const [added, account] = await Promise.all([
        run(tx, addAccount.name, addAccount.text, [randomUUID(), email, name, hash]),
        one(tx, accountByEmail, [email]),
      ]);
      const action = added === 1 ? 'register' : 'register.repeated';
      return { last: auditIdentity(tx, action, null, { user: account.id, address }) };
    });
    return { status: 'pending' };
  });
