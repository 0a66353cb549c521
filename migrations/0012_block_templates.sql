-- Rules for blocks in local time. The dated blocks are laid out from them in advance.
CREATE TABLE block_templates (
  site_id uuid NOT NULL REFERENCES sites,
  id uuid NOT NULL,
  plan jsonb NOT NULL,
  recurrence jsonb NOT NULL,
  exceptions jsonb NOT NULL,
  -- The last local date up to which its blocks are laid out.
  laid_until date NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (site_id, id)
);

-- Days on which templates make no blocks in these rooms; NULL: in all.
CREATE TABLE holidays (
  site_id uuid NOT NULL REFERENCES sites,
  id uuid NOT NULL,
  date date NOT NULL,
  name text NOT NULL,
  room_ids uuid[],
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (site_id, id)
);

-- The template and the local date that a block comes from. Past blocks keep them after the template is removed.
ALTER TABLE blocks ADD template_id uuid, ADD template_date date,
  ADD CHECK ((template_id IS NULL) = (template_date IS NULL));
CREATE UNIQUE INDEX blocks_of_template ON blocks (site_id, template_id, template_date) WHERE template_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON block_templates, holidays TO slate_server;
GRANT DELETE ON blocks TO slate_server;
