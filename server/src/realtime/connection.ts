import type { Actor } from '@slate/shared/fields';
import { scopeOf } from '@slate/shared/permissions';
import type { Role } from '@slate/shared/permissions';
import type { ServerToClient } from '@slate/shared/socket-events';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import { viewKey } from '../domain/visibility.ts';
import type { View } from '../domain/visibility.ts';
import type { Access } from '../identity/authority.ts';

type Membership = { readonly role: Role; readonly surgeonIds: readonly string[] };
export type Following = Membership & { readonly siteId: string; readonly view: View };

/** The data of a connection. */
export type Caller = {
  userId: string;
  sessionId: string;
  person: Actor;
  following: Following | null;
};

/** Incoming messages are unknown until parsed. */
type Incoming = Record<'follow' | 'look' | 'check', (message: unknown, reply: unknown) => void>;
export type Io = Server<Incoming, ServerToClient, DefaultEventsMap, Caller>;
export type Connection = Socket<Incoming, ServerToClient, DefaultEventsMap, Caller>;

export const siteRoom = (siteId: string) => `site ${siteId}`;
export const viewRoom = (siteId: string, view: View) => `site ${siteId} ${viewKey(view)}`;
/** A receiver who sees only some cases learns who is present, but not which cases they look at. */
export const presenceRoom = (siteId: string, sees: 'cases' | 'people') => `site ${siteId} ${sees}`;

/** The administrators of a site, or of any site. */
export const administratorsRoom = (siteId: string | null) => `administrators ${siteId ?? ''}`;

export const roomsOf = ({ siteId, view, role }: Following) => [
  ...(scopeOf(role, 'user.manage') === 'none' ? [] : [administratorsRoom(siteId), administratorsRoom(null)]),
  siteRoom(siteId),
  viewRoom(siteId, view),
  presenceRoom(siteId, view.kind === 'own' ? 'people' : 'cases'),
];

/** Sends the reason, then disconnects; messages sent before still arrive. */
export function sayGoodbye(
  connection: Connection,
  reason: Parameters<ServerToClient['goodbye']>[0]['reason'],
) {
  connection.emit('goodbye', { reason });
  connection.disconnect(true);
}

/**
 * Disconnects people whose access has changed since they connected: signed out, disabled, or with another role at the
 * site they follow. They can reconnect with the access they have now.
 */
export async function endOutdated(
  connections: readonly Connection[],
  readAccess: (sessionIds: string[]) => Promise<Map<string, Access>>,
) {
  if (connections.length === 0) return;
  const accessBySession = await readAccess([...new Set(connections.map(({ data }) => data.sessionId))]);
  for (const connection of connections) {
    const access = accessBySession.get(connection.data.sessionId);
    if (!access) sayGoodbye(connection, 'revoked');
    else if (!isUnchanged(connection, access)) sayGoodbye(connection, 'role_changed');
  }
}

function isUnchanged({ data: { following } }: Connection, access: Access): boolean {
  if (!following) return true;
  const now = access.roles.get(following.siteId);
  return (
    now?.role === following.role &&
    now.surgeonIds.toSorted().join() === following.surgeonIds.toSorted().join()
  );
}
