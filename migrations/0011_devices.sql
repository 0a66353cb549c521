-- One person's desk at one workstation, with the position in its queue of offline requests. The server writes positions
-- and registers devices only through functions.
CREATE TABLE devices (
  site_id uuid NOT NULL REFERENCES sites,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  -- The name of the workstation.
  name text NOT NULL,
  -- Encrypts the data of the desk at the workstation.
  secret bytea NOT NULL CHECK (length(secret) = 32),
  position bigint NOT NULL DEFAULT 0,
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  retired_at timestamptz,
  PRIMARY KEY (site_id, id)
) WITH (fillfactor = 50);
CREATE INDEX devices_of_person ON devices (site_id, user_id);

GRANT SELECT, UPDATE (retired_at) ON devices TO slate_server;
