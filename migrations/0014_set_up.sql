-- The secret of the set-up link, while there is no site: at most one row. The server uses it through functions only.
CREATE TABLE set_up (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  secret_hash bytea NOT NULL,
  -- NULL: the first administrator may have any address.
  email text,
  expires_at timestamptz NOT NULL
);
