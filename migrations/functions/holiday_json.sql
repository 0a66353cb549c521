CREATE FUNCTION holiday_json(h holidays) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('id', h.id, 'date', h.date, 'name', h.name, 'roomIds', h.room_ids, 'version', h.version)
$$;
