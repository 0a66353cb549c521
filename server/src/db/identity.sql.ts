import { role } from '@slate/shared/permissions';
import { session } from '@slate/shared/contract/people';
import type { Session } from '@slate/shared/contract/people';
import { me } from '@slate/shared/contract/identity';
import type { Me } from '@slate/shared/contract/identity';
import { site } from '@slate/shared/sites';
import type { Site } from '@slate/shared/sites';
import { z } from 'zod';
import type { Statement } from './query.ts';

// Accounts

const status = z.enum(['pending', 'active', 'disabled']);

const account = z.object({
  id: z.uuid(),
  name: z.string(),
  status,
  /** Null until the account is approved. */
  password_hash: z.string().nullable(),
  /** `temporary`: set by an administrator and still valid; `expired`: no longer valid. */
  password: z.enum(['own', 'temporary', 'expired']),
});
export type Account = z.infer<typeof account>;

export const accountByEmail: Statement<Account> = {
  name: 'account-by-email',
  text: `SELECT id, name, status, password_hash, CASE WHEN password_until IS NULL THEN 'own'
      WHEN password_until > clock_timestamp() THEN 'temporary' ELSE 'expired' END AS password
    FROM users WHERE email = $1`,
  row: account,
};

export const addAccount = {
  name: 'add-account',
  text: `INSERT INTO users (id, email, name, status) VALUES ($1, $2, $3, 'pending')
    ON CONFLICT (email) DO NOTHING`,
};

/** First concurrent change wins. $1 user, $2 old hash, $3 new hash */
export const replacePassword = {
  name: 'replace-password',
  text: `UPDATE users SET password_hash = $3, password_until = NULL WHERE id = $1 AND status = 'active' AND password_hash = $2`,
};

export const meById: Statement<Me> = {
  name: 'me-by-id',
  text: `SELECT u.id, u.email, u.name, coalesce((
      SELECT jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'timeZone', s.time_zone, 'role', m.role,
        'surgeonIds', m.surgeon_ids) ORDER BY s.name, s.id)
      FROM memberships m JOIN sites s ON s.id = m.site_id WHERE m.user_id = u.id), '[]') AS sites
    FROM users u WHERE u.id = $1`,
  row: me,
};

export const sitesOfUser: Statement<{ site: Site }> = {
  name: 'sites-of-user',
  text: `SELECT site_json(s) AS site FROM memberships m JOIN sites s ON s.id = m.site_id
    WHERE m.user_id = $1 ORDER BY s.name, s.id`,
  row: z.object({ site }),
};

const access = z.object({
  session_id: z.uuid(),
  user_id: z.uuid(),
  name: z.string(),
  roles: z.array(z.object({ siteId: z.uuid(), role, surgeonIds: z.array(z.uuid()) })),
});
export type AccessRow = z.infer<typeof access>;

const accessWhere = (condition: string) => `
    SELECT s.id AS session_id, u.id AS user_id, u.name, coalesce((
      SELECT jsonb_agg(jsonb_build_object('siteId', m.site_id, 'role', m.role, 'surgeonIds', m.surgeon_ids))
      FROM memberships m WHERE m.user_id = u.id), '[]') AS roles
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE ${condition} AND s.ended_at IS NULL AND least(s.expires_at, s.idle_until) > clock_timestamp()
      AND u.status = 'active'`;

/** No row when the account is not active or the session has ended. $1 user, $2 session */
export const accessOf: Statement<AccessRow> = {
  name: 'access-of',
  text: accessWhere('u.id = $1 AND s.id = $2'),
  row: access,
};

/** The same for many sessions. $1 sessions */
export const accessBySession: Statement<AccessRow> = {
  name: 'access-by-session',
  text: accessWhere('s.id = ANY ($1::uuid[])'),
  row: access,
};

// Sessions and their refresh tokens

