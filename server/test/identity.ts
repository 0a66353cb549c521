import { createHash, randomUUID } from 'node:crypto';
import type { Database } from '../src/db/pool.ts';
import type { TakeTokens } from '../src/limits.ts';
import type { ChangeMember, ResetPassword } from '@slate/shared/contract/people';
import type { AcceptInvitation, CreateInvitation } from '@slate/shared/contract/invitations';
import type { ChangePassword, Login, Register } from '@slate/shared/contract/identity';
import type { CommandRequest } from '../src/commands/context.ts';
import { changePassword, register } from '../src/identity/account.ts';
import { acceptInvitation, readInvitation } from '../src/identity/accept-invitation.ts';
import { login } from '../src/identity/login.ts';
import type { IdentityDeps } from '../src/identity/login.ts';
import { logout, refreshSession } from '../src/identity/sessions.ts';
import { changeMember } from '../src/use-cases/people/change-member.ts';
import { createInvitation } from '../src/use-cases/people/invitations.ts';
import { resetPassword } from '../src/use-cases/people/temporary-password.ts';
import { createPasswords, hashPassword } from '../src/identity/passwords.ts';
import type { Derive, PasswordLimits } from '../src/identity/passwords.ts';
import { createTokens } from '../src/identity/tokens.ts';
import type { TokenMaker } from '../src/identity/tokens.ts';
import { testHospital } from './hospital.ts';
import type { Setting } from './hospital.ts';

export const password = 'correct horse battery';
export const wrongPassword = 'correct horse batterY';

export type Person = { id: string; email: string; name: string };

const identityOf = (deps: IdentityDeps) => ({
  register: (input: Register, address: string) => register(deps, input, address),
  login: (input: Login, address: string) => login(deps, input, address),
  changePassword: (input: ChangePassword, address: string) => changePassword(deps, input, address),
  refresh: (refreshToken: string) => refreshSession(deps, refreshToken),
  logout: (refreshToken: string) => logout(deps, refreshToken),
  changeMember: (request: CommandRequest, userId: string, input: ChangeMember) =>
    changeMember(deps, request, userId, input),
  createInvitation: (request: CommandRequest, input: CreateInvitation) =>
    createInvitation(deps, request, input),
  readInvitation: (secret: string, address: string) => readInvitation(deps.pool, secret, address),
  acceptInvitation: (input: AcceptInvitation, address: string) => acceptInvitation(deps, input, address),
  resetPassword: (request: CommandRequest, userId: string, input: ResetPassword) =>
    resetPassword(deps, request, userId, input),
});
type Identity = ReturnType<typeof identityOf>;

export type IdentitySetting = Setting & {
  identity: Identity;
  tokens: TokenMaker;
  derive: Derive;
  /** The number of passwords derived so far. */
  derived(): number;
  /** The same identity with some dependencies replaced. */
  identityWith(other: { pool?: Database; limits?: PasswordLimits; takeAttempt?: TakeTokens }): Identity;
  /** Creates a person with an account and `password` but no site; pending accounts have no password. */
  person(status?: 'active' | 'pending' | 'disabled'): Promise<Person>;
  /** A new address. */
  address: () => string;
  audit(action: string): Promise<{ actor: Person | null; detail: Record<string, string> }[]>;
};

/** A hospital with accounts, and a cheap, counted derivation of passwords. */
export async function testIdentity(): Promise<IdentitySetting> {
  const setting = await testHospital();
  const { pool, deps } = setting;
  let count = 0;
  const derive: Derive = (text, salt) => {
    count++;
    return Promise.resolve(createHash('sha256').update(salt).update(text).digest());
  };
  const hash = await hashPassword(password, derive);
  const tokens = createTokens({ accessSecret: 'a'.repeat(32), refreshSecret: 'r'.repeat(32) });
  const identityWith: IdentitySetting['identityWith'] = (other) =>
    identityOf({
      pool: other.pool ?? pool,
      passwords: createPasswords({ derive, maxSignIns: 1000, ...other.limits }),
      tokens,
      publish: deps.publish,
      takeAttempt: other.takeAttempt ?? (() => Promise.resolve(0)),
      sessions: { days: 30, idleMinutes: 60 },
    });
  let addresses = 0;

  return {
    ...setting,
    tokens,
    identity: identityWith({}),
    identityWith,
    derive,
    derived: () => count,
    address: () => `10.0.${Math.floor(++addresses / 250)}.${addresses % 250}`,
    person: async (status = 'active') => {
      const id = randomUUID();
      const person = { id, email: `${id}@example.test`, name: `Person ${id.slice(0, 4)}` };
      await pool.query(
        'INSERT INTO users (id, email, name, password_hash, status) VALUES ($1, $2, $3, $4, $5)',
        [id, person.email, person.name, status === 'pending' ? null : hash, status],
      );
      return person;
    },
    audit: async (action) => {
      const { rows } = await pool.query<{ actor: Person | null; detail: Record<string, string> }>(
        `SELECT actor, detail FROM audit WHERE chain = 'identity' AND action = $1 ORDER BY seq`,
        [action],
      );
      return rows;
    },
  };
}

export const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** The refusal; `done` if there was none. */
export const outcomeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: Error & { code: string; parts: object }) => ({
      ...error.parts,
      code: error.code,
      detail: error.message,
    }),
  );
