-- How a command begins and ends. Both run as the owner of the schema: the server's role can begin and end
-- commands, but cannot itself write the feed or the audit.

-- The hash that chains a row of the audit to the one before it. What it covers is all a row says.
CREATE FUNCTION audit_hash(p_before bytea, p_site uuid, p_chain text, p_seq bigint, p_at timestamptz, p_actor jsonb,
    p_action text, p_detail jsonb) RETURNS bytea
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN sha256(p_before || convert_to(jsonb_build_array(p_site, p_chain, p_seq,
    extract(epoch FROM p_at), p_actor, p_action, p_detail)::text, 'UTF8'));

CREATE FUNCTION append_audit(p_site uuid, p_chain text, p_actor jsonb, p_action text, p_detail jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  -- To the millisecond, as it is shown; and the same value goes into the hash and the row.
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_seq bigint;
  v_head bytea;
BEGIN
  LOOP
    UPDATE audit_chains c SET seq = c.seq + 1,
        head = audit_hash(c.head, p_site, p_chain, c.seq + 1, v_at, p_actor, p_action, p_detail)
      WHERE c.site_id = p_site AND c.chain = p_chain
      RETURNING c.seq, c.head INTO v_seq, v_head;
    EXIT WHEN FOUND;
    -- The first row of a chain finds no head; whoever is first makes one.
    INSERT INTO audit_chains (site_id, chain, seq, head) VALUES (p_site, p_chain, 0, '') ON CONFLICT DO NOTHING;
  END LOOP;
  INSERT INTO audit VALUES (p_site, p_chain, v_seq, v_at, p_actor, p_action, p_detail, v_head);
END $$;

-- Takes the command's key, waiting for whoever is at it now. Answers what was said before, if the command is
-- done already; and who the caller is at this site, read in the command's own transaction.
CREATE FUNCTION begin_command(p_site uuid, p_user uuid, p_key uuid, p_fingerprint bytea)
  RETURNS TABLE (known_fingerprint bytea, known_status int, known_body jsonb, name text, role text, surgeon_ids uuid[],
    time_zone text, settings jsonb)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_new boolean;
BEGIN
  INSERT INTO commands (site_id, user_id, key, fingerprint) VALUES (p_site, p_user, p_key, p_fingerprint)
    ON CONFLICT DO NOTHING;
  v_new := FOUND;
  RETURN QUERY
    SELECT c.fingerprint, c.status, c.body, u.name, m.role, m.surgeon_ids, s.time_zone, s.settings
    FROM sites s
    JOIN users u ON u.id = p_user AND u.status = 'active'
    JOIN memberships m ON m.site_id = s.id AND m.user_id = u.id
    LEFT JOIN commands c ON NOT v_new AND c.site_id = s.id AND c.user_id = p_user AND c.key = p_key
    WHERE s.id = p_site;
END $$;

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

-- A refusal is kept too, so that asking again with the same key gets the same answer. It was rolled back before,
-- so somebody with the same key may have had another answer meanwhile: then that one is the answer, and told.
CREATE FUNCTION keep_refusal(p_site uuid, p_user uuid, p_key uuid, p_fingerprint bytea, p_status int, p_body jsonb)
  RETURNS TABLE (kept boolean, known_fingerprint bytea, known_status int, known_body jsonb)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO commands (site_id, user_id, key, fingerprint, status, body)
    VALUES (p_site, p_user, p_key, p_fingerprint, p_status, p_body) ON CONFLICT DO NOTHING;
  kept := FOUND;
  RETURN QUERY SELECT keep_refusal.kept, c.fingerprint, c.status, c.body FROM commands c
    WHERE c.site_id = p_site AND c.user_id = p_user AND c.key = p_key;
END $$;

REVOKE ALL ON FUNCTION append_audit, begin_command, finish_command, keep_refusal FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_audit, begin_command, finish_command, keep_refusal TO slate_server;
