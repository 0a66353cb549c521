-- The end of whatever changes a site: the cases as they now are, then, under the site's row, the feed, the audit
-- and the reply. Taking that row last makes revisions gapless and in commit order, and holds it only for the
-- commit itself. A job has no key (NULL) and leaves no reply.
CREATE FUNCTION finish_command(p_site uuid, p_actor jsonb, p_key uuid, p_cases jsonb, p_changes jsonb, p_action text, p_detail jsonb,
    p_status int, p_body jsonb) RETURNS TABLE (revision bigint, at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_count int := jsonb_array_length(p_changes);
BEGIN
  IF p_cases <> '[]' THEN
    PERFORM save_cases(p_site, p_cases);
  END IF;
  UPDATE sites s SET revision = s.revision + v_count WHERE s.id = p_site RETURNING s.revision INTO revision;
  -- Under the row's lock, so that `at` never runs backwards along the feed (but for the clock itself).
  at := date_trunc('milliseconds', clock_timestamp());
  INSERT INTO changes (site_id, revision, at, actor, body)
    SELECT p_site, finish_command.revision - v_count + c.n, finish_command.at,
      CASE WHEN c.body ->> 'cause' = 'expired' THEN NULL ELSE p_actor END, c.body
    FROM jsonb_array_elements(p_changes) WITH ORDINALITY AS c(body, n);
  PERFORM append_audit(p_site, 'commands', p_actor, p_action, p_detail);
  IF p_key IS NOT NULL THEN
    UPDATE commands c SET status = p_status, body = p_body || jsonb_build_object('revision', finish_command.revision)
      WHERE c.site_id = p_site AND c.user_id = (p_actor ->> 'id')::uuid AND c.key = p_key;
  END IF;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION finish_command FROM PUBLIC;
GRANT EXECUTE ON FUNCTION finish_command TO slate_server;
