import type { ResetPassword } from '@slate/shared/contract/people';
import type { CommandReply, CommandRequest } from '../../commands/context.ts';
import { endSessionsOf } from '../../db/identity.sql.ts';
import { saveAccount } from '../../db/members.sql.ts';
import { run } from '../../db/query.ts';
import { invalid } from '../../domain/refusal.ts';
import type { IdentityDeps } from '../../identity/login.ts';
import { checkAdministersAllSites, runOnMember } from './members.ts';

export async function resetPassword(
  deps: IdentityDeps,
  request: CommandRequest,
  userId: string,
  { version }: ResetPassword,
): Promise<CommandReply> {
  if (userId === request.userId)
    throw invalid('user', 'You can’t reset your own password. Change it instead.');
  const { hash, fillIn } = await makeTemporaryPassword(deps, request, userId);
  const reply = await runOnMember(deps, request, { userId, version }, async ({ tx }, found) => {
    const { before } = found;
    checkAdministersAllSites(found);
    if (before.status !== 'active') throw invalid('user', `${before.name} can’t sign in (${before.status}).`);
    await Promise.all([
      run(tx, saveAccount.name, saveAccount.text, [userId, before.status, hash, temporaryHours]),
      run(tx, endSessionsOf.name, endSessionsOf.text, [userId, 'password', null]),
    ]);
    return { after: before, body: { temporaryPassword: placeholder } };
  });
  return fillIn(reply);
}

/** How long a temporary password is valid. */
export const temporaryHours = 24;

/**
 * Makes a password that its owner must replace. Derived from the key of the command and stored nowhere: the stored
 * reply has only a placeholder, and `fillIn` puts the password into each reply to the administrator.
 */
export async function makeTemporaryPassword(
  { passwords, tokens }: IdentityDeps,
  request: CommandRequest,
  userId: string,
) {
  const password = tokens.temporaryPasswordOf(userId, request.key);
  return {
    hash: await passwords.admit(() => passwords.hash(password)),
    fillIn: (reply: CommandReply): CommandReply =>
      reply.body.temporaryPassword === placeholder
        ? { ...reply, body: { ...reply.body, temporaryPassword: password } }
        : reply,
  };
}

/** The placeholder for the password in a stored reply. */
export const placeholder = 'made from the key';
