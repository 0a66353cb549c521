import { id } from '@slate/shared/ids';
import { role } from '@slate/shared/permissions';
import { z } from 'zod';
import type { Statement } from './query.ts';

const standing = z.object({
  session_id: id,
  user_id: id,
  name: z.string(),
  roles: z.array(z.object({ siteId: id, role, surgeonIds: z.array(id) })),
});
export type StandingRow = z.infer<typeof standing>;

/** As `standing-of`, for many sessions at once: no row where the account or the session has ended. */
export const standingsOf: Statement<StandingRow> = {
  name: 'standings-of',
  text: `
    SELECT s.id AS session_id, u.id AS user_id, u.name, coalesce((
      SELECT jsonb_agg(jsonb_build_object('siteId', m.site_id, 'role', m.role, 'surgeonIds', m.surgeon_ids))
      FROM memberships m WHERE m.user_id = u.id), '[]') AS roles
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = ANY ($1::uuid[]) AND s.ended_at IS NULL AND least(s.expires_at, s.idle_until) > clock_timestamp()
      AND u.status = 'active'`,
  row: standing,
};
