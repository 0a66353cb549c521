import type { ResetPassword } from '@slate/shared/administration';
import { endSessionsOf } from '../db/identity.sql.ts';
import { giveTemporaryPassword } from '../db/members.sql.ts';
import { run } from '../db/query.ts';
import { invalid } from '../domain/refusal.ts';
import type { CommandDeps, CommandReply, CommandRequest } from './command.ts';
import { checkDecides, runOnMember } from './member.ts';
import type { Passwords } from './passwords.ts';
import type { TokenMaker } from './tokens.ts';

const hours = 24;

export type ResetPasswordDeps = CommandDeps & { passwords: Passwords; tokens: TokenMaker };

/**
 * Gives somebody who has forgotten it a password that is good for one thing: to choose another. It is told to the
 * administrator and kept nowhere, not even in the reply that a replay is made of: it follows from the key.
 */
export async function resetPassword(
  deps: ResetPasswordDeps,
  request: CommandRequest,
  userId: string,
  { version }: ResetPassword,
): Promise<CommandReply> {
  if (userId === request.userId) throw invalid('user', 'Your own password you change yourself.');
  const temporaryPassword = deps.tokens.temporaryPasswordOf(userId, request.key);
  const hash = await deps.passwords.admit(() => deps.passwords.hash(temporaryPassword));
  const reply = await runOnMember(deps, request, { userId, version }, async ({ tx }, found) => {
    const { before } = found;
    checkDecides(found);
    if (before.status !== 'active')
      throw invalid('user', `${before.name} cannot sign in (${before.status}).`);
    const { name, text } = giveTemporaryPassword;
    await Promise.all([
      run(tx, name, text, [userId, hash, hours]),
      run(tx, endSessionsOf.name, endSessionsOf.text, [userId, 'password']),
    ]);
    return { after: before };
  });
  return reply.status < 400 ? { ...reply, body: { ...reply.body, temporaryPassword } } : reply;
}
