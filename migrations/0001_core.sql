-- The words of the product as tables. `site_id` leads every key, so that a site is a shard: nothing on the
-- way of a command refers to another site's rows. Instants are timestamptz, ranges half-open.
--
-- The server's role (`slate_server`) owns nothing here. What must never be rewritten (`changes`, `audit`)
-- it can only read; it adds to them through functions (`functions/`), which run as the owner.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- One row per site, updated by every command: room on the page keeps those updates in place (HOT).
CREATE TABLE sites (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  time_zone text NOT NULL,
  settings jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  -- Replaced when the database is restored, so that clients do not go on from changes that never were.
  epoch uuid NOT NULL DEFAULT gen_random_uuid(),
  revision bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);

CREATE TABLE resources (
  site_id uuid NOT NULL REFERENCES sites,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('room', 'surgeon', 'equipment', 'bed', 'list')),
  name text NOT NULL,
  capacity int NOT NULL CHECK (capacity BETWEEN 1 AND 1000),
  active boolean NOT NULL DEFAULT true,
  attributes jsonb NOT NULL DEFAULT '{}',
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (site_id, id),
  CHECK (capacity = 1 OR kind NOT IN ('room', 'surgeon'))
) WITH (fillfactor = 50);

CREATE TABLE procedures (
  site_id uuid NOT NULL REFERENCES sites,
  id uuid NOT NULL,
  name text NOT NULL,
  service text NOT NULL,
  minutes int NOT NULL,
  spread int NOT NULL,
  setup_minutes int NOT NULL,
  cleanup_minutes int NOT NULL,
  capabilities jsonb NOT NULL,
  equipment jsonb NOT NULL,
  bed jsonb,
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (site_id, id)
);

CREATE TABLE blocks (
  site_id uuid NOT NULL REFERENCES sites,
  id uuid NOT NULL,
  room_id uuid NOT NULL,
  during tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  service text NOT NULL,
  surgeon_id uuid,
  list_id uuid,
  release_at timestamptz NOT NULL,
  released_at timestamptz,
  PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, room_id) REFERENCES resources,
  FOREIGN KEY (site_id, surgeon_id) REFERENCES resources,
  FOREIGN KEY (site_id, list_id) REFERENCES resources,
  EXCLUDE USING gist (site_id WITH =, room_id WITH =, during WITH &&)
);

CREATE SEQUENCE case_numbers START 20001;

CREATE TABLE cases (
  site_id uuid NOT NULL REFERENCES sites,
  id uuid NOT NULL,
  number bigint NOT NULL,
  version int NOT NULL,
  state text NOT NULL CHECK (state IN (
    'depot', 'held', 'scheduled', 'confirmed', 'in_holding', 'in_room', 'incision', 'closed', 'out_of_room',
    'completed', 'expired', 'released', 'cancelled', 'voided')),
  room_id uuid,
  during tstzrange CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  minutes int NOT NULL,
  setup_minutes int NOT NULL,
  cleanup_minutes int NOT NULL,
  procedure_id uuid,
  title text,
  surgeon_id uuid,
  service text,
  patient_ref text,
  equipment jsonb NOT NULL,
  bed jsonb,
  list jsonb,
  urgency text NOT NULL,
  due_by timestamptz,
  holder jsonb,
  held_since timestamptz,
  expires_at timestamptz,
  -- Since when it waits for a time; kept while it is held, for a hold that ends unbooked goes back to waiting.
  depot_since timestamptz,
  note text,
  reason text,
  override_reason text,
  milestones jsonb NOT NULL,
  created_by uuid NOT NULL,
  PRIMARY KEY (site_id, id),
  UNIQUE (site_id, number),
  FOREIGN KEY (site_id, room_id) REFERENCES resources,
  FOREIGN KEY (site_id, surgeon_id) REFERENCES resources,
  FOREIGN KEY (site_id, procedure_id) REFERENCES procedures,
  CHECK ((room_id IS NULL) = (during IS NULL)),
  CHECK ((state = 'held') = (expires_at IS NOT NULL)),
  CHECK (state <> 'depot' OR depot_since IS NOT NULL),
  -- A patient is in one place at a time: the net under the check of `claim`. Looked at when a statement is over
  -- (deferrable), because two cases of one patient may trade places.
  CONSTRAINT patient_in_one_place EXCLUDE USING gist (site_id WITH =, patient_ref WITH =, during WITH &&)
    WHERE (patient_ref IS NOT NULL AND state IN
      ('held', 'scheduled', 'confirmed', 'in_holding', 'in_room', 'incision', 'closed', 'out_of_room'))
    DEFERRABLE INITIALLY IMMEDIATE
);
-- The board and the lists of a day go by the first; holds that came to nothing do not lie in their way.
CREATE INDEX cases_by_start ON cases (site_id, lower(during)) WHERE state NOT IN ('expired', 'released', 'voided');
CREATE INDEX gone_cases_by_start ON cases (site_id, lower(during)) WHERE state IN ('expired', 'released', 'voided');
CREATE INDEX cases_by_surgeon ON cases (site_id, surgeon_id, lower(during))
  WHERE state NOT IN ('expired', 'released', 'voided');
CREATE INDEX cases_by_patient ON cases (site_id, patient_ref) WHERE patient_ref IS NOT NULL;
CREATE INDEX cases_in_depot ON cases (site_id) WHERE state = 'depot';
-- Live holds are few however long the history is: this is how the overdue ones are found.
CREATE INDEX holds_by_expiry ON cases (site_id, expires_at) WHERE state = 'held';

