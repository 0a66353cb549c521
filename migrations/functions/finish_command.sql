-- The end of whatever changes a site: the cases as they now are, then, under the site's row, the feed, the audit
-- and the reply. Taking that row last makes revisions gapless and in commit order, and holds it only for the
-- commit itself.
--
-- done: {actor, key, cases, changes, action, detail, status, body, shape}. A job has no actor and no key, and leaves
-- no reply. `shape` is the version of the words in `changes` and `body`.
CREATE FUNCTION finish_command(p_site uuid, p_done jsonb) RETURNS TABLE (revision bigint, at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_actor jsonb := nullif(p_done -> 'actor', 'null');
  v_shape int := p_done -> 'shape';
  v_count int := jsonb_array_length(p_done -> 'changes');
  v_most int;
BEGIN
  IF p_done -> 'cases' <> '[]' THEN
    PERFORM save_cases(p_site, p_done -> 'cases');
  END IF;
  UPDATE sites s SET revision = s.revision + v_count WHERE s.id = p_site
    RETURNING s.revision, (settings_json(s.settings) -> 'holdsPerPerson')::int INTO revision, v_most;
  -- Under the row's lock, so that of many holds that one person begins at once no more are kept than are allowed.
  IF (p_done -> 'changes' @> '[{"cause": "held"}]' OR p_done -> 'changes' @> '[{"cause": "taken_over"}]') AND v_most < (
      SELECT count(*) FROM cases c WHERE c.site_id = p_site AND c.state = 'held' AND c.expires_at > clock_timestamp()
        AND c.holder ->> 'id' = v_actor ->> 'id') THEN
    RAISE EXCEPTION 'More than % holds', v_most USING ERRCODE = 'SL001';
  END IF;
  -- Under the row's lock, so that `at` never runs backwards along the feed (but for the clock itself).
  at := date_trunc('milliseconds', clock_timestamp());
  INSERT INTO changes (site_id, revision, at, actor, body, shape)
    SELECT p_site, finish_command.revision - v_count + c.n, finish_command.at,
      CASE WHEN c.body ->> 'cause' = 'expired' THEN NULL ELSE v_actor END, c.body, v_shape
    FROM jsonb_array_elements(p_done -> 'changes') WITH ORDINALITY AS c(body, n);
  PERFORM append_audit(p_site, 'commands', v_actor, p_done ->> 'action', p_done -> 'detail');
  IF p_done ->> 'key' IS NOT NULL THEN
    UPDATE commands c SET status = (p_done -> 'status')::int, shape = v_shape,
        body = (p_done -> 'body') || jsonb_build_object('revision', finish_command.revision)
      WHERE c.site_id = p_site AND c.user_id = (v_actor ->> 'id')::uuid AND c.key = (p_done ->> 'key')::uuid;
  END IF;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION finish_command FROM PUBLIC;
GRANT EXECUTE ON FUNCTION finish_command TO slate_server;
