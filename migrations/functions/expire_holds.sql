-- Expires the overdue ones of these holds and deletes their claims. A case that came from the depot goes back there,
-- because nobody has cancelled it.
CREATE FUNCTION expire_holds(p_site uuid, p_cases uuid[], p_now timestamptz) RETURNS SETOF cases
  LANGUAGE sql AS $$
  WITH ended AS (
    UPDATE cases SET version = version + 1, expires_at = NULL, reason = NULL,
      state = CASE WHEN depot_since IS NULL THEN 'expired' ELSE 'depot' END,
      room_id = CASE WHEN depot_since IS NULL THEN room_id END,
      during = CASE WHEN depot_since IS NULL THEN during END,
      happens = CASE WHEN depot_since IS NULL THEN happens END,
      list = CASE WHEN depot_since IS NULL THEN list END,
      holder = CASE WHEN depot_since IS NULL THEN holder END,
      held_since = CASE WHEN depot_since IS NULL THEN held_since END
    WHERE site_id = p_site AND id = ANY (p_cases) AND state = 'held' AND expires_at <= p_now
    RETURNING *
  ), freed AS (
    DELETE FROM claims c USING ended e WHERE c.site_id = p_site AND c.case_id = e.id
  ), gone AS (
    DELETE FROM patient_stays s USING ended e WHERE s.site_id = p_site AND s.case_id = e.id
  )
  SELECT * FROM ended
$$;
