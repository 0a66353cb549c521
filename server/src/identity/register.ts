import { randomUUID } from 'node:crypto';
import type { Register } from '@slate/shared/contract/identity';
import { accountByEmail, addAccount } from '../db/identity.sql.ts';
import type { Database } from '../db/pool.ts';
import { one, run } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import { auditIdentity } from './audit-identity.ts';

/**
 * Asks for an account, which has no password until it is approved. Whether the address has one already cannot be
 * told from the answer or its time.
 */
export async function register(
  { pool }: { pool: Database },
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
  return { status: 'pending' };
}
