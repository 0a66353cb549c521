-- Files that administrators import, with their lines. They are deleted after a day.
CREATE TABLE imports (
  site_id uuid NOT NULL REFERENCES sites,
  id uuid NOT NULL,
  kind text NOT NULL,
  file text NOT NULL,
  state text NOT NULL DEFAULT 'uploaded' CHECK (state IN
    ('uploaded', 'checking', 'checked', 'applying', 'undoing', 'applied', 'cancelled', 'failed')),
  created_by jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  notes jsonb NOT NULL,
  headings jsonb NOT NULL,
  sample jsonb NOT NULL,
  lines int NOT NULL,
  mapping jsonb NOT NULL,
  to_depot boolean NOT NULL DEFAULT false,
  -- Set by the command that applies it.
  mode text CHECK (mode IN ('all', 'good')),
  done int NOT NULL DEFAULT 0,
  counts jsonb,
  reason text,
  is_cancelled boolean NOT NULL DEFAULT false,
  -- Until when one process works on it. Another one takes over when it has passed.
  leased_until timestamptz,
  PRIMARY KEY (site_id, id)
);
CREATE INDEX imports_under_way ON imports (site_id) WHERE state IN ('checking', 'applying', 'undoing');

CREATE TABLE import_lines (
  site_id uuid NOT NULL,
  import_id uuid NOT NULL,
  line int NOT NULL,
  cells jsonb NOT NULL,
  verdict text CHECK (verdict IN ('create', 'change', 'keep', 'depot', 'refuse')),
  errors jsonb NOT NULL DEFAULT '[]',
  changes jsonb NOT NULL DEFAULT '[]',
  -- What an import that is cut in batches has created from it.
  record_id uuid,
  PRIMARY KEY (site_id, import_id, line),
  FOREIGN KEY (site_id, import_id) REFERENCES imports ON DELETE CASCADE
);

-- The ids that records have in the files they come from, with the cells of the last import.
CREATE TABLE external_ids (
  site_id uuid NOT NULL REFERENCES sites,
  list text NOT NULL,
  external_id text NOT NULL,
  record_id uuid NOT NULL,
  cells jsonb NOT NULL,
  PRIMARY KEY (site_id, list, external_id)
);
CREATE UNIQUE INDEX external_id_of_record ON external_ids (site_id, list, record_id);

-- By heading: the column of the list in the last file of this kind, or null.
CREATE TABLE import_mappings (
  site_id uuid NOT NULL REFERENCES sites,
  kind text NOT NULL,
  headings jsonb NOT NULL,
  PRIMARY KEY (site_id, kind)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON imports, import_lines, external_ids TO slate_server;
GRANT SELECT, INSERT, UPDATE ON import_mappings TO slate_server;
