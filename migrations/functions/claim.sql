-- Locks the resources, expires overdue holds in the way, checks every capacity and, if everything fits, replaces the
-- claims of `p_cases` with `p_claims`. If these are NULL, it only locks the cases. The order of locks is fixed, so that
-- callers cannot deadlock: resources by id, patients by key, cases by id. The site's row comes last, in
-- `finish_command`.
--
-- claims:   [{case or closure, resource, start, end, quantity}], without the handling of equipment: it is added here, under
--           the locks, so that a command and a change of these minutes cannot miss each other
-- patients: [{case, patient, start, end}]
-- partly:   for a case under way, or a fact: claims the free parts of a range that does not fit or is of a retired resource.
-- Returns the clock after the locks (the only clock that rules may use), the versions of the locked cases, the expired
-- holds, and what is in the way. If `in_way` or `inactive` is not empty, the caller rolls back or, with `partly`,
-- reports what is missing.
--
-- Claims are checked one by one, each by its resource and range: joined as a set, a cached plan from when a site had few
-- claims would read all of the site's claims later.
CREATE FUNCTION claim(p_site uuid, p_cases uuid[], p_claims jsonb, p_patients jsonb, p_partly boolean)
  RETURNS TABLE (at timestamptz, versions jsonb, expired jsonb, inactive uuid[], in_way jsonb)
  LANGUAGE plpgsql AS $$
DECLARE
  v_ids uuid[];
  v_overdue uuid[] := '{}';
  v_under_way uuid[] := '{}';
  v_new record;
  v_other record;
  v_parts tstzmultirange;
  v_handled boolean;
BEGIN
  expired := '[]';
  inactive := '{}';
  in_way := '[]';

  IF p_claims IS NOT NULL THEN
    v_ids := ARRAY(SELECT (a ->> 'resource')::uuid FROM jsonb_array_elements(p_claims) a);
    SELECT bool_or(r.attributes ?| '{transportMinutes,reprocessMinutes}') INTO v_handled
      FROM (SELECT attributes FROM resources WHERE site_id = p_site AND id = ANY (v_ids) ORDER BY id FOR UPDATE) r;
    IF v_handled THEN
      p_claims := with_handling(p_site, p_claims);
    END IF;
    IF p_patients <> '[]' THEN
      PERFORM pg_advisory_xact_lock(k.key)
        FROM (SELECT DISTINCT hashtextextended(p_site || p.patient, 0) AS key
                FROM jsonb_to_recordset(p_patients) AS p(patient text) ORDER BY 1) k;
    END IF;
    v_overdue := overdue_holds(p_site, p_cases, p_claims, p_patients);
    v_under_way := ARRAY(SELECT DISTINCT u.case_id FROM unclaimed_use(p_site, p_cases, p_claims, clock_timestamp()) u);
  END IF;

  PERFORM FROM cases k WHERE k.site_id = p_site AND k.id = ANY (p_cases || v_overdue || v_under_way)
    ORDER BY k.id FOR UPDATE;
  at := clock_timestamp();
  versions := coalesce((SELECT jsonb_object_agg(k.id, k.version) FROM cases k
    WHERE k.site_id = p_site AND k.id = ANY (p_cases)), '{}');
  IF p_claims IS NULL THEN
    RETURN NEXT;
    RETURN;
  END IF;

  IF v_overdue <> '{}' THEN
    SELECT coalesce(jsonb_agg(case_json(e)), '[]') INTO expired FROM expire_holds(p_site, v_overdue, at) e;
  END IF;

  -- Cases under way claim what they use before the requesting cases release their claims: those still count.
  IF v_under_way <> '{}' THEN
    FOR v_other IN
      SELECT u.case_id, u.resource_id, u.quantity, r.capacity, part
      FROM unclaimed_use(p_site, p_cases, p_claims, at) u
      JOIN resources r ON r.site_id = p_site AND r.id = u.resource_id, unnest(u.parts) part
      WHERE u.case_id = ANY (v_under_way)
    LOOP
      INSERT INTO claims (site_id, resource_id, case_id, during, quantity, exclusive)
        SELECT p_site, v_other.resource_id, v_other.case_id, part, v_other.quantity, v_other.capacity = 1
        FROM unnest(free_parts(p_site, v_other.resource_id, v_other.capacity, v_other.part, v_other.quantity)) part;
    END LOOP;
  END IF;

  -- Deleting before inserting lets a case overlap its old time and lets two cases swap places; the caller rolls back
  -- if something is in the way.
  DELETE FROM claims c WHERE c.site_id = p_site AND c.case_id = ANY (p_cases);
  DELETE FROM patient_stays s WHERE s.site_id = p_site AND s.case_id = ANY (p_cases);

  FOR v_new IN
    SELECT a."case", a.closure, a.resource, tstzrange(a.start, a."end") AS during, a.quantity, r.capacity,
      coalesce(r.active, false) AS active
    FROM jsonb_to_recordset(p_claims)
      AS a("case" uuid, closure uuid, resource uuid, start timestamptz, "end" timestamptz, quantity int)
    LEFT JOIN resources r ON r.site_id = p_site AND r.id = a.resource
  LOOP
    v_parts := tstzmultirange(v_new.during);
    IF NOT v_new.active THEN
      inactive := inactive || v_new.resource;
      CONTINUE WHEN NOT p_partly OR v_new.capacity IS NULL;
    END IF;
    IF peak_load(p_site, v_new.resource, v_new.capacity, v_new.during) + v_new.quantity > v_new.capacity THEN
      in_way := in_way || (SELECT jsonb_agg(w || jsonb_build_object('for', coalesce(v_new."case", v_new.closure)))
        FROM jsonb_array_elements(claims_in_way(p_site, v_new.resource, v_new.capacity, v_new.during)) w);
      CONTINUE WHEN NOT p_partly;
      v_parts := free_parts(p_site, v_new.resource, v_new.capacity, v_new.during, v_new.quantity);
    END IF;
    INSERT INTO claims (site_id, resource_id, case_id, closure_id, during, quantity, exclusive)
      SELECT p_site, v_new.resource, v_new."case", v_new.closure, part, v_new.quantity,
        v_new.capacity = 1 FROM unnest(v_parts) part;
  END LOOP;

  -- One by one, because two of the requesting cases may have the same patient.
  FOR v_new IN
    SELECT p."case", p.patient, tstzrange(p.start, p."end") AS during
    FROM jsonb_to_recordset(p_patients) AS p("case" uuid, patient text, start timestamptz, "end" timestamptz)
  LOOP
    v_parts := tstzmultirange(v_new.during);
    FOR v_other IN
      SELECT s.case_id, s.during FROM patient_stays s
      WHERE s.site_id = p_site AND s.patient_ref = v_new.patient AND s.during && v_new.during
    LOOP
      v_parts := v_parts - tstzmultirange(v_other.during);
      in_way := in_way || jsonb_build_object('resource', NULL, 'for', v_new."case", 'claim', jsonb_build_object(
        'start', wire(lower(v_other.during)), 'end', wire(upper(v_other.during)), 'quantity', 1, 'closure', NULL,
        'case', v_other.case_id));
    END LOOP;
    INSERT INTO patient_stays (site_id, patient_ref, case_id, during)
      SELECT p_site, v_new.patient, v_new."case", part FROM unnest(v_parts) part;
  END LOOP;
  RETURN NEXT;
END $$;
