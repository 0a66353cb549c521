-- The hash that chains an audit row to the one before it. Covers every column.
CREATE FUNCTION audit_hash(p_before bytea, p_site uuid, p_chain text, p_seq bigint, p_at timestamptz, p_actor jsonb,
    p_action text, p_detail jsonb) RETURNS bytea
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(p_before || convert_to(jsonb_build_array(p_site, p_chain, p_seq,
    extract(epoch FROM p_at), p_actor, p_action, p_detail)::text, 'UTF8'))
$$;
