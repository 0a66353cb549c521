CREATE FUNCTION device_json(d devices, person text) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('id', d.id, 'name', d.name, 'person', jsonb_build_object('id', d.user_id, 'name', person),
    'position', d.position, 'registeredAt', wire(d.registered_at), 'usedAt', wire(d.used_at),
    'retiredAt', wire(d.retired_at))
$$;
