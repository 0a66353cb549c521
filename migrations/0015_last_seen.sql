-- The last sign-in or refresh: a person was there. Kept with the session, so that it costs no write of its own.
ALTER TABLE sessions ADD refreshed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The network address of the sign-in; NULL: from before this was stored.
  ADD address text;
UPDATE sessions s SET refreshed_at = greatest(s.created_at,
  (SELECT max(t.created_at) FROM refresh_tokens t WHERE t.session_id = s.id));
DROP INDEX sessions_of_user;
CREATE INDEX sessions_of_user ON sessions (user_id);
