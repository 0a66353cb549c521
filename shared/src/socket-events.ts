import { z } from 'zod';
import { changesBatch } from './changes.ts';
import { errorCode } from './errors.ts';
import { actor, id } from './fields.ts';
import { instant } from './time.ts';

// The socket is for listening; whatever changes anything goes over HTTP.

export const liveLimits = {
  heartbeatSeconds: 10,
  /** How many changes come at once at most, and how far behind a console may be that goes on from where it was. */
  changesAtOnce: 300,
  /** The longest message that a console may send. */
  messageBytes: 16_384,
} as const;

/** The client's `auth` when it connects. */
export const handshake = z.strictObject({
  token: z.string().max(4096),
  /** The highest version that the console speaks, and the lowest; left out: no other. */
  protocol: z.int(),
  lowestProtocol: z.int().optional(),
});

/** Follow a site from the state the client has; it has missed whatever came after. One site per socket. */
export const follow = z.strictObject({ siteId: id, epoch: id, revision: z.int().min(0) });
export type Follow = z.infer<typeof follow>;

/** Why somebody is not let in (`data` of Socket.IO's `connect_error`) or may not follow. */
export const refusal = z.strictObject({ code: errorCode, detail: z.string() });

export const followReply = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('following'), missed: changesBatch }),
  /** Too far behind, or the database was restored: take a fresh board, then follow from there. */
  z.strictObject({ status: z.literal('resync') }),
  z.strictObject({ status: z.literal('refused'), ...refusal.shape }),
]);
export type FollowReply = z.infer<typeof followReply>;

/** Which case the person looks at, if any. */
export const look = z.strictObject({ caseId: id.nullable() });

export const heartbeat = z.strictObject({
  epoch: id,
  revision: z.int(),
  /** The database's clock, by which holds expire. */
  at: instant,
});
export type Heartbeat = z.infer<typeof heartbeat>;

export const present = z.strictObject({ person: actor, caseId: id.nullable() });
export const presence = z.strictObject({ people: z.array(present) });
export type Presence = z.infer<typeof presence>;

/** Why the server ends a connection, so that the client knows whether to come back. */
export const goodbye = z.strictObject({ reason: z.enum(['revoked', 'role_changed', 'shutting_down']) });

export const serverEvents = { changes: changesBatch, heartbeat, presence, goodbye };
export const clientEvents = { follow, look };

export type ServerToClient = {
  [Event in keyof typeof serverEvents]: (message: z.infer<(typeof serverEvents)[Event]>) => void;
};
export type ClientToServer = {
  follow: (message: Follow, reply: (answer: FollowReply) => void) => void;
  look: (message: z.infer<typeof look>) => void;
};
