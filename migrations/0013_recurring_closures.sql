-- Rules for closures in local time. The dated closures are laid out from them in advance.
CREATE TABLE recurring_closures (
  site_id uuid NOT NULL REFERENCES sites,
  id uuid NOT NULL,
  resource_id uuid NOT NULL,
  recurrence jsonb NOT NULL,
  starts text NOT NULL,
  ends text NOT NULL,
  -- NULL: all of the resource.
  quantity int CHECK (quantity > 0),
  reason text NOT NULL,
  -- Dates without a closure, or with one that was changed by hand.
  skipped date[] NOT NULL,
  created_by jsonb NOT NULL,
  -- The last local date up to which its closures are laid out.
  laid_until date NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, resource_id) REFERENCES resources
);

-- The rule and the local date that a closure comes from. NULL after it was changed by hand.
ALTER TABLE closures ADD recurring_id uuid, ADD recurring_date date,
  ADD CHECK ((recurring_id IS NULL) = (recurring_date IS NULL));
CREATE UNIQUE INDEX closures_of_recurring ON closures (site_id, recurring_id, recurring_date)
  WHERE recurring_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON recurring_closures TO slate_server;
