-- The highest quantity of a resource claimed at any instant of a range. The load rises only where a claim starts, so
-- it is enough to look at the start of the range and of each claim in it.
-- Two halves, because each has its own index.
CREATE FUNCTION peak_load(p_site uuid, p_resource uuid, p_capacity int, p_during tstzrange) RETURNS int
  LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_peak int;
BEGIN
  IF p_capacity = 1 THEN
    RETURN (EXISTS (SELECT FROM claims c WHERE c.site_id = p_site AND c.resource_id = p_resource
      AND c.during && p_during AND c.exclusive))::int;
  END IF;
  WITH claimed AS MATERIALIZED (
    SELECT c.during, c.quantity FROM claims c
    WHERE c.site_id = p_site AND c.resource_id = p_resource AND c.during && p_during AND NOT c.exclusive
  )
  SELECT coalesce(max((SELECT sum(s.quantity) FROM claimed s WHERE s.during @> m.moment)), 0) INTO v_peak
    FROM (SELECT lower(p_during) AS moment
          UNION SELECT lower(s.during) FROM claimed s WHERE lower(s.during) <@ p_during) m;
  RETURN v_peak;
END $$;
