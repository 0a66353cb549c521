import type { RouteReply } from '@slate/shared/contract';
import type { EndSessions } from '@slate/shared/contract/people';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandReply, CommandRequest } from '../../commands/context.ts';
import { endSessionsOf, openSessionsOf } from '../../db/identity.sql.ts';
import { many, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { checkAdministersAllSites, lockMember, notificationsOf, readMember } from './members.ts';

/** Lists where a person is signed in. A session counts at all sites, so only an administrator of all of them may see it. */
export async function listSessions(
  db: Queryable,
  { siteId, userId, sessionId }: { siteId: string; userId: string; sessionId: string },
  personId: string,
): Promise<RouteReply<'sessions'>> {
  checkAdministersAllSites(await readMember(db, siteId, personId, userId));
  return { sessions: await many(db, openSessionsOf, [personId, sessionId]) };
}

/** Ends one session of a person, or all of them. One that has ended already counts as done. */
export const endSessions = (
  deps: CommandDeps,
  request: CommandRequest,
  userId: string,
  { session }: EndSessions,
): Promise<CommandReply> =>
  runCommand(
    deps,
    request,
    'user.manage',
    () => Promise.resolve(),
    async (context) => {
      const found = await lockMember(context, userId);
      checkAdministersAllSites(found);
      const ended = await run(context.tx, endSessionsOf.name, endSessionsOf.text, [
        userId,
        'administrator',
        session,
      ]);
      return {
        status: 200,
        body: { ended },
        changes: [],
        detail: { user: userId, session, ended },
        notifications: notificationsOf(request.siteId, found),
      };
    },
  );
