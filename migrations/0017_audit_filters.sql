-- The audit is filtered by person, action, time and case, and read backward from the latest entry.
CREATE INDEX audit_by_person ON audit (site_id, chain, (actor ->> 'id'), seq) WHERE chain IN ('commands', 'reads');
CREATE INDEX audit_by_action ON audit (site_id, chain, action, seq);
CREATE INDEX audit_by_time ON audit (site_id, chain, at);
CREATE INDEX audit_reads_of_case ON audit (site_id, (detail ->> 'case'), seq)
  WHERE chain = 'reads' AND detail ->> 'case' IS NOT NULL;
-- A command may change several cases. Without the pending list of GIN, no command pays for the entries of others.
CREATE INDEX audit_commands_of_case ON audit USING gin (jsonb_path_query_array(detail, '$.cases[*].id') jsonb_path_ops)
  WITH (fastupdate = off) WHERE chain = 'commands';
