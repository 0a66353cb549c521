import { createHash } from 'node:crypto';
import {
  clearFailures,
  countAttempt,
  easeFailures,
  lockedFor,
  deleteSomeFailures,
} from '../db/identity.sql.ts';
import { maybeOne, one, run } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import type { Tx } from '../db/transaction.ts';
import { countedAs } from '../domain/address.ts';
import { Refusal } from '../domain/refusal.ts';

type Throttle = {
  /** How many attempts may fail before each further one must wait. */
  free: number;
  longestSeconds: number;
};

/** Of one account, known or not: to whoever guesses, both look alike. */
const account: Throttle = { free: 5, longestSeconds: 900 };
/**
 * Of one address, behind which a whole hospital may sit: one guesser there must not keep all others out. More than
 * are admitted at a time, so that people who all sign in at once, and rightly, never wait for each other's attempts.
 */
const address: Throttle = { free: 60, longestSeconds: 60 };

export type SignIn = {
  email: string;
  address: string;
  /** Which workstation that has signed in to this account before it is; null for any other. */
  workstation: string | null;
};

/**
 * What an attempt counts against. A workstation that has signed in to the account before is counted by itself, so
 * that nobody's guesses elsewhere keep the owner out there. Every other attempt counts against account and address,
 * always in this order, so that no two attempts wait for each other.
 */
const subjectsOf = (signIn: SignIn): [subject: string, Throttle][] =>
  signIn.workstation === null
    ? [
        [accountSubject(signIn), account],
        [addressSubject(signIn), address],
      ]
    : [[workstationSubject(signIn.workstation), account]];

/**
 * Counts an attempt before its password is looked at, so that guesses made all at once are counted too. An
 * attempt that has to wait is not counted and not looked at. Answers whether this one, should it fail, has
 * locked the account.
 */
export async function countSignIn(tx: Tx, signIn: SignIn): Promise<{ locks: boolean }> {
  const counted = subjectsOf(signIn).map(([subject, throttle]) => count(tx, subject, throttle));
  const [first] = await Promise.all(counted);
  return { locks: first?.locked === true };
}

async function count(tx: Tx, subject: string, { free, longestSeconds }: Throttle) {
  const counted = await maybeOne(tx, countAttempt, [subject, free, longestSeconds]);
  if (counted) return counted;
  const { seconds } = await one(tx, lockedFor, [subject]);
  throw mustWait(seconds);
}

export const mustWait = (seconds: number) =>
  new Refusal(
    'rate_limited',
    `Too many attempts to sign in. Wait ${seconds === 1 ? 'a second' : `${seconds} seconds`}, then try again.`,
    { retryAfter: seconds },
  );

/**
 * After the right password the account, or the workstation, starts anew. The address gets half of its failures
 * forgiven: where people get in again and again, some mistype, and that must not add up over the day.
 */
export const forgiveSignIn = (tx: Tx, signIn: SignIn) =>
  Promise.all(
    subjectsOf(signIn).map(([subject, throttle]) => {
      const { name, text } = throttle === address ? easeFailures : clearFailures;
      return run(tx, name, text, [subject]);
    }),
  );

/** Hashed, because it is kept whatever was typed, and sometimes that is a password. */
const accountSubject = ({ email }: SignIn) =>
  `account:${createHash('sha256').update(email).digest('base64url')}`;
const addressSubject = (signIn: SignIn) => `address:${countedAs(signIn.address)}`;
const workstationSubject = (workstation: string) => `workstation:${workstation}`;

/** Whatever anybody types as an e-mail address leaves a row, so these do not just pile up. */
export async function deleteOldFailures(db: Queryable): Promise<void> {
  while ((await run(db, deleteSomeFailures.name, deleteSomeFailures.text)) > 0);
}
