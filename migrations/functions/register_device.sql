-- Registers a device, or opens a registered one. `refused`: 'retired' (or of another person: the caller is not told which)
-- or 'full': the person has `p_most` devices. One that was not used for `p_idle_days` is retired to make room: what its
-- desk still holds is too old to be sent.
CREATE FUNCTION register_device(p_site uuid, p_actor jsonb, p_device uuid, p_name text, p_secret bytea, p_most int, p_idle_days int)
  RETURNS TABLE (secret bytea, "position" bigint, refused text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_user uuid := p_actor ->> 'id';
  v_idle uuid;
BEGIN
  -- Simultaneous registrations of one person must not exceed the limit.
  PERFORM pg_advisory_xact_lock(hashtextextended('devices of ' || p_site || v_user, 0));
  UPDATE devices d SET name = p_name, used_at = clock_timestamp()
    WHERE d.site_id = p_site AND d.id = p_device AND d.user_id = v_user AND d.retired_at IS NULL
    RETURNING d.secret, d.position INTO register_device.secret, register_device.position;
  IF FOUND THEN
    RETURN NEXT;
    RETURN;
  END IF;
  IF p_most <= (SELECT count(*) FROM devices d WHERE d.site_id = p_site AND d.user_id = v_user AND d.retired_at IS NULL)
    AND NOT EXISTS (SELECT FROM devices d WHERE d.site_id = p_site AND d.id = p_device) THEN
    UPDATE devices d SET retired_at = clock_timestamp() WHERE d.site_id = p_site AND d.id = (
        SELECT o.id FROM devices o WHERE o.site_id = p_site AND o.user_id = v_user AND o.retired_at IS NULL
          AND o.used_at < clock_timestamp() - make_interval(days => p_idle_days)
        ORDER BY o.used_at LIMIT 1)
      RETURNING d.id INTO v_idle;
    IF v_idle IS NULL THEN
      refused := 'full';
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;
  INSERT INTO devices AS d (site_id, id, user_id, name, secret) VALUES (p_site, p_device, v_user, p_name, p_secret)
    ON CONFLICT DO NOTHING
    RETURNING d.secret, d.position INTO register_device.secret, register_device.position;
  IF FOUND THEN
    PERFORM append_audit(p_site, 'commands', p_actor, 'registerDevice',
      jsonb_strip_nulls(jsonb_build_object('device', p_device, 'name', p_name, 'retired', v_idle)));
  ELSE
    refused := 'retired';
  END IF;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION register_device FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register_device TO slate_server;
