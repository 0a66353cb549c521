import type { RouteInput, RouteName, RouteReply } from '@slate/shared/contract';
import type { Role } from '@slate/shared/permissions';
import type { View } from '../domain/visibility.ts';
import type { CommandReply, CommandRequest } from '../commands/context.ts';

/** Who calls, once known: at a site with a role and what may be seen there. */
export type SignedIn = { userId: string; sessionId: string; name: string };
export type AtSite = SignedIn & { siteId: string; role: Role; surgeonIds: readonly string[]; view: View };

/** One request as a handler sees it: parsed, authorised, and a command if the contract says so. */
export type Call<Name extends RouteName> = RouteInput<Name> & {
  address: string;
  /** The caller; throws where the contract lets anyone in. */
  signedIn: SignedIn;
  atSite: AtSite;
  command: CommandRequest;
  /** What the caller has already, for a read that can answer "nothing new". */
  etag: string | undefined;
};

/** A reply of a read, an answer made elsewhere, or what became of a command. */
export type Answer<Name extends RouteName> =
  | { reply: RouteReply<Name> }
  | { json: string; etag: string }
  | { unchanged: string }
  | { command: CommandReply };

export type Handlers = { [Name in RouteName]: (call: Call<Name>) => Promise<Answer<Name>> };
