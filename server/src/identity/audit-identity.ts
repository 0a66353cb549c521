import type { Actor } from '@slate/shared/fields';
import { appendIdentityAudit } from '../db/identity.sql.ts';
import { run } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';

export type IdentityAction =
  | 'register'
  | 'register.repeated'
  | 'login'
  | 'login.failed'
  | 'login.locked'
  | 'password.changed'
  | 'refresh.reused'
  | 'logout';

/**
 * What happens to accounts and sessions, for the audit. Never a password, a token, or an e-mail address that
 * was not found: people type passwords into the wrong field. Belongs last into a transaction, because
 * everybody's entries wait for each other until it ends.
 */
export const auditIdentity = (
  db: Queryable,
  action: IdentityAction,
  actor: Actor | null,
  detail: Record<string, string>,
) => run(db, appendIdentityAudit.name, appendIdentityAudit.text, [actor, action, detail]);
