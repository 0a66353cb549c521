-- Until when a session may go unused; every refresh moves it on. A wall board's session has no such limit.
ALTER TABLE sessions ADD idle_until timestamptz NOT NULL DEFAULT 'infinity';
UPDATE sessions SET idle_until = clock_timestamp() + interval '1 hour' WHERE ended_at IS NULL;
