import type { Access } from '../identity/authority.ts';
import { sayGoodbye } from './connection.ts';
import type { Connection } from './connection.ts';

/**
 * Ends the connections of those who are not who they were when they connected: signed out, disabled, or with
 * another role at the site they follow. Coming back they are let in as who they are now, or not at all.
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
    else if (!isAsBefore(connection, access)) sayGoodbye(connection, 'role_changed');
  }
}

function isAsBefore({ data: { following } }: Connection, access: Access): boolean {
  if (!following) return true;
  const now = access.roles.get(following.siteId);
  return (
    now?.role === following.role &&
    now.surgeonIds.toSorted().join() === following.surgeonIds.toSorted().join()
  );
}
