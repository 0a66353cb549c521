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
  | 'logout'
  | 'setUp.failed'
  | 'invitation.accepted'
  | 'invitation.failed';

/**
 * Records what happens to accounts and sessions. Never a password, a token, or an unknown email address: people type
 * passwords into the wrong field. Call it last in a transaction: the chain stays locked until the commit.
 */
export const auditIdentity = (
  db: Queryable,
  action: IdentityAction,
  actor: Actor | null,
  detail: Record<string, string>,
) => run(db, appendIdentityAudit.name, appendIdentityAudit.text, [actor, action, detail]);
