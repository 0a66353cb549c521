-- The claims that overlap a range of a resource, as listed in a refusal; the same ones that `peak_load` counts.
-- Two halves, because each has its own index.
CREATE FUNCTION claims_in_way(p_site uuid, p_resource uuid, p_capacity int, p_during tstzrange) RETURNS jsonb
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('resource', p_resource, 'capacity', p_capacity, 'claim',
      jsonb_build_object('start', wire(lower(c.during)), 'end', wire(upper(c.during)), 'quantity', c.quantity,
        'closure', c.closure_id, 'case', c.case_id)) ORDER BY lower(c.during)),
    jsonb_build_array(jsonb_build_object('resource', p_resource, 'capacity', p_capacity, 'claim', NULL)))
  FROM (
    -- Partial claims of one case are listed as one.
    SELECT case_id, closure_id, quantity, range_merge(range_agg(during)) AS during FROM (
      SELECT * FROM claims WHERE site_id = p_site AND resource_id = p_resource AND during && p_during
        AND exclusive AND p_capacity = 1
      UNION ALL
      SELECT * FROM claims WHERE site_id = p_site AND resource_id = p_resource AND during && p_during
        AND NOT exclusive AND p_capacity <> 1) part
    GROUP BY case_id, closure_id, quantity) c
$$;
