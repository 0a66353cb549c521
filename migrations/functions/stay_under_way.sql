-- When the patient of a case under way is in the room, as expected now: `stayAt` of shared/src/reality.ts, for the
-- checks under the locks. NULL: not under way, or started more than a day ago and never ended.
CREATE FUNCTION stay_under_way(c cases, p_now timestamptz) RETURNS tstzrange
  LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN began > p_now - interval '24 hours' AND ends > began THEN tstzrange(began, ends) END
  FROM (SELECT coalesce((c.milestones ->> 'in_room')::timestamptz, least(lower(c.during),
      (c.milestones ->> 'incision')::timestamptz, (c.milestones ->> 'closed')::timestamptz)) AS began) b,
    LATERAL (SELECT greatest(p_now, coalesce(
      CASE WHEN c.state = 'closed' THEN (c.milestones ->> 'closed')::timestamptz + interval '10 minutes' END,
      began + (upper(c.during) - lower(c.during)))) AS ends) e
  WHERE c.state IN ('in_room', 'incision', 'closed') AND c.during IS NOT NULL
$$;
