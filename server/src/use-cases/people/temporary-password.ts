import type { ResetPassword } from '@slate/shared/contract/people';
import type { CommandReply, CommandRequest } from '../../commands/context.ts';
import { endSessionsOf } from '../../db/identity.sql.ts';
import { saveAccount } from '../../db/members.sql.ts';
import { run } from '../../db/query.ts';
import { invalid } from '../../domain/refusal.ts';
import type { IdentityDeps } from '../../identity/login.ts';
import { checkDecides, runOnMember } from './members.ts';

/** Gives a temporary password to somebody who has forgotten their own. */
export async function resetPassword(
  deps: IdentityDeps,
  request: CommandRequest,
  userId: string,
  { version }: ResetPassword,
): Promise<CommandReply> {
  if (userId === request.userId)
    throw invalid('user', 'You can’t reset your own password. Change it instead.');
  const { hash, tell } = await makeTemporaryPassword(deps, request, userId);
  const reply = await runOnMember(deps, request, { userId, version }, async ({ tx }, found) => {
    const { before } = found;
    checkDecides(found);
    if (before.status !== 'active') throw invalid('user', `${before.name} can’t sign in (${before.status}).`);
    await Promise.all([
      run(tx, saveAccount.name, saveAccount.text, [userId, before.status, hash, temporaryHours]),
      run(tx, endSessionsOf.name, endSessionsOf.text, [userId, 'password']),
    ]);
    return { after: before, body: { temporaryPassword: kept } };
  });
  return tell(reply);
}

/** How long it counts. */
export const temporaryHours = 24;

/**
 * Makes somebody a password that is good for one thing: to choose another. It is told to the administrator and kept
 * nowhere. It follows from the key of the command, so the kept reply says only that there is one, and `tell` puts it
 * into the reply each time.
 */
export async function makeTemporaryPassword(
  { passwords, tokens }: IdentityDeps,
  request: CommandRequest,
  userId: string,
) {
  const password = tokens.temporaryPasswordOf(userId, request.key);
  return {
    hash: await passwords.admit(() => passwords.hash(password)),
    tell: (reply: CommandReply): CommandReply =>
      reply.body.temporaryPassword === kept
        ? { ...reply, body: { ...reply.body, temporaryPassword: password } }
        : reply,
  };
}

/** Stands for the password in a kept reply. */
export const kept = 'made from the key';