/** Wall boards never go idle: nobody is there to sign in again after an outage, and they show no patients. */
const idleUntil = (minutes: string) => `CASE WHEN (
      SELECT bool_and(m.role = 'wall') FROM memberships m WHERE m.user_id = u.id)
    THEN 'infinity' ELSE clock_timestamp() + make_interval(mins => ${minutes}) END`;

/**
 * Only for an active account whose password is still the one that was checked. FOR SHARE waits for a concurrent
 * disable or password change, which would otherwise miss this session when it ends all of them.
 */
export const openSession = {
  name: 'open-session',
  text: `INSERT INTO sessions (id, user_id, expires_at, idle_until, address)
    SELECT $1, u.id, clock_timestamp() + make_interval(days => $3), ${idleUntil('$5')}, $6 FROM users u
    WHERE u.id = $2 AND u.status = 'active' AND u.password_hash = $4 FOR SHARE`,
};

export const addRefreshToken = {
  name: 'add-refresh-token',
  text: 'INSERT INTO refresh_tokens (hash, session_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
};

const usedToken = z.object({
  session_id: z.uuid(),
  user_id: z.uuid(),
  name: z.string(),
  live: z.boolean(),
  /** Used before, longer ago than the retry after a lost reply. */
  reused: z.boolean(),
});
export type UsedToken = z.infer<typeof usedToken>;

/** Records the first use; the row lock serializes simultaneous uses of one token. $1 hash, $2 seconds allowed for a retry */
export const useRefreshToken: Statement<UsedToken> = {
  name: 'use-refresh-token',
  text: `UPDATE refresh_tokens t SET used_at = coalesce(t.used_at, clock_timestamp())
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE t.hash = $1 AND s.id = t.session_id
    RETURNING s.id AS session_id, u.id AS user_id, u.name,
      s.ended_at IS NULL AND least(s.expires_at, s.idle_until) > clock_timestamp() AND u.status = 'active' AS live,
      t.used_at < clock_timestamp() - make_interval(secs => $2) AS reused`,
  row: usedToken,
};

export const extendSession = {
  name: 'extend-session',
  text: `UPDATE sessions s SET refreshed_at = clock_timestamp(), idle_until = ${idleUntil('$2')} FROM users u WHERE s.id = $1 AND u.id = s.user_id`,
};

const endedSession = z.object({ session_id: z.uuid(), user_id: z.uuid(), name: z.string() });

/** Returns the session and its user; no row if it had already ended. */
export const endSession: Statement<z.infer<typeof endedSession>> = {
  name: 'end-session',
  text: `UPDATE sessions s SET ended_at = clock_timestamp(), ended_because = $2
    FROM refresh_tokens t, users u
    WHERE t.hash = $1 AND s.id = t.session_id AND u.id = s.user_id AND s.ended_at IS NULL
    RETURNING s.id AS session_id, u.id AS user_id, u.name`,
  row: endedSession,
};

/** $1 user, $2 why, $3 one session; null: all */
export const endSessionsOf = {
  name: 'end-sessions-of',
  text: `UPDATE sessions SET ended_at = clock_timestamp(), ended_because = $2
    WHERE user_id = $1 AND ended_at IS NULL AND ($3::uuid IS NULL OR id = $3)`,
};

/** The open sessions of a person. $1 user, $2 the session of the caller */
export const openSessionsOf: Statement<Session> = {
  name: 'open-sessions-of',
  text: `SELECT id, wire(created_at) AS "startedAt", wire(refreshed_at) AS "seenAt", address, id = $2 AS "isCurrent"
    FROM sessions
    WHERE user_id = $1 AND ended_at IS NULL AND least(expires_at, idle_until) > clock_timestamp()
    ORDER BY refreshed_at DESC, id`,
  row: session,
};

