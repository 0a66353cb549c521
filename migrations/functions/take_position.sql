-- Moves a device forward if this is the next position in its queue. The row stays locked, so that the commands of one
-- device run one after another. Returns the position before; null: this person has no such device in use.
CREATE FUNCTION take_position(p_site uuid, p_user uuid, p_device uuid, p_n bigint) RETURNS bigint
  LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_before bigint;
BEGIN
  SELECT d.position INTO v_before FROM devices d
    WHERE d.site_id = p_site AND d.id = p_device AND d.user_id = p_user AND d.retired_at IS NULL FOR NO KEY UPDATE;
  IF p_n = v_before + 1 THEN
    UPDATE devices d SET position = p_n, used_at = clock_timestamp() WHERE d.site_id = p_site AND d.id = p_device;
  END IF;
  RETURN v_before;
END $$;

REVOKE ALL ON FUNCTION take_position FROM PUBLIC;
