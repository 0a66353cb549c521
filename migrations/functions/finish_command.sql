-- The last step of every change to a site: saves the cases, then, under the lock of the site's row, the feed, the audit
-- and the reply. Locking that row last makes revisions gapless and in commit order, and keeps the lock only for the
-- commit.
--
-- result: {actor, key, cases, changes, action, detail, status, body, shape}. A job has no actor, no key and no reply.
-- `shape` is the shape of `changes` and `body`.
CREATE FUNCTION finish_command(p_site uuid, p_result jsonb) RETURNS TABLE (revision bigint, at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_actor jsonb := nullif(p_result -> 'actor', 'null');
  v_shape int := p_result -> 'shape';
  v_count int := jsonb_array_length(p_result -> 'changes');
  v_most int;
BEGIN
  IF p_result -> 'cases' <> '[]' THEN
    PERFORM save_cases(p_site, p_result -> 'cases');
  END IF;
  UPDATE sites s SET revision = s.revision + v_count WHERE s.id = p_site
    RETURNING s.revision, (settings_json(s.settings) -> 'holdsPerPerson')::int INTO revision, v_most;
  -- Under the lock, so that one person cannot exceed the limit with simultaneous holds.
  IF (p_result -> 'changes' @> '[{"cause": "held"}]' OR p_result -> 'changes' @> '[{"cause": "taken_over"}]') AND v_most < (
      SELECT count(*) FROM cases c WHERE c.site_id = p_site AND c.state = 'held' AND c.expires_at > clock_timestamp()
        AND c.holder ->> 'id' = v_actor ->> 'id') THEN
    RAISE EXCEPTION 'More than % holds', v_most USING ERRCODE = 'SL001';
  END IF;
  -- Under the lock, so that `at` follows the order of the feed (as far as the clock does).
  at := date_trunc('milliseconds', clock_timestamp());
  INSERT INTO changes (site_id, revision, at, actor, body, shape)
    SELECT p_site, finish_command.revision - v_count + c.n, finish_command.at,
      CASE WHEN c.body ->> 'cause' = 'expired' THEN NULL ELSE v_actor END, c.body, v_shape
    FROM jsonb_array_elements(p_result -> 'changes') WITH ORDINALITY AS c(body, n);
  PERFORM append_audit(p_site, 'commands', v_actor, p_result ->> 'action', p_result -> 'detail');
  IF p_result ->> 'key' IS NOT NULL THEN
    UPDATE commands c SET status = (p_result -> 'status')::int, shape = v_shape,
        body = (p_result -> 'body') || jsonb_build_object('revision', finish_command.revision)
      WHERE c.site_id = p_site AND c.user_id = (v_actor ->> 'id')::uuid AND c.key = (p_result ->> 'key')::uuid;
  END IF;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION finish_command FROM PUBLIC;
GRANT EXECUTE ON FUNCTION finish_command TO slate_server;
