-- The claims on a resource during a time. A function, because a statement must not scan a GiST index again, as a join per
-- resource would: if the index has one page at the first scan, and that page splits before the next, PostgreSQL marks
-- entries of the new page as dead that are not, and later scans and the exclusion constraint do not see these claims
-- (seen in 18.4: `gistrescan` keeps `killedItems`). Each call here is a scan of its own.
CREATE FUNCTION claims_over(p_site uuid, p_resource uuid, p_during tstzrange)
  RETURNS TABLE (case_id uuid, during tstzrange, quantity int)
  LANGUAGE plpgsql STABLE ROWS 10 AS $$
BEGIN
  RETURN QUERY SELECT c.case_id, c.during, c.quantity FROM claims c
    WHERE c.site_id = p_site AND c.resource_id = p_resource AND c.during && p_during AND c.exclusive;
  RETURN QUERY SELECT c.case_id, c.during, c.quantity FROM claims c
    WHERE c.site_id = p_site AND c.resource_id = p_resource AND c.during && p_during AND NOT c.exclusive;
END $$;
