import type { SignedIn } from '@slate/shared/contract/identity';
import type { SetUp } from '@slate/shared/contract/set-up';
import { randomBytes, randomUUID } from 'node:crypto';
import {
  needsSetUp as needsSetUpStatement,
  offerSetUp as offerSetUpStatement,
  setUpSite,
} from '../db/identity.sql.ts';
import { one } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import { Refusal } from '../domain/refusal.ts';
import { auditIdentity } from './audit-identity.ts';
import { checkNotGuessable } from './guessable-passwords.ts';
import { openSessionFor } from './login.ts';
import type { IdentityDeps } from './login.ts';
import { hashOf } from './tokens.ts';

export const setUpHours = 24;

export const needsSetUp = async (db: Queryable): Promise<boolean> =>
  (await one(db, needsSetUpStatement)).waiting;

/** Makes the secret of the set-up link. It replaces an earlier one. Returns null if the installation is set up. */
export async function offerSetUp(db: Queryable, email: string | null): Promise<string | null> {
  const secret = randomBytes(32).toString('base64url');
  const { offered } = await one(db, offerSetUpStatement, [hashOf(secret), email, setUpHours]);
  return offered ? secret : null;
}

/**
 * Creates the first site and its administrator, and signs in. Every refusal of a secret is the same, after the same work: the
 * password is hashed before the secret is compared.
 */
export const setUp = (
  deps: IdentityDeps,
  { secret, name, email, password, site }: SetUp,
  address: string,
): Promise<SignedIn> =>
  deps.passwords.admit(async () => {
    checkNotGuessable(password, { email, name }, 'password');
    const hash = await deps.passwords.hash(password);
    const opened = await transaction(deps.pool, async (tx) => {
      const { user } = await one(tx, setUpSite, [
        hashOf(secret),
        randomUUID(),
        site.name,
        site.timeZone,
        randomUUID(),
        email,
        name,
        hash,
      ]);
      if (user === null) {
        return { last: auditIdentity(tx, 'setUp.failed', null, { address }).then(() => undefined) };
      }
      const account = { id: user, name, status: 'active', password_hash: hash, password: 'own' } as const;
      const { last } = await openSessionFor(tx, deps, account, { action: 'login', address });
      return { last: last.then((session) => session && { user, session }) };
    });
    if (!opened) {
      throw new Refusal(
        'not_found',
        'This set-up link doesn’t work: it was used, has expired, or is for another address. Restart the server to get a new link.',
      );
    }
    const { user, session } = opened;
    return {
      ...(await deps.tokens.reply({ userId: user, sessionId: session.id, name }, session.refreshToken)),
      workstation: deps.tokens.workstationProof(email),
    };
  });