/** Deletes a batch of old sessions with their tokens. The last one of a person stays: it says when they were last seen. $1 days */
export const deleteSomeSessions = {
  name: 'delete-some-sessions',
  text: `WITH gone AS (
      SELECT id FROM sessions s WHERE least(ended_at, expires_at, idle_until) < clock_timestamp() - make_interval(days => $1)
        AND EXISTS (SELECT FROM sessions later WHERE later.user_id = s.user_id
          AND (later.refreshed_at, later.id) > (s.refreshed_at, s.id))
      LIMIT 100 FOR UPDATE SKIP LOCKED
    ), tokens AS (DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM gone))
    DELETE FROM sessions WHERE id IN (SELECT id FROM gone)`,
};

// Failed sign-ins

const attempt = z.object({ failures: z.int(), locked: z.boolean() });

/**
 * Counts an attempt; no row if the subject is locked. From attempt `$2` on, locks the subject for 1 s, 2 s,
 * 4 s … up to `$3` s. Counts restart after a day.
 */
export const countAttempt: Statement<z.infer<typeof attempt>> = {
  name: 'count-attempt',
  text: `INSERT INTO sign_in_failures AS f (subject, failures, last_at) VALUES ($1, 1, clock_timestamp())
    ON CONFLICT (subject) DO UPDATE SET
      failures = CASE WHEN f.last_at < clock_timestamp() - interval '1 day' THEN 1 ELSE f.failures + 1 END,
      locked_until = CASE WHEN f.last_at >= clock_timestamp() - interval '1 day' AND f.failures + 1 >= $2::int
        THEN clock_timestamp() + make_interval(secs =>
          least($3::float8, power(2, least(f.failures + 1 - $2::int, 30)))) END,
      last_at = clock_timestamp()
    WHERE f.locked_until IS NULL OR f.locked_until <= clock_timestamp()
    RETURNING failures, locked_until IS NOT NULL AS locked`,
  row: attempt,
};

export const lockedFor: Statement<{ seconds: number }> = {
  name: 'locked-for',
  text: `SELECT greatest(1, ceil(extract(epoch FROM max(locked_until) - clock_timestamp())))::int AS seconds
    FROM sign_in_failures WHERE subject = $1`,
  row: z.object({ seconds: z.int() }),
};

export const clearFailures = {
  name: 'clear-failures',
  text: 'DELETE FROM sign_in_failures WHERE subject = $1',
};

/** Removes the successful attempt and half of the others. */
export const halveFailures = {
  name: 'halve-failures',
  text: 'UPDATE sign_in_failures SET failures = (failures - 1) / 2, locked_until = NULL WHERE subject = $1',
};

export const deleteSomeFailures = {
  name: 'delete-some-failures',
  text: `DELETE FROM sign_in_failures WHERE subject IN (
    SELECT subject FROM sign_in_failures WHERE last_at < clock_timestamp() - interval '1 day'
    LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
};

// The first site

export const needsSetUp: Statement<{ waiting: boolean }> = {
  name: 'needs-set-up',
  text: 'SELECT needs_set_up() AS waiting',
  row: z.object({ waiting: z.boolean() }),
};

/** $1 hash of the secret, $2 email or null, $3 hours */
export const offerSetUp: Statement<{ offered: boolean }> = {
  name: 'offer-set-up',
  text: 'SELECT offer_set_up($1, $2, $3) AS offered',
  row: z.object({ offered: z.boolean() }),
};

/** Null if the secret does not count. $1 hash of the secret, $2 site, $3 its name, $4 time zone, $5 user, $6 email, $7 name, $8 hash */
export const setUpSite: Statement<{ user: string | null }> = {
  name: 'set-up-site',
  text: 'SELECT set_up_site($1, $2, $3, $4, $5, $6, $7, $8) AS user',
  row: z.object({ user: z.uuid().nullable() }),
};

/** Accounts belong to no single site: their chain has the nil UUID as its site. */
export const appendIdentityAudit = {
  name: 'append-identity-audit',
  text: `SELECT append_audit('00000000-0000-0000-0000-000000000000', 'identity', $1, $2, $3)`,
};
