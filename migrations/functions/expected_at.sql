-- When a case is expected, like `expectedAt` of shared/src/reality.ts: late while it has not begun within four hours after
-- its planned start, and going on while it is under way.
CREATE FUNCTION expected_at(c cases, p_now timestamptz) RETURNS tstzrange
  LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN c.state IN ('scheduled', 'confirmed', 'in_holding')
      AND p_now > lower(c.happens) AND p_now < lower(c.happens) + interval '4 hours'
    THEN tstzrange(p_now, upper(c.happens) + (p_now - lower(c.happens)))
    ELSE coalesce(stay_under_way(c, p_now), c.happens) END
$$;
