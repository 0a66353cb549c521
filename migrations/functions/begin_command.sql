-- Takes the command's key, waiting for a concurrent command with the same key. Returns the stored reply, if there is
-- one, and the caller's role at this site, read in the command's own transaction. A queued command (`p_device`) takes its
-- position first, always before the key; "position" is the one of the device before it.
CREATE FUNCTION begin_command(p_site uuid, p_user uuid, p_key uuid, p_fingerprint bytea, p_device uuid, p_n bigint)
  RETURNS TABLE (stored_fingerprint bytea, stored_status int, stored_body jsonb, stored_shape int, name text, role text, surgeon_ids uuid[],
    time_zone text, settings jsonb, "position" bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_new boolean;
  v_before bigint;
BEGIN
  IF p_device IS NOT NULL THEN
    v_before := take_position(p_site, p_user, p_device, p_n);
  END IF;
  INSERT INTO commands (site_id, user_id, key, fingerprint) VALUES (p_site, p_user, p_key, p_fingerprint)
    ON CONFLICT DO NOTHING;
  v_new := FOUND;
  RETURN QUERY
    SELECT c.fingerprint, c.status, c.body, c.shape::int, u.name, m.role, m.surgeon_ids, s.time_zone, settings_json(s.settings),
      v_before
    FROM sites s
    JOIN users u ON u.id = p_user AND u.status = 'active'
    JOIN memberships m ON m.site_id = s.id AND m.user_id = u.id
    LEFT JOIN commands c ON NOT v_new AND c.site_id = s.id AND c.user_id = p_user AND c.key = p_key
    WHERE s.id = p_site;
END $$;

REVOKE ALL ON FUNCTION begin_command FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_command TO slate_server;
