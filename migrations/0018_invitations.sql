-- A link that gives one person an account at a site, or access with the account they have. Its row is deleted when it is used
-- or revoked, so it works once.
CREATE TABLE invitations (
  site_id uuid NOT NULL REFERENCES sites,
  id uuid NOT NULL,
  secret_hash bytea NOT NULL UNIQUE,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('wall', 'viewer', 'office', 'coordinator', 'administrator')),
  surgeon_ids uuid[] NOT NULL,
  created_by jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (site_id, id)
);
GRANT SELECT, INSERT, DELETE ON invitations TO slate_server;
