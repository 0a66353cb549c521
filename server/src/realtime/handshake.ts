import { areCompatible } from '@slate/shared/protocol';
import type { Protocols } from '@slate/shared/protocol';
import { handshake } from '@slate/shared/socket-events';
import type { refusal } from '@slate/shared/socket-events';
import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import type { Access } from '../identity/authority.ts';
import type { Caller } from './connection.ts';

/** Who somebody is right now; true at most a second ago, and after `forget` not before the forgetting. */
export type Authority = {
  accessOf(userId: string, sessionId: string): Promise<Access | null>;
  forget(userId: string): void;
};

export type HandshakeDeps = {
  authority: Authority;
  /** Throws for a token that is not ours or has ended. */
  verifyToken(token: string): Promise<{ userId: string; sessionId: string }>;
  protocols: Protocols;
};

/** Of any version of the protocol, this much must be readable. */
const spoken = z.object({ protocol: z.int(), lowestProtocol: z.int().optional() });

/** Who connects, or a refusal that says why not. */
export async function shakeHands(auth: unknown, deps: HandshakeDeps): Promise<Caller> {
  const said = spoken.safeParse(auth).data;
  const theirs = said && { lowest: said.lowestProtocol ?? said.protocol, highest: said.protocol };
  if (theirs && !areCompatible(theirs, deps.protocols)) {
    const { highest } = deps.protocols;
    throw new Refusal(
      'validation',
      `This console uses protocol version ${theirs.highest} and the server uses ${highest}. ` +
        `Update the ${theirs.highest < highest ? 'console' : 'server'}.`,
    );
  }
  const asked = handshake.safeParse(auth);
  if (!asked.success) {
    throw new Refusal('validation', 'Send an access token and the protocol version.');
  }
  const { userId, sessionId } = await deps.verifyToken(asked.data.token);
  const access = await deps.authority.accessOf(userId, sessionId);
  if (!access) throw new Refusal('unauthenticated', 'Your session has ended. Sign in again.');
  return { userId, sessionId, person: access.user, following: null };
}

export type RefusedReply = z.infer<typeof refusal>;

/** What a refused console is told; what nobody foresaw is told without its details. */
export const refusedReply = (error: unknown): RefusedReply =>
  error instanceof Refusal
    ? { code: error.code, detail: error.message }
    : { code: 'unavailable', detail: 'The server can’t answer this right now. Try again in a moment.' };
