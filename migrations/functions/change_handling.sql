-- Gives the claims of cases on equipment that have not ended its new minutes; the arguments are how much longer each takes.
-- The caller has locked the resource and has made room. A claim gets only what is free of time that has passed.
CREATE FUNCTION change_handling(p_site uuid, p_resource uuid, p_transport int, p_reprocess int) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  v_capacity int := (SELECT r.capacity FROM resources r WHERE r.site_id = p_site AND r.id = p_resource);
  v_ids bigint[] := '{}';
  v_claims jsonb := '[]';
  v_claim record;
BEGIN
  FOR v_claim IN
    SELECT c.id, c.case_id, c.during, c.quantity FROM claims c
    WHERE c.site_id = p_site AND c.resource_id = p_resource AND c.during && tstzrange(clock_timestamp(), NULL) AND c.exclusive
      AND c.case_id IS NOT NULL
    UNION ALL
    SELECT c.id, c.case_id, c.during, c.quantity FROM claims c
    WHERE c.site_id = p_site AND c.resource_id = p_resource AND c.during && tstzrange(clock_timestamp(), NULL)
      AND NOT c.exclusive AND c.case_id IS NOT NULL
  LOOP
    v_ids := v_ids || v_claim.id;
    v_claims := v_claims || jsonb_build_object('case', v_claim.case_id, 'start', lower(v_claim.during), 'end', upper(v_claim.during),
      'quantity', v_claim.quantity);
  END LOOP;
  DELETE FROM claims c WHERE c.site_id = p_site AND c.id = ANY (v_ids);
  FOR v_claim IN
    -- The parts of one case are handled once.
    SELECT a."case", a.quantity, min(a.start) - p_transport * interval '1 minute' AS starts,
      max(a."end") + p_reprocess * interval '1 minute' AS ends
    FROM jsonb_to_recordset(v_claims) AS a("case" uuid, start timestamptz, "end" timestamptz, quantity int)
    GROUP BY a."case", a.quantity ORDER BY starts
  LOOP
    CONTINUE WHEN v_claim.starts >= v_claim.ends;
    INSERT INTO claims (site_id, resource_id, case_id, during, quantity, exclusive)
      SELECT p_site, p_resource, v_claim."case", part, v_claim.quantity, v_capacity = 1
      FROM unnest(free_parts(p_site, p_resource, v_capacity, tstzrange(v_claim.starts, v_claim.ends), v_claim.quantity)) part;
  END LOOP;
END $$;
