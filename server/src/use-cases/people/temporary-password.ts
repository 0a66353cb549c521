import type { CommandReply, CommandRequest } from '../../commands/context.ts';
import type { Passwords } from '../../identity/passwords.ts';
import type { TokenMaker } from '../../identity/tokens.ts';

export type TemporaryPasswordDeps = { passwords: Passwords; tokens: TokenMaker };

/** How long it counts. */
export const temporaryHours = 24;

/**
 * Makes somebody a password that is good for one thing: to choose another. It is told to the administrator and kept
 * nowhere. It follows from the key of the command, so the kept reply says only that there is one, and `tell` puts it
 * into the reply each time.
 */
export async function makeTemporaryPassword(
  { passwords, tokens }: TemporaryPasswordDeps,
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
