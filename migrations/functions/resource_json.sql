CREATE FUNCTION resource_json(r resources) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('id', r.id, 'kind', r.kind, 'name', r.name, 'capacity', r.capacity, 'active', r.active,
    'attributes', r.attributes, 'version', r.version)
$$;
