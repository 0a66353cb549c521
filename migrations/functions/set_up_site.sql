-- Creates the first site and its administrator, and uses up the secret. Returns the id of the administrator, or NULL if the
-- secret is wrong, expired or for another address, or if the installation is set up already. Runs as the owner: the server's
-- role cannot create sites.
CREATE FUNCTION set_up_site(p_hash bytea, p_site uuid, p_site_name text, p_time_zone text, p_user uuid, p_email text,
  p_user_name text, p_password_hash text) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_user uuid;
  v_actor jsonb;
BEGIN
  -- The seed takes the same lock, so that there is only one first site.
  PERFORM pg_advisory_xact_lock(hashtextextended('create the first site', 0));
  DELETE FROM set_up s WHERE s.secret_hash = p_hash AND s.expires_at > clock_timestamp()
    AND (s.email IS NULL OR s.email = p_email) AND needs_set_up();
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO sites (id, name, time_zone, settings) VALUES (p_site, p_site_name, p_time_zone, '{}');
  -- Somebody may have requested an account with this address before.
  INSERT INTO users AS u (id, email, name, password_hash, status) VALUES (p_user, p_email, p_user_name, p_password_hash, 'active')
    ON CONFLICT (email) DO UPDATE
      SET name = p_user_name, password_hash = p_password_hash, password_until = NULL, status = 'active', version = u.version + 1
    RETURNING u.id INTO v_user;
  INSERT INTO memberships (site_id, user_id, role) VALUES (p_site, v_user, 'administrator');
  v_actor := jsonb_build_object('id', v_user, 'name', p_user_name);
  PERFORM append_audit(p_site, 'commands', v_actor, 'setUp', jsonb_build_object('name', p_site_name, 'timeZone', p_time_zone));
  PERFORM append_audit('00000000-0000-0000-0000-000000000000', 'identity', v_actor, 'setUp', jsonb_build_object('site', p_site));
  RETURN v_user;
END $$;

REVOKE ALL ON FUNCTION set_up_site FROM PUBLIC;
GRANT EXECUTE ON FUNCTION set_up_site TO slate_server;
