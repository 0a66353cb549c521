import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../domain/refusal.ts';
import { limitConcurrency } from '../limit-concurrency.ts';

export type Cost = { memory: number; passes: number; parallelism: number };

/** The cost of one guess, as OWASP recommends for argon2id: 19 MiB, two passes. */
const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const saltLength = 16;
const tagLength = 32;

/** The expensive step, injected so that tests can count it. */
export type Derive = (password: string, salt: Buffer, cost: Cost) => Promise<Buffer>;

const argon2id: Derive = (message, nonce, { memory, passes, parallelism }) =>
  new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, memory, passes, parallelism, tagLength }, (error, tag) => {
      if (error) reject(error);
      else resolve(tag);
    });
  });

/** A PHC string: it includes the parameters of the hash. */
export async function hashPassword(password: string, derive: Derive = argon2id): Promise<string> {
  const salt = randomBytes(saltLength);
  const { memory, passes, parallelism } = cost;
  const tag = await derive(password, salt, cost);
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** Without a hash (no such account), does the same work and returns false. */
export async function verifyPassword(
  hash: string | null,
  password: string,
  derive: Derive = argon2id,
): Promise<boolean> {
  const parsed = hash === null ? undefined : parse(hash);
  const tag = await derive(password, parsed?.salt ?? Buffer.alloc(saltLength), parsed?.cost ?? cost);
  return parsed !== undefined && tag.length === parsed.tag.length && timingSafeEqual(tag, parsed.tag);
}

const phc =
  /^\$argon2id\$v=19\$m=(?<memory>\d+),t=(?<passes>\d+),p=(?<lanes>\d+)\$(?<salt>[A-Za-z0-9+/]+)\$(?<tag>[A-Za-z0-9+/]+)$/;

/** A malformed hash matches no password. */
function parse(hash: string): { salt: Buffer; tag: Buffer; cost: Cost } | undefined {
  const parts = phc.exec(hash)?.groups;
  if (!parts) return undefined;
  const { memory, passes, lanes, salt = '', tag = '' } = parts;
  return {
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(lanes) },
  };
}

const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');

export type PasswordLimits = {
  derive?: Derive;
  /** The most derivations at a time: libuv has four threads, and commands need CPU too. */
  atOnce?: number;
  /** The most sign-ins that may wait: the last one must still be answered within 3 s. */
  maxSignIns?: number;
};

/** Queues password derivations, so that a burst of sign-ins does not take the CPU from people at work. */
export function createPasswords({ derive = argon2id, atOnce = 2, maxSignIns = 50 }: PasswordLimits = {}) {
  let active = 0;
  const queue = limitConcurrency(atOnce);
  const deriveInTurn: Derive = (...input) => queue(() => derive(...input));

  return {
    hash: (password: string) => hashPassword(password, deriveInTurn),
    verify: (hash: string | null, password: string) => verifyPassword(hash, password, deriveInTurn),

    /**
     * Runs work that will derive a password, or refuses it before it starts. An attempt that cannot be checked must
     * not count as a failure.
     */
    async admit<Result>(work: () => Promise<Result>): Promise<Result> {
      if (active >= maxSignIns) {
        throw new Refusal('unavailable', 'Too many people are signing in right now. Try again in a moment.', {
          retryAfter: 2,
        });
      }
      active++;
      try {
        return await work();
      } finally {
        active--;
      }
    },
  };
}

export type Passwords = ReturnType<typeof createPasswords>;
