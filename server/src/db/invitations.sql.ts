import { invitation } from '@slate/shared/contract/invitations';
import type { Invitation } from '@slate/shared/contract/invitations';
import { role } from '@slate/shared/permissions';
import { z } from 'zod';
import type { Statement } from './query.ts';

const columns = `id, email, role, surgeon_ids AS "surgeonIds", created_by AS by, wire(created_at) AS "createdAt",
    wire(expires_at) AS "expiresAt"`;

/** $1 site */
export const invitationsOf: Statement<Invitation> = {
  name: 'invitations-of',
  text: `SELECT ${columns} FROM invitations WHERE site_id = $1 ORDER BY created_at DESC, id`,
  row: invitation,
};

/** $1 site, $2 id, $3 hash of the secret, $4 email, $5 role, $6 surgeons, $7 actor, $8 days */
export const addInvitation: Statement<Invitation> = {
  name: 'add-invitation',
  text: `INSERT INTO invitations (site_id, id, secret_hash, email, role, surgeon_ids, created_by, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + make_interval(days => $8))
    ON CONFLICT DO NOTHING RETURNING ${columns}`,
  row: invitation,
};

/** $1 site, $2 id */
export const removeInvitation: Statement<Invitation> = {
  name: 'remove-invitation',
  text: `DELETE FROM invitations WHERE site_id = $1 AND id = $2 RETURNING ${columns}`,
  row: invitation,
};

/** $1 site, $2 email */
export const memberByEmail: Statement<{ name: string }> = {
  name: 'member-by-email',
  text: `SELECT u.name FROM users u JOIN memberships m ON m.user_id = u.id WHERE m.site_id = $1 AND u.email = $2`,
  row: z.object({ name: z.string() }),
};

/** It counts while the person who made it administers the site. */
const counts = `i.secret_hash = $1 AND i.expires_at > clock_timestamp() AND EXISTS (
      SELECT FROM memberships m JOIN users u ON u.id = m.user_id
      WHERE m.site_id = i.site_id AND m.user_id = (i.created_by ->> 'id')::uuid
        AND m.role = 'administrator' AND u.status = 'active')`;

/** $1 hash of the secret */
export const openInvitation: Statement<{ email: string; site: string }> = {
  name: 'open-invitation',
  text: `SELECT i.email, s.name AS site FROM invitations i JOIN sites s ON s.id = i.site_id WHERE ${counts}`,
  row: z.object({ email: z.string(), site: z.string() }),
};

const used = z.object({ site_id: z.uuid(), role, surgeon_ids: z.array(z.uuid()) });

/** Uses an invitation up, once. $1 hash of the secret */
export const takeInvitation: Statement<z.infer<typeof used>> = {
  name: 'take-invitation',
  text: `DELETE FROM invitations i WHERE ${counts} RETURNING i.site_id, i.role, i.surgeon_ids`,
  row: used,
};

/** No row if the address has an account that was approved. $1 id, $2 email, $3 name, $4 hash of the password */
export const addInvitedAccount: Statement<{ id: string }> = {
  name: 'add-invited-account',
  text: `INSERT INTO users AS u (id, email, name, password_hash, status) VALUES ($1, $2, $3, $4, 'active')
    ON CONFLICT (email) DO UPDATE
      SET name = $3, password_hash = $4, password_until = NULL, status = 'active', version = u.version + 1
      WHERE u.status = 'pending'
    RETURNING id`,
  row: z.object({ id: z.uuid() }),
};

/**
 * A person who got a role meanwhile keeps it. The new version stops an administrator who has not seen the new role from
 * removing it. $1 site, $2 user, $3 role, $4 surgeons
 */
export const addInvitedMember = {
  name: 'add-invited-member',
  text: `WITH added AS (
      INSERT INTO memberships (site_id, user_id, role, surgeon_ids) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
      RETURNING user_id)
    UPDATE users u SET version = u.version + 1 FROM added WHERE u.id = added.user_id`,
};

/** $1 days */
export const deleteOldInvitations = {
  name: 'delete-old-invitations',
  text: `DELETE FROM invitations WHERE expires_at < clock_timestamp() - make_interval(days => $1)`,
};
