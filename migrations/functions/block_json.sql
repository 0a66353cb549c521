CREATE FUNCTION block_json(b blocks) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('id', b.id, 'roomId', b.room_id, 'start', wire(lower(b.during)),
    'end', wire(upper(b.during)), 'service', b.service, 'surgeonId', b.surgeon_id,
    'alsoSurgeonIds', to_jsonb(b.also_surgeon_ids), 'listId', b.list_id, 'releaseAt', wire(b.release_at), 'releasedAt', wire(b.released_at))
$$;
