import { areCompatible } from '@slate/shared/protocol';
import type { Protocols } from '@slate/shared/protocol';
import { handshake } from '@slate/shared/socket-events';
import type { refusal } from '@slate/shared/socket-events';
import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import type { Access } from '../identity/authority.ts';
import type { Caller } from './connection.ts';

/** Access that is at most a second old, and never older than the last `forget`. */
export type Authority = {
  accessOf(userId: string, sessionId: string): Promise<Access | null>;
  forget(userId: string): void;
};

export type HandshakeDeps = {
  authority: Authority;
  /** Throws for an invalid or expired token. */
  verifyToken(token: string): Promise<{ userId: string; sessionId: string }>;
  protocols: Protocols;
};

/** The part of a handshake that every version of the protocol has. */
const versions = z.object({ protocol: z.int(), lowestProtocol: z.int().optional() });

/** Authenticates a connection, or refuses it with the reason. */
export async function authenticate(auth: unknown, deps: HandshakeDeps): Promise<Caller> {
  const announced = versions.safeParse(auth).data;
  const clientRange = announced && {
    lowest: announced.lowestProtocol ?? announced.protocol,
    highest: announced.protocol,
  };
  if (clientRange && !areCompatible(clientRange, deps.protocols)) {
    const { highest } = deps.protocols;
    throw new Refusal(
      'validation',
      `This console uses protocol version ${clientRange.highest} and the server uses ${highest}. ` +
        `Update the ${clientRange.highest < highest ? 'console' : 'server'}.`,
    );
  }
  const parsed = handshake.safeParse(auth);
  if (!parsed.success) {
    throw new Refusal('validation', 'Send an access token and the protocol version.');
  }
  const { userId, sessionId } = await deps.verifyToken(parsed.data.token);
  const access = await deps.authority.accessOf(userId, sessionId);
  if (!access) throw new Refusal('unauthenticated', 'Your session has ended. Sign in again.');
  return { userId, sessionId, person: access.user, following: null };
}

export type RefusedReply = z.infer<typeof refusal>;

/** The reply to a refused console. Unexpected errors are reported without details. */
export const refusedReply = (error: unknown): RefusedReply =>
  error instanceof Refusal
    ? { code: error.code, detail: error.message }
    : { code: 'unavailable', detail: 'The server can’t answer this right now. Try again in a moment.' };
