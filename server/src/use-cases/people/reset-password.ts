import type { ResetPassword } from '@slate/shared/contract/people';
import { endSessionsOf } from '../../db/identity.sql.ts';
import { saveAccount } from '../../db/members.sql.ts';
import { run } from '../../db/query.ts';
import { invalid } from '../../domain/refusal.ts';
import type { CommandDeps, CommandReply, CommandRequest } from '../../commands/context.ts';
import { checkDecides, runOnMember } from './member.ts';
import { kept, makeTemporaryPassword, temporaryHours } from './temporary-password.ts';
import type { TemporaryPasswordDeps } from './temporary-password.ts';

/** Gives a temporary password to somebody who has forgotten their own. */
export async function resetPassword(
  deps: CommandDeps & TemporaryPasswordDeps,
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
