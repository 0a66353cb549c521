import { escapeIdentifier } from 'pg';

/**
 * In milliseconds, how long the database waits for the server: whoever lost its server gives its locks back.
 * They stand on the role and do not travel with a connection, because a pooler in transaction mode takes no such
 * parameters; and one that hands out a connection begun by somebody else hands out the same ones.
 */
export const roleTimeouts: Record<string, number> = {
  lock_timeout: 2_000,
  statement_timeout: 2_400,
  idle_in_transaction_session_timeout: 5_000,
};

export const setRoleTimeouts = (role: string) =>
  Object.entries(roleTimeouts)
    .map(([name, ms]) => `ALTER ROLE ${escapeIdentifier(role)} SET ${name} = ${ms}`)
    .join('; ');
