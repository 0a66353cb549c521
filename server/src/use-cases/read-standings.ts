import { many } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { standingsOf } from '../db/standings.sql.ts';
import type { Standing } from './authority.ts';

/** Who the owners of these sessions are right now, by session; nobody where the account or session has ended. */
export async function readStandings(
  db: Queryable,
  sessionIds: readonly string[],
): Promise<Map<string, Standing>> {
  const rows = await many(db, standingsOf, [sessionIds]);
  return new Map(
    rows.map(({ session_id, user_id, name, roles }) => [
      session_id,
      {
        user: { id: user_id, name },
        roles: new Map(roles.map(({ siteId, role, surgeonIds }) => [siteId, { role, surgeonIds }])),
      },
    ]),
  );
}
