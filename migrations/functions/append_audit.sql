-- Appends a row to an audit chain. Runs as the owner: the server's role cannot write the audit itself.
CREATE FUNCTION append_audit(p_site uuid, p_chain text, p_actor jsonb, p_action text, p_detail jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  -- Milliseconds, as displayed; the hash and the row get the same value.
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
    -- The first row of a chain creates its head.
    INSERT INTO audit_chains (site_id, chain, seq, head) VALUES (p_site, p_chain, 0, '') ON CONFLICT DO NOTHING;
  END LOOP;
  INSERT INTO audit VALUES (p_site, p_chain, v_seq, v_at, p_actor, p_action, p_detail, v_head);
END $$;

REVOKE ALL ON FUNCTION append_audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_audit TO slate_server;
