import type { Login, SignedIn } from '@slate/shared/contract/identity';
import { randomUUID } from 'node:crypto';
import { accountByEmail, addRefreshToken, openSession } from '../db/identity.sql.ts';
import type { Account } from '../db/identity.sql.ts';
import type { Database } from '../db/pool.ts';
import { maybeOne, run } from '../db/query.ts';
import { transaction } from '../db/transaction.ts';
import type { Tx } from '../db/transaction.ts';
import type { Notification } from '../db/wake-ups.ts';
import { limitKeyOf } from '../domain/address.ts';
import { Refusal } from '../domain/refusal.ts';
import type { TakeTokens } from '../limits.ts';
import { auditIdentity } from './audit-identity.ts';
import type { Passwords } from './passwords.ts';
import { countSignIn, forgiveSignIn, mustWait } from './throttle-sign-in.ts';
import type { SignIn } from './throttle-sign-in.ts';
import { hashOf } from './tokens.ts';
import type { TokenMaker } from './tokens.ts';

type SessionLimits = {
  /** How long a session lasts, used or not. */
  days: number;
  /** How long a session may go without a refresh. */
  idleMinutes: number;
};

/** The dependencies of the identity functions. */
export type IdentityDeps = {
  pool: Database;
  /** Called after the commit. */
  publish: (notification: Notification) => void;
  passwords: Passwords;
  tokens: TokenMaker;
  sessions: SessionLimits;
  /** Limits how often one caller may sign in, right or wrong. */
  takeAttempt: TakeTokens;
};

/** Signs in and opens a session. With a temporary password it refuses: the owner must change it first. */
export const login = (deps: IdentityDeps, credentials: Login, address: string): Promise<SignedIn> =>
  authenticated(deps, credentials, address, async (account) => {
    await checkOwnPassword(deps, account, address);
    return transaction(deps.pool, (tx) => openSessionFor(tx, deps, account, { action: 'login', address }));
  });

/** A temporary password opens no session. */
export async function checkOwnPassword(
  { pool }: Pick<IdentityDeps, 'pool'>,
  { id, password }: Account,
  address: string,
): Promise<void> {
  if (password !== 'temporary') return;
  await auditIdentity(pool, 'login.failed', null, { user: id, reason: 'temporary', address });
  throw new Refusal(
    'forbidden',
    'This is a temporary password from an administrator. Choose your own first.',
  );
}

/**
 * Runs `work` if the password is right, and returns the tokens of the session that `work` opened. A wrong password,
 * an unknown address, a pending or disabled account, and an account for which no session could be opened get the same
 * answer after the same time.
 */
export const authenticated = (
  { pool, passwords, tokens, takeAttempt }: IdentityDeps,
  { email, password, workstation: proof }: Login,
  address: string,
  work: (account: Account) => Promise<OpenedSession | undefined>,
): Promise<SignedIn> =>
  passwords.admit(async () => {
    const signIn = { email, address, workstation: tokens.provenWorkstation(email, proof) };
    const wait = await takeAttempt(attemptLimitKey(signIn));
    if (wait > 0) throw mustWait(Math.ceil(wait));
    const { account, locks } = await recordAttempt(pool, signIn);
    const verified = await passwords.verify(account?.password_hash ?? null, password);
    const matches = verified && account?.password !== 'expired';
    let session: OpenedSession | undefined;
    if (matches && account?.status === 'active') {
      await transaction(pool, (tx) => Promise.resolve({ last: forgiveSignIn(tx, signIn) }));
      session = await work(account);
    }
    if (account && session) {
      const user = { userId: account.id, sessionId: session.id, name: account.name };
      return {
        ...(await tokens.reply(user, session.refreshToken)),
        workstation: tokens.workstationProof(email, signIn.workstation ?? undefined),
      };
    }

    // A pending account has no password that could be wrong.
    const isRight = matches || account?.status === 'pending';
    const reason = account ? (isRight ? account.status : 'password') : 'unknown';
    await auditIdentity(pool, locks ? 'login.locked' : 'login.failed', null, {
      ...(account && { user: account.id }),
      reason,
      address,
    });
    throw notSignedIn();
  });

export const notSignedIn = () =>
  new Refusal(
    'unauthenticated',
    'Wrong email or password, or your account isn’t active yet. Your administrator can check.',
  );

/** Commits the attempt before its password is checked, so that concurrent attempts see the count. */
const recordAttempt = (pool: Database, signIn: SignIn) =>
  transaction(pool, async (tx) => {
    const [account, { locks }] = await Promise.all([
      maybeOne(tx, accountByEmail, [signIn.email]),
      countSignIn(tx, signIn),
    ]);
    return { last: Promise.resolve({ account, locks }) };
  });

/**
 * The caller whose sign-ins are limited, even with the right password, because checking one is expensive. Attempts from
 * elsewhere do not use up the limit of the owner's workstations.
 */
const attemptLimitKey = ({ email, address, workstation }: SignIn) =>
  `${email} ${workstation === null ? limitKeyOf(address) : 'at a known workstation'}`;

type OpenedSession = { id: string; refreshToken: string };

/**
 * Opens a session as the last step of a transaction. Returns undefined if the account was disabled or its password
 * changed meanwhile.
 */
export async function openSessionFor(
  tx: Tx,
  { tokens, sessions }: IdentityDeps,
  account: Account,
  {
    action,
    ...detail
  }: { action: 'login' | 'password.changed' | 'invitation.accepted'; address: string; site?: string },
): Promise<{ last: Promise<OpenedSession | undefined> }> {
  const session = { id: randomUUID(), refreshToken: tokens.newRefreshToken() };
  const opened = await run(tx, openSession.name, openSession.text, [
    session.id,
    account.id,
    sessions.days,
    account.password_hash,
    sessions.idleMinutes,
    detail.address,
  ]);
  if (opened === 0) return { last: Promise.resolve(undefined) };
  const rest = Promise.all([
    run(tx, addRefreshToken.name, addRefreshToken.text, [hashOf(session.refreshToken), session.id]),
    auditIdentity(tx, action, { id: account.id, name: account.name }, { session: session.id, ...detail }),
  ]);
  return { last: rest.then(() => session) };
}