CREATE TABLE closures (
  site_id uuid NOT NULL REFERENCES sites,
  id uuid NOT NULL,
  resource_id uuid NOT NULL,
  during tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  quantity int NOT NULL CHECK (quantity > 0),
  reason text NOT NULL,
  created_by jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, resource_id) REFERENCES resources
);
CREATE INDEX closures_by_start ON closures USING gist (site_id, during);

-- Everything a hold, a booked case or a closure is made of. Only live claims are here; what was released,
-- cancelled or bumped is gone from here in the same transaction (its history is in `changes`).
CREATE TABLE claims (
  site_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  resource_id uuid NOT NULL,
  case_id uuid,
  closure_id uuid,
  during tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  quantity int NOT NULL CHECK (quantity > 0),
  -- Whether the resource can be claimed only once at a time (its capacity is 1).
  exclusive boolean NOT NULL,
  PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, resource_id) REFERENCES resources,
  FOREIGN KEY (site_id, case_id) REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (site_id, closure_id) REFERENCES closures DEFERRABLE INITIALLY DEFERRED,
  CHECK (num_nonnulls(case_id, closure_id) = 1),
  -- The net under the lock and the check of `claim`; a violation would be a bug, and would still not book.
  CONSTRAINT one_claim_at_a_time EXCLUDE USING gist (site_id WITH =, resource_id WITH =, during WITH &&)
    WHERE (exclusive)
);
CREATE INDEX pooled_claims ON claims USING gist (site_id, resource_id, during) WHERE NOT exclusive;
CREATE INDEX claims_of_case ON claims (site_id, case_id) WHERE case_id IS NOT NULL;
CREATE INDEX claims_of_closure ON claims (site_id, closure_id) WHERE closure_id IS NOT NULL;

-- Every fact as it was told; the case carries the latest of each kind.
CREATE TABLE milestones (
  site_id uuid NOT NULL,
  case_id uuid NOT NULL,
  milestone text NOT NULL,
  at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  recorded_by uuid NOT NULL,
  FOREIGN KEY (site_id, case_id) REFERENCES cases
);
CREATE INDEX milestones_of_case ON milestones (site_id, case_id);

-- People. Few and common to all sites: reference tables, not sharded.
CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  password_hash text NOT NULL,
  -- Until when a temporary password counts; one's own has no end.
  password_until timestamptz,
  status text NOT NULL CHECK (status IN ('pending', 'active', 'disabled')),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  version int NOT NULL DEFAULT 1
);
CREATE TABLE memberships (
  site_id uuid NOT NULL REFERENCES sites,
  user_id uuid NOT NULL REFERENCES users,
  role text NOT NULL CHECK (role IN ('wall', 'viewer', 'office', 'coordinator', 'administrator')),
  surgeon_ids uuid[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (site_id, user_id)
);
CREATE INDEX memberships_of_user ON memberships (user_id);

-- A session is one sign-in; its refresh tokens are a family that ends as a whole.
CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_because text
);
CREATE INDEX sessions_of_user ON sessions (user_id) WHERE ended_at IS NULL;
CREATE TABLE refresh_tokens (
  hash bytea PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  used_at timestamptz
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);
-- Failed sign-ins, by account and by address.
CREATE TABLE sign_in_failures (
  subject text PRIMARY KEY,
  failures int NOT NULL,
  last_at timestamptz NOT NULL,
  locked_until timestamptz
);

-- What each command was and what it was answered: the reply is replayed, the effect is not repeated.
CREATE TABLE commands (
  site_id uuid NOT NULL,
  user_id uuid NOT NULL,
  key uuid NOT NULL,
  fingerprint bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  status int,
  body jsonb,
  PRIMARY KEY (site_id, user_id, key)
);
CREATE INDEX commands_by_age ON commands (at);

-- The feed: without gaps and in commit order, because the revision is taken from the site's row last of all.
CREATE TABLE changes (
  site_id uuid NOT NULL,
  revision bigint NOT NULL,
  at timestamptz NOT NULL,
  actor jsonb,
  body jsonb NOT NULL,
  PRIMARY KEY (site_id, revision)
);
CREATE INDEX changes_of_case ON changes (site_id, (body -> 'case' ->> 'id'), revision)
  WHERE body ->> 'type' = 'case';

-- Who did and who read what. Each row's hash covers the row before it; the heads are in `audit_chains`.
CREATE TABLE audit (
  site_id uuid NOT NULL,
  chain text NOT NULL CHECK (chain IN ('commands', 'reads', 'identity')),
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  actor jsonb,
  action text NOT NULL,
  detail jsonb NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (site_id, chain, seq)
);
CREATE TABLE audit_chains (
  site_id uuid NOT NULL,
  chain text NOT NULL,
  seq bigint NOT NULL,
  head bytea NOT NULL,
  PRIMARY KEY (site_id, chain)
) WITH (fillfactor = 10);

GRANT SELECT ON ALL TABLES IN SCHEMA public TO slate_server;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO slate_server;
GRANT INSERT, UPDATE ON cases, resources, procedures, blocks, closures, users, memberships, sessions,
  refresh_tokens, sign_in_failures, commands TO slate_server;
GRANT INSERT, DELETE ON claims TO slate_server;
GRANT UPDATE (exclusive) ON claims TO slate_server;
GRANT INSERT ON milestones TO slate_server;
GRANT DELETE ON closures, memberships, sign_in_failures, commands, refresh_tokens, sessions TO slate_server;
GRANT UPDATE (name, time_zone, settings, version) ON sites TO slate_server;
