import type { ResetPassword } from '@slate/shared/administration';
import { endSessionsOf } from '../db/identity.sql.ts';
import { giveTemporaryPassword } from '../db/members.sql.ts';
import { run } from '../db/query.ts';
import { invalid } from '../domain/refusal.ts';
import { checkDecides, checkSeen, lockMember } from './change-member.ts';
import { runCommand } from './command.ts';
import type { CommandDeps, CommandReply, CommandRequest } from './command.ts';
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
  const reply = await runCommand(
    deps,
    request,
    'user.manage',
    () => Promise.resolve(),
    async (context) => {
      const found = await lockMember(context, userId);
      const { before } = found;
      checkSeen(before, version);
      checkDecides(found);
      if (before.status !== 'active')
        throw invalid('user', `${before.name} cannot sign in (${before.status}).`);
      const { name, text } = giveTemporaryPassword;
      await Promise.all([
        run(context.tx, name, text, [userId, hash, hours]),
        run(context.tx, endSessionsOf.name, endSessionsOf.text, [userId, 'password']),
      ]);
      return {
        status: 200,
        body: { user: { ...before, version: version + 1 } },
        changes: [],
        detail: { user: userId },
        tell: [{ kind: 'user', userId }],
      };
    },
  );
  return reply.status < 400 ? { ...reply, body: { ...reply.body, temporaryPassword } } : reply;
}
