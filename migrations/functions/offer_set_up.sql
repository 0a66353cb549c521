-- Stores the hash of a new set-up secret, in place of an earlier one. Returns false if the installation is set up.
CREATE FUNCTION offer_set_up(p_hash bytea, p_email text, p_hours int) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT needs_set_up() THEN
    DELETE FROM set_up;
    RETURN false;
  END IF;
  INSERT INTO set_up (secret_hash, email, expires_at)
    VALUES (p_hash, p_email, clock_timestamp() + make_interval(hours => p_hours))
    ON CONFLICT (singleton) DO UPDATE
      SET secret_hash = EXCLUDED.secret_hash, email = EXCLUDED.email, expires_at = EXCLUDED.expires_at;
  RETURN true;
END $$;

REVOKE ALL ON FUNCTION offer_set_up FROM PUBLIC;
GRANT EXECUTE ON FUNCTION offer_set_up TO slate_server;
