-- Locks what is to be claimed, lets overdue holds in the way expire, checks every capacity, and, when all
-- fits, replaces the claims of `p_cases` by `p_asks`. Without asks (NULL) it only locks the
-- cases. Takes, in this order and never in another, so that no two callers can wait for each other:
-- resources by id, patients by key, cases by id. The site's row comes last of all, in `finish_command`.
--
-- asks:     [{case, resource, start, end, quantity}]
-- patients: [{case, patient, start, end}]
-- Answers the clock after the locks (the only clock a rule may go by), the versions of the locked cases, the
-- holds that expired, and what is in the way. Unless `in_way` and `inactive` are empty the caller rolls back.
--
-- Asks are looked at one by one, each by its own resource and range: joined as a set, a plan made while a site
-- had few claims reads all of the site's claims, and is kept when they have become many.
CREATE FUNCTION claim(p_site uuid, p_cases uuid[], p_asks jsonb, p_patients jsonb)
  RETURNS TABLE (at timestamptz, versions jsonb, expired jsonb, inactive uuid[], in_way jsonb)
  LANGUAGE plpgsql AS $$
DECLARE
  v_ids uuid[];
  v_overdue uuid[] := '{}';
  v_ask record;
BEGIN
  expired := '[]';
  inactive := '{}';
  in_way := '[]';

  IF p_asks IS NOT NULL THEN
    v_ids := ARRAY(SELECT (a ->> 'resource')::uuid FROM jsonb_array_elements(p_asks) a);
    PERFORM FROM resources r WHERE r.site_id = p_site AND r.id = ANY (v_ids) ORDER BY r.id FOR UPDATE;
    IF p_patients <> '[]' THEN
      PERFORM pg_advisory_xact_lock(k.key)
        FROM (SELECT DISTINCT hashtextextended(p_site || p.patient, 0) AS key
                FROM jsonb_to_recordset(p_patients) AS p(patient text) ORDER BY 1) k;
    END IF;
    v_overdue := overdue_holds(p_site, p_cases, p_asks, p_patients);
  END IF;

  PERFORM FROM cases k WHERE k.site_id = p_site AND k.id = ANY (p_cases || v_overdue) ORDER BY k.id FOR UPDATE;
  at := clock_timestamp();
  versions := coalesce((SELECT jsonb_object_agg(k.id, k.version) FROM cases k
    WHERE k.site_id = p_site AND k.id = ANY (p_cases)), '{}');
  IF p_asks IS NULL THEN
    RETURN NEXT;
    RETURN;
  END IF;

  IF v_overdue <> '{}' THEN
    SELECT coalesce(jsonb_agg(case_json(e)), '[]') INTO expired FROM expire_holds(p_site, v_overdue, at) e;
  END IF;

  -- Deleting before inserting is what lets a case move onto its own time and two cases trade places; the
  -- caller rolls back when something is in the way.
  DELETE FROM claims c WHERE c.site_id = p_site AND c.case_id = ANY (p_cases);

  FOR v_ask IN
    SELECT a."case", a.resource, tstzrange(a.start, a."end") AS during, a.quantity, r.capacity,
      coalesce(r.active, false) AS active
    FROM jsonb_to_recordset(p_asks)
      AS a("case" uuid, resource uuid, start timestamptz, "end" timestamptz, quantity int)
    LEFT JOIN resources r ON r.site_id = p_site AND r.id = a.resource
  LOOP
    IF NOT v_ask.active THEN
      inactive := inactive || v_ask.resource;
    ELSIF peak_load(p_site, v_ask.resource, v_ask.capacity, v_ask.during) + v_ask.quantity > v_ask.capacity THEN
      in_way := in_way || claims_in_way(p_site, v_ask.resource, v_ask.capacity, v_ask.during);
    ELSE
      INSERT INTO claims (site_id, resource_id, case_id, during, quantity, exclusive)
        VALUES (p_site, v_ask.resource, v_ask."case", v_ask.during, v_ask.quantity, v_ask.capacity = 1);
    END IF;
  END LOOP;

  IF p_patients <> '[]' THEN
    in_way := in_way || coalesce((
      SELECT jsonb_agg(jsonb_build_object('resource', NULL, 'claim', jsonb_build_object(
          'start', wire(lower(k.during)), 'end', wire(upper(k.during)), 'quantity', 1, 'closure', NULL, 'case', k.id)))
      FROM jsonb_to_recordset(p_patients) AS p("case" uuid, patient text, start timestamptz, "end" timestamptz)
      JOIN cases k ON k.site_id = p_site AND k.patient_ref = p.patient AND k.during && tstzrange(p.start, p."end")
      WHERE k.id <> ALL (p_cases) AND k.state IN
        ('held', 'scheduled', 'confirmed', 'in_holding', 'in_room', 'incision', 'closed', 'out_of_room')), '[]');
    -- Two of the asking cases may be of one patient.
    in_way := in_way || coalesce((
      SELECT jsonb_agg(jsonb_build_object('resource', NULL, 'claim', jsonb_build_object(
          'start', wire(o.start), 'end', wire(o."end"), 'quantity', 1, 'closure', NULL, 'case', o."case")))
      FROM jsonb_to_recordset(p_patients) AS p("case" uuid, patient text, start timestamptz, "end" timestamptz)
      JOIN jsonb_to_recordset(p_patients) AS o("case" uuid, patient text, start timestamptz, "end" timestamptz)
        ON o.patient = p.patient AND o."case" > p."case" AND o.start < p."end" AND p.start < o."end"), '[]');
  END IF;
  RETURN NEXT;
END $$;
