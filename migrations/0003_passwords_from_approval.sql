-- An account has no password until an administrator approves it. One typed at registration counts no more.
ALTER TABLE users ALTER password_hash DROP NOT NULL;
UPDATE users SET password_hash = NULL WHERE status = 'pending';
