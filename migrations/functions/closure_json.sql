CREATE FUNCTION closure_json(c closures) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('id', c.id, 'resourceId', c.resource_id, 'start', wire(lower(c.during)),
    'end', wire(upper(c.during)), 'quantity', c.quantity, 'reason', c.reason, 'createdBy', c.created_by,
    'version', c.version)
$$;
