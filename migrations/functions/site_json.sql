CREATE FUNCTION site_json(s sites) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('id', s.id, 'name', s.name, 'timeZone', s.time_zone, 'settings', settings_json(s.settings),
    'reasons', coalesce(s.reasons, default_reasons()), 'version', s.version)
$$;
