import type { RouteInput, RouteName, RouteReply } from '@slate/shared/contract';
import type { Role } from '@slate/shared/permissions';
import type { View } from '../domain/visibility.ts';
import type { CommandReply, CommandRequest } from '../commands/context.ts';

/** A signed-in caller, and a caller with a role at a site. */
export type SignedIn = { userId: string; sessionId: string; name: string };
export type AtSite = SignedIn & { siteId: string; role: Role; surgeonIds: readonly string[]; view: View };

/** The parsed and authorized request that a handler gets. */
export type Call<Name extends RouteName> = RouteInput<Name> & {
  address: string;
  /** The caller; throws on public routes. */
  signedIn: SignedIn;
  atSite: AtSite;
  command: CommandRequest;
  /** The ETag the caller has already. */
  etag: string | undefined;
};

/** A file that is made while it is sent. */
export type FileAnswer = { stream: AsyncGenerator<string, void>; type: string; fileName: string };

/** The answer of a handler: a reply, ready JSON, a file, "not modified", or the reply of a command. */
export type Answer<Name extends RouteName> =
  | { reply: RouteReply<Name> }
  | { json: string; etag: string }
  | FileAnswer
  | { unchanged: string }
  | { command: CommandReply };

export type Handlers = { [Name in RouteName]: (call: Call<Name>) => Promise<Answer<Name>> };
