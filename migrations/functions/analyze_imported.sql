-- Refreshes the statistics of the tables that an import fills. Plans made while they were empty, also those of
-- foreign keys, scan whole tables, and autovacuum comes a minute later. Runs as the owner: only an owner may do this.
CREATE FUNCTION analyze_imported() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  ANALYZE cases, claims, patient_stays, import_lines, external_ids;
END $$;

REVOKE ALL ON FUNCTION analyze_imported FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analyze_imported TO slate_server;
