-- The heart: everything that decides whether something can be booked, in one call, because the locks it
-- takes are held for as long as the caller talks to the database.

-- An instant as the contract writes it.
CREATE FUNCTION wire(at timestamptz) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- A case as the contract writes it.
CREATE FUNCTION case_json(c cases) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN jsonb_build_object(
    'id', c.id, 'number', c.number, 'version', c.version, 'state', c.state, 'roomId', c.room_id,
    'start', wire(lower(c.during)), 'end', wire(upper(c.during)), 'minutes', c.minutes,
    'setupMinutes', c.setup_minutes, 'cleanupMinutes', c.cleanup_minutes, 'procedureId', c.procedure_id,
    'title', c.title, 'surgeonId', c.surgeon_id, 'service', c.service, 'patientRef', c.patient_ref,
    'equipment', c.equipment, 'bed', c.bed, 'list', c.list, 'urgency', c.urgency, 'dueBy', wire(c.due_by),
    'holder', c.holder, 'heldSince', wire(c.held_since), 'expiresAt', wire(c.expires_at), 'depotSince', wire(c.depot_since), 'note', c.note,
    'reason', c.reason, 'overrideReason', c.override_reason, 'milestones', c.milestones,
    'createdBy', c.created_by);

-- The rest of the board as the contract writes it.
CREATE FUNCTION resource_json(r resources) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN jsonb_build_object('id', r.id, 'kind', r.kind, 'name', r.name, 'capacity', r.capacity, 'active', r.active,
    'attributes', r.attributes, 'version', r.version);

CREATE FUNCTION procedure_json(p procedures) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN jsonb_build_object('id', p.id, 'name', p.name, 'service', p.service, 'minutes', p.minutes,
    'spread', p.spread, 'setupMinutes', p.setup_minutes, 'cleanupMinutes', p.cleanup_minutes,
    'capabilities', p.capabilities, 'equipment', p.equipment, 'bed', p.bed, 'active', p.active,
    'version', p.version);

CREATE FUNCTION block_json(b blocks) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN jsonb_build_object('id', b.id, 'roomId', b.room_id, 'start', wire(lower(b.during)),
    'end', wire(upper(b.during)), 'service', b.service, 'surgeonId', b.surgeon_id, 'listId', b.list_id,
    'releaseAt', wire(b.release_at), 'releasedAt', wire(b.released_at));

CREATE FUNCTION closure_json(c closures) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN jsonb_build_object('id', c.id, 'resourceId', c.resource_id, 'start', wire(lower(c.during)),
    'end', wire(upper(c.during)), 'quantity', c.quantity, 'reason', c.reason, 'createdBy', c.created_by,
    'version', c.version);

CREATE FUNCTION site_json(s sites) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN jsonb_build_object('id', s.id, 'name', s.name, 'timeZone', s.time_zone, 'settings', s.settings,
    'version', s.version);

-- Ends the given holds that are overdue now. Their claims go with them. A case that came from the depot goes
-- back there: nobody decided that it is not wanted any more.
CREATE FUNCTION expire_holds(p_site uuid, p_cases uuid[], p_now timestamptz) RETURNS SETOF cases
  LANGUAGE sql AS $$
  WITH ended AS (
    UPDATE cases SET version = version + 1, expires_at = NULL, reason = NULL,
      state = CASE WHEN depot_since IS NULL THEN 'expired' ELSE 'depot' END,
      room_id = CASE WHEN depot_since IS NULL THEN room_id END,
      during = CASE WHEN depot_since IS NULL THEN during END,
      list = CASE WHEN depot_since IS NULL THEN list END,
      holder = CASE WHEN depot_since IS NULL THEN holder END,
      held_since = CASE WHEN depot_since IS NULL THEN held_since END
    WHERE site_id = p_site AND id = ANY (p_cases) AND state = 'held' AND expires_at <= p_now
    RETURNING *
  ), freed AS (
    DELETE FROM claims c USING ended e WHERE c.site_id = p_site AND c.case_id = e.id
  )
  SELECT * FROM ended
$$;

-- Holds that are overdue now and would be in the way of the asks or hold the same patient.
CREATE FUNCTION overdue_holds(p_site uuid, p_except uuid[], p_asks jsonb, p_patients jsonb) RETURNS uuid[]
  LANGUAGE plpgsql AS $$
DECLARE
  v_overdue uuid[] := ARRAY(SELECT h.id FROM cases h
    WHERE h.site_id = p_site AND h.state = 'held' AND h.expires_at <= clock_timestamp() AND h.id <> ALL (p_except));
BEGIN
  IF v_overdue = '{}' THEN
    RETURN v_overdue;
  END IF;
  RETURN ARRAY(
    SELECT c.case_id FROM claims c
      JOIN jsonb_to_recordset(p_asks) AS a(resource uuid, start timestamptz, "end" timestamptz)
        ON c.resource_id = a.resource AND c.during && tstzrange(a.start, a."end")
      WHERE c.site_id = p_site AND c.case_id = ANY (v_overdue)
    UNION
    SELECT h.id FROM cases h
      JOIN jsonb_to_recordset(p_patients) AS p(patient text) ON h.patient_ref = p.patient
      WHERE h.site_id = p_site AND h.id = ANY (v_overdue));
