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
