-- Stores a refusal, so that a retry with the same key gets the same reply. The command has been rolled back, so a
-- concurrent retry may have stored another reply meanwhile. Then this returns that reply. A queued command takes its
-- position together with its refusal. If it is not the next position any more, nothing is stored.
CREATE FUNCTION store_refusal(p_site uuid, p_user uuid, p_key uuid, p_fingerprint bytea, p_device uuid, p_n bigint,
    p_status int, p_body jsonb, p_shape int)
  RETURNS TABLE (is_new boolean, stored_fingerprint bytea, stored_status int, stored_body jsonb, stored_shape int,
    "position" bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_before bigint;
BEGIN
  IF p_device IS NOT NULL THEN
    v_before := take_position(p_site, p_user, p_device, p_n);
  END IF;
  INSERT INTO commands (site_id, user_id, key, fingerprint, status, body, shape)
    SELECT p_site, p_user, p_key, p_fingerprint, p_status, p_body, p_shape WHERE p_device IS NULL OR p_n = v_before + 1
    ON CONFLICT DO NOTHING;
  is_new := FOUND;
  RETURN QUERY SELECT store_refusal.is_new, c.fingerprint, c.status, c.body, c.shape::int, v_before
    FROM (SELECT) always
    LEFT JOIN commands c ON c.site_id = p_site AND c.user_id = p_user AND c.key = p_key;
END $$;

REVOKE ALL ON FUNCTION store_refusal FROM PUBLIC;
GRANT EXECUTE ON FUNCTION store_refusal TO slate_server;
