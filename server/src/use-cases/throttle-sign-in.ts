import { createHash } from 'node:crypto';
import { clearFailures, countAttempt, easeFailures, lockedFor } from '../db/identity.sql.ts';
import { maybeOne, one, run } from '../db/query.ts';
import type { Tx } from '../db/transaction.ts';
import { Refusal } from '../domain/refusal.ts';

type Throttle = {
  /** How many attempts may fail before each further one must wait. */
  free: number;
  longestSeconds: number;
};

/** Of one account, known or not: to whoever guesses, both look alike. */
const account: Throttle = { free: 5, longestSeconds: 900 };
/** Of one address, behind which a whole hospital may sit: one guesser there must not keep all others out. */
const address: Throttle = { free: 20, longestSeconds: 60 };

export type SignIn = { email: string; address: string };

/**
 * Counts an attempt before its password is looked at, so that guesses made all at once are counted too. An
 * attempt that has to wait is not counted and not looked at. Answers whether this one, should it fail, has
 * locked the account.
 */
export async function countSignIn(tx: Tx, signIn: SignIn): Promise<{ locks: boolean }> {
  // Always in this order, so that no two attempts wait for each other.
  const [ofAccount] = await Promise.all([
    count(tx, accountSubject(signIn), account),
    count(tx, addressSubject(signIn), address),
  ]);
  return { locks: ofAccount.locked };
}

async function count(tx: Tx, subject: string, { free, longestSeconds }: Throttle) {
  const counted = await maybeOne(tx, countAttempt, [subject, free, longestSeconds]);
  if (counted) return counted;
  const { seconds } = await one(tx, lockedFor, [subject]);
  throw new Refusal(
    'rate_limited',
    `Too many attempts to sign in. Wait ${seconds === 1 ? 'a second' : `${seconds} seconds`}, then try again.`,
    { retryAfter: seconds },
  );
}

/**
 * After a success the account starts anew. The address gets half of its failures forgiven: where people get
 * in again and again, some mistype, and that must not add up over the day.
 */
export const forgiveSignIn = (tx: Tx, signIn: SignIn) =>
  Promise.all([
    run(tx, clearFailures.name, clearFailures.text, [accountSubject(signIn)]),
    run(tx, easeFailures.name, easeFailures.text, [addressSubject(signIn)]),
  ]);

/** Hashed, because it is kept whatever was typed, and sometimes that is a password. */
const accountSubject = ({ email }: SignIn) =>
  `account:${createHash('sha256').update(email).digest('base64url')}`;
const addressSubject = (signIn: SignIn) => `address:${networkOf(signIn.address)}`;

/** An IPv6 customer has at least 2⁶⁴ addresses: they count as one. */
export function networkOf(ip: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (v4 !== undefined) return v4;
  const [head = '', tail] = ip.toLowerCase().replace(/%.*/, '').split('::');
  const front = head.split(':').filter(Boolean);
  const back = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  return [...front, ...zeros, ...back].slice(0, 4).join(':');
}