END $$;

-- The most of a resource that is claimed at any instant of a range. The load only ever rises where a claim
-- begins, so the instants to look at are the beginning of the range and those of the claims within it.
-- The two halves are there because each has an index of its own.
CREATE FUNCTION peak_load(p_site uuid, p_resource uuid, p_capacity int, p_during tstzrange) RETURNS int
  LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_peak int;
BEGIN
  IF p_capacity = 1 THEN
    RETURN (EXISTS (SELECT FROM claims c WHERE c.site_id = p_site AND c.resource_id = p_resource
      AND c.during && p_during AND c.exclusive))::int;
  END IF;
  WITH standing AS MATERIALIZED (
    SELECT c.during, c.quantity FROM claims c
    WHERE c.site_id = p_site AND c.resource_id = p_resource AND c.during && p_during AND NOT c.exclusive
  )
  SELECT coalesce(max((SELECT sum(s.quantity) FROM standing s WHERE s.during @> m.moment)), 0) INTO v_peak
    FROM (SELECT lower(p_during) AS moment
          UNION SELECT lower(s.during) FROM standing s WHERE lower(s.during) <@ p_during) m;
  RETURN v_peak;
END $$;

CREATE FUNCTION claims_in_way(p_site uuid, p_resource uuid, p_capacity int, p_during tstzrange) RETURNS jsonb
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('resource', p_resource, 'capacity', p_capacity, 'claim',
      jsonb_build_object('start', wire(lower(c.during)), 'end', wire(upper(c.during)), 'quantity', c.quantity,
        'closure', c.closure_id, 'case', c.case_id)) ORDER BY lower(c.during)),
    jsonb_build_array(jsonb_build_object('resource', p_resource, 'capacity', p_capacity, 'claim', NULL)))
  FROM claims c
  WHERE c.site_id = p_site AND c.resource_id = p_resource AND c.during && p_during
$$;

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

-- Writes cases as the contract writes them. Each is the next version of the one that is there; a new case never
-- takes the place of one that somebody else made under the same id meanwhile.
CREATE FUNCTION save_cases(p_site uuid, p_cases jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  v_saved int;
BEGIN
  INSERT INTO cases AS k (site_id, id, number, version, state, room_id, during, minutes, setup_minutes, cleanup_minutes,
      procedure_id, title, surgeon_id, service, patient_ref, equipment, bed, list, urgency, due_by, holder,
      held_since, expires_at, depot_since, note, reason, override_reason, milestones, created_by)
    SELECT p_site, c.id, c.number, c.version, c.state, c."roomId",
      CASE WHEN c.start IS NOT NULL THEN tstzrange(c.start, c."end") END, c.minutes, c."setupMinutes",
      c."cleanupMinutes", c."procedureId", c.title, c."surgeonId", c.service, c."patientRef", c.equipment,
      c.bed, c.list, c.urgency, c."dueBy", c.holder, c."heldSince", c."expiresAt",
      c."depotSince", c.note, c.reason, c."overrideReason", c.milestones, c."createdBy"
    FROM jsonb_to_recordset(p_cases) AS c(id uuid, number bigint, version int, state text, "roomId" uuid,
      start timestamptz, "end" timestamptz, minutes int, "setupMinutes" int, "cleanupMinutes" int,
      "procedureId" uuid, title text, "surgeonId" uuid, service text, "patientRef" text, equipment jsonb,
      bed jsonb, list jsonb, urgency text, "dueBy" timestamptz, holder jsonb, "heldSince" timestamptz,
      "expiresAt" timestamptz, "depotSince" timestamptz, note text, reason text, "overrideReason" text, milestones jsonb, "createdBy" uuid)
  ON CONFLICT (site_id, id) DO UPDATE SET
    version = EXCLUDED.version, state = EXCLUDED.state, room_id = EXCLUDED.room_id, during = EXCLUDED.during,
    minutes = EXCLUDED.minutes, setup_minutes = EXCLUDED.setup_minutes,
    cleanup_minutes = EXCLUDED.cleanup_minutes, procedure_id = EXCLUDED.procedure_id, title = EXCLUDED.title,
    surgeon_id = EXCLUDED.surgeon_id, service = EXCLUDED.service, patient_ref = EXCLUDED.patient_ref,
    equipment = EXCLUDED.equipment, bed = EXCLUDED.bed, list = EXCLUDED.list, urgency = EXCLUDED.urgency,
    due_by = EXCLUDED.due_by, holder = EXCLUDED.holder, held_since = EXCLUDED.held_since,
    expires_at = EXCLUDED.expires_at, depot_since = EXCLUDED.depot_since, note = EXCLUDED.note, reason = EXCLUDED.reason,
    override_reason = EXCLUDED.override_reason, milestones = EXCLUDED.milestones
    WHERE k.version < EXCLUDED.version;
  GET DIAGNOSTICS v_saved = ROW_COUNT;
  IF v_saved < jsonb_array_length(p_cases) THEN
    RAISE EXCEPTION 'a case has been saved by somebody else meanwhile' USING ERRCODE = 'serialization_failure';
  END IF;
END $$;
