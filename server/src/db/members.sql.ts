import { member } from '@slate/shared/contract/people';
import type { Member } from '@slate/shared/contract/people';
import { z } from 'zod';
import type { Statement } from './query.ts';

const columns = `u.id, u.email, u.name, u.status, m.role, coalesce(m.surgeon_ids, '{}') AS "surgeonIds", u.version,
    wire((SELECT max(s.refreshed_at) FROM sessions s WHERE s.user_id = u.id)) AS "lastSeenAt"`;
const seenFromSite = `users u LEFT JOIN memberships m ON m.site_id = $1 AND m.user_id = u.id`;

/** Members of the site, and people without any site: new accounts, and people removed from their last one. */
export const membersPage: Statement<Member> = {
  name: 'members-page',
  text: `SELECT ${columns} FROM ${seenFromSite}
    WHERE (m.user_id IS NOT NULL OR NOT EXISTS (SELECT FROM memberships o WHERE o.user_id = u.id))
      AND ($2::text IS NULL OR u.status = $2)
      AND ($3::uuid IS NULL OR (lower(u.name), u.id) > (SELECT lower(c.name), c.id FROM users c WHERE c.id = $3))
    ORDER BY lower(u.name), u.id LIMIT $4`,
  row: member,
};

/** Serializes changes to one person across all sites. */
export const lockPerson = { name: 'lock-person', text: 'SELECT FROM users WHERE id = $1 FOR UPDATE' };

const administrator = z.object({ site_id: z.uuid(), user_id: z.uuid() });

/**
 * Locks the administrators of this site and of the person's other sites, so that two administrators who remove
 * each other at the same time cannot both succeed.
 */
export const lockAdministrators: Statement<z.infer<typeof administrator>> = {
  name: 'lock-administrators',
  text: `SELECT site_id, user_id FROM memberships
    WHERE role = 'administrator'
      AND (site_id = $1 OR site_id IN (SELECT o.site_id FROM memberships o WHERE o.user_id = $2))
    ORDER BY site_id, user_id FOR UPDATE`,
  row: administrator,
};

const person = z.object({
  member,
  /** Their other sites. */
  elsewhere: z.array(z.uuid()),
  /** The sites that the caller administers. */
  administers: z.array(z.uuid()),
  caller_active: z.boolean(),
});
export type Person = z.infer<typeof person>;

/** $1 site, $2 person, $3 caller */
export const personAtSite: Statement<Person> = {
  name: 'person-at-site',
  text: `SELECT to_jsonb(p) AS member,
      ARRAY(SELECT o.site_id FROM memberships o WHERE o.user_id = p.id AND o.site_id <> $1) AS elsewhere,
      ARRAY(SELECT a.site_id FROM memberships a WHERE a.user_id = $3 AND a.role = 'administrator') AS administers,
      EXISTS (SELECT FROM users c WHERE c.id = $3 AND c.status = 'active') AS caller_active
    FROM (SELECT ${columns} FROM ${seenFromSite} WHERE u.id = $2) p`,
  row: person,
};

export const notSurgeons: Statement<{ id: string }> = {
  name: 'not-surgeons',
  text: `SELECT named.id FROM unnest($2::uuid[]) AS named(id) WHERE NOT EXISTS (
    SELECT FROM resources r WHERE r.site_id = $1 AND r.id = named.id AND r.kind = 'surgeon')`,
  row: z.object({ id: z.uuid() }),
};

/** $3: a temporary password, valid for $4 hours, or null to keep the password. */
export const saveAccount = {
  name: 'save-account',
  text: `UPDATE users SET status = $2, version = version + 1, password_hash = coalesce($3, password_hash),
    password_until = CASE WHEN $3::text IS NULL THEN password_until
      ELSE clock_timestamp() + make_interval(hours => $4) END
    WHERE id = $1`,
};

export const saveMembership = {
  name: 'save-membership',
  text: `INSERT INTO memberships (site_id, user_id, role, surgeon_ids) VALUES ($1, $2, $3, $4)
    ON CONFLICT (site_id, user_id) DO UPDATE SET role = EXCLUDED.role, surgeon_ids = EXCLUDED.surgeon_ids`,
};

export const removeMembership = {
  name: 'remove-membership',
  text: 'DELETE FROM memberships WHERE site_id = $1 AND user_id = $2',
};

/** Returns those of the sites that have no active administrator. $1 sites */
export const orphanedSites: Statement<{ id: string }> = {
  name: 'orphaned-sites',
  text: `SELECT s.id FROM unnest($1::uuid[]) AS s(id) WHERE NOT EXISTS (
    SELECT FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.site_id = s.id AND m.role = 'administrator' AND u.status = 'active')`,
  row: z.object({ id: z.uuid() }),
};
