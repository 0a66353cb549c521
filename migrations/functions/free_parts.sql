-- The parts of a range in which this quantity of a resource is free.
CREATE FUNCTION free_parts(p_site uuid, p_resource uuid, p_capacity int, p_during tstzrange, p_quantity int)
  RETURNS tstzmultirange
  LANGUAGE sql STABLE AS $$
  WITH claimed AS MATERIALIZED (
    SELECT c.during * p_during AS part, c.quantity FROM claims c
      WHERE c.site_id = p_site AND c.resource_id = p_resource AND c.during && p_during AND c.exclusive
    UNION ALL
    SELECT c.during * p_during, c.quantity FROM claims c
      WHERE c.site_id = p_site AND c.resource_id = p_resource AND c.during && p_during AND NOT c.exclusive
  ), step AS (
    SELECT moment, sum(sum(rise)) OVER (ORDER BY moment) AS load, lead(moment) OVER (ORDER BY moment) AS until
    FROM (SELECT lower(part) AS moment, quantity AS rise FROM claimed
          UNION ALL SELECT upper(part), -quantity FROM claimed) e
    GROUP BY moment
  )
  SELECT CASE WHEN p_quantity > p_capacity THEN '{}' ELSE tstzmultirange(p_during) - coalesce(
    (SELECT range_agg(tstzrange(moment, until)) FROM step WHERE load > 0 AND load + p_quantity > p_capacity), '{}') END
$$;
