-- The expected stay in the room of a case under way, like `stayOf` of shared/src/reality.ts, for the checks under the
-- locks. NULL: the case is not under way, or it started more than a day ago and never ended.
CREATE FUNCTION stay_under_way(c cases, p_now timestamptz) RETURNS tstzrange
  LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN c.state IN ('in_room', 'incision', 'closed') AND lower(c.happens) > p_now - interval '24 hours'
    THEN tstzrange(lower(c.happens), greatest(upper(c.happens), p_now)) END
$$;
