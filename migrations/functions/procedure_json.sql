CREATE FUNCTION procedure_json(p procedures) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('id', p.id, 'name', p.name, 'shortName', p.short_name, 'service', p.service, 'minutes', p.minutes,
    'spread', p.spread, 'setupMinutes', p.setup_minutes, 'cleanupMinutes', p.cleanup_minutes, 'turnoverByRoom', p.turnover_by_room,
    'capabilities', p.capabilities, 'equipment', p.equipment, 'bed', p.bed, 'active', p.active,
    'version', p.version)
$$;
