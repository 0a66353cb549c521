-- The use of the requested resources by cases under way that no claim covers: the case runs over or started early, or
-- its claim was released since.
CREATE FUNCTION unclaimed_use(p_site uuid, p_except uuid[], p_claims jsonb, p_now timestamptz)
  RETURNS TABLE (case_id uuid, resource_id uuid, parts tstzmultirange, quantity int)
  LANGUAGE sql STABLE AS $$
  WITH requested AS MATERIALIZED (
    SELECT a.resource, tstzrange(a.start, a."end") AS during
    FROM jsonb_to_recordset(p_claims) AS a(resource uuid, start timestamptz, "end" timestamptz)
  ), under_way AS MATERIALIZED (
    SELECT k.id, k.room_id, k.surgeon_id, k.equipment, k.cleanup_minutes, stay_under_way(k, p_now) AS stay
    FROM cases k
    WHERE k.site_id = p_site AND k.state IN ('in_room', 'incision', 'closed') AND k.id <> ALL (p_except)
  ), used AS (
    SELECT id, room_id AS resource, 1 AS quantity,
      tstzrange(lower(stay), upper(stay) + cleanup_minutes * interval '1 minute') AS during
      FROM under_way WHERE stay IS NOT NULL
    UNION ALL
    SELECT id, surgeon_id, 1, stay FROM under_way WHERE stay IS NOT NULL AND surgeon_id IS NOT NULL
    UNION ALL
    SELECT u.id, e."resourceId", e.quantity,
      tstzrange(lower(stay) - coalesce((r.attributes ->> 'transportMinutes')::int, 0) * interval '1 minute',
        upper(stay) + coalesce((r.attributes ->> 'reprocessMinutes')::int, 0) * interval '1 minute')
      FROM under_way u, jsonb_to_recordset(equipment) AS e("resourceId" uuid, quantity int)
      JOIN resources r ON r.site_id = p_site AND r.id = e."resourceId" WHERE stay IS NOT NULL
  ), missing AS (
    SELECT u.id, u.resource, u.quantity, tstzmultirange(u.during) - coalesce((
        SELECT range_agg(c.during) FROM claims c
        WHERE c.site_id = p_site AND c.case_id = u.id AND c.resource_id = u.resource), '{}') AS parts
    -- Only requested resources, so that no other claims are read.
    FROM used u WHERE EXISTS (SELECT FROM requested a WHERE a.resource = u.resource AND a.during && u.during)
  )
  SELECT m.id, m.resource, m.parts, m.quantity FROM missing m
  WHERE EXISTS (SELECT FROM requested a WHERE a.resource = m.resource AND m.parts && a.during)
$$;
