-- The claims that overlap a range of a resource: what a refusal names.
CREATE FUNCTION claims_in_way(p_site uuid, p_resource uuid, p_capacity int, p_during tstzrange) RETURNS jsonb
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('resource', p_resource, 'capacity', p_capacity, 'claim',
      jsonb_build_object('start', wire(lower(c.during)), 'end', wire(upper(c.during)), 'quantity', c.quantity,
        'closure', c.closure_id, 'case', c.case_id)) ORDER BY lower(c.during)),
    jsonb_build_array(jsonb_build_object('resource', p_resource, 'capacity', p_capacity, 'claim', NULL)))
  FROM claims c
  WHERE c.site_id = p_site AND c.resource_id = p_resource AND c.during && p_during
$$;
