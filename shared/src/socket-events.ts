import { z } from 'zod';
import { changesBatch } from './changes.ts';
import { errorCode } from './errors.ts';
import { actor, id } from './fields.ts';
import { instant } from './time.ts';

// The socket only delivers changes. Commands go over HTTP.

export const liveLimits = {
  heartbeatSeconds: 10,
  /** The most changes in one message, and the most that `follow` returns to a console that is behind. */
  changesAtOnce: 300,
  /** The largest message that a console may send. */
  messageBytes: 16_384,
} as const;

/** The `auth` data of the client when it connects. */
export const handshake = z.strictObject({
  token: z.string().max(4096),
  /** The highest and the lowest version that the client speaks. Without `lowestProtocol`: only `protocol`. */
  protocol: z.int(),
  lowestProtocol: z.int().optional(),
});

/** Follow a site from the revision that the client has. One site per connection. */
export const follow = z.strictObject({ siteId: id, epoch: id, revision: z.int().min(0) });
export type Follow = z.infer<typeof follow>;

/** Why a connection (`data` of Socket.IO's `connect_error`) or a `follow` is refused. */
export const refusal = z.strictObject({ code: errorCode, detail: z.string() });

export const followReply = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('following'), missed: changesBatch }),
  /** Too far behind, or the database was restored: fetch a fresh board, then follow from its revision. */
  z.strictObject({ status: z.literal('resync') }),
  z.strictObject({ status: z.literal('refused'), ...refusal.shape }),
]);
export type FollowReply = z.infer<typeof followReply>;

/** The case that the person looks at, or null. */
export const look = z.strictObject({ caseId: id.nullable() });

/** Asks whether the connection still works. Acknowledged at once. */
export const check = z.strictObject({});

export const heartbeat = z.strictObject({
  epoch: id,
  revision: z.int(),
  /** The database's clock; holds expire by it. */
  at: instant,
});
export type Heartbeat = z.infer<typeof heartbeat>;

export const present = z.strictObject({ person: actor, caseId: id.nullable() });
export const presence = z.strictObject({ people: z.array(present) });
export type Presence = z.infer<typeof presence>;

/** People or invitations of the site have changed, a device was retired, or somebody has requested an account. Load them again. */
export const peopleChanged = z.strictObject({});

/** Why the server ends the connection. The client decides by it whether to reconnect. */
export const goodbye = z.strictObject({ reason: z.enum(['revoked', 'role_changed', 'shutting_down']) });

export const serverEvents = { changes: changesBatch, heartbeat, presence, peopleChanged, goodbye };
export const clientEvents = { follow, look, check };

export type ServerToClient = {
  [Event in keyof typeof serverEvents]: (message: z.infer<(typeof serverEvents)[Event]>) => void;
};
export type ClientToServer = {
  follow: (message: Follow, reply: (answer: FollowReply) => void) => void;
  look: (message: z.infer<typeof look>) => void;
  check: (message: z.infer<typeof check>, reply: () => void) => void;
};
