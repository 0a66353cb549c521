import { createHash } from 'node:crypto';
import {
  clearFailures,
  countAttempt,
  halveFailures,
  lockedFor,
  deleteSomeFailures,
} from '../db/identity.sql.ts';
import { maybeOne, one, run } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import type { Tx } from '../db/transaction.ts';
import { limitKeyOf } from '../domain/address.ts';
import { Refusal } from '../domain/refusal.ts';

type Throttle = {
  /** Failures allowed before each further attempt must wait. */
  free: number;
  longestSeconds: number;
};

/** Per account, existing or not, so that a guesser cannot tell them apart. */
const account: Throttle = { free: 5, longestSeconds: 900 };
/**
 * Per address. A whole hospital may share one address, so one guesser must not lock it out. Higher than the number of
 * admitted attempts, so that people who sign in at the same time with the right password never wait for each other.
 */
const address: Throttle = { free: 60, longestSeconds: 60 };

export type SignIn = {
  email: string;
  address: string;
  /** The workstation, if it has signed in to this account before. */
  workstation: string | null;
};

/**
 * The counters of an attempt. A known workstation has its own, so that guesses elsewhere do not lock the owner out
 * there. All other attempts count against account and address, always in this order, so that they cannot deadlock.
 */
const subjectsOf = (signIn: SignIn): [subject: string, Throttle][] =>
  signIn.workstation === null
    ? [
        [accountSubject(signIn), account],
        [addressSubject(signIn), address],
      ]
    : [[workstationSubject(signIn.workstation), account]];

/**
 * Counts an attempt before its password is checked, so that concurrent guesses count too. An attempt that must wait
 * is neither counted nor checked. `locks`: if this attempt fails, it locks the account.
 */
export async function countSignIn(tx: Tx, signIn: SignIn): Promise<{ locks: boolean }> {
  const counts = subjectsOf(signIn).map(([subject, throttle]) => count(tx, subject, throttle));
  const [first] = await Promise.all(counts);
  return { locks: first?.locked === true };
}

async function count(tx: Tx, subject: string, { free, longestSeconds }: Throttle) {
  const attempt = await maybeOne(tx, countAttempt, [subject, free, longestSeconds]);
  if (attempt) return attempt;
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
 * After a right password, clears the failures of the account or workstation, and halves those of the address: where
 * many people sign in, some mistype, and that must not add up over a day.
 */
export const forgiveSignIn = (tx: Tx, signIn: SignIn) =>
  Promise.all(
    subjectsOf(signIn).map(([subject, throttle]) => {
      const { name, text } = throttle === address ? halveFailures : clearFailures;
      return run(tx, name, text, [subject]);
    }),
  );

/** Hashed, because people sometimes type a password into the email field. */
const accountSubject = ({ email }: SignIn) =>
  `account:${createHash('sha256').update(email).digest('base64url')}`;
const addressSubject = (signIn: SignIn) => `address:${limitKeyOf(signIn.address)}`;
const workstationSubject = (workstation: string) => `workstation:${workstation}`;

/** Every mistyped email address leaves a row. */
export async function deleteOldFailures(db: Queryable): Promise<void> {
  while ((await run(db, deleteSomeFailures.name, deleteSomeFailures.text)) > 0);
}
