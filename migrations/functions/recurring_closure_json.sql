CREATE FUNCTION recurring_closure_json(r recurring_closures) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('id', r.id, 'resourceId', r.resource_id, 'recurrence', r.recurrence, 'start', r.starts,
    'end', r.ends, 'quantity', r.quantity, 'reason', r.reason, 'skipped', to_jsonb(r.skipped), 'createdBy', r.created_by,
    'version', r.version)
$$;
