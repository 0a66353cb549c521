import type { SignedIn } from '@slate/shared/contract/identity';
import type { AcceptInvitation } from '@slate/shared/contract/invitations';
import { randomUUID } from 'node:crypto';
import { accountByEmail } from '../db/identity.sql.ts';
import type { Account } from '../db/identity.sql.ts';
import {
  addInvitedAccount,
  addInvitedMember,
  deleteOldInvitations as deleteOld,
  openInvitation,
  takeInvitation,
} from '../db/invitations.sql.ts';
import { maybeOne, run } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import type { Tx } from '../db/transaction.ts';
import { Refusal } from '../domain/refusal.ts';
import { auditIdentity } from './audit-identity.ts';
import { checkNotGuessable } from './guessable-passwords.ts';
import { authenticated, checkOwnPassword, notSignedIn, openSessionFor } from './login.ts';
import type { IdentityDeps } from './login.ts';
import { hashOf } from './tokens.ts';

/** Says what an invitation is for. Every refusal of a secret is the same, and is recorded. */
export async function readInvitation(
  db: Queryable,
  secret: string,
  address: string,
): Promise<{ email: string; site: string }> {
  const found = await maybeOne(db, openInvitation, [hashOf(secret)]);
  if (found) return found;
  await auditIdentity(db, 'invitation.failed', null, { address });
  throw doesNotWork();
}

/**
 * Creates the account of the invited person, or uses their existing one if the password is right, gives it the role, and signs
 * in. Using up the invitation is part of the transaction, so of several attempts one succeeds.
 */
export async function acceptInvitation(
  deps: IdentityDeps,
  { secret, name, password }: AcceptInvitation,
  address: string,
): Promise<SignedIn> {
  const { email } = await readInvitation(deps.pool, secret, address);
  const existing = await maybeOne(deps.pool, accountByEmail, [email]);
  if (existing && existing.status !== 'pending') {
    return authenticated(deps, { email, password }, address, async (account) => {
      await checkOwnPassword(deps, account, address);
      const session = await transaction(deps.pool, async (tx) => ({
        last: Promise.resolve(await joinAs(tx, deps, account, { secret, address })),
      }));
      deps.publish({ kind: 'people', siteId: null });
      return session;
    });
  }
  return deps.passwords.admit(async () => {
    checkNotGuessable(password, { email, name }, 'password');
    const hash = await deps.passwords.hash(password);
    const { user, session } = await transaction(deps.pool, async (tx) => {
      const added = await maybeOne(tx, addInvitedAccount, [randomUUID(), email, name, hash]);
      // Somebody has approved the account meanwhile.
      if (!added) throw doesNotWork();
      const account = { id: added.id, name, status: 'active', password_hash: hash, password: 'own' } as const;
      const opened = await joinAs(tx, deps, account, { secret, address });
      return { last: Promise.resolve({ user: added.id, session: opened }) };
    });
    // A requested account was on the list of every site.
    deps.publish({ kind: 'people', siteId: null });
    return {
      ...(await deps.tokens.reply({ userId: user, sessionId: session.id, name }, session.refreshToken)),
      workstation: deps.tokens.workstationProof(email),
    };
  });
}

/** Uses the invitation up, gives the account its role, and opens a session. */
async function joinAs(
  tx: Tx,
  deps: IdentityDeps,
  account: Account,
  { secret, address }: { secret: string; address: string },
) {
  const taken = await maybeOne(tx, takeInvitation, [hashOf(secret)]);
  if (!taken) throw doesNotWork();
  const { site_id: site, role, surgeon_ids: surgeonIds } = taken;
  await run(tx, addInvitedMember.name, addInvitedMember.text, [site, account.id, role, surgeonIds]);
  const { last } = await openSessionFor(tx, deps, account, { action: 'invitation.accepted', address, site });
  const session = await last;
  // Awaited before the commit: an account that was disabled meanwhile gets no role.
  if (!session) throw notSignedIn();
  return session;
}

const doesNotWork = () =>
  new Refusal(
    'not_found',
    'This invitation doesn’t work: it was used or revoked, or it has expired. Ask your administrator for a new one.',
  );

/** Expired invitations stay on the list this long, so that an administrator sees that nobody came. */
const keptDays = 30;

export const deleteOldInvitations = (db: Queryable) => run(db, deleteOld.name, deleteOld.text, [keptDays]);
